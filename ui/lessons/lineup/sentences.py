"""What the page lineup says of its numbers."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from theory import METHODS, Method, Problem, Standing, Suspects
from theory.lineup import lacking
from theory.timing import DeletionTiming
from ui.language import Texts, say
from ui.language.words import distance_text, judged, loss_text, number
from ui.lessons.lineup.results import ROUNDED, Chosen, Climb, board, compared
from ui.lessons.lineup.text import MEASURES, NAMES, TELLING
from ui.plot.view import View
from ui.server.results import problem_of

LABELS = Texts({key: method.label for key, method in METHODS.items()})
ASKED = Texts(MEASURES)
# A method has golden's loss, or nearly, within this share of it; it is far where it is farther than this share of the
# start's distance.
NEARLY, FAR = 0.1, 0.3


def _joined(keys: Sequence[str]) -> str:
    return ", ".join(LABELS[key] for key in keys)


def trap(found: Mapping[str, Standing]) -> str | None:
    """Return the method with nearly golden's loss that is farthest from golden; None where there is none."""
    traps = [key for key, s in compared(found).items() if abs(s.gap) <= NEARLY and s.share > FAR]
    return max(traps, key=lambda key: found[key].share, default=None)


def is_golden(standing: Standing) -> bool:
    """Whether a method ends at golden, to rounding; where the start is there already, by its distance alone."""
    if standing.metrics is None:
        return False
    return (standing.metrics.distance if math.isnan(standing.share) else standing.share) <= ROUNDED


def boarded(found: Mapping[str, Standing]) -> str:
    """Return which methods end at golden, which never left, and the best trap."""
    shown = compared(found)
    if all(math.isnan(s.share) for s in shown.values()):
        return say(
            "The pretrained model is golden already: the rows to forget ask for nothing that golden does not answer, "
            "and nothing is to be forgotten."
        )
    at = [key for key, s in shown.items() if is_golden(s)]
    still = [key for key, s in shown.items() if abs(s.share - 1) <= ROUNDED]
    parts = [
        say("Golden itself, to rounding: **{names}**.", names=_joined(at))
        if at
        else say("No method ends at golden itself.")
    ]
    if still:
        parts.append(say("As far from golden as before: {names}.", names=_joined(still)))
    worst = trap(found)
    if worst is not None:
        standing = found[worst]
        assert standing.metrics is not None  # a trap has numbers
        gap = standing.metrics.unlearning_gap
        parts.append(
            say(
                "**The best trap:** “{name}” misses golden's UL by only {gap}, and ends at {share} times the start's "
                "distance from golden.",
                name=LABELS[worst],
                gap=loss_text(abs(gap), short=True),
                share=number(standing.share, 2),
            )
        )
    refused = [key for key, s in found.items() if s.refusal is not None]
    if refused:
        parts.append(say("Cannot take these rows: {names}.", names=_joined(refused)))
    return " ".join(parts)


def describe_board(found: Mapping[str, Standing], keys: Sequence[str]) -> str:
    """Return the table as a sentence."""
    rows = [
        say(
            "{name}: UL gap {gap}, away {share}",
            name=LABELS[key],
            gap=number(s.metrics.unlearning_gap, 2) if abs(s.metrics.unlearning_gap) > ROUNDED else "0",
            share="-" if math.isnan(s.share) else "0" if s.share <= ROUNDED else number(s.share, 2),
        )
        for key in keys
        if (s := found[key]).metrics is not None
    ]
    return say("Every method beside golden. {rows}.", rows="; ".join(rows))


def places_said(found: Mapping[str, Standing], picked: str, widest: float, farthest: float) -> str:
    """Return where the chosen method stands, and what the picture leaves out."""
    standing = found[picked]
    parts = [say("Left of the line a model still remembers; right of the line it errs more than golden.")]
    if standing.metrics and not math.isnan(standing.share):
        if standing.share <= ROUNDED:
            parts.append(say("“{name}” stands where golden does.", name=LABELS[picked]))
        elif abs(standing.gap) <= NEARLY and standing.share > FAR:
            parts.append(
                say(
                    "“{name}” has golden's error, or nearly, and is at {share} of the start's distance: the same error "
                    "is not the same model.",
                    name=LABELS[picked],
                    share=number(standing.share, 2),
                )
            )
        else:
            parts.append(
                say(
                    "“{name}” is at {share} of the start's distance.",
                    name=LABELS[picked],
                    share=number(standing.share, 2),
                )
            )
    beyond = [key for key, s in compared(found).items() if s.share > farthest or abs(s.gap) > widest]
    if beyond:
        parts.append(say("Outside the picture: {names}.", names=_joined(beyond)))
    return " ".join(parts)


