"""Every control of a page at its corners, the page's own together with the shared ones: every two values meet."""

import itertools
import random
from functools import cache, partial

import pytest

from tests.pages.reading import is_sound, values
from tests.pages.test_pages import ENDS, covering, fits, pairs
from ui.lessons import BY_STEM, PAGES
from ui.plot.controls import CONTROLS, Choice, Scale, Slider, Whole, possible
from ui.plot.real_rows import KEYS

OWN = [row for row in PAGES if row.controls]
# Settings drawn at random among all there are; each pair of values is in many of them.
DRAWN = 1500


def corners(control):
    """The values of a control that are at its ends, its usual one, or one of a few."""
    match control:
        case Slider():
            return tuple(dict.fromkeys((control.low, control.high)))
        case Scale():
            return tuple(dict.fromkeys((control.values[0], control.default, control.values[-1])))
        case Whole():
            return (None, control.low, control.high)
        case Choice():
            return tuple(control.options)[:1] + tuple(control.options)[-2:]
        case _:
            return (False, True)


def own_of(row):
    """A page's own controls, but for those that open it on real rows: `test_rows` reads these."""
    return [c for c in row.controls if c.key not in KEYS]


def apart(row, a, b):
    """Whether two controls belong to two choices, of which the page shows one at a time."""
    return len({row.only[key] for key in (a, b) if key in row.only}) == 2


@cache
def settings_of(stem):
    """Few settings of all controls of a page, among which every two corners meet that can be seen together."""
    row = BY_STEM[stem]
    own = {c.key: tuple(dict.fromkeys(corners(c))) for c in own_of(row)}
    draw = random.Random(row.stem)
    drawn = [{key: draw.choice(some) for key, some in {**ENDS, **own}.items()} for _ in range(DRAWN)]
    return covering([setting for setting in drawn if fits(setting)], partial(apart, row))


@pytest.mark.parametrize("row", OWN, ids=lambda row: row.stem)
def test_every_two_corners_meet(row):
    met = set().union(*map(pairs, settings_of(row.stem)))
    own = {c.key: corners(c) for c in own_of(row)}
    for (a, some), (b, others) in itertools.combinations({**ENDS, **own}.items(), 2):
        for x, y in itertools.product(some, others):
            impossible = {a: x, b: y}.get("n_tune") == 500 and {a: x, b: y}.get("n_retain") == 1
            assert tuple(sorted([(a, x), (b, y)])) in met or impossible or apart(row, a, b)


@pytest.mark.parametrize("row", OWN, ids=lambda row: row.stem)
def test_a_page_is_sound_wherever_two_corners_meet(open_app, row):
    text = {c.key: c.shown for c in (*CONTROLS, *row.controls)}
    for setting in settings_of(row.stem):
        at = open_app(row.stem, **{key: text[key](value) for key, value in setting.items() if value is not None})
        assert not at.exception, setting
        assert not at.warning
        if row.experiment:
            is_sound(at)
            assert values(at) == {key: setting[key] for key in ENDS}
        for c in own_of(row):
            # The map need not have the cell that is asked for.
            assert at.session_state[c.key] == setting[c.key] or (isinstance(c, Whole) and row.stem == "boundary")
            assert possible(c, at.session_state[c.key])
