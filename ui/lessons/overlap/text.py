"""What the page overlap says that does not depend on the numbers."""

from ui.lessons.lesson import SHORT_CAST, STORY, Page, Prediction, Preset

PAGE = Page(
    stem="overlap",
    title="When they share some",
    question="Does it help fine-tuning to forget when both sets use some of the same features?",
    thread="Last page: with no feature in common, fine-tuning cannot touch what the withdrawn patients taught. So "
    "now: they "
    "share some with the patients who stay, as in any hospital.",
    group=STORY,
    prediction=Prediction(
        question="Fine-tuning may now change weights that the rows to forget use as well. How much of golden's "
        "error on them will the fine-tuned model reach? 0%: it remembers everything; 100%: it errs like "
        "golden.",
    ),
    cast=SHORT_CAST,
    claims=("I1", "I2", "I3"),
    presets=(
        Preset(
            key="all_shared",
            title="All shared",
            question="Is what the rows to forget taught overwritten?",
            values={"overlap": 1.0},
        ),
        Preset(
            key="crowded",
            title="The peak",
            question="As many rows to keep as features they use: why does golden's error explode?",
            values={"d": 100, "n_retain": 70, "n_forget": 60, "noise": 0.5},
        ),
        Preset(
            key="enough_rows",
            title="Enough rows",
            question="All shared, more rows to keep than features: does fine-tuning forget now?",
            values={"d": 60, "overlap": 1.0, "n_retain": 200, "noise": 0.5},
        ),
        Preset(
            key="few_rows_seen",
            title="Few rows seen",
            question="Fine-tuning sees 20 of 200 rows: does it forget more, or less?",
            values={"d": 60, "overlap": 1.0, "n_retain": 200, "n_tune": 20, "noise": 0.5},
        ),
    ),
    limits=(
        "Dots are means of a few draws with standard errors, bands hold all draws; the dotted line is the expectation.",
        "As reviews report, this case is Theorem 3.4 in the paper's first version.",
        "On real rows nobody says which features are shared.",
    ),
)
