"""What the page regularize says that does not depend on the numbers."""

from ui.lessons.lesson import STORY, Page, Prediction, Preset
from ui.plot import real_rows
from ui.plot.controls import Choice, Scale

# Weights of the push on the forget rows: none, then six a decade, each with one or two digits.
ALPHAS: tuple[float, ...] = (
    0.0,
    *(float(f"{digits}e{power}") for power in range(-3, 2) for digits in (1, 1.5, 2, 3, 5, 7)),
    100.0,
)

PAGE = Page(
    stem="regularize",
    title="Push the rows to forget somewhere",
    question="If training on the rows to keep does not forget, can we teach the model wrong answers for the rows to "
    "forget?",
    thread="Last page: to erase weights, the hospital must know which features its withdrawn patients use. So now: "
    "it does not know, and trains the model on other labels for their rows instead.",
    group=STORY,
    prediction=Prediction(
        question="We push harder and harder. Once the error on the rows to forget is as large as golden's, is the "
        "model golden?",
        options={
            "golden": "Yes, it is golden",
            "apart": "No, it is another model",
            "never": "At no alpha shown are they equal",
        },
    ),
    claims=("D3", "D4", "D1", "D2"),
    presets=(
        Preset(
            key="pushed_softly",
            title="Pushed softly",
            question="The error is far below golden's. Is the model near it?",
            values={"noise": 0.3, "alpha": 0.01},
        ),
        Preset(
            key="pushed_too_far",
            title="Pushed too far",
            question="What does it cost to know the rows worse than a stranger?",
            values={"noise": 0.3, "alpha": 1.0},
        ),
        Preset(
            key="pushed_to_zero",
            title="A better target",
            question="Push to 0: how much nearer to golden does the best alpha come?",
            values={"noise": 0.3, "alpha": 0.3, "target": "Zero"},
        ),
        Preset(
            key="weight_idle",
            title="Nothing to weigh",
            question="Nothing asks the model to stay close: why does alpha no longer matter?",
            values={"noise": 0.3, "mu": 0.0},
        ),
        Preset(
            key="told_by_golden",
            title="Told by golden",
            question="Do golden's own predictions lead to golden? And who knows them?",
            values={"noise": 0.3, "mu": 0.0, "target": "Golden's own"},
        ),
        Preset(
            key="real_push",
            title="Real patients",
            question="Shuffled labels for patients who leave: where do both errors end?",
            values={"rows": "Diabetes"},
        ),
    ),
    limits=(
        "As reviews report, the paper's first version proposes such a push, with alpha up to 1; its published version "
        "replaces it by masks. The closed form, the term with mu and all numbers are ours.",
        "Golden's own predictions serve for teaching only: whoever has them needs no push. A stronger attack may see "
        "more.",
    ),
    cast="**Pushed**: the pretrained model, trained further on the rows to keep and, under wrong labels (the target), "
    "on the rows to forget. **Golden**: trained without the rows to forget.",
    aside=real_rows.KEYS,
    controls=(
        *real_rows.CONTROLS,
        Scale(
            key="alpha",
            label="Weight of the push, alpha",
            values=ALPHAS,
            usual=0.1,
            help="How much an error against the target counts, next to an error on the rows to keep. 0: no push.",
        ),
        Choice(
            key="target",
            label="Push the rows to forget to",
            options={
                "Shuffled labels": "shuffled",
                "Zero": "zero",
                "Opposite labels": "opposite",
                "Golden's own": "oracle",
            },
            help="Labels of other rows to forget; 0 for all; their own labels with the sign turned round; or what "
            "golden predicts, an oracle for teaching only.",
        ),
        Scale(
            key="mu",
            label="Stay close, mu",
            values=(0.0, 0.001, 0.01, 0.1, 1.0, 10.0),
            usual=0.1,
            help="How much it costs to move away from the pretrained model. 0: nothing.",
        ),
    ),
)

EQUAL = "An error is an average over rows, and many models share one average. Walk along the curve to golden's height."
ATTACK = (
    "Take a row to forget and a fresh one that no model has seen. The attacker says: the one with the smaller error "
    "was trained on. Blind guessing is right for half of all such pairs."
)
WEIGHT = (
    "Alpha weighs errors on the rows to keep against errors on the targets. Where one model is best for both, it "
    "weighs nothing."
)
# Folded away until asked for.
VARIANTS = (
    "Reviews report three forms of the push in the paper's first version: **CE-FT**, **inverse CE-FT** and **KL-FT**. "
    "We could not read its definitions, so this is our reading. *Cross-entropy* (CE) measures how surprising a "
    "label is under the prediction: CE-FT adds alpha times that of the targets to the error on the rows to keep. "
    "Inverse CE-FT divides the error on the rows to keep by alpha instead. KL-FT compares with a whole distribution "
    "around the target, by the *Kullback-Leibler divergence* (KL).\n\n"
    "In this model all three are squared errors. KL and CE differ by a number that no weight changes (D1); to divide "
    "everything by alpha moves no minimum (D2; mu is then divided, too). For a classifier they are three losses."
)