def describe_places(found: Mapping[str, Standing]) -> str:
    """Return the marks as a sentence."""
    return say(
        "Marks of {count} methods by their UL gap and their distance to golden.",
        count=sum(s.metrics is not None for s in found.values()),
    )


def weight_labels(key: str) -> Mapping[str, str]:
    """Return what the panels of weights are called."""
    ridge = METHODS[key].reference != "golden"
    return {
        "start": say("Pretrained, with a ridge") if ridge else LABELS["pretrained"],
        "method": LABELS[key],
        "golden": say("Golden, with the same ridge") if ridge else LABELS["golden"],
        "unseen": say("What the rows to keep cannot see of it"),
    }


def left_in(key: str, found: Chosen | None) -> str:
    """Return how much of where a method ends the rows to keep cannot see, and that golden has none of it."""
    if found is None:
        return say("“{name}” cannot take these rows.", name=LABELS[key])
    size = float(np.linalg.norm(found.weights))
    own, all_of_it = float(np.linalg.norm(found.unseen)), float(np.linalg.norm(found.start))
    scale = max(size, all_of_it)
    if own <= ROUNDED * scale:
        return say(
            "The rows to keep can see all of “{name}”: nothing that only others taught is left in.", name=LABELS[key]
        )
    return say(
        "Of “{name}”, of length {size}, a part of length **{own}** lies where the rows to keep cannot see. Golden has "
        "nothing there.",
        name=LABELS[key],
        size=number(size),
        own=distance_text(own, scale),
    )


def describe_weights(key: str, found: Chosen) -> str:
    """Return the weights as a sentence."""
    return say(
        "Bars of all {d:,} weights before and after “{name}”, of golden, and of the part that the rows to keep cannot "
        "see, of length {own}.",
        d=len(found.weights),
        name=LABELS[key],
        own=distance_text(float(np.linalg.norm(found.unseen)), float(np.linalg.norm(found.start))),
    )


def climbed(found: Climb, at: int) -> str:
    """Return the best step of gradient ascent and what becomes of the others."""
    best = int(np.argmin(found.share))
    meets = np.nonzero(found.unlearning >= found.golden)[0]
    parts = []
    if best == 0:
        parts.append(say("No step comes nearer to golden."))
    else:
        parts.append(
            say(
                "The nearest to golden is after **{best}** of {steps} steps, at {share} of the start's distance; after "
                "{n} step, as asked for, it is at {own}.",
                "The nearest to golden is after **{best}** of {steps} steps, at {share} of the start's distance; after "
                "{n} steps, as asked for, it is at {own}.",
                best=best,
                steps=len(found.share) - 1,
                share=number(float(found.share[best]), 2),
                n=at,
                own=number(float(found.share[at]), 2),
            )
        )
    if len(meets) and meets[0] > 0:
        parts.append(
            say(
                "Its UL reaches golden's at step {step}, at {share} of the start's distance.",
                step=int(meets[0]),
                share=number(float(found.share[meets[0]]), 2),
            )
        )
    if best:
        parts.append(say("Who does not know golden does not know where to stop."))
    return " ".join(parts)


def describe_climb(found: Climb, at: int) -> str:
    """Return the curve as a sentence."""
    return say(
        "Distance to golden over {steps} steps: 1 at first, {share} after {at}, {last} at the end.",
        steps=len(found.share) - 1,
        share=number(float(found.share[at]), 2),
        at=at,
        last=number(float(found.share[-1]), 2),
    )


def enough(found: Suspects) -> bool:
    """Whether there are three models to choose among."""
    return len(found.weights) == len(NAMES)


def suspected(found: Suspects, measure: str, accused: str | None) -> str:
    """Return what was asked of the three, and once one is accused, who they are and whether the number told."""
    if not enough(found):
        return say("On these data fewer than two traps reach golden's unlearning loss: there is no line-up here.")
    keys = dict(zip(NAMES, found.weights, strict=True))
    if accused is None:
        if measure == "unlearning_loss":
            return say(
                "All three err on the rows to forget by {loss}, as golden does. Ask for another number, then say which "
                "is golden.",
                loss=loss_text(found.records["golden"].unlearning_loss),
            )
        return say("{measure} of the three. Say which is golden, or ask for another number.", measure=ASKED[measure])
    honest = next(name for name, key in keys.items() if key == "golden")
    parts = [
        say("**Right: {honest} is golden.**", honest=honest)
        if accused == honest
        else say(
            "**No: {accused} is “{name}”.** Golden is {honest}.",
            accused=accused,
            name=LABELS[keys[accused]],
            honest=honest,
        )
    ]
    told = found.tells(measure)
    parts.append(
        say("{measure} sets golden apart from both.", measure=ASKED[measure])
        if told
        else say("{measure} does not set golden apart from both.", measure=ASKED[measure])
    )
    farthest = max(found.traps, key=lambda key: found.records[key].distance)
    parts.append(
        say(
            "With the same unlearning loss, “{name}” is {distance} away from golden; golden's own length is {size}.",
            name=LABELS[farthest],
            distance=number(found.records[farthest].distance),
            size=number(float(np.linalg.norm(found.weights["golden"]))),
        )
    )
    return " ".join(parts)


