import math
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from tests.theory.cases import specs
from tests.ui.cases import CORNERS, NUMBER, at_home, drawn, is_valid, name_of, read, says, statements, the_trace, traces
from tests.ui.page.test_numpy_script import AGREE, SPECS
from theory import CLAIMS, EXACT, Check, Spec, claim_errors, draw, random_specs
from ui.figures.style import COLOUR, colour
from ui.figures.table import figure_csv
from ui.language.words import FLOOR
from ui.lessons import BY_STEM
from ui.lessons.claims import results as claims_results
from ui.lessons.claims import sentences as claims
from ui.lessons.claims.figures import BEYOND, claim_lanes, survey_lanes
from ui.lessons.claims.results import SURVEY, SURVEY_CHUNK
from ui.page.numpy_script import script

PAGE = BY_STEM["claims"]
OPTIONS = PAGE.prediction.options
SMALL = [spec for spec in CORNERS if spec.d == 2]
CASES = [
    Spec(),
    *SMALL,
    *(Spec(**p.values | {"n_tune": p.values.get("n_tune")}) for p in PAGE.presets if "rows" not in p.values),
]


def checked(spec):
    problem = draw(spec)
    checks = {key: claim.check(problem) for key, claim in CLAIMS.items()}
    return checks, {key: claim.applies(problem) for key, claim in CLAIMS.items()}


def by_standing(checks, applies):
    return {
        "holds": [k for k in checks if applies[k] and checks[k].error <= EXACT],
        "fails": [k for k in checks if applies[k] and not checks[k].error <= EXACT],
        "outside": [k for k in checks if not applies[k]],
    }


def zeros(checks, keys):
    """The statements whose two sides are both rounding, so that their difference is none of a number."""
    return [k for k in keys if checks[k].error > EXACT and max(abs(checks[k].left), abs(checks[k].right)) <= 1e-8]


# Three statements by hand: one that holds, one that fails, one outside of its condition.
BY_HAND = {"I1": Check(1.0, 1.0, 0.0), "I2": Check(1.0, 2.0, 0.5), "R3": Check(0.0, 0.0, math.inf)}
BY_HAND_APPLIES = {"I1": True, "I2": True, "R3": False}


# the page's table follows the claims


def test_the_page_shows_every_claim_there_is():
    assert PAGE.claims == tuple(CLAIMS)
    assert [key for keys in claims.groups(CLAIMS).values() for key in keys] == list(CLAIMS)
    assert all(key[0] == letter for letter, t in claims.GROUPS.items() for key in claims.groups(CLAIMS).get(t, ()))


def test_every_claim_has_a_short_name_of_its_own_and_a_reason_to_care():
    assert set(CLAIMS) == set(claims.NAMES) == set(claims.WHY)
    assert len(set(claims.NAMES.values())) == len(claims.NAMES)


def test_a_family_nobody_named_still_has_a_place():
    assert claims.groups(("I1", "Z1")) == {claims.GROUPS["I"]: ("I1",), "Other statements": ("Z1",)}


# the pictures


@pytest.mark.parametrize("spec", CASES, ids=name_of)
def test_every_mark_stands_at_its_relative_difference(spec):
    checks, applies = checked(spec)
    figure = claim_lanes(checks, applies, "light")
    chart = drawn(figure)
    heights = set()
    for state, keys in by_standing(checks, applies).items():
        for key in keys:
            mark = statements(chart)[key]
            assert mark["standing"] == state
            assert mark["x"] == min(max(checks[key].error, FLOOR), BEYOND)
            role = {"holds": COLOUR["remedy"], "fails": COLOUR["forget"]}.get(state, colour("pretrained", "light"))
            assert mark["color"] == role
            heights.add(mark["y"])
    assert len(heights) == len(CLAIMS)
    words = [note["text"] for note in chart["layout"]["annotations"]]
    silent = zeros(checks, by_standing(checks, applies)["outside"])
    assert words.count("does not apply") == len(by_standing(checks, applies)["outside"]) - len(silent)
    assert words.count("zero beside zero") == len(silent)
    assert words.count("<b>fails</b>") == 0
    for key in CLAIMS:
        assert f"{key} {claims.NAMES[key]}" in " ".join(chart["layout"]["yaxis"]["ticktext"])
    assert chart["layout"]["height"] == drawn(claim_lanes(*checked(Spec()), "light"))["layout"]["height"]
    for line in figure_csv(figure, spec).splitlines()[1:]:
        name, what, value, _ = line.split(",")[:4]
        assert float(value) == checks[name.split()[0]].error
        assert what.split()[1] in ("holds", "outside")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_statement_that_fails_is_told_apart_by_colour_mark_and_word(theme):
    chart = drawn(claim_lanes(BY_HAND, BY_HAND_APPLIES, theme))
    looks = {key: (mark["color"], mark["symbol"]) for key, mark in statements(chart).items()}
    assert looks["I2"] == (COLOUR["forget"], "x")
    assert looks["I1"] == (COLOUR["remedy"], "circle")
    assert looks["R3"] == (colour("pretrained", theme), "triangle-right")
    (fails,) = [note for note in chart["layout"]["annotations"] if note["text"] == "<b>fails</b>"]
    assert fails["y"] == statements(chart)["I2"]["y"]
    (line,) = chart["layout"]["shapes"]
    assert line["x0"] == line["x1"] == EXACT


