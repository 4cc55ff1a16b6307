"""The page lineup: its board, pictures and sentences say what the methods' own weights say."""

import math
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ui.cases import at_home, view_at
from theory import METHODS, Parameter, Spec, draw, ridge, standings, suspects
from ui.lessons import LESSONS
from ui.lessons.lineup import sentences
from ui.lessons.lineup.board import COLUMNS, cell, rows_text
from ui.lessons.lineup.results import board, chosen, climb, order
from ui.lessons.lineup.text import CHOSEN, NAMES, OWN, RIDGE, TELLING, YARDSTICKS, YOUR_OWN, name_of
from ui.page.numpy_script import script
from ui.plot.controls import Choice, possible
from ui.plot.route import picture

LESSON = LESSONS["lineup"]
ROOT = Path(__file__).parents[3]
# Rows with few features make a method take a millisecond.
SMALL = {"d": 60, "n_retain": 20, "n_forget": 10, "noise": 0.5}
SPEC = Spec(**SMALL)
AGREE = 1e-8
CROWDED = {"d": 10, "n_retain": 20, "n_forget": 15, "noise": 0.5}


def view(**settings_):
    return view_at(LESSON.page, **SMALL | settings_)


def readings(shown):
    """What the board's cells hold, by method and column."""
    _, texts = picture(LESSON, "board", shown).figure.data
    meta = texts["meta"]
    return dict(zip(zip(meta["models"], meta["readings"], strict=True), texts["customdata"], strict=True))


# controls


def test_every_parameter_has_a_control_that_takes_every_value_it_offers():
    for method in METHODS.values():
        for parameter in method.parameters:
            if parameter.name == RIDGE:
                continue
            key, control = OWN[name_of(method, parameter)]
            assert key == method.key
            assert LESSON.page.only[control.key] == method.key
            assert control.help == parameter.help
            if isinstance(control, Choice):
                assert list(control.options.values()) == list(parameter.options)
                assert control.options[control.default] in parameter.options
                continue
            values = getattr(control, "values", None) or (control.low, control.usual, control.high)
            assert parameter.default in values
            for value in values:
                assert parameter.check(value) == value
                assert possible(control, value)
    assert set(CHOSEN.options.values()) == set(METHODS) - set(YARDSTICKS)


def test_controls_reach_the_methods():
    for key, (method, control) in OWN.items():
        if isinstance(control, Choice):
            other, asked = next(pair for pair in reversed(control.options.items()) if pair[0] != control.default)
        elif hasattr(control, "values"):
            asked = next(v for v in control.values if v not in (control.usual, 0.0))
            other = control.shown(asked)
        else:
            other = asked = control.high
        shown = view(**{key: other})
        given_ = {method: {key.removeprefix(f"{method}_"): asked, **({"ridge": 1.0} if _has_ridge(method) else {})}}
        (expected,) = standings(draw(SPEC), [method], given_)
        assert board(shown)[method].share == pytest.approx(expected.share, rel=1e-6, abs=AGREE), key
    stronger = {key: {"ridge": 10.0} for key in METHODS if _has_ridge(key)}
    expected = {s.key: s for s in standings(draw(SPEC), METHODS, stronger)}
    for key, standing in board(view(board_ridge=10)).items():
        assert standing.share == pytest.approx(expected[key].share, rel=1e-6, abs=AGREE), key


def _has_ridge(key):
    return any(p.name == RIDGE for p in METHODS[key].parameters)


# the board


