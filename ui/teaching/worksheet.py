"""Worksheets: eight questions on paper about a tiny problem and one setting of the pages, and their answers.

A seed picks the numbers of both: the same seed and setting give the same sheet, which says how to make it again. What
stands around the questions is in `worksheet.html`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from theory import Metrics, Spec
from ui.language import code, say
from ui.language.words import FLOOR, look_same, loss_text, number
from ui.lessons import BY_STEM
from ui.lessons.lesson import Page, Preset
from ui.page import links
from ui.plot.controls import CONTROLS
from ui.teaching import qr

# Where the question about a setting is answered, and whose cases can be put on a sheet: pages with the same models.
READ_ON = "overlap"
STEMS = ("start", "distinct", "overlap")
# Shares of the pretrained model that question 4 starts from, and how many times golden's error question 8 speaks of.
_SHARES, _OVERDONE = (0.2, 0.4, 0.5, 0.6, 0.8), (2, 3, 4)
_STEP_SIZES = (0.01, 0.05, 0.1)

# Letters of the sheet, as HTML.
_LETTERS = {a + b: Markup("<i>{}</i><sub>{}</sub>").format(a, b) for a, b in ("xr", "yr", "xf", "yf")}
_LETTERS |= {f"w{b}".lower(): Markup("<i>w</i><sub>{}</sub>").format(b) for b in "ogtA"} | {"k": Markup("<i>k</i>")}
_FOLDER = FileSystemLoader(Path(__file__).parent)
_PAGE = Environment(loader=_FOLDER, autoescape=True, undefined=StrictUndefined, trim_blocks=True)


@dataclass(frozen=True)
class Rows:
    """The tiny problem: three features, one row of each kind, whole numbers; and what the questions vary.

    Shapes: retain, forget and pretrained (3,); feature 1 is retain-only, 2 shared, 3 forget-only.

    Attributes
    ----------
    pretrained : w_o, a sum of multiples of the two rows that fits both, and so the smallest weights that do.
    share : the share of w_o that question 4 starts from.
    step_size : of the one step of gradient descent in question 3.
    overdone : how many times golden's error question 8 speaks of.
    """

    retain: tuple[int, ...]
    forget: tuple[int, ...]
    pretrained: tuple[int, ...]
    labels: tuple[int, int]
    share: float
    step_size: float
    overdone: int


def rows(seed: int) -> Rows:
    """Return the tiny problem of a seed: neither label is 0, nor is the shared weight that question 6 asks for."""
    rng = np.random.default_rng(seed)
    while True:
        a, b, c, e = rng.integers(1, 4, 4).tolist()
        sign, p, q = rng.choice([-1, 1], 3).tolist()
        p, q = p * int(rng.integers(1, 3)), q * int(rng.integers(1, 3))
        retain, forget = (a, b, 0), (0, sign * c, e)
        pretrained = tuple(p * r + q * f for r, f in zip(retain, forget, strict=True))
        labels = _dot(retain, pretrained), _dot(forget, pretrained)
        if all(labels) and pretrained[1]:
            share, step, overdone = (rng.choice(values).item() for values in (_SHARES, _STEP_SIZES, _OVERDONE))
            return Rows(retain, forget, pretrained, labels, share, step, overdone)


def _dot(a: Sequence[int], b: Sequence[int]) -> int:
    return sum(x * y for x, y in zip(a, b, strict=True))


def cases() -> dict[str, tuple[Page, Preset]]:
    """Return the cases that can be put on a sheet, by key: those that every page with the three models can show."""
    keys = {c.key for c in CONTROLS}
    pages = [BY_STEM[stem] for stem in STEMS]
    return {p.key: (page, p) for page in pages for p in page.presets if set(p.values) <= keys}


def of_case(key: str) -> Spec:
    """Return the setting of a case to try."""
    page, preset = cases()[key]
    values: dict[str, Any] = {**preset.values, **page.fixed}
    return Spec(**{**values, "n_tune": values.get("n_tune") or None})


def setting(spec: Spec, seed: int) -> Spec:
    """Return a setting with this seed, as a link can hold it: with the digits that stand in an address."""
    return replace(spec, overlap=float(f"{spec.overlap:g}"), noise=float(f"{spec.noise:g}"), seed=seed)


def _values(spec: Spec) -> dict[str, Any]:
    return {c.key: getattr(spec, c.key) or 0 for c in CONTROLS}


def link(spec: Spec, start: str) -> str:
    """Return the address at which the questions about a setting are answered; the guess is made on paper."""
    return links.link(start, BY_STEM[READ_ON], _values(spec), guess=False)


def file_name(spec: Spec, *, answers: bool) -> str:
    """Return the name under which a sheet or its key is saved."""
    return f"unlearning-{'answers' if answers else 'worksheet'}-{spec.seed}.html"


def _text(value: float) -> str:
    """Return a number as it stands on the sheet: whole ones as such, others with three digits."""
    whole = round(value)
    return (f"{whole:,}" if abs(value - whole) < 1e-9 else number(value)).replace("-", "\N{MINUS SIGN}")


def _sum(a: Sequence[float], b: Sequence[float]) -> str:
    """Return a product of two rows written out: 2 · 1 + 3 · (-1) + 0 · 2."""
    return " + ".join(f"{_factor(x)} · {_factor(y)}" for x, y in zip(a, b, strict=True))


def _factor(value: float) -> str:
    return f"({_text(value)})" if value < 0 else _text(value)


def _data(name: str, value: float, text: str) -> Markup:
    return Markup('<data id="{}" value="{!r}">{}</data>').format(name, value, text)


def _fill(text: str, values: Mapping[str, str]) -> Markup:
    """Put values into the places of a text; neither is HTML unless it is marked as such."""
    text = text.replace(" - ", "\N{NO-BREAK SPACE}\N{MINUS SIGN}\N{NO-BREAK SPACE}")
    return escape(text).format(**_LETTERS, **values)


def _golden_error(r: Rows) -> float:
    """Return golden's unlearning loss."""
    return float((_dot(r.forget, r.retain) * r.labels[0] / _dot(r.retain, r.retain) - r.labels[1]) ** 2)


