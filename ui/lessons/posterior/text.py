"""What the page posterior says that does not depend on the numbers."""

from ui.lessons.lesson import ALL, Page, Prediction, Preset
from ui.plot.controls import Choice, Scale, Slider

THRESHOLDS = (0.0, 0.0001, 0.001, 0.01, 0.03, 0.1, 0.3, 0.5, 1.0)
# What the address calls the two tricks, by what stands on screen.
TRICKS = {"EUBO": "eubo", "Reverse KL": "reverse"}

PAGE = Page(
    stem="posterior",
    title="Unlearning as inference",
    question="Can what rows taught be divided out of a belief?",
    thread="Last page: every method on one board, and each returned one model. So now: a **belief**, which also "
    "says how sure it is, and the rule of probability that takes rows out of it again.",
    group=ALL,
    cast="**Prior**: the belief before any row, 0 give or take 1. **Stored**: the belief after all rows, as a computer "
    "keeps it. **Retrained**: the belief after the rows to keep alone. **Unlearned**: the stored one, divided by what "
    "the rows to forget say.",
    prediction=Prediction(
        question="The evidence of the rows to forget is divided out of the stored belief. How near does the unlearned "
        "belief come to the retrained one?",
        options={
            "same": "They are the same",
            "closer": "Nearer than the stored one",
            "farther": "No nearer than the stored one",
            "none": "There is no such belief",
        },
    ),
    presets=(
        Preset(
            key="wide_belief",
            title="A belief stored too wide",
            question="The stored belief is 1.3 times too wide: does it still help to divide?",
            values={"factor": 1.3},
        ),
        Preset(
            key="threshold_helps",
            title="Divide only where it is likely",
            question="Too wide again, and divided only where the belief is not small: what is gained?",
            values={"factor": 1.3, "threshold": 0.01, "trick": "Reverse KL"},
        ),
        Preset(
            key="no_answer",
            title="No answer",
            question="The stored belief knows less than is to be taken out of it: what is left?",
            values={"factor": 2.0},
        ),
        Preset(
            key="exact_threshold",
            title="A threshold nobody needs",
            question="The stored belief is exact: what does a threshold do to it?",
            values={"threshold": 0.1},
        ),
    ),
    limits=(
        "One weight, or two. A network's belief has millions, its shape is not known, and what is stored of it is an "
        "approximation.",
        "All beliefs here are Gaussian, and the noise of the labels is known. A wrong noise changes the retrained "
        "belief, too.",
        "The rows are spread evenly, so that nothing is left to chance: other rows give other numbers.",
        "Of the paper (arXiv 2010.12883) the abstract was read. The threshold is our reading of its adjusted "
        "likelihood; the width, the two pictures of it and every number here are ours.",
    ),
    controls=(
        Slider(
            key="factor",
            label="Width of stored belief f",
            low=0.5,
            high=2.5,
            step=0.05,
            usual=1.0,
            help="Its standard deviation beside the true one: 1 is exact, more is too unsure, less is too sure.",
        ),
        Scale(
            key="threshold",
            label="Divide above λ",
            values=THRESHOLDS,
            usual=0.0,
            help="Divide only where the stored belief is above this share of its peak; 0 divides everywhere, 1 "
            "nowhere.",
        ),
        Choice(
            key="trick",
            label="Distance made small",
            options=TRICKS,
            help="The evidence upper bound makes KL(unlearned || divided) small, the other KL(divided || unlearned).",
        ),
        Slider(
            key="rows_kept", label="Rows to keep", low=1, high=40, step=1, usual=8, help="They say: the weight is 0.5."
        ),
        Slider(
            key="rows_gone",
            label="Rows to forget",
            low=1,
            high=40,
            step=1,
            usual=4,
            help="They place the weight below 0.5, by as much as the next slider says.",
        ),
        Slider(
            key="apart",
            label="How far they lie apart",
            low=0.0,
            high=4.0,
            step=0.1,
            usual=2.0,
            help="How far below 0.5 the rows to forget place the weight.",
        ),
        Slider(
            key="scatter",
            label="Label noise",
            low=0.5,
            high=3.0,
            step=0.1,
            usual=1.0,
            help="Standard deviation of the random error on every label.",
        ),
        Slider(
            key="angle",
            label="Angle between the rows",
            low=0,
            high=90,
            step=1,
            usual=50,
            help="For the picture of two weights: from the rows to keep to the rows to forget.",
        ),
    ),
    aside=("rows_kept", "rows_gone", "apart", "scatter", "angle"),
)