def test_a_difference_without_bounds_is_drawn_at_the_end_and_told_in_the_table():
    figure = claim_lanes({"I1": Check(1.0, 0.0, math.inf)}, {"I1": True}, "light")
    assert statements(drawn(figure))["I1"]["x"] == BEYOND
    assert figure_csv(figure, Spec()).splitlines()[1].split(",")[1:3] == ["I1 fails", "inf"]


def test_before_the_guess_only_what_applies_is_drawn():
    checks, applies = checked(Spec())
    chart = drawn(claim_lanes(checks, applies, "light", hidden=True))
    assert statements(chart).keys() == {key for key in CLAIMS if applies[key]}
    marks = [note["text"] for note in chart["layout"]["annotations"]].count("<b>?</b>")
    assert marks == list(applies.values()).count(False)
    heard = claims.describe_checks(checks, applies, hidden=True)
    assert not [key for key in CLAIMS if not applies[key] and key in heard]


def test_the_strokes_are_the_settings_a_statement_applies_to():
    some = random_specs(40, 3)
    errors = claim_errors(some)
    chart = drawn(survey_lanes(errors, "light"))
    words = [note["text"] for note in chart["layout"]["annotations"]]
    for key, values in errors.items():
        met = values[[CLAIMS[key].applies(draw(spec)) for spec in some]]
        assert f"{len(met)} of 40" in words
        if met.size:
            np.testing.assert_array_equal(the_trace(chart, claim=key, strokes=True)["x"], np.maximum(met, FLOOR))
            worst = the_trace(chart, claim=key, standing="holds")
            assert worst["meta"]["value"] == met.max()
            assert list(worst["x"]) == [max(met.max(), FLOOR)]


def test_one_failing_setting_turns_its_statement_vermillion():
    errors = {"I1": np.array([0.0, 1e-3]), "I2": np.array([np.nan, np.nan])}
    chart = drawn(survey_lanes(errors, "light"))
    assert the_trace(chart, claim="I1", standing="fails")["marker"]["color"] == COLOUR["forget"]
    assert not traces(chart, claim="I2")


def test_the_pictures_pass_plotlys_own_validation():
    errors = claim_errors(random_specs(20, 1))
    for figure in (claim_lanes(BY_HAND, BY_HAND_APPLIES, "dark"), survey_lanes(errors, "dark")):
        is_valid(figure)


# the sentences


def check_summary(spec):
    checks, applies = checked(spec)
    said = claims.summary(checks, applies)
    sets = by_standing(checks, applies)
    assert not sets["fails"], sets
    assert said.startswith(f"**Conditions met here: {len(sets['holds'])} of {len(CLAIMS)}.** ")
    worst = re.search(rf"differ by at most ({NUMBER}) of", said)[1]
    assert says(worst, max(checks[k].error for k in sets["holds"]))
    silent = zeros(checks, sets["outside"])
    off = [k for k in sets["outside"] if checks[k].error > EXACT and k not in silent]
    agree = [k for k in sets["outside"] if checks[k].error <= EXACT]
    for keys, words in ((off, "and off"), (agree, "and true all the same"), (silent, "which says nothing")):
        named = re.search(rf"{words}: ([^.(]+)[.(]", said)
        assert bool(named) == bool(keys)
        if 0 < len(keys) <= claims.MOST_NAMED:
            assert re.findall(r"[A-Z][0-9]", named[1]) == keys
        elif keys:
            assert named[1].strip() == f"{len(keys)} statements"
    ends = re.search(rf"relative differences from ({NUMBER}) (?:up|to ({NUMBER}))\)", said)
    if ends:
        assert says(ends[1], min(checks[k].error for k in off))
        most = max(checks[k].error for k in off)
        assert says(ends[2], most) if ends[2] else math.isinf(most)
    elif off and "beside zero no" not in said:
        assert all(says(re.search(rf"a relative difference of ({NUMBER})\)", said)[1], checks[k].error) for k in off)


