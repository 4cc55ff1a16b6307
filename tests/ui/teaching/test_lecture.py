"""Where a lecture is, where a cue leads, and whether what the talk says is what its settings show."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from theory import Spec, draw
from ui.language.words import number
from ui.lessons import BY_STEM, LESSONS, PRESETS
from ui.lessons.regularize.results import met
from ui.lessons.regularize.text import ALPHAS
from ui.plot.controls import CONTROLS
from ui.plot.view import controls_of, view_of
from ui.teaching.place import MOVES, Place, heard_place, moved, place, query, told_place
from ui.teaching.talk import MODEL, PLAN, TALK

LAST = len(TALK)
FIGURES = 3


def view_at(step):
    page = BY_STEM[step.page]
    return view_of(page, {c.key: step.settings.get(c.key, c.default) for c in controls_of(page)})


def test_every_step_of_the_talk_and_the_plan_names_what_there_is():
    for part in (*TALK, *PLAN):
        assert BY_STEM[part.page].experiment
        assert not part.said or part.answer
    for part in PLAN:
        assert not part.preset or PRESETS[part.preset] in BY_STEM[part.page].presets
    for step in TALK:
        lesson, view = LESSONS[step.page], view_at(step)
        assert set(step.figures) <= set(lesson.shown(view)), "a cue shows pictures of its page, at its settings"
        assert step.settings.keys() <= {c.key for c in controls_of(lesson.page)}
        assert not step.slider or step.slider in {c.key for c in controls_of(lesson.page)}
        assert step.cue.endswith("?"), "every cue asks before it shows"
        assert step.notes.endswith(".")
    assert sum(part.minutes for part in PLAN) == 45
    assert sum(step.minutes for step in TALK) == 10


def test_the_whole_talk_is_about_one_data_set():
    # A cue changes what its question names, and nothing else of the data.
    shared = {c.key for c in CONTROLS}
    changed = [{k for k in step.settings if k in shared and step.settings[k] != MODEL.get(k)} for step in TALK]
    assert changed == [set(), {"n_forget"}, set(), set(), set(), {"d", "n_retain", "overlap"}, set(), set(), set()]
    assert TALK[-1].settings["start"] == "Pretrained"


def test_the_notes_say_how_far_the_options_end_from_golden():
    (step,) = [step for step in TALK if step.page == "remedy"]
    spec = Spec(noise=0.5)
    problem = draw(spec)
    X_r, y_r = problem.X_r, problem.y_r
    golden = np.linalg.pinv(X_r) @ y_r
    pretrained = np.linalg.pinv(np.vstack([X_r, problem.X_f])) @ np.concatenate([y_r, problem.y_f])
    distances = []
    for kept in (spec.d, spec.d - spec.d_forget, spec.d - spec.d_forget - spec.d_overlap):
        erased = np.where(np.arange(len(pretrained)) < kept, pretrained, 0)
        tuned = erased + np.linalg.pinv(X_r) @ (y_r - X_r @ erased)
        distances.append(np.linalg.norm(tuned - golden))
    assert step.numbers is not None
    said = step.numbers(view_at(step))
    assert said == (
        f"Distance to golden: {number(distances[0])} after fine-tuning alone, {number(distances[1])} with Option A, "
        f"{number(distances[2])} with Option B."
    )


def test_the_mark_of_the_push_stands_nearest_to_where_the_sentence_says_the_errors_are_equal():
    (step,) = [step for step in TALK if step.page == "regularize"]
    view = view_at(step)
    found = met(view.spec, view["target"], view["mu"]).crossing
    assert found is not None
    nearest = min((a for a in ALPHAS if a > 0), key=lambda a: abs(np.log(a / found.alpha)))
    assert step.settings["alpha"] == nearest


def test_next_goes_through_the_whole_talk_answer_by_answer_and_back_the_same_way():
    now, seen = place({"at": "1"}), []
    while not seen or seen[-1] != now:
        seen.append(now)
        now = moved(now, "next", FIGURES)
    expected = [
        (k, shown, figure)
        for k, step in enumerate(TALK, 1)
        for shown, figure in [(False, 1), *((True, n) for n in range(1, len(step.figures) + 1))]
    ]
    assert [(p.at, p.reveal, p.figure) for p in seen] == expected
    for before in reversed(seen[:-1]):
        now = moved(now, "back", FIGURES)
        assert now == before
    assert moved(now, "back", FIGURES) == now


@pytest.mark.parametrize("at", range(1, LAST + 1))
def test_the_answer_can_be_drawn_and_taken_away_and_a_step_begun_again(at):
    start = place({"at": str(at)})
    assert not start.reveal
    shown = moved(start, "reveal", FIGURES)
    assert shown.reveal
    for later in (shown, moved(shown, "next", FIGURES) if len(TALK[at - 1].figures) > 1 else shown):
        assert moved(later, "reveal", FIGURES) == start
        assert moved(later, "reset", FIGURES) == start


def test_outside_the_talk_the_cues_walk_through_the_figures_of_a_page():
    now = place({"lecture": "1"})
    assert now == Place(at=None, reveal=False, figure=1)
    way = [now]
    for _ in range(4):
        way.append(moved(way[-1], "next", FIGURES))
    assert [(p.reveal, p.figure) for p in way] == [(False, 1), (True, 1), (True, 2), (True, 3), (True, 3)]
    for before in (way[2], way[1], way[0], way[0]):
        now = moved(way[3] if before is way[2] else now, "back", FIGURES)
        assert now == before
    # A link that asks nothing has nothing to draw first.
    assert moved(way[0], "next", FIGURES, asked_nothing=True).figure == 2


@given(st.dictionaries(st.sampled_from(["lecture", "notes", "at", "reveal", "figure"]), st.text()))
def test_whatever_an_address_asks_for_is_a_place(asked):
    now = place(asked)
    assert now.at is None or 1 <= now.at <= LAST
    assert 1 <= now.figure <= 9


@pytest.mark.parametrize("text", ["", "0", "-1", "1000", str(LAST + 1), "٣", "1e0", " 1", "1.0", "<b>", "nan", "1\n"])
def test_what_is_no_step_is_outside_the_talk(text):
    assert place({"at": text}).at is None


@given(st.integers(1, LAST), st.booleans(), st.integers(1, 9), st.sampled_from(MOVES))
def test_a_place_is_read_back_from_its_address_and_from_the_other_window(at, reveal, figure, move):
    now = moved(place({"at": str(at), "reveal": str(int(reveal)), "figure": str(figure)}), move, FIGURES)
    assert place(query(now)) == now
    assert heard_place(told_place(now)) == now


@given(st.text())
def test_whatever_another_window_says_is_a_place(text):
    assert heard_place(text).figure >= 1