def test_the_board_holds_every_method_with_its_numbers():
    problem, found = draw(SPEC), readings(view())
    assert {key for key, _ in found} == set(METHODS)
    for key, method in METHODS.items():
        own = method.own()
        golden, start = problem.w_g, problem.w_o
        if method.reference != "golden":
            golden, start = (ridge(X, y, own["ridge"]) for X, y in ((problem.X_r, problem.y_r), (problem.X, problem.y)))
        w = method.fit(problem, **own)

        def loss(w):
            return np.mean((problem.X_f @ w - problem.y_f) ** 2)

        assert found[key, "unlearning_gap"] == pytest.approx(loss(w) - loss(golden), abs=AGREE)
        share = np.linalg.norm(w - golden) / np.linalg.norm(start - golden)
        assert found[key, "share"] == pytest.approx(share, abs=AGREE)
        assert found[key, "remaining_loss"] == pytest.approx(np.mean((problem.X_r @ w - problem.y_r) ** 2), abs=AGREE)
        assert found[key, "rows"] == method.rows_touched(problem)


def test_golden_stands_first_and_the_others_as_asked():
    found = board(view())
    for sort in ("share", "gap", "rows", "family"):
        keys = order(found, sort, "any")
        assert keys[:2] == ["golden", "pretrained"]
        assert set(keys) == set(METHODS)
        value = {
            "share": lambda s: s.share,
            "gap": lambda s: abs(s.metrics.unlearning_gap),
            "rows": lambda s: s.rows,
            "family": lambda s: list(METHODS).index(s.key),
        }[sort]
        values = [value(found[key]) for key in keys[2:]]
        assert all(a <= b + AGREE for a, b in pairwise(values))
    for lacks in ("forget", "retain"):
        keys = order(found, "share", lacks)
        assert set(keys) - set(YARDSTICKS) == {k for k in METHODS if lacks not in METHODS[k].needs} - set(YARDSTICKS)


def test_in_a_lecture_methods_at_one_place_share_a_row():
    found = board(view())
    whole = picture(LESSON, "board", view()).figure.data[0]["meta"]["rows"]
    shown = picture(LESSON, "board", view(lecture=1)).figure.data[0]["meta"]["rows"]
    assert {"golden", "pretrained", "datamodel"} <= set(shown) < set(whole)
    assert shown == [key for key in whole if key in shown]
    others = [found[key] for key in shown if key not in ("golden", "pretrained", "datamodel")]
    for i, one in enumerate(others):
        assert all(max(abs(one.gap - two.gap), abs(one.share - two.share)) >= 0.03 for two in others[:i])
    for key in set(whole) - set(shown):
        nearest = min(max(abs(found[key].gap - o.gap), abs(found[key].share - o.share)) for o in others)
        assert nearest < 0.03


def test_cells_have_goldens_colour_where_their_numbers_are_goldens():
    found, (cells, _) = board(view()), picture(LESSON, "board", view()).figure.data
    far = dict(zip(cells["meta"]["rows"], cells["z"], strict=True))
    near = COLUMNS.index("share")
    assert all(value in (0, None) for value in far["golden"])
    assert far["pretrained"][near] == 1
    assert far["exact_deletion"][near] <= AGREE
    assert far["golden"][COLUMNS.index("rows")] is None
    # Its own golden: with a ridge that errs on the rows to keep, too.
    assert found["newton"].metrics.remaining_loss > 1e-6
    assert max(value for value in far["newton"] if value is not None) <= AGREE
    names = picture(LESSON, "board", view()).figure.layout["yaxis"]["ticktext"]
    marked = {name.removesuffix(" \N{DAGGER}") for name in names if name.endswith("\N{DAGGER}")}
    assert marked == {method.label for method in METHODS.values() if method.reference == "ridge golden"}


@pytest.mark.parametrize(
    ("value", "signed", "text"),
    [
        (0.0, False, "0"),
        (1e-12, True, "0"),
        (0.004, True, "+<.01"),
        (-0.004, True, "\N{MINUS SIGN}<.01"),
        (-0.876, True, "\N{MINUS SIGN}0.88"),
        (0.5, False, "0.50"),
        (123.4, True, "+123"),
        (3.2e17, False, "3e17"),
        (math.nan, False, "-"),
    ],
)
def test_a_cell_is_short(value, signed, text):
    assert cell(value, signed) == text


