"""What the page boundary says: of a map, one cell, one row of cells, and of a sweep that is under way."""

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from theory import AXES, MEASURES, Grid, Setting, Spec, Sweep, starts_at_golden
from ui.language import say
from ui.language.words import in_turn, number, plural, right_answer
from ui.lessons.boundary.grids import realised
from ui.lessons.boundary.results import RATIO

# At or below this share of what was there, a mean counts as nothing left: rounding leaves less.
NOTHING = 1e-6
# The answer to the page's question; what is told of a cell.
RIGHT = "shared"
SHOWN = (RATIO, "unlearning_gap", "membership_auc", "leftover_share")


def value_text(key: str, value: float) -> str:
    """Return a value of an axis as it stands on the map."""
    if key in ("overlap", "tune_share"):
        return f"{percent(value)}%"
    return f"{value:.2g}" if key == "decay" else f"{value:.3g}"


def percent(share: float) -> str:
    """Return a share in per cent, with as many digits as it needs: "40", "42.9"."""
    return f"{100 * share:.3g}"


def _shared(spec: Spec) -> str:
    """Return the share of the features that both sets really use, in per cent."""
    return percent(spec.d_overlap / spec.d)


def verdict(options: Mapping[str, str], guess: str | int | None) -> str:
    """Return whether a guess is right, and why not; without one, what theory says."""
    if guess is None:
        return in_turn(
            right_answer(options, {RIGHT}),
            say("Such rows fix every weight, so training on all of them leaves nothing of the rows to forget."),
        )
    if guess == RIGHT:
        return say("You guessed “{guess}”, and that is right.", guess=say(options[RIGHT]))
    reasons = {
        "rows": say("What only the rows to forget use, no row to keep can change, however many there are."),
        "noise": say("Noise gives fine-tuning an error to correct, but it corrects only what the rows to keep use."),
        "few": say("Even one row to forget can leave something in a feature that no row to keep uses."),
    }
    return in_turn(
        say("You guessed “{guess}”; that alone is not enough.", guess=say(options[str(guess)])),
        reasons[str(guess)],
        say("The answer is “{answer}”.", answer=say(options[RIGHT])),
    )


def summary(sweep: Sweep, measure: str, lines: Mapping[str, NDArray[np.bool_]]) -> str:
    """Return what the finished part of a map shows, and what its lines are."""
    computed = sweep.counts > 0
    nothing, moving = lines["undefined"], lines["moves"]
    arrived = lines["forgets"] & ~nothing
    parts = [
        say("Fine-tuning changes nothing in {still} of {total} cells.", still=int((~moving).sum()), total=moving.size)
        if not moving.all()
        else say("Fine-tuning moves the model in every cell.")
    ]
    if arrived.any():
        parts.append(
            say(
                "It brings the model to golden in {count}, where the rows to keep use every feature and fix every "
                "weight.",
                count=int(arrived.sum()),
            )
        )
    else:
        parts.append(say("It brings the model to golden in none of them."))
    on_the_way = moving & ~lines["forgets"] & ~nothing & computed
    if measure == RATIO and on_the_way.any():
        ratios = sweep.mean(RATIO)[on_the_way]
        parts.append(
            say(
                "Where else it moves, the distance left is {low} to {high} times that at the start.",
                low=number(float(ratios.min())),
                high=number(float(ratios.max())),
            )
        )
    if nothing.any():
        parts.append(
            say(
                "In {count} cells (×) pretrained is golden already: there is nothing to forget, and the distance "
                "ratio, 0/0, is undefined.",
                count=int(nothing.sum()),
            )
        )
    return in_turn(*parts)


def _with_error(sweep: Sweep, measure: str, i: int, j: int) -> str:
    if measure == RATIO and starts_at_golden(sweep.grid.at(i, j)):
        return say("undefined, for pretrained is golden already")
    mean, error = float(sweep.mean(measure)[i, j]), float(sweep.error(measure)[i, j])
    if math.isnan(mean):
        return say("undefined")
    text = "0" if abs(mean) < NOTHING**2 else number(mean)
    return text if math.isnan(error) or error < NOTHING**2 else f"{text} ± {number(error)}"


def setting_text(grid: Grid, i: int, j: int) -> str:
    """Return the experiment of a cell in the words of the controls, in whole sentences."""
    setting = grid.at(i, j)
    spec = setting.spec
    return in_turn(
        say(
            "{retain} to keep, {forget} to forget, {features}, {overlap}% of them shared, noise {noise}.",
            retain=plural(spec.n_retain, "row"),
            forget=spec.n_forget,
            features=plural(spec.d, "feature"),
            overlap=_shared(spec),
            noise=f"{spec.noise:.3g}",
        ),
        say("Fine-tuning sees {tune} of the rows to keep.", tune=f"{spec.tune_rows:,}")
        if spec.tune_rows != spec.n_retain
        else "",
        say("Weight decay is {decay}.", decay=f"{setting.decay:.2g}") if setting.decay else "",
    )


