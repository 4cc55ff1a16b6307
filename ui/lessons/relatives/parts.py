"""What the parts of the page relatives say whatever the numbers are."""

from ui.language import say


def asked(part: str) -> str:
    """Return what a part asks."""
    said = {
        "demonstrations": say(
            "A model learns from demonstrations. What does it do where nobody has demonstrated anything?"
        ),
        "reach": say(
            "Values are learned from short imagined walks. What happens at states that only the last move reaches?"
        ),
        "federated": say(
            "A client leaves the federation, and the others train on. What becomes of what it has taught?"
        ),
        "missing": say("Rows have gaps, and a weight says how much such a row counts. Can it teach what no row shows?"),
    }
    return said[part]


def bridge(part: str) -> str:
    """Return what nobody writes in a part, and what it has to do with fine-tuning."""
    said = {
        "demonstrations": say(
            "**Never written here:** the choices in situations without a demonstration, as the weights outside "
            "the row space of the rows to keep. Training on more of the same does not reach them; a reward that "
            "holds in every situation does."
        ),
        "reach": say(
            "**Never written here:** the values of the edge states. They are read as targets of every state "
            "before them, as predictions read the weights that fine-tuning does not change."
        ),
        "federated": say(
            "**Never written here:** what the client that left has taught outside the rows of the others. It is "
            "the same leftover, $(I - P_r)\\,w_o$, and the same cure: keep only what the others' rows can see."
        ),
        "missing": say(
            "**Never written here:** the weight of a feature that no row shows. A weight on a gradient can make "
            "it larger or smaller; where the gradient is zero there is nothing to weigh, as for the features of "
            "the rows to forget alone."
        ),
    }
    return said[part]


def reading(part: str) -> str:
    """Return what the reduction of a part keeps of its paper, and what it loses."""
    said = {
        "demonstrations": say(
            "Our reading of arXiv 2405.17888. Kept: a reward and a policy are learned together, in closed form "
            "or by its own fit. Lost: language models, and updates that contrast demonstrations with the model's "
            "own samples."
        ),
        "reach": say(
            "Our reading of arXiv 2402.12527. Kept: truncated walks, values read beyond them, and the smallest "
            "of several critics. Lost: networks, in which wrong values can grow without end; in a table they "
            "stay bounded."
        ),
        "federated": say(
            "Our reading of arXiv 2312.14380. Kept: local training held to a projected next step, with one "
            "synthetic sample, which is a momentum. Lost: what more samples replay. That a client leaves is our "
            "question, not the paper's."
        ),
        "missing": say(
            "Our reading of arXiv 2107.01983. Kept: learning from rows with gaps without filling them, and a "
            "learned importance of gradients. Lost: its actor and critic, for which a bandit with one number "
            "stands."
        ),
    }
    return said[part]