def test_rows_in_a_cell_are_short():
    assert [rows_text(n) for n in (0, 50, 9999, 16_000, 1_000_000)] == ["0", "50", "10k", "16k", "1,000k"]


def test_what_cannot_take_the_rows_stays_on_the_board_with_its_reason():
    shown = view(**CROWDED, method="Exact deletion")
    cells = picture(LESSON, "board", shown).figure.data[1]
    places = zip(cells["meta"]["models"], cells["meta"]["readings"], strict=True)
    texts = dict(zip(places, cells["text"], strict=True))
    assert {texts["exact_deletion", column] for column in COLUMNS} == {"\N{EN DASH}"}
    assert "Cannot take these rows: Exact deletion, Datamodel, additive." in picture(LESSON, "board", shown).caption
    assert chosen(shown) is None
    assert "cannot take these rows" in picture(LESSON, "weights", shown).caption
    problem = draw(shown.spec)
    said = sentences.told(METHODS["exact_deletion"], problem, board(shown)["exact_deletion"])
    assert "rows must be linearly independent" in said
    assert "got 35 rows of rank 10" in said


def test_under_the_hand_large_data_wait_for_methods_of_many_steps():
    here = view(moving=1)
    assert all(s.metrics for s in board(here).values())
    large = view(moving=1, d=300, n_retain=120, n_forget=60)
    waits = {key for key, s in board(large).items() if s.metrics is None}
    assert waits == {key for key, method in METHODS.items() if method.iterated}
    texts = picture(LESSON, "board", large).figure.data[1]["text"]
    assert texts.count("\N{HORIZONTAL ELLIPSIS}") == len(waits) * len(COLUMNS)
    assert all(s.metrics for s in board(view(d=300, n_retain=120, n_forget=60)).values())


# what is said


@settings(max_examples=15, deadline=None)
@given(
    st.integers(2, 60),
    st.sampled_from([0.0, 0.4, 1.0]),
    st.integers(1, 25),
    st.integers(1, 15),
    st.sampled_from([0.0, 0.5]),
)
def test_what_the_captions_say_is_so(d, overlap, n_retain, n_forget, noise):
    shown = view(d=d, overlap=overlap, n_retain=n_retain, n_forget=n_forget, noise=noise)
    found = board(shown)
    said = picture(LESSON, "board", shown).caption
    others = {key: s for key, s in found.items() if s.metrics and key not in YARDSTICKS}
    if all(math.isnan(s.share) for s in others.values()):
        assert "golden already" in said
        return
    if match := re.search(r"Golden itself, to rounding: \*\*(.*?)\*\*", said):
        assert match[1] == ", ".join(METHODS[k].label for k, s in others.items() if s.share <= 1e-9)
    else:
        assert not [k for k, s in others.items() if s.share <= 1e-9]
    if match := re.search(r"The best trap:\*\* “(.*?)”", said):
        (key,) = [k for k in others if METHODS[k].label == match[1]]
        assert abs(others[key].gap) <= 0.1
        near = [s.share for s in others.values() if abs(s.gap) <= 0.1]
        assert others[key].share == max(near) > 0.3


def test_the_method_is_told_with_all_that_its_row_says():
    problem = draw(SPEC)
    for key, method in METHODS.items():
        if key in YARDSTICKS:
            continue
        said = sentences.told(method, problem, board(view())[key])
        for part in (method.formula, method.label, method.idea, method.source, method.at_interpolation):
            assert part in said
        assert ("golden with the same ridge" in said) == (method.reference == "ridge golden")
        assert ("rows to forget" in said.partition("Needs:")[2].partition(".")[0]) == ("forget" in method.needs)


