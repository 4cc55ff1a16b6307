import itertools
from contextlib import contextmanager

import pytest

from tests.pages.reading import charts, headings, is_sound, plain, shows_theorys_numbers, spec_of, values, words
from tests.ui.cases import fitted, traces
from theory import CLAIMS, Spec, draw
from ui.figures import models
from ui.language.words import FLOOR
from ui.lessons import BY_STEM, EXPERIMENTS, PAGES, PRESETS
from ui.lessons.distinct.sentences import bars
from ui.lessons.start.results import reason
from ui.lessons.start.sentences import mechanism
from ui.lessons.start.text import STEPS
from ui.plot.controls import CONTROLS
from ui.server import run_queue
from ui.server.results import experiment

STEMS = tuple(page.stem for page in EXPERIMENTS)


def said_of(stem, spec):
    """What a page about the three models says of fine-tuning."""
    if stem == "start":
        return mechanism(*reason(spec))
    if stem == "distinct":
        return bars(experiment(spec, models.CAST_KEYS), spec)
    _, weights, records = fitted(spec)
    return models.fine_tuning(spec, records, weights)


# The pages about the three models: what fine-tuning did is said and drawn there in the same words.
THREE = ("start", "distinct", "overlap")
# A page that holds the fine-tuning rows at all of them has no settings that do not fit.
FREE = tuple(page.stem for page in EXPERIMENTS if "n_tune" not in page.fixed)
DEFAULTS = {c.key: c.default for c in CONTROLS}
# Both ends of every range; fine-tuning also on one row, which only then is not "all".
ENDS = {c.key: (c.low, c.high) for c in CONTROLS} | {"n_tune": (0, 1, 500)}
UNUSUAL = {"overlap": 0.25, "d": 40, "n_retain": 12, "n_forget": 7, "n_tune": 5, "noise": 0.5, "seed": 11}
NASTY = {
    "text": "seven",
    "empty": "",
    "blank": " ",
    "huge": "9" * 30,
    "negative": "-1",
    "nan": "nan",
    "infinity": "inf",
    "exponent": "1e2",
    "10 kB": "x1y" * 3400,
    "markup": "<script>alert(1)</script>",
    "markdown": "[here](http://example.org)",
    "unicode digits": "٣٤",
    "full width": "４２",
    "null": "\x00",
    "repeated": ["7", "8"],
    "list": "[1, 2]",
}


def pairs(row):
    return set(itertools.combinations(sorted(row.items()), 2))


def covering(rows, apart=lambda a, b: False):
    """The rows among which every two values of two controls that stand together at all do so, few of them: greedily."""
    left, chosen = {two for two in set().union(*map(pairs, rows)) if not apart(two[0][0], two[1][0])}, []
    while left:
        chosen.append(max(rows, key=lambda row: len(pairs(row) & left)))
        left -= pairs(chosen[-1])
    return chosen


def fits(setting):
    return setting["n_tune"] <= setting["n_retain"]


ALL_CORNERS = [dict(zip(ENDS, row, strict=True)) for row in itertools.product(*ENDS.values())]
CORNERS = covering([setting for setting in ALL_CORNERS if fits(setting)])
BEYOND = covering([setting for setting in ALL_CORNERS if not fits(setting)])[:3]


def short(setting):
    return "-".join(f"{value:g}" for value in setting.values())


def test_the_corners_hold_every_pair():
    ends = [(key, value) for key, values_ in ENDS.items() for value in values_]
    wanted = {tuple(sorted(two)) for two in itertools.combinations(ends, 2) if two[0][0] != two[1][0]}
    covered = set().union(*map(pairs, CORNERS))
    assert wanted - covered == {(("n_retain", 1), ("n_tune", 500))}


# every page, everywhere


@pytest.mark.parametrize("stem", STEMS)
def test_a_page_opens_with_its_title_its_question_and_its_defaults(open_app, stem):
    at = open_app(stem)
    is_sound(at)
    row = next(page for page in PAGES if page.stem == stem)
    assert [title.value for title in at.title] == [row.title]
    assert f"**{row.question}**\n\n{row.thread}" in words(at)
    assert values(at) == DEFAULTS
    assert not at.warning
    if stem in THREE:
        shows_theorys_numbers(at, spec_of(at, stem))


def test_the_bare_address_is_the_first_page(open_app):
    at = open_app(None)
    is_sound(at)
    assert [title.value for title in at.title] == [PAGES[0].title]


@pytest.mark.parametrize("setting", CORNERS, ids=short)
@pytest.mark.parametrize("stem", [page.stem for page in EXPERIMENTS if not page.controls])  # others: test_corners.py
def test_a_page_is_sound_at_the_corners_of_the_ranges(open_app, stem, setting):
    at = open_app(stem, **setting)
    is_sound(at)
    assert values(at) == setting
    assert not at.warning
    if stem in THREE:
        spec = spec_of(at, stem)
        shows_theorys_numbers(at, spec)
        assert said_of(stem, spec) in "\n".join(words(at))


