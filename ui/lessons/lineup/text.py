"""What the page lineup says that does not depend on the numbers, and a control for every parameter of a method."""

import math
from collections.abc import Mapping

from theory import METHODS, Method, Option, Parameter
from ui.lessons.lesson import ALL, Page, Prediction, Preset
from ui.plot import real_rows
from ui.plot.controls import Choice, Control, Scale, Slider, Whole

# What everything is read beside, and so cannot be chosen.
YARDSTICKS = ("pretrained", "golden")
# The method that is chosen before anyone chooses: right in its error, and far from golden.
FIRST = "datamodel"
# The parameter that methods of ridge models have in common: one control for all of them.
RIDGE = "ridge"
# A scale runs from a thousandth of the usual value to a thousand times it, where the range reaches that far.
DECADES = 3
SORTS = {"Distance": "share", "UL gap": "gap", "Rows touched": "rows", "Family": "family"}
NEEDS = {"Any": "any", "No rows to forget": "forget", "No rows to keep": "retain"}
MEASURES = {
    "unlearning_loss": "Error on rows to forget",
    "remaining_loss": "Error on rows to keep",
    "membership_auc": "Membership attack",
    "new_rows": "Error on new rows",
}
NAMES = ("A", "B", "C")
# What the guess is between, by the evidence of `MEASURES`.
TELLING = {
    "remaining_loss": "Error on the rows to keep",
    "membership_auc": "A membership attack",
    "new_rows": "Error on new rows",
    "none": "None of these",
}
YOUR_OWN = '''# theory/halving.py
"""Halving: the model at half its length."""

from theory.method import Method

ROW = Method(key="halving", label="Halving", formula=r"w_o / 2", idea="Make every weight half as large.",
             source="derived here", needs=frozenset({"pretrained"}), fit=lambda problem: problem.w_o / 2,
             at_interpolation="It halves what every row was answered.")

# theory/methods.py: import halving, and in _ROWS
    halving.ROW,
'''


def _ladder(parameter: Parameter) -> tuple[float, ...]:
    """Return 1, 3, 10 and so on around the usual value, and the ends and 0 where the range has them."""
    usual = parameter.default
    low = max(parameter.low, usual / 10**DECADES)
    high = min(parameter.high, usual * 10**DECADES)
    tens = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    steps = {float(f"{digit}e{power}") for power in tens for digit in (1, 3)}
    found = {usual, *(x for x in steps if low <= x <= high)} | ({0.0} if parameter.low == 0 else set())
    return tuple(sorted(float(round(x)) if parameter.whole else x for x in found))


def control(key: str, parameter: Parameter | Option) -> Control:
    """Return the control of a parameter under this key."""
    label, helps = parameter.name.replace("_", " ").capitalize(), parameter.help
    if isinstance(parameter, Option):
        return Choice(
            key=key,
            label=label,
            options={v.capitalize(): v for v in parameter.options},
            help=helps,
            menu=len(parameter.options) > 2,
        )
    if parameter.log:
        return Scale(key=key, label=label, values=_ladder(parameter), usual=float(parameter.default), help=helps)
    if parameter.whole:
        return Slider(
            key=key,
            label=label,
            low=int(parameter.low),
            high=int(parameter.high),
            step=1,
            usual=int(parameter.default),
            help=helps,
        )
    return Slider(
        key=key,
        label=label,
        low=float(parameter.low),
        high=math.floor(100 * parameter.high) / 100,
        step=0.01,
        usual=float(parameter.default),
        help=helps,
    )


def name_of(method: Method, parameter: Parameter | Option) -> str:
    """Return the key of a parameter's control."""
    return f"{method.key}_{parameter.name}"


def _own(methods: Mapping[str, Method]) -> dict[str, tuple[str, Control]]:
    """Return the controls of all parameters but the ridge, by key, each with its method."""
    return {
        name_of(method, parameter): (method.key, control(name_of(method, parameter), parameter))
        for method in methods.values()
        for parameter in method.parameters
        if parameter.name != RIDGE
    }


