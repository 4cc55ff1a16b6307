"""What the page digits says that does not depend on the numbers."""

from theory.data import SOURCES
from ui.lessons.lesson import ROWS, Page, Prediction, Preset
from ui.plot.controls import Choice, Scale, Slider

# How many features there can be; from 1,000 on the training rows are no more than the features.
COUNTS = (100, 300, 500, 700, 850, 900, 925, 950, 975, 1000, 1100, 1500, 2000, 4000)
USUAL = 2000
WEIGHTS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
# One length for all waves: pixels are 0 to 1.
LENGTH = 2.5

PAGE = Page(
    stem="digits",
    title="Forget a class, rows, or mistakes",
    question="Does fine-tuning forget real images any better than drawn numbers?",
    thread="Last page: what one patient taught stayed in the model, to the last digit. So now: a whole class of images "
    "is to be forgotten, or a tenth of all, or mistakes.",
    group=ROWS,
    prediction=Prediction(
        question="A model learnt 1,000 images. Some are to be forgotten: it is trained further, on the others, until "
        "nothing changes. How many of the forgotten images does it then answer otherwise than it was taught?",
        options={"none": "None of them", "some": "Some of them", "all": "All of them"},
    ),
    presets=(
        Preset(
            key="some_images",
            title="Some rows",
            question="A tenth of the images, of all digits: why does even golden answer nearly all of them right?",
            values={"kind": "Some rows"},
        ),
        Preset(
            key="memorised_mistakes",
            title="Mistakes",
            question="A tenth of the labels is wrong: does fine-tuning on the right ones mend the model?",
            values={"kind": "Mistakes"},
        ),
        Preset(
            key="few_waves",
            title="Fewer features than rows",
            question="With 500 features the images to keep settle every weight: what does fine-tuning do now?",
            values={"waves": 500.0},
        ),
        Preset(
            key="between_phases",
            title="In between",
            question="Fewer features than images, but more than images to keep: how much is forgotten?",
            values={"waves": 950.0},
        ),
    ),
    limits=(
        "The model is linear in random waves of the pixels, not a neural network: it never learns what to look at.",
        "The accuracies are those of one split of one small set; another split gives others.",
        "An attack that is no better than chance on average can still be right about single images.",
        "The lengths of the pushes, of the decay and of the waves are ours; the paper's experiments use others.",
    ),
    controls=(
        Choice(
            key="kind",
            label="What is forgotten",
            options={"A class": "class", "Some rows": "random", "Mistakes": "wrong"},
            help="All images of one digit, a tenth of all images, or a tenth that was taught with wrong labels.",
            menu=True,
        ),
        Slider(key="digit", label="Digit", low=0, high=9, step=1, usual=3, help="Which digit is forgotten as a class."),
        Slider(
            key="split",
            label="Split (seed)",
            low=0,
            high=99,
            step=1,
            usual=0,
            help="Another number trains on other images, and draws other waves.",
        ),
        Scale(
            key="waves",
            label="Features p",
            values=tuple(map(float, COUNTS)),
            usual=float(USUAL),
            help="Random waves of the pixels: the more, the finer what the model can tell apart.",
        ),
        Scale(
            key="push",
            label="Weight of a push, alpha (table below)",
            values=WEIGHTS,
            usual=1.0,
            help="How hard the methods that push do so; the others have no use for it.",
        ),
    ),
    aside=("kind", "digit", "split", "push"),
    only={"digit": "class"},
    file=SOURCES["digits"].file,
)
