"""What the tests of ui share: fitted models, the corners of the dashboard, and the way back from text to numbers."""

import gettext
import itertools
import json
import re
import subprocess
import sys

import numpy as np
import plotly.graph_objects as go
from hypothesis import strategies as st

from tests.theory.cases import specs
from theory import Metrics, OverlapCurve, Spec, draw, fit_all, loss_curve, measure
from ui.figures.models import CAST_KEYS
from ui.plot.picture import Picture, to_json
from ui.plot.view import read_view

# Rounding changes weights by less than this share of their length, a real move by far more than the other: over
# 250,000 random Specs nothing lay between 5e-11 and 5e-8.
ROUNDED, REAL = 1e-10, 1e-8
# Charts and caches pass theory's numbers on; nothing is computed again.
UNTOUCHED = {"rtol": 0, "atol": 0}
# Three significant digits are off by at most half a unit in the third, two by half a unit in the second.
THREE_DIGITS, TWO_DIGITS = 0.005, 0.05

# Every combination of the ends of the dashboard's ranges, and fine-tuning on one row or on all.
CORNERS = [
    Spec(d=d, overlap=overlap, n_retain=n_retain, n_forget=n_forget, n_tune=n_tune, noise=noise)
    for d, overlap, n_retain, n_forget, n_tune, noise in itertools.product(
        (2, 2000), (0.0, 1.0), (1, 500), (1, 500), (1, None), (0.0, 5.0)
    )
]

# Small data, with more features than rows and with fewer.
SPECS = (
    Spec(d=20, n_retain=6, n_forget=5),
    Spec(d=1, n_retain=3, n_forget=1, noise=1.0),
    Spec(d=7, overlap=1.0, n_retain=20, n_forget=30, n_tune=5, noise=5.0),
)
small_specs = specs(d=st.integers(1, 40), rows=st.integers(1, 40))
wide_specs = specs(rows=st.integers(1, 60))

THEMES = ("light", "dark")
LOSSES = ("remaining_loss", "unlearning_loss")
# Before the guess.
HIDDEN = frozenset({"fine_tune"})

_SUPERSCRIPT = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
NUMBER = r"−?[0-9][0-9,]*(?:\.[0-9]+)?(?: × 10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?"


def name_of(spec):
    """A Spec as a test id: what differs from the default."""
    usual = Spec()
    return " ".join(f"{k}={v:g}" for k, v in vars(spec).items() if v != getattr(usual, k)) or "default"


def fitted(spec):
    """The data of a Spec, and weights and Metrics of the three models by key."""
    problem = draw(spec)
    weights, _ = fit_all(problem, CAST_KEYS)
    return problem, weights, {record.key: record for record in measure(problem, weights)}


def at_home(text, folder, lines=40):
    """The words of every line that a script prints at home: it is short, needs numpy alone, and runs by itself."""
    assert len(text.splitlines()) <= lines
    assert not re.search(r"(?m)^\s*(from|import) (?!numpy as np$)", text)
    (folder / "take_away.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-I", "take_away.py"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [line.split() for line in done.stdout.splitlines()]


def view_at(page, **asked):
    """The View of an address of a page."""
    return read_view(page, {key: [str(value)] for key, value in asked.items()})


def mean_square(rows, labels, w):
    return float(np.mean((rows @ w - labels) ** 2))


def relative_change(a, b):
    """|a - b| relative to the longer of the two; 0 where both are zero."""
    difference, size = np.linalg.norm(a - b), max(np.linalg.norm(a), np.linalg.norm(b))
    return 0.0 if difference == 0 else float(difference / size)


def are_one(a, b):
    """Whether two weight vectors differ by rounding alone; a difference that is neither rounding nor real fails."""
    change = relative_change(a, b)
    assert change <= ROUNDED or change >= REAL, change
    return change <= ROUNDED


def read(text):
    """The number a text stands for: "12,346", "0.500", "1.0 × 10⁻⁵"."""
    assert re.fullmatch(NUMBER, text), text
    mantissa, _, exponent = text.replace(",", "").replace("−", "-").partition(" × 10")
    return float(mantissa) * 10.0 ** int(exponent.translate(_SUPERSCRIPT) or 0)


def says(text, value):
    """Whether a text is a value, as far as its digits go."""
    tolerance = TWO_DIGITS if "×" in text else THREE_DIGITS
    # The last digit may be rounded from a value that lies half a unit off in floating point.
    return abs(read(text) - value) <= tolerance * abs(value) * (1 + 1e-9)


def record(key="fine_tune", **values):
    """Metrics made by hand."""
    numbers = dict.fromkeys((n for n in Metrics.__dataclass_fields__ if n != "key"), 0.0)
    return Metrics(key=key, **{**numbers, **values})


def small_curve(spec, draws=2, overlaps=(0.0, 0.25, 0.5, 1.0)) -> OverlapCurve:
    return loss_curve(spec, overlaps, CAST_KEYS, draws)


def decode(value):
    """What the browser reads of a figure; among numbers, null is the gap that it draws."""
    if isinstance(value, dict):
        return {k: decode(v) for k, v in value.items()}
    if not isinstance(value, list):
        return value
    if None in value and any(isinstance(v, int | float) for v in value):
        return [np.nan if v is None else v for v in value]
    return [decode(v) for v in value]


def drawn(figure):
    """A figure as the browser gets it."""
    return decode(json.loads(to_json(Picture(figure, ""))))


def is_valid(figure):
    """Assert that Plotly knows every property and every value of a figure, and the browser every part of it."""
    layout = {**figure.layout, "template": None}  # the template itself is checked where it is made
    go.Figure(data=figure.data, layout=layout, frames=figure.frames)
    assert drawn(figure)["layout"]["height"] > 0


def traces(figure, **meta):
    """The traces of a decoded figure whose meta has exactly these entries among its own."""
    return [t for t in figure["data"] if meta.items() <= t.get("meta", {}).items()]


def blocks_of(trace):
    """The weights of one block in the anatomy, by model: read where the flat tops of the outlines are."""
    panels = trace["meta"]["panels"]
    return {
        model: part[1:-2:2]
        for model, part in zip(panels, np.split(np.asarray(trace["customdata"], dtype=float), len(panels)), strict=True)
    }


def bars_of(trace):
    """The bars of the remedies by model and reading."""
    meta = trace["meta"]
    return dict(zip(zip(meta["models"], meta["readings"], strict=True), trace["customdata"], strict=True))


def models_of(figure):
    """Every model that a figure shows something of."""
    told = [t.get("meta", {}) for t in figure["data"]]
    return {
        model for meta in told for model in [*meta.get("panels", ()), *meta.get("models", ()), meta.get("model")]
    } - {None}


def statements(figure):
    """The marks of the statements in the picture of both sides, by key."""
    (trace,) = [t for t in figure["data"] if "claims" in t["meta"]]
    marker, meta = trace["marker"], trace["meta"]
    parts = (trace["x"], trace["y"], marker["color"], marker["symbol"], meta["standings"])
    names = ("x", "y", "color", "symbol", "standing")
    return {key: dict(zip(names, part, strict=True)) for key, *part in zip(meta["claims"], *parts, strict=True)}


def the_trace(figure, **meta):
    (found,) = traces(figure, **meta)
    return found


class Translations(gettext.NullTranslations):
    """What some English texts are in another language; forms by number as in English."""

    def __init__(self, texts):
        super().__init__()
        self.texts = texts

    def gettext(self, message):
        return self.texts.get(message, message)

    def ngettext(self, msgid1, msgid2, n):
        return self.gettext(msgid1 if n == 1 else msgid2)
