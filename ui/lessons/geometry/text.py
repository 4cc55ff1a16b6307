"""What the page geometry says that does not depend on the numbers."""

from ui.lessons.lesson import STORY, Page, Prediction, Preset, Still
from ui.plot import real_rows
from ui.plot.controls import Choice, Grab, Scrub

# Start points s * w_o that can be scrubbed, and turns of a view, in degrees.
STARTS: tuple[float, ...] = tuple(round(0.02 * k, 2) for k in range(51))
TURNS: tuple[float, ...] = tuple(float(k) for k in range(0, 181, 3))
# Steps of fine-tuning in the valley, and how much of the way to the floor is left after each: a fifth goes at a step.
STEPS: tuple[int, ...] = tuple(range(41))
LEFT: tuple[float, ...] = tuple(0.8**k for k in STEPS)
# The true weights that made both labels in the valley, and the corners of the picture that are in it on every screen.
TRUTH, NEAR, FAR = (1.6, 1.2), (-1.4, -1.2), (3.0, 2.4)

VIEWS = {"Two features": "two", "Any dimension": "any", "Three features": "three"}

SCALE = Scrub(
    key="scale",
    label="Start: all weights of the pretrained model times s",
    values=STARTS,
    usual=0.5,
    help="0: nothing, 1: the pretrained model itself.",
)


def _grabs(name: str, label: str, usual: tuple[float, float]) -> tuple[Grab, Grab]:
    """Return both coordinates of a point that can be dragged in the valley."""
    one, two = (
        Grab(
            key=f"{name}{i + 1}",
            label=f"{label}, feature {i + 1}",
            low=NEAR[i],
            high=FAR[i],
            step=0.02,
            usual=usual[i],
            help="Drag it in the picture.",
        )
        for i in range(2)
    )
    return one, two


START = _grabs("start", "Start", (-0.5, 1.0))
KEEP = _grabs("keep", "Row to keep", (0.9, -0.2))
FORGET = _grabs("forget", "Row to forget", (0.3, 0.8))

PAGE = Page(
    stem="geometry",
    title="The picture that is exact",
    question="What does fine-tuning change, and what does it leave as it was?",
    thread="Last page: every step is a weighted sum of the rows to keep. So now: see what that leaves as it was.",
    group=STORY,
    prediction=Prediction(
        question="Fine-tuning begins at “start” and trains on the rows to keep. Where does it end?",
        options={
            "golden": "At golden",
            "pretrained": "At pretrained",
            "across": "At the nearest model that fits the rows to keep",
            "still": "It stays at the start",
        },
    ),
    cast=(
        "A model is a point, and its error on the rows to keep is its height. **Pretrained** fits all rows; "
        "**golden** never saw the rows to forget; **fine-tuned** is where training ends."
    ),
    claims=("I3", "I4", "I6"),
    presets=(
        Preset(
            key="from_nothing",
            title="From nothing",
            question="Where does a ball from zero stop?",
            values={"start1": 0.0, "start2": 0.0},
        ),
        Preset(
            key="on_the_floor",
            title="Already on the floor",
            question="What if the start is pretrained itself?",
            values={"start1": TRUTH[0], "start2": TRUTH[1]},
        ),
        Preset(
            key="two_thousand",
            title="2,000 features",
            question="Can a flat picture be true for 2,000 weights?",
            values={"view": "Any dimension", "d": 2000, "overlap": 0.2, "scale": 0.8},
        ),
        Preset(
            key="broken_triangle",
            title="No right angle",
            question="Does the triangle survive noisy labels and many rows?",
            values={"view": "Any dimension", "d": 60, "n_retain": 60, "noise": 0.5},
        ),
        Preset(
            key="flat_triangle",
            title="Nothing left over",
            question="What if the rows to keep use every direction?",
            values={"view": "Any dimension", "d": 40, "overlap": 1.0, "n_retain": 100, "noise": 0.5},
        ),
        Preset(
            key="real_triangle",
            title="Real patients",
            question="One patient in ten leaves: is the triangle right-angled for real rows, too?",
            values={"rows": "Diabetes"},
        ),
    ),
    limits=(
        "For a deep network, the models that fit lie on no line.",
        "Valley and triangle are derived here; the paper's abstract speaks of neither.",
    ),
    aside=real_rows.KEYS,
    drawn=("view",),
    controls=(
        *real_rows.CONTROLS,
        Choice(
            key="view",
            label="Seen in",
            options=VIEWS,
            help="Two features: a valley, with one row of each kind. Any dimension: the triangle of 0, golden and "
            "pretrained, for the shared settings. Three features: the same triangle in space.",
        ),
        SCALE,
        Scrub(
            key="rolled",
            label="Steps of fine-tuning",
            values=tuple(float(k) for k in STEPS),
            usual=0.0,
            help="Every step goes a fifth of the way to the floor.",
        ),
        Scrub(
            key="turn",
            label="Walk round the picture",
            values=TURNS,
            usual=36.0,
            help="0: along the line both planes share.",
        ),
        *START,
        *KEEP,
        *FORGET,
    ),
    fixed={"n_tune": 0},
    still={
        ("view", "two"): Still(
            {"overlap": None, "d": 2, "n_retain": 1, "n_forget": 1, "n_tune": 0, "noise": 0.0, "seed": None},
            "The valley's two rows, and the start, are dragged in the picture. These settings are for the other views.",
        ),
        ("view", "three"): Still(
            {"d": 3, "n_retain": 1, "n_forget": 1, "n_tune": 0},
            "Here are three features, and one row of each kind. What is held is for “Any dimension”.",
        ),
    },
)
