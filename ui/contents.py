"""The table of contents: every page with its question, its guess, its claims, its cases to try and its limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """What the reader commits to before the answer is drawn: one of several options, or a share from 0 to 100 %.

    Attributes
    ----------
    question : what is asked.
    options : answers by the outcome they name (`narration.outcomes`); none where a share is asked for.
    """

    question: str
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Preset:
    """One case to try: its name in the address and on screen, the question it answers, and the unusual settings."""

    key: str
    title: str
    question: str
    values: Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page: pages/<stem>.py, its place in the menu, and everything it says that does not depend on the numbers.

    Attributes
    ----------
    fixed : shared controls this page holds at a value of its own.
    claims : keys of the claims the page rests on; the first is its formula.
    limits : what the page does not tell.
    """

    stem: str
    title: str
    question: str
    group: str
    prediction: Prediction
    claims: tuple[str, ...]
    presets: tuple[Preset, ...]
    limits: tuple[str, ...]
    fixed: Mapping[str, float] = field(default_factory=dict)


_STORY = "The story"
_LEVELS = {
    "nothing": "Zero",
    "part": "Less than golden's",
    "all": "The same as golden's",
    "more": "More than golden's",
}

PAGES: tuple[Page, ...] = (
    Page(
        stem="start",
        title="Can you unlearn by learning more?",
        question="A model has learned from every row of a table. Some rows must be forgotten. Is it enough to train "
        "on with the others?",
        group=_STORY,
        prediction=Prediction(
            question="After 10,000 more steps of training on the other rows alone, how large is the model's error "
            "on the rows to forget?",
            options=_LEVELS,
        ),
        claims=("I2", "I1"),
        presets=(
            Preset(
                key="one_row", title="One row", question="Is one single row easier to forget?", values={"n_forget": 1}
            ),
            Preset(
                key="noisy_labels",
                title="Noisy labels",
                question="What if the labels are mostly noise? The attacker reads the noise, too.",
                values={"noise": 1.0},
            ),
            Preset(
                key="many_rows",
                title="Many rows",
                question="What if there are more rows than features, so that no model fits them all?",
                values={"d": 100, "n_retain": 150, "noise": 0.5},
            ),
        ),
        limits=(
            "A linear model has one layer; a deep network can move even when its training loss is tiny. "
            "What carries over is the reason: training follows the gradient of the rows it sees, and no other.",
            "The steps are those of plain gradient descent. Weight decay, another start or stopping early change "
            "the story.",
        ),
    ),
    Page(
        stem="distinct",
        title="When the features share nothing",
        question="If the rows to keep and the rows to forget use different features, does fine-tuning forget?",
        group=_STORY,
        prediction=Prediction(
            question="The rows to forget use features of their own, which the rows to keep never touch. After "
            "fine-tuning, how large is the error on the rows to forget?",
            options=_LEVELS,
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
    ),
    Page(
        stem="overlap",
        title="When they share some",
        question="Does it help fine-tuning to forget when both sets use some of the same features?",
        group=_STORY,
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
                question="Every feature shared: surely the rows to keep overwrite the others now?",
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
    ),
)
BY_STEM: Mapping[str, Page] = {page.stem: page for page in PAGES}
PRESETS: Mapping[str, Preset] = {preset.key: preset for page in PAGES for preset in page.presets}
