"""What the page regularize says that does not depend on the numbers."""

from ui.lessons.lesson import STORY, Page, Prediction, Preset
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
        question="We push harder and harder. When the model's error on the rows to forget equals golden's error, is "
        "the model golden?",
        options={
            "golden": "Yes, it is golden",
            "apart": "No, it is another model",
            "never": "The errors never become equal",
        },
    ),
    claims=("D3", "D4", "D1", "D2"),
    presets=(
        Preset(
            key="pushed_softly",
            title="Pushed softly",
            question="Shuffled labels with little weight: the error is far below golden's. Is the model near it?",
            values={"noise": 0.3, "alpha": 0.01},
        ),
        Preset(
            key="pushed_too_far",
            title="Pushed too far",
            question="A hundred times that weight: what does it cost to know the rows worse than a stranger?",
            values={"noise": 0.3, "alpha": 1.0},
        ),
        Preset(
            key="pushed_to_zero",
            title="A better target",
            question="Push to 0 instead of wrong labels: how much nearer to golden does the best weight come?",
            values={"noise": 0.3, "alpha": 0.3, "target": "Zero"},
        ),
        Preset(
            key="weight_idle",
            title="Nothing to weigh",
            question="Stop asking the model to stay close: why does the weight of the push no longer matter?",
            values={"noise": 0.3, "mu": 0.0},
        ),
        Preset(
            key="told_by_golden",
            title="Told by golden",
            question="Push to golden's own predictions: do we get golden? And who could tell us them?",
            values={"noise": 0.3, "mu": 0.0, "target": "Golden's own"},
        ),
    ),
    limits=(
        "The paper's first version (October 2024) proposes this regularization; its published version (2025) "
        "replaces it by masks that keep what the rows to keep use. The closed form and all numbers here are ours.",
        "The three variants end at one model because the errors are squared. For a classifier they are three "
        "different losses.",
        "Golden's own predictions are a target for teaching only: who has them needs no push. The attack is the "
        "simplest there is; a stronger one may see more.",
    ),
    cast="**Pretrained**: trained on all rows. **Pushed**: then trained further, on the rows to keep as they are and "
    "on the rows to forget under other labels, the target. **Golden**: trained from scratch without the rows to "
    "forget.",
    controls=(
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
