"""Of every question the right guesses are those that the answer names."""

import pytest

from ui.language.words import number, right_answer
from ui.lessons import LESSONS
from ui.plot.controls import BY_PAGE, Choice
from ui.plot.view import controls_of, read_view

# Settings at which golden's own error is zero, so that there is no share of it.
NO_SHARE = ("overlap", {"d": "20", "n_retain": "40", "overlap": "1"})


def asked_at(lesson, values):
    shown = {c.key: c.shown for c in controls_of(lesson.page) if not isinstance(c, BY_PAGE)}
    return {key: [shown[key](value)] for key, value in values.items() if key in shown}


def cases():
    for stem, lesson in LESSONS.items():
        yield pytest.param(stem, {}, id=stem)
        for preset in lesson.page.presets:
            yield pytest.param(stem, asked_at(lesson, preset.values), id=f"{stem}-{preset.key}")
        for control in lesson.page.controls:
            if lesson.page.only and isinstance(control, Choice):
                options = [option for option in control.options if option in lesson.page.predictions]
                yield from (pytest.param(stem, {control.key: [control.shown(o)]}, id=f"{stem}-{o}") for o in options)


@pytest.mark.parametrize(("stem", "asked"), [*cases()])
def test_the_answer_names_what_is_right_and_nothing_else(stem, asked):
    lesson = LESSONS[stem]
    view = read_view(lesson.page, asked)
    right, options = set(lesson.right(view)), lesson.page.asked(view).options
    answer = lesson.verdict(view, None)
    if not options:
        (share,) = right
        assert answer.startswith(f"**It is {number(share)}%.**")
    elif right:
        assert right <= set(options)
        assert answer.startswith(right_answer(options, right))
    else:
        assert not answer.startswith("**")


def test_where_golden_makes_no_error_no_share_is_right():
    stem, asked = NO_SHARE
    lesson = LESSONS[stem]
    view = read_view(lesson.page, {key: [value] for key, value in asked.items()})
    assert not lesson.right(view)
    assert "no share" in lesson.verdict(view, None)