CHOSEN = Choice(
    key="method",
    label="Method",
    options={METHODS[key].label: key for key in (FIRST, *(k for k in METHODS if k not in (*YARDSTICKS, FIRST)))},
    help="The method whose formula, weights and settings are shown.",
    menu=True,
)
OWN = _own(METHODS)
SHARED = (
    Scale(
        key="board_ridge",
        label="Ridge",
        values=(0.001, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0),
        usual=1.0,
        help="Pull to zero in the training of all models with a ridge, and of the golden model they are read beside.",
    ),
    Choice(
        key="sort",
        label="Sort by",
        options=SORTS,
        help="Golden stands first, whatever the others are sorted by.",
        menu=True,
    ),
    Choice(key="lacks", label="Needs", options=NEEDS, help="Only methods that do without these rows.", menu=True),
)
# What the reader asks of the three models, a place in MEASURES, and which one is accused, a place in NAMES.
EVIDENCE = Whole(key="evidence", label="Number asked for", low=0, high=len(MEASURES) - 1)
ACCUSED = Whole(key="accused", label="Model said to be golden", low=0, high=len(NAMES) - 1)

PAGE = Page(
    stem="lineup",
    title="Every method on one board",
    question="Which methods end at golden, and which only look like it?",
    thread="Last page: methods for one network. So now: all methods of this site on the hospital's rows.",
    group=ALL,
    cast="Each method should end at **golden**. **Gap**: its error on the rows to forget (UL) minus golden's. "
    "**Away**: how far its weights are from golden's; 1 is as far as before.",
    prediction=Prediction(
        question="Three models err on the rows to forget exactly as golden does; one of them is golden. Which number "
        "tells which?",
        options=TELLING,
    ),
    claims=("I1", "I2", "R5"),
    presets=(
        Preset(
            key="best_trap",
            title="The best trap",
            question="In this draw the additive datamodel has golden's UL, or nearly: how near golden does it end?",
            values={"noise": 0.5, "seed": 3},
        ),
        Preset(
            key="one_by_one",
            title="One row to forget",
            question="With a single row to forget, which methods become exact?",
            values={"noise": 0.5, "n_forget": 1},
        ),
        Preset(
            key="teacher_zero",
            title="A teacher who says 0",
            question="Nothing in common, and a teacher who answers 0: is that golden?",
            values={
                "noise": 0.5,
                "overlap": 0.0,
                "method": METHODS["stochastic_teacher"].label,
                "stochastic_teacher_teacher": "Zero",
            },
        ),
        Preset(
            key="too_far",
            title="Too many steps",
            question="Gradient ascent has a best step: what happens beyond it?",
            values={"noise": 0.5, "method": METHODS["gradient_ascent"].label, "gradient_ascent_steps": 200},
        ),
        Preset(
            key="real_patients",
            title="Real patients",
            question="One patient in ten leaves the diabetes data, seen through 1,000 waves: who ends at golden?",
            values={"rows": "Diabetes"},
        ),
        Preset(
            key="more_rows",
            title="More rows than features",
            question="200 rows to keep and 40 features: which methods cannot be asked any more?",
            values={"noise": 0.5, "d": 40, "n_retain": 200, "method": METHODS["exact_deletion"].label},
        ),
    ),
    limits=(
        "Each method is reduced to linear regression. What it does in a network may be more, or less.",
        "Only abstracts and public code of most of these works were read; every formula here is our reading.",
        "The settings are usual ones, not the best for each: another step or weight moves a method on the board.",
        "Rows touched count visits to rows. They are no measure of time: some visits cost a product, others a "
        "factorisation.",
    ),
    controls=(CHOSEN, *SHARED, *(found for _, found in OWN.values()), EVIDENCE, ACCUSED, *real_rows.CONTROLS),
    aside=real_rows.KEYS,
    only={key: method for key, (method, _) in OWN.items()},
)
