"""What the page boundary says that does not depend on the numbers."""

from ui.lessons.boundary.grids import FINE_CELLS
from ui.lessons.lesson import CLOSER, Page, Prediction, Preset
from ui.plot.controls import Choice, Switch, Whole

_AXES = {
    "Rows to keep per feature": "rows_per_feature",
    "Feature overlap": "overlap",
    "Label noise": "noise",
    "Share of rows fine-tuning sees": "tune_share",
    "Weight decay": "decay",
    "Rows to forget per row to keep": "forget_share",
}

PAGE = Page(
    stem="boundary",
    title="Where fine\N{NON-BREAKING HYPHEN}tuning forgets",
    question="Is there any setting at which fine-tuning does forget?",
    thread="Last page: directions that the training rows do not use stand still, unless weight decay shrinks them. So "
    "now: a hospital with other numbers of patients and features, and other noise.",
    group=CLOSER,
    cast="Each cell is an experiment. Its **distance ratio** is the share of the way from pretrained to golden that "
    "fine-tuning leaves: 1, nothing moved; 0, it has forgotten.",
    prediction=Prediction(
        question="Which of these makes fine-tuning forget completely?",
        options={
            "rows": "More rows to keep",
            "noise": "Noisier labels",
            "few": "Fewer rows to forget",
            "shared": "As many rows to keep as features, and every feature used",
        },
    ),
    controls=(
        Choice(
            key="map_x",
            label="Across",
            options=_AXES,
            help="What changes from left to right.",
            menu=True,
        ),
        Choice(
            key="map_y",
            label="Up",
            options={"Feature overlap": "overlap", **_AXES},
            help="What changes from bottom to top. Everything else is as in the sidebar.",
            menu=True,
        ),
        Choice(
            key="measure",
            label="Colour",
            options={
                "Distance ratio": "distance_ratio",
                "Unlearning gap": "unlearning_gap",
                "Membership attack": "membership_auc",
                "Leftover share": "leftover_share",
            },
            help="What a cell's colour says. Golden's colour is golden, whatever the measure.",
            menu=True,
        ),
        Switch(key="finer", label="Finer", help="21 by 21 cells in place of 11 by 11; takes about four times as long."),
        Whole(key="map_row", label="Row of the map", low=0, high=FINE_CELLS - 1),
        Whole(key="map_column", label="Column of the map", low=0, high=FINE_CELLS - 1),
    ),
    fixed={"noise": 0.5},
    claims=("I1", "I2", "I6"),
    presets=(
        Preset(
            key="all_features_shared",
            title="All shared",
            question="Every feature shared: how many rows does fine-tuning need?",
            values={"overlap": 1.0, "map_y": "Label noise"},
        ),
        Preset(
            key="decay_map",
            title="Weight decay",
            question="How little is enough to forget, and does it forget only what it should?",
            values={"map_y": "Weight decay"},
        ),
        Preset(
            key="small_share",
            title="Seeing a part",
            question="Every feature shared: is it enough to see half of the rows?",
            values={"overlap": 1.0, "d": 60, "map_y": "Share of rows fine-tuning sees"},
        ),
        Preset(
            key="attacked",
            title="Under attack",
            question="Where can an attacker still tell who was forgotten?",
            values={"measure": "Membership attack"},
        ),
    ),
    limits=(
        "Where golden's mean error is infinite, more draws do not steady a cell.",
        "Label noise is held at 0.5 unless an axis varies it: without noise and weight decay fine-tuning never moves.",
        "The two lines, derived here, are exact for Gaussian rows; real rows have no sharp line.",
    ),
)
