"""What the page dynamics says that does not depend on the numbers."""

import numpy as np

from ui.lessons.lesson import CLOSER, Page, Prediction, Preset
from ui.plot.controls import Choice, Scale, Scrub

# The ridge it may pretrain with, as a share of the rows' mean squared length, and the weight of shuffled labels.
CLOCK_RIDGE, CLOCK_ALPHA = 0.5, 1.0
# At most this many directions of a kind have a bar: more would neither be told apart nor be quick to move.
MOST_BARS = 50
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
    title="The clock that never moves",
    question="If fine-tuning has not forgotten yet, would it forget with more steps, or larger ones?",
    thread="Last page: an error like golden's does not make a model golden. So now: the hospital goes back to plain "
    "fine-tuning, and asks whether it only stopped too early.",
    group=CLOSER,
    cast="**Direction**: a mix of features that training moves as one, at its own pace. **Leftover**: what a model "
    "holds in directions that only the rows to forget use. **Golden**, which never saw these rows, has none.",
    prediction=Prediction(
        question="Training goes on for 100,000 steps. What happens meanwhile to the leftover, in the directions that "
        "only the rows to forget use?",
        options={
            "same": "It stays as it is",
            "smaller": "It gets smaller",
            "gone": "It goes to zero",
            "larger": "It grows",
        },
    ),
    controls=(
        Choice(
            key="start",
            label="Start from",
            options={"Ridge": "ridge", "Pretrained": "pretrained", "Zero": "zero"},
            help="Ridge: pretrained on all rows with a penalty on large weights, "
            f"{CLOCK_RIDGE:g} times the rows' mean squared length. Pretrained: without the penalty. Zero: no training "
            "before.",
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
            usual=0.0,
            help="λ: the loss plus λ times the squared length of the weights.",
        ),
        STEP,
    ),
    claims=("I7", "I2"),
    presets=(
        Preset(
            key="nothing_left",
            title="Nothing left to go",
            question="The pretrained model fits every row to keep: which clock runs now?",
            values={"start": "Pretrained", "step": 1000.0},
        ),
        Preset(
            key="decay_on",
            title="Weight decay",
            question="What does a small weight decay do to the clocks that stood still?",
            values={"decay": 1e-3, "step": 10000.0},
        ),
        Preset(
            key="too_large",
            title="A step too large",
            question="One tenth above the limit: which bars explode, and which do not even notice?",
            values={"step_size": 1.1, "step": 10.0},
        ),
        Preset(
            key="stop_early",
            title="Stop early",
            question="Pushed to wrong labels, the model passes golden: after how many steps is it closest?",
            values={"objective": "Plus shuffled labels", "start": "Pretrained", "step_size": 0.1},
        ),
        Preset(
            key="slow_clock",
            title="The slow clock",
            question="As many rows to keep as features they use: why does the last bar take forever?",
            values={"d": 100, "n_retain": 70, "start": "Zero", "step": 10000.0},
        ),
    ),
    limits=(
        "“Ridge” adds a penalty on the squared weights to the sum of squared errors, as strong as "
        f"{CLOCK_RIDGE:g} times the mean squared length of a row; the shuffled labels count with weight "
        f"α = {CLOCK_ALPHA:g}. At most {MOST_BARS} directions of a kind have a bar, evenly chosen.",
        "The steps are exact. On a computer every number is rounded, so an arrived direction keeps trembling in the "
        "16th digit, and a step above the limit would blow even that up.",
        "Plain gradient descent on all rows at once, for a linear model. Momentum changes the pace of the clocks, "
        "not which of them stand still; a deep network has no fixed directions.",
        "Both versions of the paper speak of where fine-tuning ends; the way there is derived here. Shuffled labels "
        "are the first version's discriminative regularization, which the published version replaces.",
    ),
)
