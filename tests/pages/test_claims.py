import numpy as np
import pytest

from tests.pages.reading import charts, headings, is_sound, plain, spec_of, words
from tests.ui.cases import statements, traces
from theory import CLAIMS, EXACT, claim_errors, draw, random_specs
from ui.lessons import BY_STEM, EXPERIMENTS, PAGES, PICTURED
from ui.lessons.claims import sentences as claims
from ui.lessons.claims.results import SURVEY

STEM = "claims"
OPTIONS = BY_STEM[STEM].prediction.options
BUTTON = f"Check all on {SURVEY} random settings"
SETTINGS = {
    "default": {},
    "nothing fits": {"d": 60, "n_retain": 200, "n_tune": 20, "noise": 1.0, "seed": 3},
    "one row each": {"d": 2, "n_retain": 1, "n_forget": 1},
    "distinct": {"overlap": 0.0, "noise": 0.5, "d": 40, "n_retain": 9, "n_forget": 8},
}


def checked(at):
    spec = spec_of(at, STEM)
    problem = draw(spec)
    checks = {key: claim.check(problem) for key, claim in CLAIMS.items()}
    return checks, {key: claim.applies(problem) for key, claim in CLAIMS.items()}


def open_family(at, title):
    """Open the family of claims with this title: only what is seen is drawn."""
    at.session_state["family"] = title
    return at.run()


def press(at, label):
    (button,) = [b for b in at.button if b.label == label]
    button.click().run()


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS)
def test_every_claim_is_drawn_and_told_as_it_stands(open_app, setting):
    at = open_app(STEM, **setting)
    is_sound(at)
    checks, applies = checked(at)
    ((chart, alt),) = charts(at)
    assert alt == claims.describe_checks(checks, applies)
    said = words(at)
    assert claims.summary(checks, applies) in said
    for key in CLAIMS:
        assert statements(chart)[key]["standing"] == ("holds" if applies[key] else "outside")
    assert [tab.label for tab in at.tabs] == list(claims.groups(CLAIMS))
    for title, keys in claims.groups(CLAIMS).items():
        at.session_state[f"sides_{keys[0]}"] = True  # what is folded is drawn when it is opened
        said = words(open_family(at, title))
        for key in keys:
            claim = CLAIMS[key]
            badge = ":green-badge[" if applies[key] else ":gray-badge["
            (why,) = [text for text in said if text.endswith(f"**{key}.** {claim.words} *{claims.WHY[key]}*")]
            (_,) = [text for text in said if text.startswith(f"**{key}.** {claim.words}\n\n$")]
            (note,) = [text for text in said if f"**{key}.** :small[" in text]
            assert why.startswith(badge)
            assert note.startswith(badge)
            assert f":small[{claims.statement(claim, checks[key], applies[key])}]" in note


def test_every_claim_leads_to_the_page_that_rests_on_it_most(open_app):
    at = open_app(STEM)
    links = []
    for title in claims.groups(CLAIMS):
        *own, onward = [link.proto.page for link in open_family(at, title).get("page_link")]
        links += own
    links.append(onward)
    wanted = []
    for key in CLAIMS:
        places = [
            (p.claims.index(key), i, p.stem) for i, p in enumerate(EXPERIMENTS) if p.stem != STEM and key in p.claims
        ]
        if places:
            wanted.append(min(places)[2])
    # After the claims comes the way on to the first page, whose address is bare.
    shown = [link.removeprefix("pages/").removesuffix(".py") or PAGES[0].stem for link in links]
    following = PICTURED[(PICTURED.index(BY_STEM[STEM]) + 1) % len(PICTURED)].stem
    assert shown == [*wanted, following]


def test_what_does_not_apply_waits_for_the_guess(open_app):
    at = open_app(STEM, guess=True)
    is_sound(at)
    checks, applies = checked(at)
    ((chart, alt),) = charts(at)
    assert statements(chart).keys() == {key for key in CLAIMS if applies[key]}
    assert alt == claims.describe_checks(checks, applies, hidden=True)
    assert claims.summary(checks, applies) not in words(at)
    assert "The mathematics" not in headings(at)
    assert BUTTON not in [b.label for b in at.button]
    press(at, "Just show me")
    is_sound(at)
    assert claims.summary(checks, applies) in words(at)
    assert not at.info


@pytest.mark.parametrize("guess", OPTIONS)
def test_a_guess_is_compared_with_the_numbers(open_app, guess):
    at = open_app(STEM, guess=True, noise="0.5", n_tune=20)
    (choice,) = at.segmented_control
    choice.set_value(guess).run()
    is_sound(at)
    (verdict,) = at.info
    assert plain(verdict.value) == claims.verdict(OPTIONS, guess, *checked(at))


def test_all_claims_are_checked_on_many_settings_and_kept_for_the_session(open_app):
    at = open_app(STEM, seed=3)
    assert len(charts(at)) == 1
    press(at, BUTTON)
    is_sound(at)
    specs = random_specs(SURVEY, 3)
    errors = claim_errors(specs)
    assert claims.survey(errors, specs) in words(at)
    assert all((values[~np.isnan(values)] <= EXACT).all() for values in errors.values())
    (_, (chart, alt)) = charts(at)
    assert alt == claims.describe_survey(errors)
    for key, values in errors.items():
        (strokes,) = traces(chart, claim=key, strokes=True)
        assert len(strokes["x"]) == np.sum(~np.isnan(values))
    # Another control leaves it; another seed draws other settings.
    at.slider(key="d").set_value(60).run()
    assert [heard for _, heard in charts(at)][1] == alt
    at.switch_page("pages/overlap.py").run()
    at.switch_page("pages/claims.py").run()
    assert [heard for _, heard in charts(at)][1] == alt
    at.slider(key="seed").set_value(4).run()
    assert len(charts(at)) == 1
    press(at, BUTTON)
    assert claims.describe_survey(claim_errors(random_specs(SURVEY, 4))) == charts(at)[1][1]