def _printed(r: Rows) -> dict[str, str]:
    """Return what the texts say that is not asked for, by the name of its place."""
    masked, (y_r, y_f), length = r.pretrained[:2], r.labels, _dot(r.retain, r.retain)
    return {
        "sum_r": _sum(r.retain, r.pretrained),
        "sum_f": _sum(r.forget, r.pretrained),
        "y": _text(y_r),
        "label": _text(y_f),
        "length": _text(length),
        "eta": f"{r.step_size:g}",
        "s": f"{r.share:g}",
        "miss": _text(_dot(r.forget[:2], masked) - y_f),
        "golden": _text(_golden_error(r)),
        "w2": _text(masked[1]),
        "g2": _text(y_r / length * r.retain[1]),
        "times": _text(r.overdone),
    }


def _answers(r: Rows) -> dict[str, float | Sequence[float]]:
    """Return the numbers and weights that are asked for, by the name of their place."""
    (y_r, y_f), w_o, s, golden = r.labels, r.pretrained, r.share, _golden_error(r)
    t = y_r / _dot(r.retain, r.retain)
    w_g = [t * x for x in r.retain]
    left = [w - g for w, g in zip(w_o, w_g, strict=True)]
    return {
        "pretrained_r": y_r,
        "pretrained_f": y_f,
        "pretrained_rl": 0,
        "pretrained_ul": 0,
        "golden_k": t,
        "golden_w": w_g,
        "golden_f": t * _dot(r.forget, r.retain),
        "golden_ul": golden,
        "gradient": (0, 0, 0),
        "tuned_w": w_o,
        "tuned_ul": 0,
        "share_k": (1 - s) * t,
        "share_w": [s * w + (1 - s) * t * x for w, x in zip(w_o, r.retain, strict=True)],
        "share_ul": (1 - s) ** 2 * golden,
        "share_part": (1 - s) ** 2,
        "left": left,
        "length_o": _dot(w_o, w_o),
        "length_g": sum(w * w for w in w_g),
        "length_left": sum(w * w for w in left),
        "seen": 0,
        "masked_w": (*w_o[:2], 0),
        "masked_rl": 0,
        "masked_ul": (_dot(r.forget[:2], w_o[:2]) - y_f) ** 2,
        "overdone_ul": r.overdone * golden,
    }


