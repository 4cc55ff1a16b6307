"""What the page start says that does not depend on the numbers."""

import numpy as np

from ui.lessons.lesson import CAST, LEVELS, STORY, Page, Prediction, Preset
from ui.plot.controls import Scrub

# Steps of gradient descent that can be scrubbed: 0 and then ever longer strides up to the last.
STEPS: tuple[int, ...] = (0, *sorted({round(10**e) for e in np.linspace(0, 4, 25)}))

TRAINED = Scrub(
    key="trained",
    label="Steps of fine-tuning",
    values=tuple(float(k) for k in STEPS),
    usual=float(STEPS[-1]),
    help="Where the slider above the picture stands.",
)

PAGE = Page(
    stem="start",
    title="Can you unlearn by learning more?",
    question="A model has learned every row of a table, and must forget some. Is it enough to keep training on the "
    "rows we keep?",
    thread="A hospital trained a model on the rows of all its patients. Now some of them withdraw their consent, and "
    "the model must forget their rows.",
    group=STORY,
    prediction=Prediction(
        question="After 10,000 more steps of training on the rows to keep alone, how large is the model's "
        "error on the rows to forget?",
        options=LEVELS,
    ),
    cast=f"Each row is a patient, and its label a measured value. {CAST}",
    claims=("I2", "I1"),
    presets=(
        Preset(key="one_row", title="One row", question="Is one single row easier to forget?", values={"n_forget": 1}),
        Preset(
            key="noisy_labels",
            title="Noisy labels",
            question="What if the labels are mostly noise? The attacker reads the noise, too.",
            values={"noise": 1.0},
        ),
        Preset(
            key="many_rows",
            title="Many rows",
            question="What if there are more rows than features, so that no model fits them all?",
            values={"d": 100, "n_retain": 150, "noise": 0.5},
        ),
    ),
    limits=(
        "A linear model has one layer; a deep network can move even when its training loss is tiny. "
        "What carries over is the reason: training follows the gradient of the rows it sees, and no other.",
        "The steps are those of plain gradient descent. Weight decay, another start or stopping early change "
        "the story.",
    ),
    controls=(TRAINED,),
)