@pytest.mark.parametrize("spec", CASES, ids=name_of)
def test_the_summary_is_true_at_the_corners(spec):
    check_summary(spec)


@given(specs())
@settings(max_examples=60, deadline=None)
def test_the_summary_is_true_everywhere(spec):
    check_summary(spec)


def test_the_summary_names_what_fails():
    said = claims.summary(BY_HAND, BY_HAND_APPLIES)
    assert said.startswith("**Conditions met here: 2 of 3.** **Not true all the same: I2.**")
    assert said.endswith("Not met, and zero beside zero, which says nothing: R3.")
    both = claims.summary(dict.fromkeys(("I1", "I2"), Check(1.0, 2.0, 0.5)), {"I1": True, "I2": True})
    assert "**Not true all the same: I1 and I2.**" in both
    none = claims.summary({"I1": Check(1.0, 1.0, 0.0)}, {"I1": False})
    assert none == "**Conditions met here: 0 of 1.** Not met, and true all the same: I1."
    beyond = claims.summary({"I1": Check(1.0, 0.0, math.inf)}, {"I1": False})
    assert beyond.endswith("and off: I1 (beside zero no relative difference can measure how far).")


@given(specs())
@settings(max_examples=60, deadline=None)
def test_the_verdict_counts_what_is_outside_of_its_condition(spec):
    checks, applies = checked(spec)
    outside = [key for key in checks if not applies[key]]
    silent = zeros(checks, outside)
    errors = [checks[key].error for key in outside if key not in silent]
    if not errors:
        assert "no statement outside its condition to compare" in claims.verdict(OPTIONS, None, checks, applies)
        return
    count = {
        "rounding": sum(e <= EXACT for e in errors),
        "little": sum(EXACT < e < claims.LITTLE for e in errors),
        "much": sum(e >= claims.LITTLE for e in errors),
    }
    begin, tally = claims.verdict(OPTIONS, None, checks, applies).removeprefix("**").split(".** ")
    assert {k for k in OPTIONS if OPTIONS[k] in begin} == {k for k in OPTIONS if count[k] == max(count.values())}
    numbers = (count["rounding"], count["little"], count["much"])
    assert "{} off by rounding only, {} by less than 1%, {} by more.".format(*numbers) in tally
    assert (f"Zero beside zero, which says nothing: {len(silent)}." in tally) == bool(silent)
    for guess in OPTIONS:
        said = claims.verdict(OPTIONS, guess, checks, applies)
        assert ("and so it is" in said) == (count[guess] == max(count.values()))
        if "the answer is" in said:
            answer = said.split("the answer is ")[1].split(". ")[0]
            assert {k for k in OPTIONS if f"“{OPTIONS[k]}”" in answer} == {
                k for k in OPTIONS if count[k] == max(count.values())
            }


@pytest.mark.parametrize(
    ("error", "answer"),
    [(0.0, "rounding"), (EXACT, "rounding"), (2 * EXACT, "little"), (0.01, "much"), (math.inf, "much")],
)
def test_how_far_apart_has_one_right_answer(error, answer):
    assert claims.outcome(error) == answer
    assert set(OPTIONS) == {"rounding", "little", "much"}
    checks = {"R3": Check(0.0, 1.0, error)}
    assert "and so it is" in claims.verdict(OPTIONS, answer, checks, {"R3": False})


def test_where_everything_applies_there_is_nothing_to_guess():
    said = claims.verdict(OPTIONS, "much", {"I1": BY_HAND["I1"]}, {"I1": True})
    assert said == "You guessed “By 1% or more”; here there is no statement outside its condition to compare."