def _told(r: Rows, records: Mapping[str, Metrics]) -> dict[str, str]:
    """Return the answers as they stand in the key, the numbers read off the page among them."""
    found: dict[str, str] = {}
    for name, answer in _answers(r).items():
        if isinstance(answer, Sequence):
            parts = [_data(f"{name}_{i}", float(value), _text(value)) for i, value in enumerate(answer, 1)]
            found[name] = Markup("({})").format(Markup(", ").join(parts))
        else:
            found[name] = _data(name, float(answer), _text(answer))
    for key in ("golden", "fine_tune"):
        for loss in ("remaining_loss", "unlearning_loss"):
            name, value = f"page_{key}_{loss}", getattr(records[key], loss)
            found[name] = _data(name, value, loss_text(value, short=True))
    found["compared"] = _compared(records["fine_tune"].unlearning_loss, records["golden"].unlearning_loss)
    return found


@dataclass(frozen=True)
class _Question:
    """One question: how it is answered, what it asks, the lines left for the answer, and the answer."""

    kind: str
    asks: str
    lines: int
    answer: str


def _questions() -> list[_Question]:
    calculate, both = say("calculate"), say("calculate and explain")
    return [
        _Question(
            calculate,
            say(
                "The pretrained model {wo} was trained on both rows. What does it predict for each row? What are its "
                "remaining loss and its unlearning loss?"
            ),
            3,
            say(
                "Row to keep: {sum_r} = {pretrained_r}. Row to forget: {sum_f} = {pretrained_f}. Both are the labels, "
                "so the remaining loss is {pretrained_rl} and the unlearning loss is {pretrained_ul}: it knows both "
                "rows by heart."
            ),
        ),
        _Question(
            calculate,
            say(
                "The golden model {wg} is trained from scratch on the row to keep alone: the smallest weights that "
                "fit it are a multiple of that row, {wg} = {k} {xr}. Find {k}, then {wg} and its unlearning loss."
            ),
            5,
            say(
                "{k} = {yr} / ({xr} · {xr}) = {y} / {length} = {golden_k}, so {wg} = {golden_w}. It predicts "
                "{golden_f} for the row to forget in place of {label}: the unlearning loss is {golden_ul}. So errs a "
                "model that never saw that row."
            ),
        ),
        _Question(
            both,
            say(
                "Now fine-tune {wo} on the row to keep. The gradient of the remaining loss is 2 ({xr} · {wo} - {yr}) "
                "{xr}. What are the weights after one step of step size {eta}? After a thousand? What is the "
                "unlearning loss then? Explain why a larger step would not help."
            ),
            5,
            say(
                "The prediction for the row to keep is already right, so the gradient is {gradient}. After one step "
                "and after a thousand, {wt} = {wo} = {tuned_w}, and the unlearning loss is still {tuned_ul}. A larger "
                "step is a multiple of the same zero: training on the row to keep has nothing to correct, and so "
                "nothing is forgotten."
            ),
        ),
        _Question(
            calculate,
            say(
                "Start fine-tuning from {s} {wo} instead. Each step adds a multiple of {xr}, so it ends at {s} {wo} + "
                "{k} {xr}, with {k} such that the row to keep is fitted. Find {k}, the weights and the unlearning "
                "loss. Which share of golden's unlearning loss is that?"
            ),
            5,
            say(
                "{k} = (1 - {s}) {yr} / ({xr} · {xr}) = {share_k}. The weights are {share_w}, the unlearning loss is "
                "{share_ul}, which is (1 - {s})² = {share_part} of golden's. Of these starts only zero, with nothing "
                "to remember, ends at golden."
            ),
        ),
        _Question(
            both,
            say(
                "Compute the squared lengths of {wo}, of {wg} and of {wo} - {wg}. Which theorem about triangles do "
                "they satisfy? Multiply {xr} with {wo} - {wg}: what does the row to keep see of this difference?"
            ),
            5,
            say(
                "{wo} - {wg} = {left}. Squared lengths: {length_o} = {length_g} + {length_left}. This is Pythagoras: "
                "0, {wg} and {wo} are the corners of a right triangle. {xr} · ({wo} - {wg}) = {seen}: the row to keep "
                "sees nothing of the difference. That is why fine-tuning cannot remove it."
            ),
        ),
        _Question(
            both,
            say(
                "Option A sets the weight that only the row to forget uses, the third, to zero. Write down the "
                "weights {wa}. What are their remaining loss and their unlearning loss? Is that more or less than "
                "golden's unlearning loss? Which weight still carries something of the row to forget?"
            ),
            5,
            say(
                "{wa} = {masked_w}. The row to keep does not use the third feature, so the remaining loss is "
                "{masked_rl} and fine-tuning changes nothing. The unlearning loss is ({miss})² = {masked_ul}, less "
                "than golden's {golden}. The second weight, shared by both rows, still carries something: {w2} here, "
                "{g2} for golden."
            ),
        ),
        _Question(
            say("read off the page and explain"),
            say(
                "Write down a guess first: on the rows to forget, will the fine-tuned model err less than golden, the "
                "same, or more? Then open the link above and read off the losses of golden and of the fine-tuned "
                "model. Were you right? Has the fine-tuned model forgotten?"
            ),
            6,
            say(
                "Error on the rows to keep: golden {page_golden_remaining_loss}, fine-tuned "
                "{page_fine_tune_remaining_loss}. Error on the rows to forget: golden {page_golden_unlearning_loss}, "
                "fine-tuned {page_fine_tune_unlearning_loss}. {compared}"
            ),
        ),
        _Question(
            say("explain"),
            say(
                "Back to the two rows. Someone trains the model until its unlearning loss is {times} times golden's, "
                "and says: the larger the error on the row to forget, the better it is forgotten. What do you answer?"
            ),
            5,
            say(
                "A model that never saw the row errs by golden's {golden}, not by {overdone_ul}. An error far from "
                "that is a trace, too: who looks for it sees that the row was treated in a special way. The aim is to "
                "behave like golden, on this row and on new ones, and not to be wrong."
            ),
        ),
    ]


