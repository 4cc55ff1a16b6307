"""The page relatives: what it says is what the simulations give, before and after the guess, and its script agrees."""

import re
import subprocess
import sys

import numpy as np
import plotly.graph_objects as go
import pytest

from theory.relatives import Demonstrations, Federation, Missing, Reach, bootstrapped, departed, learned, risks
from ui.lessons import LESSONS
from ui.lessons.relatives.parts import asked, bridge, reading
from ui.lessons.relatives.results import RISK_DRAWS, WEIGHTS
from ui.lessons.relatives.text import CONTROLS, PARTS
from ui.page.numpy_script import script
from ui.plot.route import picture
from ui.plot.view import read_view

LESSON = LESSONS["relatives"]
CORNERS = {
    "Reward learning": [{}, {"bad": "0"}, {"bad": "1", "strength": "0", "draw": "3"}, {"strength": "6"}],
    "Edge of reach": [{}, {"steps": "8"}, {"steps": "1", "critics": "10"}, {"critics": "2", "draw": "5"}],
    "Federated learning": [{}, {"memory": "0.95", "rounds": "5"}, {"common": "20", "draw": "2", "memory": "0.5"}],
    "Missing entries": [{}, {"observed": "1"}, {"gap_rows": "20", "observed": "0.5"}, {"gap_rows": "1000"}],
}
SETTINGS = [(part, more) for part, several in CORNERS.items() for more in several]


def view_at(part, more, told=True):
    asked = {"relative": part, **more, "told": "1" if told else "0"}
    return read_view(LESSON.page, {key: [value] for key, value in asked.items()})


def numbers(text):
    return [float(found.replace("−", "-")) for found in re.findall(r"[-−]?\d+(?:\.\d+)?(?:e[-+]?\d+)?", text)]


@pytest.mark.parametrize(("part", "more"), SETTINGS)
def test_every_picture_is_valid_and_hides_the_answer_before_the_guess(part, more):
    for told in (True, False):
        view = view_at(part, more, told)
        shown = LESSON.shown(view)
        assert len(shown) == (2 if told else 1)
        for key in shown:
            found = picture(LESSON, key, view)
            go.Figure(data=list(found.figure.data), layout=dict(found.figure.layout))
            assert found.alt
            assert bool(found.caption) == told


def test_every_part_has_its_words_and_controls():
    assert set(CONTROLS) == set(PARTS.values())
    for part in PARTS.values():
        assert asked(part).endswith("?")
        assert bridge(part).startswith("**Never written here:**")
        assert re.search(r"arXiv \d{4}\.\d{5}", reading(part))
    assert all(LESSON.page.only[c.key] == part for part, several in CONTROLS.items() for c in several)


@pytest.mark.parametrize("bad", ["0", "0.5", "1"])
def test_rewards_are_said_as_they_are(bad):
    found = learned(Demonstrations(bad=float(bad), seed=4))
    caption = picture(LESSON, "rewards", view_at("Reward learning", {"bad": bad, "draw": "4"})).caption
    said = numbers(caption)
    for value in (
        found.rewards["imitate_best", "unseen"],
        found.rewards["reward_best", "unseen"],
        found.best["unseen"],
    ):
        assert min(abs(value - one) for one in said) <= 0.005 * max(1, abs(value))
    worse = found.rewards["reward_best", "seen"] < found.rewards["imitate_best", "seen"]
    assert ("worse" in caption) == worse


@pytest.mark.parametrize("steps", [1, 4, 7, 8])
@pytest.mark.parametrize("critics", [1, 4])
def test_the_grid_is_said_as_it_is(steps, critics):
    found = bootstrapped(Reach(steps=steps, critics=critics, seed=2))
    caption = picture(
        LESSON, "grid", view_at("Edge of reach", {"steps": str(steps), "critics": str(critics), "draw": "2"})
    ).caption
    best = abs(found.earned - found.possible) < 1e-12
    assert ("the best possible" in caption.split("earns")[-1]) == best or steps == 8
    assert ("edge states" in caption) == (steps < 8)
    if steps < 8:
        assert ("They raise" in caption) == ((found.value - found.true)[found.updated].max() > 1e-9)
        assert f"{found.edge.sum()} edge" in caption
        assert ("critics agree" in caption) == (critics > 1)


@pytest.mark.parametrize("memory", [0.0, 0.6, 0.95])
def test_the_drift_is_said_as_it_is(memory):
    found = departed(Federation(memory=memory, rounds=10, seed=1))
    caption = picture(
        LESSON, "distance", view_at("Federated learning", {"memory": str(memory), "rounds": "10", "draw": "1"})
    ).caption
    drift = np.linalg.norm(found.limit - found.w_golden) - np.linalg.norm(found.w_left - found.w_golden)
    assert ("further" in caption) == (memory > 0 and drift > 1e-9)


def test_the_best_weight_is_the_smallest_risk_of_those_tried():
    found = risks(Missing(rows=200, observed=0.8, seed=7), WEIGHTS, RISK_DRAWS)
    settings = {"gap_rows": "200", "observed": "0.8", "draw": "7"}
    caption = picture(LESSON, "risk", view_at("Missing entries", settings)).caption
    assert f"**{found.weights[found.risk.argmin()]:g}**" in caption
    assert "moved by 0" in caption


def test_the_verdict_says_whether_the_guess_is_right():
    view = view_at("Edge of reach", {})
    right, wrong = LESSON.verdict(view, "start"), LESSON.verdict(view, "learned")
    assert right.startswith("**Right.**")
    assert not wrong.startswith("**Right.**")
    assert LESSON.page.prediction.options["start"] in wrong


@pytest.mark.parametrize("part", PARTS)
def test_the_script_prints_the_numbers_on_screen(part, tmp_path):
    more = {"draw": "3"} | ({"critics": "2"} if part == "Edge of reach" else {"memory": "0.5"} if "Fed" in part else {})
    view = view_at(part, more)
    text = script(LESSON.page, view.spec, dict(view.options))
    assert "theory" not in text
    path = tmp_path / "script.py"
    path.write_text(text, encoding="utf-8")
    printed = subprocess.run([sys.executable, path], capture_output=True, text=True, check=True).stdout
    if part == "Reward learning":
        found = learned(Demonstrations(seed=3)).rewards
        order = [(name, where) for name in ("imitate_best", "reward_best") for where in ("seen", "unseen")]
        np.testing.assert_allclose(numbers(printed)[:4], [found[key] for key in order], rtol=1e-6)
    elif part == "Edge of reach":
        value = bootstrapped(Reach(steps=3, critics=2, seed=3)).value
        got = np.array(numbers(printed)).reshape(9, 9)
        got[8, 0] = value[8, 0]  # the goal itself is worth nothing there, whatever the script left in its place
        np.testing.assert_allclose(got, value, atol=6e-4)
    elif part == "Federated learning":
        found = departed(Federation(memory=0.5, seed=3))
        expected = [8, found.before[-1, -1], 7, found.kept[-1, -1], found.distance_kept[-1]]
        np.testing.assert_allclose(numbers(printed), expected, rtol=1e-6, atol=1e-12)
    else:
        risk = risks(Missing(seed=3), WEIGHTS, RISK_DRAWS).risk
        np.testing.assert_allclose(numbers(printed)[1::2], risk, atol=6e-5)