def describe_suspects(found: Suspects, measure: str, revealed: bool) -> str:
    """Return the bars as a sentence."""
    rows = [
        say(
            "{name} {value}",
            name=f"{name} ({LABELS[key]})" if revealed else name,
            value=loss_text(found.reading(key, measure), short=True),
        )
        for name, key in zip(NAMES, found.weights, strict=False)
    ]
    return say("{measure} of the models in the line-up: {rows}.", measure=ASKED[measure], rows=", ".join(rows))


def right(found: Suspects) -> set[str]:
    """Return the evidence of the guess that sets golden apart."""
    return {key for key in TELLING if key != "none" and found.tells(key)} or {"none"}


def verdict(options: Mapping[str, str], guess: str | int | None, found: Suspects) -> str:
    """Return how a guess about the telling number compares with the three models."""
    if not enough(found):
        return suspected(found, "unlearning_loss", None)
    rows = [
        say(
            "{measure}: golden {own}, the others {others}.",
            measure=ASKED[measure],
            own=loss_text(found.reading("golden", measure), short=True),
            others=" / ".join(loss_text(found.reading(key, measure), short=True) for key in found.traps),
        )
        for measure in TELLING
        if measure != "none"
    ]
    return " ".join([judged(options, guess, right(found)), *rows])


NEEDED = Texts({"retain": "rows to keep", "forget": "rows to forget", "pretrained": "the pretrained model"})


def _small_print(method: Method, needs: str, standing: Standing | None) -> str:
    return say(
        "Needs: {needs}. Rows touched: {rows:,}. Read beside: {beside}. Source: {source}.",
        needs=needs,
        rows=standing.rows if standing else 0,
        beside=say("golden with the same ridge") if method.reference != "golden" else say("golden"),
        source=say(method.source),
    )


def told(method: Method, problem: Problem, standing: Standing | None) -> str:
    """Return what a method is: formula, idea, source, needs, and what it does where the model interpolates."""
    needs = ", ".join(NEEDED[name] for name in ("retain", "forget", "pretrained") if name in method.needs)
    refused = lacking(problem, method)
    parts = [
        f"$$\n{method.formula}\n$$",
        f"**{LABELS[method.key]}.** {say(method.idea)}",
        say("**Where the model fits every row:** {sentence}", sentence=say(method.at_interpolation))
        if method.at_interpolation
        else "",
        say("**Cannot be asked here:** {reason}.", reason=say(refused.template, **refused.values)) if refused else "",
        f":small[{_small_print(method, needs, standing)}]",
    ]
    return "\n\n".join(filter(None, parts))


def method_told(view: View) -> str:
    """Return what the method chosen is, at the settings of a View."""
    return told(METHODS[view["method"]], problem_of(view.data), board(view)[view["method"]])


def timed(found: DeletionTiming) -> str:
    """Return what deletion and retraining took, and that they end at one model."""
    values = {
        "features": found.features,
        "n": found.n_retain + found.n_forget,
        "gone": found.n_forget,
        "deletion": number(1000 * found.deletion, 2),
        "retraining": number(1000 * found.retraining, 2),
        "preparing": number(1000 * found.preparing, 2),
        "difference": number(found.difference, 2) if found.difference else "0",
    }
    if found.retraining < found.deletion or found.deletion <= 0:
        return say(
            "{features:,} features, {n:,} rows, {gone} of them deleted, measured on this server just now: deletion in "
            "closed form {deletion} ms, retraining {retraining} ms. Deletion had to keep an inverse ready, "
            "which took {preparing} ms once. The two models differ by {difference} of their length.",
            **values,
        )
    return say(
        "{features:,} features, {n:,} rows, {gone} of them deleted, measured on this server just now: deletion in "
        "closed form {deletion} ms, retraining {retraining} ms, **{times} times** as long. Deletion had "
        "to keep an inverse ready, which took {preparing} ms once. The two models differ by {difference} of their "
        "length.",
        times=number(found.retraining / found.deletion, 2),
        **values,
    )
