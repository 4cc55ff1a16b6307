"""The page relatives: what it says is what the simulations give, before and after the guess, and its script agrees."""

import re

import numpy as np
import pytest

from tests.ui.cases import at_home, is_valid
from theory.relatives import (
    Demonstrations,
    Federation,
    Missing,
    Reach,
    bootstrapped,
    departed,
    doubled,
    learned,
    learned_importance,
    risk_at,
    risks,
)
from ui.language.words import number
from ui.lessons import LESSONS
from ui.lessons.relatives.parts import reading, scene, unwritten
from ui.lessons.relatives.results import RISK_DRAWS, WALK_DRAWS, WEIGHTS
from ui.lessons.relatives.text import CONTROLS, PARTS
from ui.page.numpy_script import script
from ui.plot.route import picture
from ui.plot.view import read_view

LESSON = LESSONS["relatives"]
CORNERS = {
    "Reward learning": [{}, {"bad": "0"}, {"bad": "1", "strength": "0", "draw": "3"}, {"strength": "6"}],
    "Edge of reach": [
        {},
        {"steps": "8"},
        {"steps": "1", "critics": "10", "discount": "0.1"},
        {"critics": "2", "draw": "5", "discount": "0.5"},
        {"discount": "0.99"},
    ],
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
        assert len(shown) == (1 if not told else 3 if part == "Edge of reach" else 2)
        for key in shown:
            found = picture(LESSON, key, view)
            is_valid(found.figure)
            assert found.alt
            assert bool(found.caption) == told


def test_every_part_has_its_words_and_controls():
    assert set(CONTROLS) == set(PARTS.values())
    for name, part in PARTS.items():
        assert scene(part).startswith("**")
        for more in CORNERS[name]:
            said = unwritten(view_at(name, more))
            assert said.startswith("**The unwritten state")
            assert r"$w_t - w_g = (I - P_r)\,w_o$" in said
        text = reading(part)
        assert re.search(r"\*\*The paper\*\* \(abstract of arXiv \d{4}\.\d{5}\)", text)
        assert [text.index(f"**{head}:**") for head in ("Kept", "Lost", "Ours")] == sorted(
            text.index(f"**{head}:**") for head in ("Kept", "Lost", "Ours")
        )
    assert set(LESSON.page.predictions) == set(PARTS.values())
    assert len({frozenset(ask.options.values()) for ask in LESSON.page.predictions.values()}) == len(PARTS)
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
    drift = found.unseen[2] - found.unseen[0]
    assert ("farther" in caption) == (memory > 0 and drift > 1e-9)


def test_the_best_weight_is_the_smallest_risk_of_those_tried():
    found = risks(Missing(rows=200, observed=0.8, seed=7), WEIGHTS, RISK_DRAWS)
    settings = {"gap_rows": "200", "observed": "0.8", "draw": "7"}
    caption = picture(LESSON, "risk", view_at("Missing entries", settings)).caption
    assert f"**{found.weights[found.risk.argmin()]:g}**" in caption
    assert f"the risk would tend to {number(found.endless)}." in caption


def right_of(part, more):
    """The guesses that are right, from the numbers themselves."""
    more = {key: float(value) for key, value in more.items()}
    seed = int(more.get("draw", 0))
    if part == "Reward learning":
        rewards = learned(Demonstrations(bad=more.get("bad", 0.25), seed=seed)).rewards
        ahead = rewards["reward_best", "unseen"] - rewards["imitate_best", "unseen"]
        return {"reward" if ahead > 0 else "imitation"}
    if part == "Edge of reach":
        kind = {key: int(more[key]) for key in ("steps", "critics") if key in more}
        found = bootstrapped(Reach(**{"steps": 3, **kind}, discount=more.get("discount", 0.95), seed=seed))
        share = found.earned / found.possible
        return {"best" if share > 1 - 1e-9 else "little" if share < 0.1 else "part"}
    if part == "Federated learning":
        rounds, shared = int(more.get("rounds", 40)), int(more.get("common", 0))
        found = departed(Federation(memory=more.get("memory", 0), rounds=rounds, shared=shared, seed=seed))
        before, after = found.before[-1, -1], found.kept[-1, -1]
        return {"stays" if after <= before * (1 + 1e-9) else "all" if after >= found.missed_golden else "part"}
    if more.get("observed") == 1:
        return {"none", "less", "full"}
    spec = Missing(rows=int(more.get("gap_rows", 60)), observed=more.get("observed", 0.85), seed=seed)
    drawn = np.array(
        [
            [risk_at(Missing(rows=spec.rows, observed=spec.observed, seed=seed + i), w) for w in WEIGHTS]
            for i in range(RISK_DRAWS)
        ]
    )
    above = drawn - drawn[:, [drawn.mean(axis=0).argmin()]]
    near = above.mean(axis=0) <= 2 * above.std(axis=0, ddof=1) / np.sqrt(RISK_DRAWS)
    return {"none" if w == 0 else "full" if w == 1 else "less" for w, one in zip(WEIGHTS, near, strict=True) if one}


@pytest.mark.parametrize(("part", "more"), SETTINGS)
def test_the_verdict_of_every_part_is_what_its_numbers_say(part, more):
    view, right = view_at(part, more), right_of(part, more)
    options = LESSON.page.asked(view).options
    assert LESSON.page.asked(view) is LESSON.page.predictions[PARTS[part]]
    for guess, text in options.items():
        said = LESSON.verdict(view, guess)
        assert said.startswith(f"You guessed “{text}”")
        assert ("and so it is" in said) == (guess in right)
    answer = LESSON.verdict(view, None)
    assert {key for key, text in options.items() if text in answer.partition("**.")[0].partition(".**")[0]} == right


def test_the_parts_have_different_answers_at_first():
    answers = [LESSON.page.predictions[PARTS[part]].options[next(iter(right_of(part, {})))] for part in PARTS]
    assert len(set(answers)) == len(PARTS)


@pytest.mark.parametrize("discount", ["0.1", "0.5", "0.95"])
def test_a_value_that_grows_is_said_as_it_does(discount):
    caption = picture(LESSON, "growth", view_at("Edge of reach", {"discount": discount})).caption
    path = doubled(0.1, float(discount), 100)
    assert f"**{number(float(path[-1]))}**" in caption or f"stays at {number(1.0)}" in caption
    assert ("raises what it reads" in caption) == (path[-1] > 1.001)
    assert ("shrinks" in caption) == (path[-1] < 0.999)
    assert f"goes to {number(2 * float(discount) + (1 - 2 * float(discount)) * 0.9**100)}" in caption


def test_what_is_earned_is_said_with_its_spread():
    drawn = [bootstrapped(Reach(steps=5, critics=3, seed=4 + i)).earned for i in range(WALK_DRAWS)]
    caption = picture(LESSON, "earned", view_at("Edge of reach", {"steps": "5", "critics": "3", "draw": "4"})).caption
    error = np.std(drawn, ddof=1) / np.sqrt(WALK_DRAWS)
    assert f"{number(float(np.mean(drawn)))} ± {number(float(error), 2)}" in caption


def test_draws_that_all_earn_the_same_have_no_spread():
    caption = picture(LESSON, "earned", view_at("Edge of reach", {"steps": "8"})).caption
    assert f"in each of {WALK_DRAWS} draws the walker earns {number(bootstrapped(Reach(steps=8)).earned)}" in caption
    assert "±" not in caption


def test_a_walker_that_earns_less_than_the_best_is_seen_to():
    view = view_at("Edge of reach", {"discount": "0.1"})
    found = bootstrapped(Reach(discount=0.1))
    assert found.earned < found.possible
    for said in (picture(LESSON, "grid", view).caption.replace("*", ""), LESSON.verdict(view, None)):
        earned, possible = re.search(r"earns (\S+) of (\S+)\.(?: |$)", said).groups()
        assert earned != possible


def test_the_bandit_is_measured_at_the_weight_it_ends_at():
    spec = Missing(rows=200, observed=0.8, seed=7)
    caption = picture(
        LESSON, "bandit", view_at("Missing entries", {"gap_rows": "200", "observed": "0.8", "draw": "7"})
    ).caption
    last = float(learned_importance(spec)[-1])
    assert f"**{last:.2f}**" in caption
    assert f"is {number(risk_at(spec, last))}, and {number(min(risk_at(spec, w) for w in WEIGHTS))} at" in caption


@pytest.mark.parametrize("part", PARTS)
def test_the_script_prints_the_numbers_on_screen(part, tmp_path):
    own = {
        "Edge of reach": {"critics": "2", "discount": "0.8"},
        "Federated learning": {"memory": "0.5"},
    }
    more = {"draw": "3", **own.get(part, {})}
    view = view_at(part, more)
    lines = at_home(script(LESSON.page, view.spec, dict(view.options)), tmp_path, 80)
    printed = "\n".join(map(" ".join, lines))
    if part == "Reward learning":
        found = learned(Demonstrations(seed=3)).rewards
        order = [(name, where) for name in ("imitate_best", "reward_best") for where in ("seen", "unseen")]
        np.testing.assert_allclose(numbers(printed)[:4], [found[key] for key in order], rtol=1e-6)
    elif part == "Edge of reach":
        value = bootstrapped(Reach(steps=3, critics=2, discount=0.8, seed=3)).value
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
