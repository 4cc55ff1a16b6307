"""How a guess on the page relatives compares with the answer, part by part."""

from collections.abc import Collection

import numpy as np

from theory.relatives import Demonstrations, carried
from ui.language import say
from ui.language.words import distance_pair, judged, number, same
from ui.lessons.relatives import federated, missing, reach
from ui.lessons.relatives.results import RISK_DRAWS, demonstrated, left, walked, weighed
from ui.lessons.relatives.sentences import ROUNDING, wages
from ui.lessons.relatives.text import PAGE
from ui.plot.view import View

# A walker that earns less than this share of the best possible earns little.
LITTLE = 0.1


def verdict(view: View, guess: str | int | None) -> str:
    """Return how the guess of the part that is shown compares with its answer; without one, the answer."""
    answers, why = _answered(view)
    return f"{judged(PAGE.asked(view).options, guess, answers)} {why}"


def right(view: View) -> Collection[str]:
    """Return which guesses are right in the part that is shown."""
    return _answered(view)[0]


def _answered(view: View) -> tuple[Collection[str], str]:
    parts = {"demonstrations": _demonstrations, "reach": _reach, "federated": _federated, "missing": _missing}
    return parts[view["relative"]](view)


def _demonstrations(view: View) -> tuple[Collection[str], str]:
    found = demonstrated(Demonstrations(bad=view["bad"], seed=view["draw"]))
    copied, reward = found.rewards["imitate_best", "unseen"], found.rewards["reward_best", "unseen"]
    right = "same" if same(copied, reward) else "reward" if reward > copied else "imitation"
    return {right}, say(
        "Where nobody has shown anything, imitation keeps the choices it began with, each as likely as the others: "
        "they earn {copied} on this draw. The learned reward is one rule for all situations, and its best choices earn "
        "{reward} of {best} there.",
        copied=number(copied),
        reward=number(reward),
        best=number(found.best["unseen"]),
    )


def _reach(view: View) -> tuple[Collection[str], str]:
    found = walked(reach.walk(view))
    right = (
        "best" if same(found.earned, found.possible) else "little" if found.earned < LITTLE * found.possible else "part"
    )
    values = {**wages(found), "edge": int(found.edge.sum())}
    if not found.edge.any():
        return {right}, say(
            "The walker earns {earned} of {possible}. Walks of this length reach every state: whatever is read is also "
            "written.",
            **values,
        )
    _, passed = carried(found)
    return {right}, say(
        "The walker earns {earned} of {possible}. The {edge} states at the edge keep the values they began with, and "
        "the values of {n} of the {updated} updated states are made of these.",
        n=int((np.abs(passed) > ROUNDING).sum()),
        updated=len(passed),
        **values,
    )


def _federated(view: View) -> tuple[Collection[str], str]:
    found = left(federated.federation(view))
    before, after, golden = float(found.before[-1, -1]), float(found.kept[-1, -1]), found.missed_golden
    right = "stays" if after < before or same(before, after) else "part" if after < golden else "all"
    right = "all" if right == "part" and same(after, golden) else right
    first, last = distance_pair(before, after, golden)
    if first == last:
        return {right}, say(
            "The error on its rows stays {after}; golden errs by {golden}. What the client has taught where no row of "
            "the others reaches is not trained any more.",
            after=last,
            golden=number(golden),
        )
    return {right}, say(
        "The error on its rows goes from {before} to {after}; golden errs by {golden}. What the client has taught "
        "where no row of the others reaches is not trained any more.",
        before=first,
        after=last,
        golden=number(golden),
    )


def _missing(view: View) -> tuple[Collection[str], str]:
    spec = missing.rows(view)
    if spec.observed == 1:
        return {"none", "less", "full"}, say("No entry is missing: no row has gaps, and their weight changes nothing.")
    found = weighed(spec)
    tied = found.weights[found.tied]
    groups = {"none": tied == 0, "less": (tied > 0) & (tied < 1), "full": tied == 1}
    right = {key for key, among in groups.items() if among.any()}
    best = float(found.weights[found.risk.argmin()])
    why = say(
        "Of the weights tried, {best:g} predicts complete rows best, as the mean of {draws} draws. A row with gaps "
        "tells something, and zeros in its gaps mislead.",
        best=best,
        draws=RISK_DRAWS,
    )
    if len(right) == 1:
        return right, why
    return right, f"{why} " + say(
        "These draws cannot tell the answers named apart: they differ by less than two standard errors."
    )
