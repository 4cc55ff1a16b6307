"""What the page relatives says that does not depend on the numbers."""

from collections.abc import Mapping

from ui.lessons.lesson import ALL, Page, Prediction, Preset
from ui.plot.controls import Choice, Slider

# What the address calls the four parts, by what stands on screen.
PARTS = {
    "Reward learning": "demonstrations",
    "Edge of reach": "reach",
    "Federated learning": "federated",
    "Missing entries": "missing",
}
PART = Choice(
    key="relative",
    label="Where",
    options=PARTS,
    help="Four problems from other fields, each with a place that is read and never written.",
)


def _slider(key: str, label: str, low: float, high: float, step: float, usual: float, help: str) -> Slider:
    return Slider(key=key, label=label, low=low, high=high, step=step, usual=usual, help=help)


# The controls of each part.
CONTROLS: Mapping[str, tuple[Slider, ...]] = {
    "demonstrations": (
        _slider("bad", "Bad demonstrations", 0.0, 1.0, 0.05, 0.25, "Share of the demonstrations that are random."),
        _slider(
            "strength",
            "Bound over temperature R/β",
            0.0,
            6.0,
            0.1,
            2.0,
            "How far a learned reward may go (R), beside how loosely choices follow it (β).",
        ),
    ),
    "reach": (
        _slider("steps", "Moves imagined k", 1, 8, 1, 3, "How long a walk from a recorded state is."),
        _slider("critics", "Critics N", 1, 10, 1, 1, "The smallest of their values counts."),
        _slider("discount", "Discount γ", 0.1, 0.99, 0.01, 0.95, "What a reward one move later is worth."),
    ),
    "federated": (
        _slider("memory", "Memory m", 0.0, 0.95, 0.05, 0.0, "Share of its last move by which the server goes on."),
        _slider("common", "Shared features", 0, 20, 1, 0, "Features that all clients use."),
        _slider("rounds", "Rounds", 5, 200, 5, 40, "Rounds before a client leaves, and after."),
    ),
    "missing": (
        _slider("gap_rows", "Rows", 20, 1000, 10, 60, "Rows to learn from, with gaps."),
        _slider("observed", "Entries observed", 0.5, 1.0, 0.01, 0.85, "Probability that an entry is there."),
    ),
}
DRAW = _slider("draw", "Draw", 0, 999, 1, 0, "Another number draws other random data.")

# What each part asks.
PREDICTIONS = {
    "demonstrations": Prediction(
        question="Half of the situations have no demonstration at all. Who chooses better there?",
        options={
            "imitation": "Who imitates the demonstrations",
            "reward": "Who learned a reward from them",
            "same": "Both alike",
        },
    ),
    "reach": Prediction(
        question="The walker goes where the learned values are highest. What does it earn?",
        options={
            "best": "The best possible",
            "part": "A part of it, a tenth or more",
            "little": "Less than a tenth of it",
        },
    ),
    "federated": Prediction(
        question="One client leaves, and the others train on. What happens to the error on the rows of that client?",
        options={
            "stays": "It does not rise",
            "part": "It rises, to less than golden's",
            "all": "It rises to golden's, or beyond",
        },
    ),
    "missing": Prediction(
        question="How much should a row with gaps count, so that complete rows are predicted best?",
        options={
            "none": "Not at all",
            "less": "Less than a complete row",
            "full": "As much as a complete row",
        },
    ),
}

_OWN = {control.key: part for part, controls in CONTROLS.items() for control in controls}

PAGE = Page(
    stem="relatives",
    title="The same shape elsewhere",
    question="Where else is something read and never written?",
    thread="Last page: a curve made flat where it had learned one row. So now: four other problems, each with an "
    "**unwritten state**: read, and never trained.",
    group=ALL,
    cast="",
    prediction=PREDICTIONS["demonstrations"],
    predictions=PREDICTIONS,
    presets=(
        Preset(
            key="all_random",
            title="Only bad demonstrations",
            question="Every demonstration is random: what is left to learn?",
            values={"bad": 1.0},
        ),
        Preset(
            key="ten_critics",
            title="Ten critics",
            question="Do ten critics keep the walker away from the edge?",
            values={"relative": "Edge of reach", "critics": 10},
        ),
        Preset(
            key="long_memory",
            title="A server with memory",
            question="Does the memory of a trajectory help the federation to forget a client?",
            values={"relative": "Federated learning", "memory": 0.9, "rounds": 20},
        ),
        Preset(
            key="many_gaps",
            title="Many rows with gaps",
            question="A thousand rows: are those with gaps still worth counting?",
            values={"relative": "Missing entries", "gap_rows": 1000},
        ),
    ),
    limits=(
        "Each simulation is the smallest one that keeps the point; what it loses of its paper stands beside it.",
        "Of these papers the abstracts were read, and public code where there is some. What is said of them beyond "
        "that is our reading.",
        "The data are drawn here, from Gaussian numbers. Other data can have other answers; that training does not "
        "reach the unwritten state does not depend on them.",
    ),
    controls=(PART, *(control for controls in CONTROLS.values() for control in controls), DRAW),
    only=_OWN,
)
