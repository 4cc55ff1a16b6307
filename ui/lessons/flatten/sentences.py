"""What the page flatten says of its numbers."""

from collections.abc import Mapping

import numpy as np

from ui.language import say
from ui.language.words import judged, number
from ui.lessons.flatten.results import FAR, HARDLY, SAME, Flat, Line
from ui.lessons.flatten.text import STEPS

# A change below this is rounding beside curves of size 1.
ROUNDING = 1e-12


def _small(value: float) -> str:
    return number(value) if abs(value) > ROUNDING else "0"


def curve(found: Flat, steps: int, told: bool) -> str:
    """Return what the picture of the curve shows, and why."""
    before, golden = found.at_row(found.path[0]), found.at_row(found.golden)
    if not told or steps == 0:
        first = say(
            "At the row the pretrained curve says {before}, golden {golden}.",
            before=_small(before),
            golden=_small(golden),
        )
        return f"{first} {_unmoved(found)}" if told else first
    gap, start = float(found.gaps[steps]), float(found.gaps[0])
    first = say(
        "After {n} step the curve says {now} at the row; it said {before}, and golden says {golden}. Near the row it "
        "is **{gap} from golden**, {start} before.",
        "After {n} steps the curve says {now} at the row; it said {before}, and golden says {golden}. Near the row it "
        "is **{gap} from golden**, {start} before.",
        n=steps,
        now=_small(found.at_row(found.path[steps])),
        before=_small(before),
        golden=_small(golden),
        gap=_small(gap),
        start=_small(start),
    )
    return f"{first} {_why(found, steps)}"


def _unmoved(found: Flat) -> str:
    return say("No step has been made: near the row it is **{start} from golden**.", start=_small(float(found.gaps[0])))


def _why(found: Flat, steps: int) -> str:
    gap, low, start = float(found.gaps[steps]), float(found.gaps.min()), float(found.gaps[0])
    if np.abs(found.path - found.path[0]).max() <= SAME and found.way == "published" and found.cancels:
        return say("The curve runs one way across the row, so the pulls of its two sides cancel: **nothing moves.**")
    if gap > (1 + HARDLY) * start + SAME:
        return say("**That is farther than before**, and nothing the method reads tells it so.")
    if gap > (1 + HARDLY) * low + SAME:
        if steps > found.best:
            return say(
                "**Step {best} was nearer, at {low}**: nothing the method reads says when to stop.",
                best=found.best,
                low=_small(low),
            )
        return say("More steps get nearer: {low} at step {best}.", best=found.best, low=_small(low))
    return say(
        "**None of the {all} steps is clearly nearer.** Farther than {far:g} from the row the curve has moved by at "
        "most {harm}.",
        all=STEPS,
        far=FAR,
        harm=_small(found.harm(steps)),
    )


def describe_curve(found: Flat, steps: int, told: bool) -> str:
    """Return the curves as a sentence."""
    values = {
        "label": _small(found.curve.label),
        "pretrained": _small(found.at_row(found.path[0])),
        "golden": _small(found.at_row(found.golden)),
    }
    if not told:
        return say(
            "Curves of one input. The row to forget says {label}; there the pretrained curve says {pretrained}, golden "
            "{golden}.",
            **values,
        )
    return say(
        "Curves of one input. The row to forget says {label}; there the pretrained curve says {pretrained}, golden "
        "{golden}, the flattened one {flattened}.",
        flattened=_small(found.at_row(found.path[steps])),
        **values,
    )


def gaps(found: Flat) -> str:
    """Return how the gap goes along the steps."""
    start, low, end = (_small(float(v)) for v in (found.gaps[0], found.gaps.min(), found.gaps[-1]))
    if found.outcome == "turns":
        return say(
            "The gap falls from {start} to **{low} at step {best}**, and is {end} at step {all}. **The number of steps "
            "decides**, and only golden shows which is right.",
            start=start,
            low=low,
            best=found.best,
            end=end,
            all=STEPS,
        )
    if found.outcome == "falls":
        return say(
            "The gap falls from {start} to **{low} at step {best}**, and ends as low or nearly: {end} at step {all}. "
            "Golden would be 0.",
            start=start,
            low=low,
            best=found.best,
            end=end,
            all=STEPS,
        )
    if found.outcome == "rises":
        return say(
            "The gap is {start} at first and {end} at step {all}: **no step clearly helps.**",
            start=start,
            end=end,
            all=STEPS,
        )
    return say(
        "The gap is {start} at first and {end} at step {all}: **it hardly changes.**", start=start, end=end, all=STEPS
    )


