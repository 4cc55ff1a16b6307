"""What the page distinct says that does not depend on the numbers."""

from ui.lessons.lesson import SHORT_CAST, STORY, Page, Prediction, Preset

PAGE = Page(
    stem="distinct",
    title="When the features share nothing",
    question="If the rows to keep and the rows to forget use different features, does fine-tuning forget?",
    thread="Last page: fine-tuning never moves along the models that fit the rows to keep. So now: a hospital whose "
    "withdrawing patients share no feature with the others.",
    group=STORY,
    prediction=Prediction(
        question="Every bar is a weight. In which bars will the fine-tuned model and golden differ?",
        options={
            "none": "In none",
            "keep": "Only those of the rows to keep",
            "forget": "Only those of the rows to forget",
            "both": "In both",
        },
    ),
    cast=SHORT_CAST,
    claims=("I1", "I5"),
    presets=(
        Preset(
            key="tiny",
            title="Two features",
            question="One row each: can you see the two weights?",
            values={"d": 2, "n_retain": 1, "n_forget": 1},
        ),
        Preset(
            key="no_room",
            title="No room",
            question="More rows to forget than features to hold them: is anything left to remember?",
            values={"d": 60, "n_forget": 200, "noise": 1.0},
        ),
        Preset(
            key="few_rows",
            title="Few rows seen",
            question="What if fine-tuning sees five rows?",
            values={"n_tune": 5, "noise": 0.5},
        ),
    ),
    limits=(
        "A limiting case: real rows share features.",
        "As reviews report, this case is Theorem 3.2 in the paper's first version; the formula is derived here.",
    ),
    fixed={"overlap": 0.0},
)
