"""How a guess on the page relatives compares with the answer, part by part."""

from collections.abc import Collection

from theory.relatives import Demonstrations
from ui.language import say
from ui.language.words import judged, number, plural, same
from ui.lessons.relatives import federated, missing, reach
from ui.lessons.relatives.results import RISK_DRAWS, demonstrated, left, walked, weighed
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
    count = int(found.edge.sum())
    why = say("The walker earns {earned} of {possible}.", earned=number(found.earned), possible=number(found.possible))
    if not count:
        return {right}, f"{why} " + say("Walks of this length reach every state: whatever is read is also written.")
    return {right}, f"{why} " + say(
        "{states} at the edge keep the values they began with, and the values of the states before them are made "
        "of these.",
        states=plural(count, "state"),
    )


def _federated(view: View) -> tuple[Collection[str], str]:
    found = left(federated.federation(view))
    before, after = float(found.before[-1, -1]), float(found.kept[-1, -1])
    right = "stays" if after < before or same(before, after) else "all" if after >= found.missed_golden else "part"
    return {right}, say(
        "The error on its rows goes from {before} to {after}; golden errs by {golden}. What the client has taught "
        "where no row of the others reaches is not trained any more.",
        before=number(before),
        after=number(after),
        golden=number(found.missed_golden),
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
    if len(right) > 1:
        why += " " + say(
            "These draws cannot tell the answers named apart: they differ by less than two standard errors."
        )
    return right, why