@pytest.mark.parametrize("stem", THREE)
def test_the_sentence_on_screen_is_narrations(open_app, stem):
    at = open_app(stem, **UNUSUAL)
    is_sound(at)
    spec = spec_of(at, stem)
    shows_theorys_numbers(at, spec)
    assert said_of(stem, spec) in "\n".join(words(at))


@pytest.mark.parametrize("stem", FREE)
@pytest.mark.parametrize(
    "setting",
    [{"n_tune": 80, "n_retain": 50}, *BEYOND],
    ids=short,
)
def test_settings_that_do_not_fit_are_explained_in_place_of_the_charts(open_app, stem, setting):
    at = open_app(stem, **setting)
    assert not at.exception
    wanted = DEFAULTS | setting
    with pytest.raises(ValueError, match="n_tune must be") as refused:
        Spec(**wanted)
    assert str(refused.value) in at.error[0].value
    assert len(at.error) == 1
    assert values(at) == wanted
    assert not charts(at)
    # The way out is one move away.
    at.slider(key="n_tune").set_value(0).run()
    is_sound(at)
    assert values(at) == wanted | {"n_tune": 0}


# The headings of the parts that every page has, and of those that go before or after its texts.
CLOSING = ["The mathematics", "Try this", "What this does not tell you"]
PARTS = {
    "start": ["Be the attacker"],
    "distinct": ["Would more rows to train on help?"],
    "overlap": ["Where the models keep what they know"],
    "remedy": ["How near golden, at every overlap"],
    "regularize": [
        "Is an equal error enough?",
        "What does an attacker see?",
        "When does alpha not matter, or hurt?",
    ],
    "dynamics": ["Would larger steps help?", "What weight decay costs"],
    "boundary": ["One cell"],
    "claims": ["Not only on your data"],
    "lineup": ["The method chosen", "Find the honest one", "What deletion saves"],
}


@pytest.mark.parametrize("stem", STEMS)
def test_every_part_has_its_heading_but_in_a_lecture(open_app, stem):
    assert headings(open_app(stem)) == [*PARTS.get(stem, []), *CLOSING]
    assert headings(open_app(stem, lecture=1, reveal=1)) == []


@pytest.mark.parametrize("stem", ["distinct", "overlap"])
def test_a_heading_waits_for_no_guess(open_app, stem):
    assert headings(open_app(stem, guess=True)) == [*PARTS[stem], *CLOSING[1:]]


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ({}, "3 of 3 hold"),
        ({"noise": 0.5, "d": 60, "overlap": 1, "n_retain": 200}, "1 of 1 holds, 2 do not apply"),
        ({"noise": 0.5, "d": 60, "n_retain": 200, "n_tune": 20}, "none of these statements applies"),
    ],
)
def test_what_was_checked_is_counted_and_drawn_once_it_is_opened(open_app, setting, told):
    at = open_app("overlap", **setting)
    (part,) = [e for e in at.expander if e.label.startswith("Checked on your data: ")]
    assert part.label == f"Checked on your data: {told}"
    keys = BY_STEM["overlap"].claims
    assert not [text for text in words(at) for key in keys if CLAIMS[key].words in text]
    at.session_state["checked"] = True
    at.run()
    said = " ".join(words(at))
    assert all(CLAIMS[key].words in said for key in keys)
    holding = sum(CLAIMS[key].applies(draw(spec_of(at, "overlap"))) for key in keys)
    assert said.count(":green-badge[") == holding
    assert said.count(":gray-badge[") == len(keys) - holding
    # It stays open though other numbers stand in its label.
    at.slider(key="n_tune").set_value(1).run()
    assert all(CLAIMS[key].words in " ".join(words(at)) for key in keys)


# the address


def check_refused(at, refused, rest):
    is_sound(at)
    notes = [note.value for note in at.warning]
    assert len(notes) == len(refused)
    for key in refused:
        assert any(f"(`{key}`) in the address" in note and f"using {DEFAULTS[key]:g}." in note for note in notes)
    assert values(at) == DEFAULTS | rest
    assert not set(refused) & set(at.query_params)


@pytest.mark.parametrize("nasty", [NASTY[name] for name in ("text", "huge", "markup", "unicode digits", "repeated")])
def test_what_no_control_can_be_falls_back_to_the_defaults_with_a_note(open_app, nasty):
    at = open_app("overlap", **dict.fromkeys(DEFAULTS, nasty))
    check_refused(at, DEFAULTS, {})
    raw = nasty if isinstance(nasty, str) else repr(nasty)
    if len(raw) > 3:  # shorter ones are part of ordinary words
        assert not [text for text in words(at) if raw in text]
        assert not [text for text in words(at) if raw[:20] in text]
        assert raw not in str(dict(at.query_params))


