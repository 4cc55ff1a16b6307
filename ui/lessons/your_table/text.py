"""What the page your_table says that does not depend on the numbers."""

from ui.lessons.lesson import ROWS, Page, Prediction, Preset
from ui.plot.controls import Choice, Slider, Switch

PAGE = Page(
    stem="your_table",
    title="Your own table",
    question="Some rows of your table have to be forgotten. Is it enough to fine-tune on the others?",
    thread="Last page: images left, and their labels stayed in the model. So now: bring a table of your own, or take "
    "the penguins, and let rows leave.",
    group=ROWS,
    cast="A linear model predicts one column from the others. **Pretrained** learned all rows, **fine-tuned** went on "
    "with the rows to keep, **golden** never saw the rows to forget.",
    prediction=Prediction(
        question="The model is trained further on the rows that stay, until nothing changes. Has it forgotten those "
        "that left?",
        options={
            "yes": "Yes: it is the model that never saw them",
            "part": "In part",
            "no": "No: nothing changes",
        },
    ),
    presets=(
        Preset(
            key="own_lifted",
            title="More features than rows",
            question="Random waves take the columns' place, many more than rows: is anything forgotten now?",
            values={"lift": True},
        ),
        Preset(
            key="own_tenth",
            title="One row in ten",
            question="Rows leave at random: what do only these use?",
            values={"gone": "One row in ten"},
        ),
        Preset(
            key="own_one",
            title="One row, many features",
            question="A single row leaves: does the model still state its value?",
            values={"gone": "One row", "lift": True},
        ),
    ),
    limits=(
        "The models are linear in the columns, or in random waves of them. Another kind of model may forget more or "
        "less.",
        "Nothing here proves to an authority that data were erased. It shows what a method leaves in a model.",
        "Forgetting your file here ends what this site holds of it, not models that you trained elsewhere.",
    ),
    controls=(
        Choice(
            key="gone",
            label="Rows to forget",
            options={"As chosen": "group", "One row in ten": "tenth", "One row": "one"},
            help="As chosen: the rows you choose below; of the example, all penguins of one island. The other two are "
            "drawn at random.",
            menu=True,
        ),
        Switch(
            key="lift",
            label="More features than rows",
            help="Random waves of the columns in their place: twice as many as rows, at least 1,000.",
        ),
        Slider(
            key="shuffle",
            label="Draw (seed)",
            low=0,
            high=99,
            step=1,
            usual=0,
            help="Another number holds other rows back, and draws other waves.",
        ),
    ),
    aside=("gone", "lift", "shuffle"),
    file="penguins.csv",
)

PRIVACY = (
    "Your table stays in this server's memory. It is in no address, no log and on no disk, and nobody else sees it. It "
    "goes when you press “Forget my file”; else when the server ends your session, which it does some minutes or more "
    "after you close the page, and at the latest an hour after you last used it."
)
