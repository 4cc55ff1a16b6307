"""What the shared controls do, by keyboard: the picture, the address and the other controls after each move."""

import pytest

from tests.browser.screen import address, asked, check_drawn, measured, move, shown, slider, traces
from theory import Spec


def test_a_slider_moves_the_picture_and_the_address_and_nothing_else(page, open_page, settle):
    open_page(page, address("overlap", seed=7, n_tune=20))
    before = shown(page)
    move(page, "overlap", "ArrowRight", to=0.41, settle=settle)
    check_drawn(page, Spec(overlap=0.41, seed=7, n_tune=20))
    mark = next(t for t in traces(page) if "marks" in t["meta"])
    assert mark["x"] == [pytest.approx(41)] * 3
    assert shown(page) == {**before, "overlap": "41%"}
    assert asked(page) == {"overlap": 0.41, "seed": 7, "n_tune": 20}

    move(page, "d", "PageUp", "ArrowLeft", "ArrowLeft", to=398, settle=settle)
    check_drawn(page, Spec(overlap=0.41, seed=7, n_tune=20, d=398))
    assert asked(page) == {"overlap": 0.41, "seed": 7, "n_tune": 20, "d": 398}

    for stroke, end in (("End", 1), ("Home", 0)):
        move(page, "overlap", stroke, to=end, settle=settle)
        check_drawn(page, Spec(overlap=end, seed=7, n_tune=20, d=398))

    # Back to the usual value: the parameter leaves the address.
    move(page, "seed", "Home", to=None, settle=settle)
    check_drawn(page, Spec(overlap=0, n_tune=20, d=398))
    assert shown(page) == {**before, "overlap": "0%", "d": "398", "seed": "0"}
    assert {("golden", "unlearning_loss"), ("fine_tune", "unlearning_loss")} <= measured(page).keys()


def test_several_strokes_without_a_pause_end_on_the_right_picture(page, open_page, settle):
    open_page(page, address("overlap"))
    move(page, "overlap", *["ArrowRight"] * 9, *["ArrowLeft"] * 2, to=0.47, settle=settle)
    check_drawn(page, Spec(overlap=0.47))
    for key in ("n_retain", "n_forget"):
        slider(page, key).press("ArrowRight")
    move(page, "noise", *["ArrowRight"] * 3, to=0.15, settle=settle)
    check_drawn(page, Spec(overlap=0.47, n_retain=51, n_forget=51, noise=0.15))
    assert asked(page) == {"overlap": 0.47, "n_retain": 51, "n_forget": 51, "noise": 0.15}
