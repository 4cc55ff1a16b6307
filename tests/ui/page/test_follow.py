"""What the end of a page takes its controls to say when a slider has been let go."""

from types import SimpleNamespace

import pytest

from theory import Spec
from ui.language import ENGLISH
from ui.lessons import BY_STEM
from ui.page import follow
from ui.plot.view import View, controls_of


class RunAgain(Exception):
    """All of the page runs."""


@pytest.fixture
def said(monkeypatch):
    """The controls' values of a session, and its address."""

    def rerun():
        raise RunAgain

    session, address = {}, {}
    monkeypatch.setattr(follow, "st", SimpleNamespace(session_state=session, query_params=address, rerun=rerun))
    return session, address


def standing(stem, **moved):
    return {c.key: c.default for c in controls_of(BY_STEM[stem])} | moved


BEFORE = View(page="geometry", spec=Spec(), theme="dark", language=ENGLISH, told=False)


def test_it_is_what_the_controls_say_seen_as_before(said):
    session, address = said
    session.update(standing("geometry", noise=0.5, seed=7))
    address.update(keep1="2", noise="0.1")
    view = follow.now(BY_STEM["geometry"], BEFORE)
    assert view.spec == Spec(noise=0.5, seed=7)
    assert view["keep1"] == 2, "a point that a hand has dragged stands in the address alone"
    assert (view.theme, view.told) == ("dark", False)


@pytest.mark.parametrize("moved", [{"overlap": 7.0}, {"d": "many"}, {"n_tune": 51}, {"seed": float("nan")}])
def test_what_no_control_can_be_or_does_not_fit_is_for_the_page_to_mend_or_say(said, moved):
    said[0].update(standing("overlap", **moved))
    with pytest.raises(RunAgain):
        follow.now(BY_STEM["overlap"], BEFORE)


def test_a_dragged_point_in_the_address_that_can_be_none_is_left_out(said):
    session, address = said
    session.update(standing("geometry"))
    address.update(keep1="nowhere")
    assert follow.now(BY_STEM["geometry"], BEFORE)["keep1"] == session["keep1"]
