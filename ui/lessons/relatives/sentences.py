"""What the page relatives says of the numbers beside it."""

import numpy as np

from theory import Array
from theory.relatives import Bootstrapped, Departure, Learned, Risks
from ui.language import say
from ui.language.words import distance_pair, distance_text, is_nothing, number, same
from ui.lessons.relatives.results import REWARD_DRAWS, RISK_DRAWS, WALK_DRAWS

# Weights and values that differ by less are the same up to rounding.
ROUNDING = 1e-9


def rewards(found: Learned, bad: float) -> str:
    """Say what imitation and a learned reward earn, where somebody demonstrated and where nobody did."""
    read = found.rewards
    seen, elsewhere = read["imitate_best", "seen"], read["imitate_best", "unseen"]
    first = say(
        "Where nobody demonstrated, imitation still chooses at random and earns **{elsewhere}** on this draw, whatever "
        "it has learned elsewhere; the best choices of a learned reward earn **{reward}** of {best} there.",
        elsewhere=number(elsewhere),
        reward=number(read["reward_best", "unseen"]),
        best=number(found.best["unseen"]),
    )
    second = say(
        "With {bad:.0%} bad demonstrations, the most frequent choice earns {seen} in the situations shown, the learned "
        "reward's best choice {reward}.",
        bad=bad,
        seen=number(seen),
        reward=number(read["reward_best", "seen"]),
    )
    if read["reward_best", "seen"] >= seen:
        return f"{first} {second}"
    return f"{first} {second} " + say("Here the reward is the worse of the two.")


def simplex(reference: Array, policy: Array, strength: float) -> str:
    """Say what a bounded reward does to the choices nobody observed."""
    return say(
        "One choice was observed. Imitation takes it always. A reward bounded by R takes it in **{share:.1%}** at R/β "
        "= {strength:g}; the other two keep their odds of {a:g} to {b:g}, exactly.",
        share=float(policy[0]),
        strength=strength,
        a=float(reference[1] * 10),
        b=float(reference[2] * 10),
    )


def wages(found: Bootstrapped) -> dict[str, str]:
    """Return what the walker earns and the best possible, with the digits that tell them apart."""
    earned, possible = distance_pair(found.earned, found.possible, found.possible)
    return {"earned": earned, "possible": possible}


def grid(found: Bootstrapped, steps: int, critics: int) -> str:
    """Say what the edge does to the values, and what the walker earns."""
    count = int(found.edge.sum())
    if not count:
        return say(
            "Walks of {steps} moves reach every state: nothing is read that is not written, and the policy earns "
            "**{earned}**, the best possible.",
            steps=steps,
            earned=number(found.earned),
        )
    said = [
        say(
            "**{count} edge states** (outlined) are read by the last move and never written: they keep the values they "
            "began with.",
            count=count,
        ),
        say("They raise an updated state by up to **{over}** above the best possible.", over=number(found.overestimate))
        if found.overestimate > ROUNDING
        else say("No updated state is valued above the best possible."),
        say("The walker earns {earned}, the best possible.", earned=number(found.earned))
        if same(found.earned, found.possible)
        else say(
            "The walker that believes its values earns **{earned}** of {possible}.",
            **wages(found),
        ),
    ]
    if critics > 1:
        said.append(
            say(
                "The {critics} critics agree on every updated state, and have a standard deviation of {least} or more "
                "at every edge state: where they differ, nothing was written.",
                critics=critics,
                least=number(float(found.spread[found.edge].min())),
            )
        )
    return " ".join(said)


def earned(curves: dict[str, Array], steps: int, critics: int) -> str:
    """Say what several critics and a patched edge earn at this length."""
    at = steps - 1
    text = say(
        "With walks of {n} move one critic earns {one}; with the true values put into the edge states alone it would "
        "earn {patched}.",
        "With walks of {n} moves one critic earns {one}; with the true values put into the edge states alone it would "
        "earn {patched}.",
        n=steps,
        one=number(curves["one"][at]),
        patched=number(curves["patched"][at]),
    )
    if critics == 1:
        return text
    return f"{text} " + say(
        "The smallest of {critics} critics earns {several}.", critics=critics, several=number(curves["several"][at])
    )


def rounds(found: Departure) -> str:
    """Say what becomes of the departed client's rows, beside golden's error on them."""
    before, after, cleaned = (float(path[-1, -1]) for path in (found.before, found.kept, found.cleaned))
    return say(
        "When the last client leaves, the model errs on its rows by **{before}** (root mean square). After as many "
        "rounds without it the model errs by **{after}**. With one projection of the server on the others' rows first, "
        "it errs by {cleaned}; golden, which never met the client, errs by {golden}.",
        before=number(before),
        after=number(after),
        cleaned=number(cleaned),
        golden=number(found.missed_golden),
    )


