"""What the page dynamics says that does not depend on the numbers."""

import numpy as np

from ui.lessons.lesson import CLOSER, Page, Prediction, Preset
from ui.plot import real_rows
from ui.plot.controls import Choice, Scale, Scrub

# The ridge it may pretrain with, as a share of the rows' mean squared length, and the weight of shuffled labels.
CLOCK_RIDGE, CLOCK_ALPHA = 0.5, 1.0
# At most this many directions of a kind have a bar: more would not be told apart.
MOST_BARS = 25
# So many numbers of rows stand on the axis of what decay costs.
COST_ROWS = 11
# Longer than a run on the other pages, in shorter strides.
CLOCK_STEPS: tuple[int, ...] = (0, *sorted({round(10**e) for e in np.linspace(0, 5, 61)}))

STEP = Scrub(
    key="step",
    label="Steps of training",
    values=tuple(float(k) for k in CLOCK_STEPS),
    usual=0.0,
    help="Where the slider above the picture stands.",
)

PAGE = Page(
    stem="dynamics",
    title="Which clocks run?",
    question="Would more steps forget, or larger ones, or weight decay? And at what cost?",
    thread="Last page: an error like golden's does not make a model golden. So now: the hospital fine-tunes on, "
    "with weight decay: every step also shrinks all weights a little.",
    group=CLOSER,
    cast="**Direction**: a mix of features that training moves as one. **Leftover**: what the model holds in those "
    "that only the rows to forget use; golden holds nothing there.",
    prediction=Prediction(
        question="Training on the rows to keep goes on for 100,000 steps, with weight decay as set above. What becomes "
        "of the leftover?",
        options={
            "same": "It stays as it is",
            "smaller": "It gets smaller",
            "gone": "It goes to zero",
            "larger": "It grows",
        },
    ),
    controls=(
        *real_rows.CONTROLS,
        Choice(
            key="start",
            label="Start from",
            options={"Pretrained": "pretrained", "Ridge": "ridge", "Zero": "zero"},
            help="Pretrained: the model of the story. Ridge: pretrained with a penalty on large weights, so that it "
            f"fits no row exactly ({CLOCK_RIDGE:g} times the rows' mean squared length). Zero: no training before.",
        ),
        Choice(
            key="objective",
            label="Train on",
            options={"Rows to keep": "retain", "Plus shuffled labels": "shuffled"},
            help="The rows fine-tuning sees; or these, and the rows to forget with each other's labels (one row alone "
            f"keeps its own), with weight α = {CLOCK_ALPHA:g}.",
        ),
        Scale(
            key="step_size",
            label="Step size",
            values=(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1),
            usual=0.5,
            help="η, as a multiple of the largest stable step. Above 1 gradient descent diverges.",
        ),
        Scale(
            key="decay",
            label="Weight decay",
            values=(0.0, 1e-4, 1e-3, 1e-2, 0.1, 1.0),
            usual=1e-3,
            help="λ: the loss plus λ times the squared length of the weights. 0: plain training.",
        ),
        STEP,
    ),
    aside=real_rows.KEYS,
    claims=("I7", "I2"),
    presets=(
        Preset(
            key="plain_training",
            title="Plain training",
            question="Which bar moves without weight decay?",
            values={"decay": 0.0},
        ),
        Preset(
            key="decay_costs",
            title="Ten rows seen",
            question="Training sees 10 of the 50 rows to keep: what else is forgotten?",
            values={"n_tune": 10, "step": 10000.0},
        ),
        Preset(
            key="too_large",
            title="A step too large",
            question="Which bars explode, and which do not even notice?",
            values={"start": "Ridge", "step_size": 1.1, "decay": 0.0, "step": 10.0},
        ),
        Preset(
            key="stop_early",
            title="Stop early",
            question="Pushed to wrong labels: when is the model nearest to golden?",
            values={"objective": "Plus shuffled labels", "decay": 0.0, "step_size": 0.1},
        ),
        Preset(
            key="slow_clock",
            title="The slow clock",
            question="Why is the last bar so slow?",
            values={"d": 100, "n_retain": 70, "start": "Zero", "decay": 0.0, "step": 10000.0},
        ),
        Preset(
            key="real_clocks",
            title="Handwritten digits",
            question="All images of a 3 leave: which bars drain now?",
            values={"rows": "Handwritten digits", "leaves": "A group", "features": 600.0},
        ),
    ),
    limits=(
        f"At most {MOST_BARS} bars of a kind are drawn. A deep network has no fixed directions.",
        "Momentum changes the pace of the clocks, not which of them stand still.",
    ),
)

PACE = "Every direction has its own factor: one step multiplies what is still to go by it."
COST = "Weight decay cannot tell rows to forget from rows to keep that training does not see."
