"""What the page patient says that does not depend on the numbers."""

from theory.data import SOURCES
from ui.language import Texts
from ui.lessons.lesson import ROWS, Page, Prediction, Preset
from ui.plot.controls import Choice, Slider, Switch

# Every source whose target is a number; a row that each of them trains on can be picked.
TABLES = {source.title: key for key, source in SOURCES.items() if source.unit}
LAST = min(SOURCES[key].train for key in TABLES.values())
# Waves in place of the columns: many more than rows.
WAVES = 2000
# What the columns are called on screen; one that is not here is called as in its file.
COLUMNS = Texts(
    {
        "age": "age",
        "sex": "sex",
        "bmi": "body mass index",
        "bp": "blood pressure",
        "s1": "cholesterol",
        "s2": "LDL",
        "s3": "HDL",
        "s4": "cholesterol / HDL",
        "s5": "log triglycerides",
        "s6": "blood sugar",
        "bill_length_mm": "bill length, mm",
        "bill_depth_mm": "bill depth, mm",
        "flipper_length_mm": "flipper length, mm",
        "year": "year",
        "species = Adelie": "species Adelie",
        "species = Chinstrap": "species Chinstrap",
        "species = Gentoo": "species Gentoo",
        "island = Biscoe": "island Biscoe",
        "island = Dream": "island Dream",
        "island = Torgersen": "island Torgersen",
        "sex = female": "female",
        "sex = male": "male",
        "intercept": "intercept",
    }
)
TARGETS = Texts(
    {
        "progression": "progression of the disease in one year, points",
        "body_mass_g": "body mass, g",
    }
)

PAGE = Page(
    stem="patient",
    title="One patient withdraws",
    question="After fine-tuning on all others, what does the model still know of the one who left?",
    thread="Last page: one by one, the claims stood up to the numbers that were drawn. So now: real patients take "
    "their place, and one of them withdraws consent.",
    group=ROWS,
    prediction=Prediction(
        question="The model was trained on some hundred rows. One leaves, and it is trained further, on all others, "
        "until nothing changes. How well does it then know the value of the one who left?",
        options={
            "exact": "To the last digit",
            "like": "About as well as a stranger's",
            "worse": "Worse than most strangers'",
        },
    ),
    presets=(
        Preset(
            key="another_patient",
            title="Another patient",
            question="Is patient 100 remembered as exactly?",
            values={"who": 100},
        ),
        Preset(
            key="plain_columns",
            title="Ten plain columns",
            question="Far fewer features than patients: does fine-tuning forget now?",
            values={"plain": True},
        ),
        Preset(
            key="one_penguin",
            title="A penguin",
            question="Is it the same with quite another table?",
            values={"table": "Penguins"},
        ),
        Preset(
            key="torgersen",
            title="Another island",
            question="Torgersen's penguins are a species that lives elsewhere, too: what is left of them?",
            values={"island": "Torgersen"},
        ),
    ),
    limits=(
        "The diabetes data are real, old and public, and name nobody; they stand in for a table that is none of these.",
        "The model is linear, in the columns or in random waves of them. Another kind of model may remember less.",
        "One row is one draw: golden may happen to be right about it. The bar shows its usual error on new rows.",
    ),
    controls=(
        Choice(key="table", label="Table", options=TABLES, help="Which real rows the models are trained on."),
        Slider(
            key="who", label="Who leaves", low=1, high=LAST, step=1, usual=6, help="The number of the row that leaves."
        ),
        Slider(
            key="split",
            label="Split (seed)",
            low=0,
            high=99,
            step=1,
            usual=0,
            help="Another number trains on other rows, and draws other waves.",
        ),
        Switch(
            key="plain",
            label="Plain columns, no waves",
            help="The columns as they are, far fewer than the rows, in place of 2,000 random waves of them.",
        ),
        Choice(
            key="island",
            label="Island that is forgotten",
            options={"Dream": "Dream", "Torgersen": "Torgersen", "Biscoe": "Biscoe"},
            help="For the last picture: all penguins of one island leave.",
        ),
    ),
    aside=("table", "split", "plain", "island"),
    file=SOURCES["diabetes"].file,
)
