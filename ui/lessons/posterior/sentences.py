"""What the page posterior says of its numbers."""

from collections.abc import Mapping

from theory.posterior import reach
from ui.language import say
from ui.language.words import distance_text, is_nothing, judged, loss_pair, number
from ui.lessons.posterior.results import PRIOR, Beliefs, Plane
from ui.lessons.posterior.text import THRESHOLDS

# Two angles or means this near each other are one.
NEAR = 1e-9


def belief(mean: float, sd: float) -> str:
    """Return a Gaussian as a place, give or take its standard deviation."""
    return say("{mean} give or take {sd}", mean=_place(mean), sd=number(sd))


def _place(value: float) -> str:
    return "0" if is_nothing(value, PRIOR.sd) else number(value)


def densities(found: Beliefs, told: bool) -> str:
    """Return what the picture of densities shows, and why."""
    before, after = loss_pair(found.before, found.before if found.after is None else found.after)
    stored = say(
        "Stored is {stored}, retrained {retrained}: **{before}** apart.",
        stored=belief(found.stored.mean, found.stored.sd),
        retrained=belief(found.retrained.mean, found.retrained.sd),
        before=before,
    )
    if not told:
        return stored
    if found.answer is None:
        has, taken = found.stored.precision, found.evidence.precision
        return say(
            "**There is no answer.** The rows to forget hold a precision of {taken}, the stored belief has {has} in "
            "all: taking one from the other leaves {left}, and no belief has a precision that is not above 0. From a "
            "width of {limit} on it is so.",
            taken=number(taken),
            has=number(has),
            left=distance_text(has - taken, has),
            limit=number(found.limit),
        )
    return f"{stored} {_result(found, belief(found.answer.mean, found.answer.sd), after)}"


def _result(found: Beliefs, now: str, after: str) -> str:
    if found.threshold == 1:
        return say("At λ = 1 nothing is divided: **unlearned is stored.**")
    if found.outcome == "same" and found.is_exact:
        return say("Divided, it is {now}: **exactly the retrained belief**, for the stored one was exact.", now=now)
    if found.outcome == "farther":
        result = say("Unlearned is {now}: **no closer, {after} apart.**", now=now, after=after)
    else:
        result = say("Unlearned is {now}: **closer, {after} apart.**", now=now, after=after)
    return f"{result} {_why(found)}"


def _why(found: Beliefs) -> str:
    if found.is_exact:
        return say("The stored belief is exact, so dividing everywhere (λ = 0) would end at the retrained one.")
    if found.threshold == 0:
        if found.width > 1:
            return say("Too much was taken out: the stored belief is too unsure for what the rows to forget say.")
        return say("Too little was taken out: the stored belief is surer than the rows made it.")
    return say(
        "The stored belief is not exact, and what the rows to forget say is divided out within {far} of its middle "
        "alone.",
        far=number(reach(found.stored, found.threshold)),
    )


def describe_densities(found: Beliefs, told: bool) -> str:
    """Return the densities as a sentence."""
    parts = [
        say("prior {belief}", belief=belief(PRIOR.mean, PRIOR.sd)),
        say("stored {belief}", belief=belief(found.stored.mean, found.stored.sd)),
        say("retrained {belief}", belief=belief(found.retrained.mean, found.retrained.sd)),
    ]
    if told and found.answer:
        parts.append(say("unlearned {belief}", belief=belief(found.answer.mean, found.answer.sd)))
    elif told:
        parts.append(say("no unlearned one"))
    return say("Beliefs in one weight: {parts}.", parts="; ".join(parts))


def verdict(options: Mapping[str, str], guess: str | int | None, found: Beliefs) -> str:
    """Return how a guess compares with the answer; without one, the answer."""
    if found.after is None:
        why = say("What the rows to forget say is at least as precise as the whole stored belief.")
    else:
        before, after = loss_pair(found.before, found.after)
        why = say(
            "The stored belief is {before} from the retrained one, the unlearned one {after} (KL divergence; 0 is the "
            "same belief).",
            before=before,
            after=after,
        )
    return f"{judged(options, guess, {found.outcome})} {why}"


def curves(found: Beliefs, lines: Mapping[str, list[float | None]]) -> str:
    """Return where along the scale of thresholds the answer is nearest."""
    (eubo, eubo_at), (reverse, reverse_at) = (
        min((value, at) for value, at in zip(lines[trick], THRESHOLDS, strict=True) if value is not None)
        for trick in ("eubo", "reverse")
    )
    text = say(
        "Nearest to retrained on this scale: with EUBO at λ = {eubo_at:g}, {eubo} apart; with reverse KL at "
        "λ = {reverse_at:g}, {reverse} apart.",
        eubo_at=eubo_at,
        eubo=number(eubo),
        reverse_at=reverse_at,
        reverse=number(reverse),
    )
    if lines["eubo"][0] is None:
        return f"{text} " + say("**λ = 0 has no answer here.**")
    if found.is_exact:
        return f"{text} " + say("**An exact belief needs no threshold.**")
    return text


