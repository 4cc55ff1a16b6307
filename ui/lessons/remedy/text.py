"""What the page remedy says that does not depend on the numbers."""

from ui.lessons.lesson import LEVELS, STORY, Page, Prediction, Preset
from ui.plot import real_rows
from ui.plot.controls import Choice, Switch

PAGE = Page(
    stem="remedy",
    title="Take the influence out first",
    question="Can we first erase what the rows to forget taught, and then fine-tune?",
    thread="Last page: whatever is shared, fine-tuning never touches weights that only the withdrawn patients use. So "
    "now: the hospital erases weights first, and fine-tunes afterwards.",
    group=STORY,
    prediction=Prediction(
        question="Option A sets every weight that only the rows to forget use to zero, keeps the shared ones, and then "
        "fine-tunes. How large is its error on the rows to forget?",
        options=LEVELS,
    ),
    cast=(
        "From the **pretrained** model, **Option A** erases the weights that only the rows to forget use, **Option "
        "B** the shared ones too, **Projection** all that the rows to keep cannot see; then each is fine-tuned. "
        "**Golden** is the aim."
    ),
    claims=("R2", "R1", "R3", "R4", "R5"),
    presets=(
        Preset(
            key="still_there",
            title="Not golden",
            question="Noisy labels: Option A erased its part of the model. Why is it not golden?",
            values={"noise": 0.5},
        ),
        Preset(
            key="a_nearer",
            title="Option A is nearer",
            question="Only 10 rows to forget: which erases too much, A or B?",
            values={"n_forget": 10, "noise": 0.5, "erase": "Option B"},
        ),
        Preset(
            key="b_nearer",
            title="Option B is nearer",
            question="100 rows to forget, 20 to keep: is it better to keep the shared weights?",
            values={"n_retain": 20, "n_forget": 100, "noise": 0.5, "erase": "Option B"},
        ),
        Preset(
            key="b_breaks",
            title="Ten rows seen",
            question="Fine-tuning sees 10 of 50: which option keeps the remaining loss?",
            values={"n_tune": 10, "erase": "Option B", "against": "Fine-tuning rows"},
        ),
        Preset(
            key="mixed_features",
            title="Mixed features",
            question="The same data, features mixed: which remedy still works?",
            values={"noise": 0.5, "rotate": True},
        ),
        Preset(
            key="real_columns",
            title="Real columns",
            question="All penguins of one island leave: what does each option erase?",
            values={"rows": "Penguins", "leaves": "A group", "features": 0.0},
        ),
    ),
    limits=(
        "As reviews report, the paper's first version proposes Options A and B. We read the masking of its published "
        "version as Option A. The projection is derived here.",
        "The options need to know which features each set uses. In a deep network nobody does.",
        "The projection needs all rows to keep. Who has them can also train from scratch.",
    ),
    aside=real_rows.KEYS,
    drawn=("against",),
    controls=(
        *real_rows.CONTROLS,
        Choice(
            key="erase",
            label="Erase first (A keeps the overlap, B drops it)",
            options={"Option A": "keep_overlap", "Option B": "drop_overlap", "Projection": "project"},
            help="A: the weights only the rows to forget use. B: the shared weights too. Projection: everything the "
            "rows to keep cannot see.",
        ),
        Choice(
            key="against",
            label="Curves further down against",
            options={"Overlap": "overlap", "Fine-tuning rows": "rows"},
            help="What the horizontal axis of the curves further down is.",
        ),
        Switch(
            key="rotate",
            label="Mix the features",
            help="Rotates the features: every new one is a mixture of all old ones. Nothing about the rows is lost.",
        ),
    ),
)
