"""What each part of the page relatives is about, its unwritten state, and what it keeps of its paper and loses."""

import numpy as np

from theory.relatives import Demonstrations, carried
from theory.relatives.demonstrations import ACTIONS, CONTEXTS, SEEN
from ui.language import say
from ui.language.words import is_nothing, number
from ui.lessons.relatives import federated, missing, reach
from ui.lessons.relatives.results import demonstrated, left, walked, weighed
from ui.plot.view import View


def scene(part: str) -> str:
    """Return what a part is about, before it asks."""
    said = {
        "demonstrations": say(
            "**{all} situations, {choices} choices in each.** In half of them somebody shows four choices, some of "
            "which may be random. One learner imitates: it chooses as often as was shown. Another learns a reward, one "
            "rule for all situations under which the demonstrations are likely, and takes the choice it values most.",
            all=CONTEXTS,
            choices=ACTIONS,
        ),
        "reach": say(
            "**A walker on a grid looks for the star.** There are records of the first two columns only (dotted). From "
            "there it imagines walks of k moves, and learns what a state is worth by reading the value of the next "
            "one. The states that only the last move reaches are **the edge**: they are read, and never updated."
        ),
        "federated": say(
            "**Eight clients train one model, and nobody shows their rows.** In a round, every client moves the model "
            "towards its own rows, and a server takes the mean. Then the last client leaves, and the others train on. "
            "**Golden** is trained without that client from the beginning."
        ),
        "missing": say(
            "**Rows have gaps, and a gap counts as zero.** A weight says how much a row with gaps counts beside a "
            "complete one. One more feature is missing in every row."
        ),
    }
    return said[part]


def unwritten(view: View) -> str:
    """Return the unwritten state of a part, the identity it obeys with its numbers, and that of fine-tuning."""
    found = {"demonstrations": _imitated, "reach": _read, "federated": _departed, "missing": _unseen}[view["relative"]]
    like = say(
        "The same as $w_t - w_g = (I - P_r)\\,w_o$ of the pages before: fine-tuned minus golden is what no row "
        "to keep sees of the pretrained model."
    )
    return f"{found(view)}\n\n{like}"


def _zero(value: float, size: float = 1.0) -> str:
    """Return a difference as a number; rounding is called zero."""
    return say("0 (rounding)") if value and is_nothing(value, size) else number(value)


def _imitated(view: View) -> str:
    found = demonstrated(Demonstrations(bad=view["bad"], seed=view["draw"]))
    moved = float(np.abs(found.imitation[SEEN:] - 1 / ACTIONS).max())
    return say(
        "**The unwritten state:** the choices in situations that nobody demonstrated. Imitation gives them no "
        "gradient, and the policy π stays as it began: $\\pi_t - \\pi_{{ref}} = 0$ there, and the largest change "
        "here is {moved}. More demonstrations of the same situations do not reach them; a reward does, because it is "
        "one rule for all.",
        moved=_zero(moved),
    )


def _read(view: View) -> str:
    found = walked(reach.walk(view))
    if not found.edge.any():
        return say(
            "**The unwritten state** is missing here: walks of this length leave no edge. With shorter ones the edge "
            "states keep their first values."
        )
    wrong, passed = carried(found)
    return say(
        "**The unwritten state:** the values of the edge states. All that is wrong with an updated state U comes from "
        "the edge E, along the moves P:\n\n$$\n(V - V_\\pi)_U = (I - \\gamma P_{{UU}})^{{-1}} \\gamma P_{{UE}} V_E\n$$"
        "\n\nHere the left side is {wrong} at most, and the two sides differ by {apart}.",
        wrong=number(float(np.abs(wrong).max())),
        apart=_zero(float(np.abs(wrong - passed).max())),
    )


def _departed(view: View) -> str:
    spec = federated.federation(view)
    before, after, limit = left(spec).unseen
    lengths = {"before": number(before), "after": number(after), "limit": number(limit)}
    if not spec.memory:
        return say(
            "**The unwritten state:** what the client has taught where the rows $X_r$ of the others do not reach, "
            "$(I - P_r)\\,w$. Its length is {before} when the client leaves and {after} at the end. A projection on "
            "the others' rows takes it to 0, once and for all.",
            **lengths,
        )
    return say(
        "**The unwritten state:** what the client has taught where the rows $X_r$ of the others do not reach, "
        "$(I - P_r)\\,w$. Its length is {before} when the client leaves and {after} at the end. Memory alone moves it: "
        "it tends to $(I - P_r)(w_o + \\frac{{m}}{{1 - m}} \\Delta)$ with the server's last move $\\Delta$ before the "
        "client left, whose length is {limit}. A projection on the others' rows takes it to 0, once and for all.",
        **lengths,
    )


def _unseen(view: View) -> str:
    found = weighed(missing.rows(view))
    return say(
        "**The unwritten state:** the weight of the feature that no row shows. A weight on a row makes its gradient "
        "larger or smaller; where the gradient is zero there is nothing to weigh. $w_t - w_o = 0$ there at every "
        "weight of the rows: the largest change of all draws is {moved}.",
        moved=_zero(found.never),
    )


def reading(part: str) -> str:
    """Return what the paper of a part says, what the simulation keeps of it and loses, and what is ours."""
    said = {
        "demonstrations": say(
            "**The paper** (abstract of arXiv 2405.17888): a reward learned together with the policy, already from "
            "demonstrations, makes fine-tuning robust to demonstrations of low quality. **Kept:** a reward and a "
            "policy from good and bad demonstrations. **Lost:** language models, and updates that contrast "
            "demonstrations with the model's own samples. **Ours:** the simulation, the bounded reward, and every "
            "number here."
        ),
        "reach": say(
            "**The paper** (abstract of arXiv 2402.12527): short imagined walks leave edge-of-reach states, values "
            "there come from nowhere, grow too high, and all fails even where the moves are known exactly. **Kept:** "
            "short walks with exact moves, and, in our reading of its code, the smallest of several critics. "
            "**Lost:** networks, sampled walks, and the term that keeps critics different. **Ours:** the grid, the "
            "formula, and every number here."
        ),
        "federated": say(
            "**The paper** (abstract of arXiv 2312.14380): synthetic data that replay the last update project the next "
            "step, and local training is held to it. **Kept:** that, with one synthetic row: then the projection is a "
            "memory of the last move. **Lost:** what more rows replay, and networks. **Ours:** that a client leaves, "
            "and every number here."
        ),
        "missing": say(
            "**The paper** (abstract of arXiv 2107.01983): networks learn from rows with gaps without filling them, "
            "and reinforcement learning adjusts their gradients. **Kept:** an importance of gradients that depends "
            "on what is missing, learned by trying. **Lost:** networks, and an importance for every step, for which "
            "a bandit with one number stands. **Ours:** the feature no row shows, and every number here."
        ),
    }
    return said[part]