def describe_curves(lines: Mapping[str, list[float | None]]) -> str:
    """Return the curves as a sentence."""
    parts = [
        say(
            "{name} {values}",
            name=name,
            values=", ".join(
                say("no answer at {at:g}", at=at) if value is None else say("{v} at {at:g}", v=number(value), at=at)
                for value, at in zip(lines[trick], THRESHOLDS, strict=True)
            ),
        )
        for trick, name in (("eubo", say("EUBO")), ("reverse", say("Reverse KL")))
    ]
    return say("Divergence from the retrained belief by λ: {parts}.", parts="; ".join(parts))


def prior_again(found: Plane) -> str:
    """Return what becomes of the weight that no row to keep sees."""
    full, left = found.means["pretrained"][1], found.means["unlearned"][1]
    before = found.covariances["pretrained"][1, 1] ** 0.5
    after = found.covariances["unlearned"][1, 1] ** 0.5
    if abs(full) <= NEAR and abs(before - PRIOR.sd) <= NEAR:
        return say(
            "Two weights, stored exactly. No row uses the upright weight: it is {belief}, as **the prior** says, "
            "before dividing and after.",
            belief=belief(full, before),
        )
    text = say(
        "Two weights, stored exactly. The rows to keep never use the upright weight. After all rows it was {before}; "
        "divided, it is {after}: **back to the prior**, place and width.",
        before=belief(full, before),
        after=belief(left, after),
    )
    if abs(full) <= NEAR:
        return f"{text} " + say("Fine-tuning leaves it at 0, where the rows to forget had left it.")
    return f"{text} " + say(
        "Fine-tuning leaves it at {full}, and no row to keep says so: what the rows to keep cannot see stays as it was "
        "learned.",
        full=number(full),
    )


def describe_plane(found: Plane) -> str:
    """Return the plane as a sentence."""
    names = {"pretrained": say("after all rows"), "unlearned": say("unlearned"), "golden": say("retrained")}
    parts = [
        say(
            "{name}: level {level}, upright {upright}",
            name=name,
            level=belief(found.means[key][0], found.covariances[key][0, 0] ** 0.5),
            upright=belief(found.means[key][1], found.covariances[key][1, 1] ** 0.5),
        )
        for key, name in names.items()
    ]
    return say(
        "Beliefs in two weights, {parts}; fine-tuned at {x} and {y}.",
        parts="; ".join(parts),
        x=_place(found.tuned[0]),
        y=_place(found.tuned[1]),
    )


def mechanism() -> str:
    """Return why dividing works, and what is measured."""
    return say(
        "**Why it works.** A belief after rows is the belief before them, times what the rows say. So what they say "
        "can be divided out again. For Gaussians that is a subtraction, of precisions (one over the variance) and of "
        "precision times mean:\n\n$$\n\\Lambda_r = \\Lambda - \\frac{{X_f^\\top X_f}}{{s^2}}\n$$\n\n$$\n"
        "\\Lambda_r\\,\\mu_r = \\Lambda\\,\\mu - \\frac{{X_f^\\top y_f}}{{s^2}}\n$$\n\nThe mean $\\mu_r$ is golden "
        "with weight decay $s^2/\\tau^2$: noise over prior variance. It needs no row to keep, but it needs $\\Lambda$ "
        "and $\\mu$ exactly."
    )


def tricks() -> str:
    """Return what the two distances are, and what the threshold does."""
    return say(
        "**Where it fails, and two ways out.** What is stored is an approximation. Where it is nearly 0, its errors "
        "are divided by something small. *Adjusted likelihood*: divide only where the stored belief is above λ times "
        "its peak. The **evidence upper bound** (EUBO) is\n\n$$\n\\mathbb{{E}}_q[\\log p(D_f|w)] "
        "+ \\mathrm{{KL}}(q \\,\\|\\, p(w|D))\n$$\n\n$$\n= \\log p(D_f|D_r) + \\mathrm{{KL}}(q \\,\\|\\, "
        "p(w|D_r))\n$$\n\nwhere "
        "all is exact: the smallest bound is the retrained belief. *Reverse KL* exchanges the two sides of the last "
        "term: then the mean and the variance are matched. Distances on this page are KL divergences: 0 is the same "
        "belief, and there is no upper end."
    )
