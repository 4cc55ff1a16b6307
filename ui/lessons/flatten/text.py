"""What the page flatten says that does not depend on the numbers."""

from ui.lessons.lesson import ALL, Page, Prediction, Preset
from ui.plot.controls import Choice, Slider

# What the address calls the three ways, by what stands on screen.
WAYS = {"As in their code": "published", "Full gradient": "full", "Closed form": "smooth"}
STEPS = 300

PAGE = Page(
    stem="flatten",
    title="Forgetting with no other data",
    question="Can a model forget a row when nothing else is at hand?",
    thread="Last page: a belief from which rows are divided out. So now: a method that sees **no label and no row to "
    "keep**. It makes the model flat around the row to forget, and hopes that what was memorised there goes.",
    group=ALL,
    cast="**Pretrained**: a curve fitted to all rows; the lower the row to forget lies, the deeper it dips there. "
    "**Golden**: the curve without that row. **Flattened**: the pretrained curve after steps that make it change less "
    "when the row is moved a little to either side.",
    prediction=Prediction(
        question="Step after step the curve is made flat around the row, 300 times. How does its gap to golden change, "
        "near the row?",
        options={
            "falls": "It falls, and ends about as low as it gets",
            "turns": "It falls, and rises again",
            "rises": "It rises, and never falls clearly below where it began",
            "still": "It hardly changes",
        },
    ),
    presets=(
        Preset(
            key="too_many_steps",
            title="Too many steps",
            question="Three times as many steps: does more flattening forget more?",
            values={"pressed": 105},
        ),
        Preset(
            key="wide_moves",
            title="A longer move",
            question="The row is moved twice as far: how many steps does it take now?",
            values={"moved": 0.6, "pressed": 71},
        ),
        Preset(
            key="full_gradient",
            title="The full gradient",
            question="Both ends of a move are trained: does it still overshoot?",
            values={"way": "Full gradient", "pressed": 189},
        ),
        Preset(
            key="nothing_memorised",
            title="Nothing was memorised",
            question="The row lies on the curve like any other: what do the steps do to it?",
            values={"depth": 0.0, "moved": 0.1, "pressed": 100},
        ),
    ),
    limits=(
        "One input and one row to forget. A network has many inputs, and its features are learned.",
        "The paper moves a row by Gaussian noise. With one input that has no finite mean slope, so here a move has "
        "exactly the length σ.",
        "Of the paper (arXiv 2402.01401) the abstract and the public code were read; the update is our reading of "
        "them. The full gradient, the closed form and every number here are ours.",
        "The best number of steps is found here with golden. Who has only the row to forget cannot find it so.",
        "The pulls of the full gradient keep their size until a slope turns round. Where the curve is flat already, as "
        "at depth 0, its line therefore goes to and fro.",
    ),
    controls=(
        Slider(
            key="moved",
            label="Length of a move σ",
            low=0.05,
            high=1.0,
            step=0.05,
            usual=0.3,
            help="How far the row is moved to either side. A feature of the curve has the width h.",
        ),
        Slider(key="pressed", label="Steps", low=0, high=STEPS, step=1, usual=35, help="Steps of flattening."),
        Choice(
            key="way",
            label="How it is made flat",
            options=WAYS,
            help="As in their code, the moved end is held fixed; the full gradient trains both ends; the closed form "
            "balances slope against change, with a weight of 0.002 for each step.",
        ),
        Slider(
            key="depth",
            label="How far the row lies below",
            low=0.0,
            high=4.0,
            step=0.1,
            usual=2.0,
            help="How far the row to forget lies below the curve of the others.",
        ),
        Slider(
            key="feature",
            label="Width of a feature h",
            low=0.15,
            high=0.6,
            step=0.05,
            usual=0.3,
            help="The curve is a sum of 61 bumps of this width.",
        ),
        Slider(
            key="share",
            label="What is left of the linear model",
            low=0.0,
            high=1.0,
            step=0.01,
            usual=0.9,
            help="For the picture of a linear model: the factor by which flattening has shrunk all its weights.",
        ),
        Slider(
            key="forgotten",
            label="Its rows to forget",
            low=1,
            high=100,
            step=1,
            usual=50,
            help="For the picture of a linear model: how many of its rows are to be forgotten.",
        ),
    ),
    aside=("depth", "feature", "share", "forgotten"),
)