def aside(setting: Setting, spec: Spec) -> str:
    """Return what the shared settings `spec` say otherwise than a cell does; nothing where they agree."""
    cell = setting.spec
    others = in_turn(
        say("Rows to keep: {n:,}.", n=spec.n_retain) if spec.n_retain != cell.n_retain else "",
        say("Rows to forget: {n:,}.", n=spec.n_forget) if spec.n_forget != cell.n_forget else "",
        say("Fine-tuning rows: {n:,}.", n=spec.tune_rows)
        if spec.tune_rows != cell.tune_rows and {spec.n_tune, cell.n_tune} != {None}
        else "",
        say("Shared features: {share}%.", share=_shared(spec)) if spec.d_overlap != cell.d_overlap else "",
        say("Label noise: {noise}.", noise=f"{spec.noise:.3g}") if spec.noise != cell.noise else "",
    )
    return say("The shared settings differ: {others}", others=others) if others else ""


def cell(sweep: Sweep, i: int, j: int) -> str:
    """Return the numbers of a cell."""
    here, draws = setting_text(sweep.grid, i, j), int(sweep.counts[i, j])
    if draws == 0:
        return say("**This cell**: {here} It is not computed yet.", here=here)
    values = "; ".join(f"{say(MEASURES[m].label)} {_with_error(sweep, m, i, j)}" for m in SHOWN)
    return say(
        "**This cell**: {here} Mean of {draws}: {values}.", here=here, draws=plural(draws, "draw"), values=values
    )


def one_draw(setting: Setting) -> str:
    """Return whose the numbers of the statements are."""
    if setting.decay:
        return say("One draw of the chosen cell, without its weight decay.")
    return say("One draw of the chosen cell.")


def not_carried(setting: Setting) -> str:
    """Return what of a cell the other pages' shared controls cannot hold; nothing where they hold all of it."""
    if not setting.decay:
        return ""
    return say(
        "Weight decay is no shared control: the other page opens without the {decay} of this cell.",
        decay=f"{setting.decay:.2g}",
    )


def peak(grid: Grid, i: int) -> float | None:
    """Return where golden's error peaks along a row of the map, as rows to keep per feature; None on other axes."""
    spec = grid.at(i, 0).spec
    return (spec.d_retain + spec.d_overlap) / spec.d if grid.x == "rows_per_feature" else None


def profile(grid: Grid, i: int) -> str:
    """Return what the profile of a row shows."""
    place = peak(grid, i)
    spec = grid.at(i, 0).spec
    if place is None:
        return say("Errors on the rows to forget along the chosen row of the map.")
    rows = spec.d_retain + spec.d_overlap
    if spec.noise == 0:
        text = say(
            "From {rows} rows to keep on, as many as features they use, golden has their true weights.", rows=rows
        )
    elif spec.d_overlap == 0:
        text = say("No feature is shared: golden says 0 for every row to forget, however many rows it has seen.")
    else:
        text = say(
            "With {rows} rows to keep, as many as features they use, golden just fits the noise, too: its mean error "
            "on the rows to forget is infinite (double descent).",
            rows=rows,
        )
    beyond = place > grid.xs[-1] and (spec.noise == 0 or spec.d_overlap > 0)
    return in_turn(text, say("That is beyond the right edge.") if beyond else "")


def describe_map(sweep: Sweep, measure: str, undefined: NDArray[np.bool_], hidden: bool) -> str:
    """Return the map's accessible name."""
    grid = sweep.grid
    xs, ys = (realised(grid.setting.spec, key, values) for key, values in ((grid.x, grid.xs), (grid.y, grid.ys)))
    axes = say(
        "Map of {rows} by {columns} cells: across {x} from {x_low} to {x_high}, up {y} from {y_low} to {y_high}.",
        rows=len(grid.ys),
        columns=len(grid.xs),
        x=say(AXES[grid.x].label).lower(),
        x_low=value_text(grid.x, xs[0]),
        x_high=value_text(grid.x, xs[-1]),
        y=say(AXES[grid.y].label).lower(),
        y_low=value_text(grid.y, ys[0]),
        y_high=value_text(grid.y, ys[-1]),
    )
    computed = sweep.counts > 0
    if measure == RATIO:
        computed &= ~undefined
    if hidden or not computed.any():
        return in_turn(axes, say("The colours wait."))
    means = sweep.mean(measure)[computed]
    return in_turn(
        axes,
        say(
            "{label} in {count} computed cells: from {low} to {high}.",
            label=say(MEASURES[measure].label),
            count=int(computed.sum()),
            low=number(float(means.min())),
            high=number(float(means.max())),
        ),
    )


def describe_profile(sweep: Sweep, i: int, hidden: bool) -> str:
    """Return the profile's accessible name."""
    grid = sweep.grid
    text = say(
        "Unlearning loss against {x}, at {y} {value}, {count} points.",
        x=say(AXES[grid.x].label).lower(),
        y=say(AXES[grid.y].label).lower(),
        value=value_text(grid.y, realised(grid.setting.spec, grid.y, grid.ys)[i]),
        count=len(grid.xs),
    )
    known = np.flatnonzero(sweep.counts[i] > 0)
    if not len(known):
        return text
    golden, tuned = sweep.mean("golden_loss")[i, known], sweep.mean("tuned_loss")[i, known]
    return in_turn(
        text,
        say("Golden: {low} to {high}.", low=number(float(golden.min())), high=number(float(golden.max()))),
        ""
        if hidden
        else say("Fine-tuned: {low} to {high}.", low=number(float(tuned.min())), high=number(float(tuned.max()))),
    )
