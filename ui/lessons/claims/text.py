"""What the page claims says that does not depend on the numbers."""

from theory import CLAIMS
from ui.lessons.lesson import CLOSER, Page, Prediction, Preset
from ui.plot import real_rows

PAGE = Page(
    stem="claims",
    title="Every claim, on your numbers",
    question="Which of these statements are true of the data you have set up?",
    thread="Last page: whether fine-tuning forgets depends on the hospital's rows, features and noise. So now: test "
    "every statement of this site on your own settings.",
    group=CLOSER,
    prediction=Prediction(
        question="Some statements have a condition that these data do not meet. How far apart are the two sides of "
        "most of these?",
        options={
            "rounding": "By rounding only",
            "little": "By less than 1%",
            "much": "By 1% or more",
        },
    ),
    aside=real_rows.KEYS,
    controls=real_rows.CONTROLS,
    claims=tuple(CLAIMS),
    presets=(
        Preset(
            key="few_conditions_met",
            title="Almost nothing fits",
            question="Noise, many rows, few seen: what is still true?",
            values={"d": 60, "n_retain": 200, "n_tune": 20, "noise": 1.0},
        ),
        Preset(
            key="share_nothing",
            title="Nothing shared",
            question="Which statements are about this case alone?",
            values={"overlap": 0.0, "noise": 0.5},
        ),
        Preset(
            key="share_everything",
            title="All shared, many rows",
            question="Which statements wait for that?",
            values={"d": 60, "overlap": 1.0, "n_retain": 200, "noise": 0.5},
        ),
        Preset(
            key="rows_held_back",
            title="Some rows held back",
            question="Fine-tuning sees 20 of 50: which statement is about the damage?",
            values={"n_tune": 20, "noise": 0.5},
        ),
        Preset(
            key="real_claims",
            title="Real patients",
            question="Which statements hold for patients?",
            values={"rows": "Diabetes"},
        ),
    ),
    limits=(
        "Numbers that agree are no proof; numbers that differ would expose a false statement.",
        "This is linear regression, not a deep network.",
        "A condition is enough for its statement, but not always needed.",
    ),
    cast="Each line says how far the two sides of one statement are apart on your data, as a share of their size.",
)
