"""What the page start says that does not depend on the numbers."""

import numpy as np

from ui.lessons.lesson import LEVELS, STORY, Page, Prediction, Preset
from ui.plot.controls import Scrub

# Steps of gradient descent that can be scrubbed: 0 and then ever longer strides up to the last.
STEPS: tuple[int, ...] = (0, *sorted({round(10**e) for e in np.linspace(0, 4, 25)}))

TRAINED = Scrub(
    key="trained",
    label="Steps of fine-tuning",
    values=tuple(float(k) for k in STEPS),
    usual=0.0,
    help="Where the slider above the picture stands.",
)

PAGE = Page(
    stem="start",
    title="Can you unlearn by learning more?",
    question="Is it enough to go on training on the rows to keep?",
    thread="A hospital trained a model on the rows of all its patients. Now some of them withdraw their consent, and "
    "the model must forget their rows.",
    group=STORY,
    prediction=Prediction(
        question="After 10,000 more steps on the rows to keep, how large is the model's error on the rows to forget?",
        options=LEVELS,
    ),
    cast=(
        "Each row is a patient, its label a measured value. **Golden** is trained from scratch without the rows to "
        "forget: a model that has forgotten errs as golden does, not less."
    ),
    claims=("I2", "I1"),
    presets=(
        Preset(key="one_row", title="One row", question="Is one row easier to forget?", values={"n_forget": 1}),
        Preset(
            key="noisy_labels",
            title="Noisy labels",
            question="What if the labels are mostly noise?",
            values={"noise": 1.0},
        ),
        Preset(
            key="many_rows",
            title="Many rows",
            question="What if no model fits all rows?",
            values={"d": 100, "n_retain": 150, "noise": 0.5},
        ),
    ),
    limits=(
        "A deep network can move even at a tiny training error.",
        "Weight decay, another start or early stopping change this.",
    ),
    controls=(TRAINED,),
)