def _compared(tuned: float, golden: float) -> str:
    """Say how the fine-tuned model's error on the rows to forget stands to golden's."""
    if look_same(tuned, golden):
        return say(
            "They look the same here: in this error, fine-tuning ends where retraining does. One equal number does not "
            "make two models equal; compare their weights on the page."
        )
    if tuned <= FLOOR:
        return say(
            "The fine-tuned model still knows the rows to forget by heart. It has not forgotten: golden, which never "
            "saw them, errs on them."
        )
    if tuned < golden:
        return say(
            "The fine-tuned model errs less on the rows to forget than golden, which never saw them: in this "
            "error it does not behave like a model that never saw them."
        )
    return say(
        "The fine-tuned model errs more on the rows to forget than golden: it does not behave like a model that never "
        "saw them. Forgotten means near golden's error, and more is no better."
    )


def _render(spec: Spec, start: str, title: str, answers: Mapping[str, str] | None) -> str:
    r, values = rows(spec.seed), _values(spec)
    shown = "; ".join(
        f"{say(c.label)}: " + (f"{100 * values[c.key]:g}%" if c.format == "percent" else c.shown(values[c.key]))
        for c in CONTROLS
    )
    address = link(spec, start)
    places = _printed(r) | dict(answers or {})
    return _PAGE.get_template("worksheet.html").render(
        language=code(),
        title=title,
        told=answers is not None,
        who=(say("Name"), say("Date")),
        setting=say("The setting of question 7:"),
        address=address,
        code=found[0] if (found := qr.code_of(address)) else "",
        code_name=say("QR code of this link"),
        shown=shown,
        again=say(
            "Seed {seed}. To make this sheet again, open the link, then choose Worksheets on the page for the person "
            "at the front.",
            seed=spec.seed,
        ),
        heads=(*(say("feature {n}", n=n) for n in (1, 2, 3)), say("label {y}", y="y")),
        given=(
            (say("row to keep {xr}"), (*map(_text, r.retain), _text(r.labels[0]))),
            (say("row to forget {xf}"), (*map(_text, r.forget), _text(r.labels[1]))),
            (say("pretrained weights {wo}"), (*map(_text, r.pretrained), "")),
        ),
        rules=say(
            "For questions 1 to 6 and 8. A model is three weights; it predicts the sum of feature times weight. "
            "Remaining loss: the squared error on the row to keep. Unlearning loss: the squared error on the row to "
            "forget. Of all weights that fit both rows, {wo} are the smallest. Three digits are enough."
        ),
        questions=_questions(),
        fill=lambda text: _fill(text, places),
    )


def sheet(spec: Spec, start: str) -> str:
    """Return the sheet of a setting, whose seed picks its numbers too; `start` is where the app starts."""
    return _render(spec, start, say("Worksheet {seed}: can a model forget by learning on?", seed=spec.seed), None)


def answers(spec: Spec, start: str, records: Mapping[str, Metrics]) -> str:
    """Return the answers to the sheet of a setting; `records` are golden's and the fine-tuned model's losses there."""
    title = say("Answers to worksheet {seed}: can a model forget by learning on?", seed=spec.seed)
    return _render(spec, start, title, _told(rows(spec.seed), records))