@pytest.mark.parametrize("key", DEFAULTS)
def test_one_refused_parameter_leaves_the_others_alone(open_app, key):
    rest = {k: v for k, v in UNUSUAL.items() if k != key}
    if key == "n_retain":  # back at its default of 50: fine-tuning may see 5 of them
        assert UNUSUAL["n_tune"] <= DEFAULTS["n_retain"]
    at = open_app("overlap", **rest, **{key: "<b>7"})
    check_refused(at, [key], rest)
    shows_theorys_numbers(at, spec_of(at, "overlap"))


@pytest.mark.parametrize(
    ("key", "text"),
    [("d", "2001"), ("d", "1"), ("n_retain", "0"), ("overlap", "1.01"), ("noise", "5.05"), ("d", "7.5")],
)
def test_a_value_out_of_range_is_refused(open_app, key, text):
    check_refused(open_app("overlap", **{key: text}), [key], {})


def test_noise_too_small_to_be_told_from_none_is_refused(open_app):
    # A tiny noise leaves losses below the floor, which the page would have to call exactly zero.
    check_refused(open_app("overlap", noise="1e-9"), ["noise"], {})
    at = open_app("overlap", noise="0.0005", n_retain=150)
    assert values(at)["noise"] == 0.0005
    assert not at.warning


def test_unknown_parameters_do_no_harm(open_app):
    at = open_app("overlap", utm_source="<script>", e="5", D="7", d="40")
    is_sound(at)
    assert not at.warning
    assert values(at) == DEFAULTS | {"d": 40}
    assert not [text for text in words(at) if "<script>" in text]


def test_a_note_goes_when_a_control_is_moved(open_app):
    at = open_app("overlap", d="many")
    assert at.warning
    at.slider(key="overlap").set_value(0.2).run()
    assert not at.warning
    assert values(at) == DEFAULTS | {"overlap": 0.2}


# controls and pages


@pytest.mark.parametrize("control", CONTROLS, ids=lambda c: c.key)
def test_moving_a_control_moves_the_charts_and_keeps_the_others(open_app, control):
    at = open_app("overlap", **UNUSUAL)
    before = charts(at)
    value = 12 if control.key == "n_tune" else control.low if control.key == "overlap" else control.low + control.step
    if control.key == "n_retain":
        value = 30
    at.slider(key=control.key).set_value(value).run()
    is_sound(at)
    assert values(at) == UNUSUAL | {control.key: value}
    shows_theorys_numbers(at, spec_of(at, "overlap"))
    assert [alt for _, alt in charts(at)] != [alt for _, alt in before]


def test_a_digit_is_asked_for_only_where_one_is_forgotten_and_is_kept(open_app):
    at = open_app("digits", address={"digit": "7"})
    for option in ("Some rows", "Mistakes"):
        at.selectbox(key="kind").set_value(option).run()
        is_sound(at)
        assert "digit" not in [slider.key for slider in at.slider]
    at.selectbox(key="kind").set_value("A class").run()
    assert at.slider(key="digit").value == 7


def test_the_controls_keep_their_values_from_page_to_page(open_app):
    at = open_app(STEMS[0], **UNUSUAL)
    for stem in (*STEMS[1:], STEMS[0]):
        at.switch_page(f"pages/{stem}.py").run()
        is_sound(at)
        assert values(at) == UNUSUAL
        if stem in THREE:
            shows_theorys_numbers(at, spec_of(at, stem))


def test_the_distinct_page_has_no_overlap_and_keeps_the_controls_value(open_app):
    at = open_app("distinct", **UNUSUAL | {"overlap": 0.75})
    is_sound(at)
    overlap = at.slider(key="overlap")
    assert overlap.value == 0.75
    assert overlap.disabled
    assert "0% here" in overlap.label
    assert all(not at.slider(key=c.key).disabled for c in CONTROLS if c.key != "overlap")
    shows_theorys_numbers(at, Spec(**UNUSUAL | {"overlap": 0.0}))
    assert any("features that they do not use: a length of" in text for text in words(at))
    at.switch_page("pages/overlap.py").run()
    assert not at.slider(key="overlap").disabled
    shows_theorys_numbers(at, Spec(**UNUSUAL | {"overlap": 0.75}))


def test_a_case_to_try_inside_a_session_replaces_what_was_set(open_app):
    at = open_app("overlap", **UNUSUAL)
    at.query_params["preset"] = "all_shared"
    at.run()
    is_sound(at)
    assert values(at) == DEFAULTS | dict(PRESETS["all_shared"].values) | {"seed": UNUSUAL["seed"]}
    assert "preset" not in at.query_params
    # Once followed, a link is over: moving on does not lead back.
    at.slider(key="overlap").set_value(0.5).run()
    assert values(at)["overlap"] == 0.5


