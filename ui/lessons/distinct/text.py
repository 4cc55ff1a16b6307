"""What the page distinct says that does not depend on the numbers."""

from ui.lessons.lesson import LEVELS, STORY, Page, Prediction, Preset

PAGE = Page(
    stem="distinct",
    title="When the features share nothing",
    question="If the rows to keep and the rows to forget use different features, does fine-tuning forget?",
    thread="Last page: fine-tuning goes straight to the models that fit the rows to keep, and never along them. So "
    "now: the simplest hospital, whose patients who withdraw share no feature with those who stay.",
    group=STORY,
    prediction=Prediction(
        question="The rows to forget use features of their own, which the rows to keep never touch. After "
        "fine-tuning, how large is the error on the rows to forget?",
        options=LEVELS,
    ),
    claims=("I1", "I5", "R1"),
    presets=(
        Preset(
            key="tiny",
            title="Two features",
            question="Two features, one row each: can you see the two weights?",
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
            question="Does it matter on how many rows fine-tuning trains?",
            values={"n_tune": 5, "noise": 0.5},
        ),
    ),
    limits=(
        "Features that share nothing at all are a limiting case: real data overlap (next page).",
        "This is Theorem 3.2 of the paper's first version, for its assumption of distinct features; the "
        "identity under the picture is derived here and holds without it.",
    ),
    fixed={"overlap": 0.0},
)