def test_the_weights_are_split_into_what_the_rows_to_keep_see_and_the_rest():
    problem = draw(SPEC)
    P = np.linalg.pinv(problem.X_r) @ problem.X_r
    for label, unseen in (("Fine-tuned", True), ("Projection", False), ("SISA", False)):
        found = chosen(view(method=label))
        key = CHOSEN.options[label]
        np.testing.assert_allclose(found.weights, METHODS[key].fit(problem), rtol=0, atol=AGREE)
        np.testing.assert_allclose(found.unseen, found.weights - P @ found.weights, rtol=0, atol=AGREE)
        said = picture(LESSON, "weights", view(method=label)).caption
        assert ("lies where the rows to keep cannot see" in said) == unseen


def test_the_u_curve_has_its_lowest_point_where_the_sentence_says():
    shown = view(method="Gradient ascent", gradient_ascent_steps=150)
    found, problem = climb(shown.spec, 1.0), draw(SPEC)
    golden = ridge(problem.X_r, problem.y_r, 1.0)
    ends = [METHODS["gradient_ascent"].fit(problem, steps=k, ridge=1.0) for k in range(201)]
    shares = np.linalg.norm(np.array(ends) - golden, axis=1)
    np.testing.assert_allclose(found.share, shares / shares[0], rtol=1e-8)
    said = picture(LESSON, "climb", shown).caption
    assert f"after **{int(np.argmin(shares))}** of 200 steps" in said
    assert "after 150 steps, as asked for" in said
    assert LESSON.figures["climb"].shown(shown)
    assert not LESSON.figures["climb"].shown(view())


# find the honest one


def test_the_line_up_hides_names_until_one_is_accused():
    found = suspects(draw(SPEC))
    assert len(found.weights) == 3
    hidden = picture(LESSON, "suspects", view())
    text = f"{hidden.alt} {hidden.caption} {hidden.figure.layout['xaxis']['ticktext']}"
    assert not [key for key in found.traps if METHODS[key].label in text]
    assert "All three err on the rows to forget by" in hidden.caption
    for place, key in enumerate(found.weights):
        told = picture(LESSON, "suspects", view(accused=place, evidence=3))
        honest = NAMES[list(found.weights).index("golden")]
        if key == "golden":
            assert f"**Right: {honest} is golden.**" in told.caption
        else:
            assert f"**No: {NAMES[place]} is “{METHODS[key].label}”.** Golden is {honest}." in told.caption
        assert ("sets golden apart" in told.caption) == found.tells("new_rows")
        values = told.figure.data[0]["y"]
        np.testing.assert_allclose(values, [found.new_rows[k] for k in found.weights])


@pytest.mark.parametrize("seed", range(6))
def test_a_guess_is_judged_by_what_sets_golden_apart(seed):
    shown = view(seed=seed)
    found = suspects(draw(shown.spec))
    right = {key for key in TELLING if key != "none" and found.tells(key)} or {"none"}
    for guess in TELLING:
        assert ("and so it is" in LESSON.verdict(shown, guess)) == (guess in right)
    assert LESSON.verdict(shown, None)


def test_without_two_traps_there_is_no_line_up():
    shown = view(n_forget=1)
    assert len(suspects(draw(shown.spec)).weights) < 3
    for said in (picture(LESSON, "suspects", shown).caption, LESSON.verdict(shown, "new_rows")):
        assert "fewer than two traps" in said


# take it with you


def test_the_script_prints_the_boards_numbers(tmp_path):
    shown = view(board_ridge=3)
    lines = at_home(script(LESSON.page, shown.spec, dict(shown.options)), tmp_path)
    printed = {line[0]: (float(line[2]), float(line[4])) for line in lines if line[1] == "away"}
    assert set(printed) == {"newton", "exact_deletion", "datamodel"}
    for key, (away, whole) in printed.items():
        assert away / whole == pytest.approx(board(shown)[key].share, abs=AGREE)


def test_the_example_of_a_method_is_the_same_for_readers_and_contributors():
    told = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    indented = "".join(f"    {line}\n" if line else "\n" for line in YOUR_OWN.splitlines())
    assert indented in told
    assert isinstance(METHODS["newton"].parameters[0], Parameter)