@pytest.mark.parametrize("spec", CASES, ids=name_of)
def test_the_pictures_names_hold_the_numbers(spec):
    checks, applies = checked(spec)
    heard = claims.describe_checks(checks, applies)
    assert heard.endswith(".")
    apply, outside = heard.split(" Do not apply: ")
    for key, check in checks.items():
        part = apply if applies[key] else outside
        found = re.search(rf"\b{key} (without measure|{NUMBER})", part)[1]
        assert math.isinf(check.error) if found == "without measure" else says(found, check.error)
    assert says(claims.LINE.replace("10", "1.0 × 10", 1), EXACT)


@pytest.mark.parametrize("spec", CASES[:3], ids=name_of)
def test_a_card_says_both_sides_the_condition_and_the_source(spec):
    checks, applies = checked(spec)
    for key, claim in CLAIMS.items():
        said = claims.statement(claim, checks[key], applies[key])
        shown = re.match(rf"Left side ({NUMBER})[^,]*, right side ({NUMBER})[ ,:.]", said).groups()
        for text, value in zip(shown, (checks[key].left, checks[key].right), strict=True):
            assert says(text, value) or (read(text) == 0 and abs(value) <= FLOOR**0.5)
        assert claim.source in said
        assert ("that is not so here" in said) == (not applies[key])
        assert ("Holds always." if claim.condition == "always" else f"Holds when {claim.condition}") in said


# many settings


def test_the_long_check_is_the_short_one_many_times():
    parts = [claims_results.random_errors(5, start) for start in range(0, 3 * SURVEY_CHUNK, SURVEY_CHUNK)]
    whole = claim_errors(random_specs(3 * SURVEY_CHUNK, 5))
    for key, values in whole.items():
        np.testing.assert_array_equal(np.concatenate([part[key] for part in parts]), values)
    assert SURVEY % SURVEY_CHUNK == 0


def test_many_settings_are_summed_up():
    some = random_specs(60, 2)
    errors = claim_errors(some)
    said = claims.survey(errors, some)
    total = sum(CLAIMS[key].applies(draw(spec)) for key in CLAIMS for spec in some)
    assert f"60 random settings, {total:,} checks" in said
    assert "every one holds" in said
    worst, key = re.search(rf"of all is ({NUMBER}), of (\w+)", said).groups()
    assert says(worst, np.nanmax([np.nanmax(v) for v in errors.values() if not np.isnan(v).all()]))
    assert says(worst, np.nanmax(errors[key]))
    heard = claims.describe_survey(errors)
    for key, values in errors.items():
        assert f"{key} in {np.sum(~np.isnan(values))} of 60" in heard


def test_a_failing_check_is_named_with_its_setting():
    some = random_specs(3, 0)
    errors = {"I1": np.array([0.0, 0.25, np.nan]), "I2": np.array([np.nan, np.inf, 0.0])}
    said = claims.survey(errors, some)
    assert "every one holds" not in said
    assert f"**2 checks failed**, the first of I1 at `{some[1]}`" in said
    nothing = claims.survey({"I1": np.full(3, np.nan)}, some)
    assert "0 checks" in nothing
    assert "holds" not in nothing


# the script


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: f"d{s.d}")
def test_the_script_prints_both_sides(spec, tmp_path):
    text = script(PAGE, spec)
    printed = {line[0]: line[1:] for line in at_home(text, tmp_path) if line[0] in CLAIMS}
    assert set(printed) >= {"I1", "I3", "R5"}
    problem = draw(spec)
    for key, (left, right) in printed.items():
        check = CLAIMS[key].check(problem)
        assert float(left) == pytest.approx(check.left, rel=AGREE, abs=AGREE), key
        assert float(right) == pytest.approx(check.right, rel=AGREE, abs=AGREE), key


def test_the_script_notices_another_seed(tmp_path):
    printed = at_home(script(PAGE, SPECS[0]), tmp_path)
    other = CLAIMS["I1"].check(draw(replace(SPECS[0], seed=99)))
    (line,) = [line for line in printed if line[0] == "I1"]
    assert abs(float(line[1]) - other.left) > AGREE


def test_a_number_reads_back():
    assert read(claims.difference(2.4e-16)) == 2.4e-16
    assert claims.difference(math.inf) == "without measure"


def test_nothing_doubles_the_dotted_line():
    chart = drawn(claim_lanes(BY_HAND, BY_HAND_APPLIES, "light"))
    axis = chart["layout"]["xaxis"]
    assert axis["showgrid"] is False
    assert EXACT not in axis["minor"]["tickvals"]
