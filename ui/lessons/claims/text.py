"""What the page claims says that does not depend on the numbers."""

from theory import CLAIMS
from ui.lessons.lesson import CLOSER, Page, Prediction, Preset

PAGE = Page(
    stem="claims",
    title="Every claim, on your numbers",
    question="Which of these statements are true of the data you have set up?",
    thread="Last page: whether fine-tuning forgets depends on the hospital's table: its rows, features and noise. So "
    "now: test every statement of this site on the table you have set up.",
    group=CLOSER,
    prediction=Prediction(
        question="Some statements do not apply to these data: their condition is not met. Their two sides are computed "
        "all the same. How far apart are the sides of most of them?",
        options={
            "rounding": "By rounding only",
            "little": "By less than 1 %",
            "much": "By 1 % or more",
        },
    ),
    claims=tuple(CLAIMS),
    presets=(
        Preset(
            key="few_conditions_met",
            title="Almost nothing fits",
            question="Noise, more rows than features, and fine-tuning sees few of them: what is left that is true?",
            values={"d": 60, "n_retain": 200, "n_tune": 20, "noise": 1.0},
        ),
        Preset(
            key="share_nothing",
            title="Nothing shared",
            question="No feature in common: which statements are about this case alone?",
            values={"overlap": 0.0, "noise": 0.5},
        ),
        Preset(
            key="share_everything",
            title="All shared, many rows",
            question="Every feature shared, and more rows than features: which statements wait for that?",
            values={"d": 60, "overlap": 1.0, "n_retain": 200, "noise": 0.5},
        ),
        Preset(
            key="rows_held_back",
            title="Some rows held back",
            question="Fine-tuning sees 20 of the 50 rows to keep: which statement is about the damage?",
            values={"n_tune": 20, "noise": 0.5},
        ),
    ),
    limits=(
        "Numbers that agree are no proof; they would, however, expose a false statement at once. What is checked is "
        "linear regression on random data, not a deep network.",
        "Under each condition its statement always holds. Where the condition is not met it may hold all the same: "
        "a condition is enough, not always needed.",
        "Theorems 3.2 and 3.4 and the Options A and B are in the paper's first version; the published version keeps "
        "Option A as retention-based masking. What says “derived here” was worked out for this site.",
    ),
    cast=(
        "Each line of the picture is one statement: an equation about models that were trained on your data. Its two "
        "sides are computed separately; their **relative difference** is how far they are apart, as a share of "
        "the size of what they measure. A computer keeps 16 digits, so equal numbers may differ by 10⁻¹⁶ or a little "
        "more: **rounding**."
    ),
)
