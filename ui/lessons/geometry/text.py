"""What the page geometry says that does not depend on the numbers."""

from ui.lessons.lesson import STORY, Page, Prediction, Preset
from ui.plot.controls import Choice, Scrub

# Start points s * w_o that can be scrubbed, angles between two rows, and turns of a view, in degrees.
STARTS: tuple[float, ...] = tuple(round(0.02 * k, 2) for k in range(61))
ANGLES: tuple[float, ...] = tuple(float(k) for k in range(0, 91, 2))
TURNS: tuple[float, ...] = tuple(float(k) for k in range(0, 181, 3))

VIEWS = {"Any dimension": "any", "Two features": "two", "Three features": "three"}

SCALE = Scrub(
    key="scale",
    label="Start: all weights of the pretrained model times s",
    values=STARTS,
    usual=0.5,
    help="0: nothing, 1: the pretrained model itself.",
)

PAGE = Page(
    stem="geometry",
    title="The picture that is exact",
    question="Where does fine-tuning go when it starts somewhere else, and what does it leave untouched on the way?",
    thread="Last page: a step of training is a weighted sum of the rows it trains on, so the hospital's model cannot "
    "change in any direction that those rows do not use. So now: look at such directions in a picture.",
    group=STORY,
    prediction=Prediction(
        question="All weights of the pretrained model are halved, and fine-tuning starts from there. How large is its "
        "error on the rows to forget afterwards, as a share of golden's? 0 %: it remembers everything; 100 %: it errs "
        "like golden.",
    ),
    cast=(
        "**Pretrained**: trained on all rows. **Golden**: trained from scratch without the rows to forget. **Start**: "
        "the pretrained model with every weight times s. **Fine-tuned**: the start, trained further on the rows to "
        "keep until nothing changes. Every model is a point; how far two points lie apart is how much the weights "
        "differ."
    ),
    claims=("I3", "I4", "I6"),
    presets=(
        Preset(
            key="from_nothing",
            title="From nothing",
            question="All weights at zero: where does fine-tuning end when there is nothing left to remember?",
            values={"scale": 0.0},
        ),
        Preset(
            key="two_thousand",
            title="2,000 features",
            question="Can a flat picture be true for models with 2,000 weights?",
            values={"d": 2000, "overlap": 0.2, "scale": 0.8},
        ),
        Preset(
            key="lean_triangle",
            title="Two rows, one angle",
            question="Two features: what does golden lose as the two rows come to point the same way?",
            values={"view": "Two features", "angle": 20.0},
        ),
        Preset(
            key="broken_triangle",
            title="No right angle",
            question="Noise, and more rows to keep than features they use: does the triangle survive?",
            values={"d": 60, "n_retain": 60, "noise": 0.5},
        ),
        Preset(
            key="flat_triangle",
            title="Nothing left over",
            question="More rows to keep than features, all of them shared: what happens to the triangle?",
            values={"d": 40, "overlap": 1.0, "n_retain": 100, "noise": 0.5},
        ),
    ),
    limits=(
        "The view of two features has labels without noise, so that both data lines pass through the truth.",
        "The picture is exact because the model is linear. For a deep network the models that fit the rows to keep "
        "lie on no line or plane, and nobody can draw it.",
        "Halving all weights is no method of unlearning: it also halves what the rows to keep taught, which "
        "fine-tuning puts back here because it sees all of them.",
        "The triangle is derived here, from the setting of the paper; neither version of the paper draws it.",
    ),
    controls=(
        Choice(
            key="view",
            label="Seen in",
            options=VIEWS,
            help="Any dimension: the plane of 0, golden and pretrained, for the settings at the side. Two or three "
            "features: weight space itself, for one row to keep and one row to forget.",
        ),
        SCALE,
        Scrub(
            key="angle",
            label="Angle between the row to keep and the row to forget",
            values=ANGLES,
            usual=60.0,
            help="0: the same feature, 90: features of their own.",
        ),
        Scrub(
            key="turn",
            label="Walk round the picture",
            values=TURNS,
            usual=36.0,
            help="0: along the line both planes share.",
        ),
    ),
    fixed={"n_tune": 0},
)