def distance(found: Departure, memory: float) -> str:
    """Say how far from golden the federation stays, and what memory does to that."""
    size = float(np.linalg.norm(found.w_golden))
    first, last = distance_pair(float(found.distance_kept[0]), float(found.distance_kept[-1]), size)
    cleaned = distance_text(float(found.distance_cleaned[-1]), size)
    if first == last:
        text = say(
            "The distance to golden stays **{last}**; with the projection it ends at {cleaned}.",
            last=last,
            cleaned=cleaned,
        )
    else:
        text = say(
            "The distance to golden goes from {first} to **{last}**; with the projection it ends at {cleaned}.",
            first=first,
            last=last,
            cleaned=cleaned,
        )
    before, _, limit = found.unseen
    if not memory or same(before, limit, size):
        return text
    told = dict(zip(("before", "limit"), distance_pair(before, limit, size), strict=True))
    if limit > before:
        return f"{text} " + say(
            "Memory carries what the others' rows do not see farther from golden: from {before} it tends to {limit}.",
            **told,
        )
    return f"{text} " + say(
        "Memory carries what the others' rows do not see nearer to golden: from {before} it tends to {limit}.", **told
    )


def risk(found: Risks) -> str:
    """Say which weight is best of those tried, and that the feature nobody saw did not move."""
    best = int(found.risk.argmin())
    return say(
        "Of the weights tried, **{best:g}** has the smallest risk on complete rows: {risk} ± {error}, mean of {draws} "
        "draws. Leaving rows with gaps out: {none}. Counting them fully: {full}. With ever more rows, all counted "
        "fully, the risk would tend to {endless}.",
        best=float(found.weights[best]),
        risk=number(float(found.risk[best])),
        error=number(float(found.error[best]), 2),
        draws=RISK_DRAWS,
        none=number(float(found.risk[0])),
        full=number(float(found.risk[-1])),
        endless=number(found.endless),
    )


def bandit(path: Array, risk: float, best: float) -> str:
    """Say where the bandit ends, and how good that is."""
    return say(
        "A bandit learns by trying: it tries a weight and sees only how well other complete rows are predicted. It "
        "ends at **{last:.2f}** after {tries} tries; there the risk of this draw is {risk}, and {best} at the best of "
        "the weights that the other picture tries.",
        last=float(path[-1]),
        tries=len(path) - 1,
        risk=number(risk),
        best=number(best),
    )


def complete() -> str:
    """Say that there is nothing to weigh."""
    return say("No entry is missing: every row counts fully, whatever the weight of rows with gaps.")


def describe(lines: dict[str, Array], x: Array, what: str) -> str:
    """Return the lines of a picture for those who hear it: where each begins and ends."""
    parts = [
        say("{name}: {first} to {last}", name=name, first=number(float(y[0])), last=number(float(y[-1])))
        for name, y in lines.items()
    ]
    return say(
        "{what}, from {low:g} to {high:g}. {lines}.",
        what=what,
        low=float(x[0]),
        high=float(x[-1]),
        lines="; ".join(parts),
    )


def means(most: float) -> str:
    """Say how many draws stand behind the curves of rewards, and how exact their means are."""
    return say(
        "Lines: means of {draws} draws, with standard errors of {most} at most. The marks are this draw.",
        draws=REWARD_DRAWS,
        most=number(most, 2),
    )


def walks(mean: float, error: float) -> str:
    """Say what the walker earns over many draws of the values it begins with."""
    if is_nothing(error, mean):
        return say(
            "These are one draw of the first values; in each of {draws} draws the walker earns {mean} at this length.",
            draws=WALK_DRAWS,
            mean=number(mean),
        )
    return say(
        "These are one draw of the first values; over {draws} draws the walker earns {mean} ± {error} at this length.",
        draws=WALK_DRAWS,
        mean=number(mean),
        error=number(error, 2),
    )


def growth(shared: Array, table: Array, discount: float) -> str:
    """Say what becomes of a value that is read through a weight which its own update moves."""
    factor, last = float(shared[1] / shared[0]), float(shared[-1])
    head = say(
        "Nothing is rewarded here, so the true value is 0. The updated state has feature 1, the edge state behind it "
        "feature 2, and one weight gives both their values."
    )
    if same(factor, 1.0):
        middle = say("At this discount the two effects cancel, and the value stays at {last}.", last=number(last))
    elif factor > 1:
        middle = say(
            "Every update multiplies that weight by {factor:.3f}: writing one state raises what it reads at the other, "
            "and after {updates} updates the value is **{last}**.",
            factor=factor,
            updates=len(shared) - 1,
            last=number(last),
        )
    else:
        middle = say(
            "Every update multiplies that weight by {factor:.3f}: at so small a discount it shrinks, to **{last}** "
            "after {updates} updates.",
            factor=factor,
            updates=len(shared) - 1,
            last=number(last),
        )
    return f"{head} {middle} " + say(
        "In a table the edge keeps its value of 2, and the updated state goes to {table}: wrong, and no more than "
        "that.",
        table=number(float(table[-1])),
    )
