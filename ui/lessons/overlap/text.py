"""What the page overlap says that does not depend on the numbers."""

from ui.lessons.lesson import STORY, Page, Prediction, Preset

PAGE = Page(
    stem="overlap",
    title="When they share some",
    question="Does it help fine-tuning to forget when both sets use some of the same features?",
    thread="Last page: with no feature in common, fine-tuning cannot touch what the patients who withdrew have "
    "taught. So now: they share some features with the patients who stay.",
    group=STORY,
    prediction=Prediction(
        question="Fine-tuning may now change weights that the rows to forget use as well. How much of golden's "
        "error on them will the fine-tuned model reach? 0 %: it remembers everything; 100 %: it errs like "
        "golden.",
    ),
    claims=("I1", "I2", "I3"),
    presets=(
        Preset(
            key="all_shared",
            title="All shared",
            question="Every feature shared: do the rows to keep now overwrite what the rows to forget taught?",
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
            question="More rows to keep than features, all of them shared: when does fine-tuning forget?",
            values={"d": 60, "overlap": 1.0, "n_retain": 200, "noise": 0.5},
        ),
        Preset(
            key="few_rows_seen",
            title="Few rows seen",
            question="Fine-tuning sees 20 of 200 rows: does it forget more, or less, than with all of them?",
            values={"d": 60, "overlap": 1.0, "n_retain": 200, "n_tune": 20, "noise": 0.5},
        ),
    ),
    limits=(
        "Each dot is a mean over a few draws; the bars are its standard error, the band reaches from the "
        "smallest draw to the largest. The dotted line is the exact expectation, which is infinite where the "
        "peak leaves the picture.",
        "This is Theorem 3.4 of the paper's first version. Which features overlap is known here; in real data "
        "nobody says.",
    ),
)