def describe_gaps(lines: Mapping[str, Flat], names: Mapping[str, str]) -> str:
    """Return the curves of the gap as a sentence."""
    parts = [
        say(
            "{name}: {start} at first, lowest at step {best} with {low}, {end} at the end",
            name=names[way],
            start=_small(float(one.gaps[0])),
            low=_small(float(one.gaps.min())),
            best=one.best,
            end=_small(float(one.gaps[-1])),
        )
        for way, one in lines.items()
    ]
    return say("Gap to golden near the row against steps: {parts}.", parts="; ".join(parts))


def verdict(options: Mapping[str, str], guess: str | int | None, found: Flat) -> str:
    """Return how a guess compares with the answer; without one, the answer."""
    said = judged(options, guess, {found.outcome})
    if found.best == 0:
        return f"{said} " + say(
            "It is {start} before, never lower, and {end} after {all}.",
            start=_small(float(found.gaps[0])),
            end=_small(float(found.gaps[-1])),
            all=STEPS,
        )
    return f"{said} " + say(
        "It is {start} before, {low} at step {best}, and {end} after {all}.",
        start=_small(float(found.gaps[0])),
        low=_small(float(found.gaps.min())),
        best=found.best,
        end=_small(float(found.gaps[-1])),
        all=STEPS,
    )


def shrinking(found: Line, share: float) -> str:
    """Return what flattening does to a linear model."""
    away, error = found.at(share)
    return say(
        "With {share:.0%} of the weights left, the linear model is **{away:.0%} as far from golden** as before, and "
        "errs on the rows to keep by {error:.0%} of their size. The best factor, {best}, ends at {left:.0%}: a linear "
        "model is as steep at every row, so flattening cannot tell the rows to forget from the rows to keep.",
        share=share,
        away=away,
        error=error,
        best=number(found.best.best),
        left=found.best.left / found.best.start,
    )


def describe_shrinking(found: Line, share: float) -> str:
    """Return the linear picture as a sentence."""
    away, error = found.at(share)
    return say(
        "A linear model shrunk from all to none of its weights: at {share:.0%} its distance to golden is {away:.0%} of "
        "what it was and its error on the rows to keep {error:.0%} of their size; nearest at {best}, with {left:.0%}.",
        share=share,
        away=away,
        error=error,
        best=number(found.best.best),
        left=found.best.left / found.best.start,
    )


def mechanism() -> str:
    """Return how a curve is made flat."""
    return say(
        "**How it works.** A memorised row is a dip: the model changes much when the row is moved a little. So take "
        "the row $x_f$, move it by σ to either side, and make the change small:\n\n$$\n\\frac{{1}}{{2}}\\sum_{{\\pm}} "
        "\\frac{{|f(x_f) - f(x_f \\pm \\sigma)|}}{{\\sigma}}\n$$\n\nWhere the row "
        "lies lower than both ends of its move, a step lifts it. Weights move by the features of the row and of these "
        "two ends alone, so what is far from all three hardly changes. But the sum knows no golden. As in their code, "
        "the ends are held fixed: every such step lifts the row by as much, however near golden it is. Where the row "
        "lies between its two ends, their pulls cancel, and nothing moves."
    )


def linear() -> str:
    """Return why a linear model loses the point."""
    return say(
        "**Why not a linear model?** There $f(x) - {{f(x + \\xi)}} = -w^\\top \\xi$, and the row has dropped out. The "
        "mean slope is\n\n$$\n\\mathbb{{E}}\\,\\frac{{|w^\\top \\xi|}}{{\\|\\xi\\|}} = c_d\\,\\|w\\|\n$$\n\nwith a "
        "constant that depends on the dimension alone. To make it small is to shrink all weights alike, which is "
        "weight decay that looks at no row. What the rows to keep taught goes as fast as what the rows to forget "
        "taught. Forgetting one row without the others needs a model that is curved."
    )