# the mean curve and theory's own


def test_the_overlap_page_draws_golden_near_its_expectation(open_app):
    (curve,) = [chart for chart, _ in charts(open_app("overlap", noise="0.5")) if traces(chart, theory=True)]
    (theory,) = traces(curve, theory=True)
    (dots,) = [t for t in traces(curve, model="golden", loss="unlearning_loss") if "error_y" in t]
    expected = dict(zip(theory["x"], theory["y"], strict=True))
    # Eight draws: their standard error is itself uncertain, so 6 of them are allowed.
    for x, y, error in zip(dots["x"], dots["y"], dots["error_y"]["array"], strict=True):
        nearest = min(expected, key=lambda at, x=x: abs(at - x))
        assert abs(y - expected[nearest]) <= 6 * error


# guess, then look


def is_told(at):
    """Whether the page draws what fine-tuning did, in words or in a chart."""
    stem = next(page.stem for page in PAGES if page.title == at.title[0].value)
    said = said_of(stem, spec_of(at, stem)) in "\n".join(words(at))
    scrubbed = any(chart.get("frames") for chart, _ in charts(at))
    drawn = any(traces(chart, model="fine_tune", loss="unlearning_loss") for chart, _ in charts(at))
    assert said == (scrubbed or drawn)
    return said


@pytest.mark.parametrize("stem", THREE)
def test_the_answer_waits_for_the_guess(open_app, stem):
    at = open_app(stem, guess=True)
    is_sound(at)
    assert not is_told(at)
    assert any("Guess first." in text for text in words(at))
    heard = " ".join(alt for _, alt in charts(at))
    assert f"{STEPS[-1]:,}" not in heard
    assert models.LABELS["fine_tune"] not in heard
    (show,) = [button for button in at.button if button.label == "Just show me"]
    show.click().run()
    is_sound(at)
    assert is_told(at)
    at.slider(key="d").set_value(60).run()
    assert is_told(at)


@pytest.mark.parametrize("stem", THREE)
def test_a_guess_is_compared_with_the_answer(open_app, stem):
    at = open_app(stem, guess=True)
    guesses = [button for button in at.button if button.label == "This is my guess"]
    if guesses:
        guesses[0].click().run()
    else:
        (choice,) = at.segmented_control
        choice.set_value(next(iter(next(p for p in PAGES if p.stem == stem).prediction.options))).run()
    is_sound(at)
    assert is_told(at)
    (verdict,) = at.info
    assert plain(verdict.value).startswith("You guessed")
    # It is judged once: other data do not change what was said of it.
    at.slider(key="noise").set_value(2.0).run()
    (later,) = at.info
    assert later.value == f"**Before you changed the settings:** {verdict.value}"
    at.slider(key="noise").set_value(0.0).run()
    assert at.info[0].value == verdict.value


def test_a_guess_about_10000_steps_is_compared_with_10000_steps(open_app):
    # As many rows as features: the steps lead to golden, but 10,000 of them are far from arriving.
    at = open_app("start", guess=True, d=66, overlap=1, n_retain=67, n_forget=47, noise=5, seed=256)
    (choice,) = at.segmented_control
    choice.set_value("part").run()
    is_sound(at)
    assert "and so it is" in plain(at.info[0].value)
    assert any("That is not the end of the road" in text and "the model is golden" in text for text in words(at))


def test_at_the_defaults_fine_tuning_is_said_and_drawn_to_forget_nothing(open_app):
    at = open_app("overlap")
    lanes = [t for chart, _ in charts(at) for t in traces(chart, model="fine_tune", loss="unlearning_loss")]
    (lane,) = [t for t in lanes if "value" in t["meta"]]
    assert list(lane["x"]) == [FLOOR, FLOOR]
    assert any("still predicts the 50 rows to forget exactly" in text for text in words(at))


def test_every_run_of_a_page_takes_a_turn_and_gives_it_back(open_app, monkeypatch):
    told = []

    @contextmanager
    def turn():
        told.append("taken")
        yield
        told.append("given")

    monkeypatch.setattr(run_queue, "turn", turn)
    at = open_app("overlap")
    before = len(told)
    at.slider(key="overlap").set_value(0.7).run()
    assert before >= 2
    assert told[before:] == ["taken", "given"]


def test_the_controls_are_drawn_though_the_page_refuses_the_settings(open_app):
    at = open_app("overlap")
    at.slider(key="n_tune").set_value(400).run()
    assert len(at.error) == 1
    assert at.slider(key="n_tune").value == 400
    at.slider(key="n_tune").set_value(20).run()
    assert not at.error
