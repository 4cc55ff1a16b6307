"""What the page network says that does not depend on the numbers."""

from ui.lessons.lesson import ROWS, Page, Prediction, Preset
from ui.plot.controls import Choice, Slider

MOST_SEED = 99
# What the address calls the kinds of forgetting, by what stands on screen.
FORGOTTEN = {"One digit": "class", "Rows at random": "random", "Wrong labels": "wrong"}

PAGE = Page(
    stem="network",
    title="Does a neural network do the same?",
    question="A small neural network learns handwritten digits and must forget some. Does fine-tuning make it forget?",
    group=ROWS,
    thread="Last page: the models were linear, and their theorems hold. So now: a neural network learns from the "
    "hospital's scans while you watch.",
    cast="**Pretrained**: 64 pixels, 128 hidden units, ten digits, trained on 1,000 images. **Fine-tuned**: trained "
    "further with the images to keep. **Golden**: trained from the same start without those to forget. Take "
    "each image for a patient's scan: some patients withdraw their consent.",
    prediction=Prediction(
        question="After fine-tuning on the images to keep, what does the network answer on the images it should have "
        "forgotten?",
        options={
            "keeps": "What it was taught, nearly always",
            "part": "What it was taught on some of them",
            "golden": "What it was taught about as often as golden",
        },
    ),
    controls=(
        Choice(
            key="net_forget",
            label="What to forget",
            options=FORGOTTEN,
            help="Every image of one digit; a tenth of all images; or a tenth that was given a wrong label.",
            menu=True,
        ),
        Slider(
            key="net_digit",
            label="Which digit",
            low=0,
            high=9,
            step=1,
            usual=3,
            help="The digit to forget.",
        ),
        Slider(
            key="net_seed",
            label="Training (seed)",
            low=0,
            high=MOST_SEED,
            step=1,
            usual=0,
            help="Another number trains other networks on another choice of images.",
        ),
    ),
    aside=("net_forget", "net_digit", "net_seed"),
    only={"net_digit": "class"},
    presets=(
        Preset(
            key="mistakes",
            title="Memorised mistakes",
            question="A tenth of the labels were wrong, and the network learned them by heart. Does fine-tuning "
            "correct it?",
            values={"net_forget": "Wrong labels"},
        ),
        Preset(
            key="anyone",
            title="Anyone",
            question="Images at random withdraw. Why does it look as if nothing had happened?",
            values={"net_forget": "Rows at random"},
        ),
        Preset(
            key="eights",
            title="Eights",
            question="Is an 8 easier to forget than a 3?",
            values={"net_digit": 8},
        ),
    ),
    limits=(
        "One small network on small images. That it answers as it does is measured here, not proved; the theorems of "
        "the other pages are about linear models.",
        "CE-FT, inverse CE-FT and KL-FT are our reading of the paper, of which only abstract, summaries and reviews "
        "were read. Rates and numbers of epochs are ours, and tuned for none of the methods.",
        "Golden depends on its start. How far two goldens are apart is a floor that no method can be asked to beat; "
        "below it, an order of the methods means nothing.",
        "The attack looks at the loss of one row alone. Stronger attacks train networks of their own.",
    ),
)
