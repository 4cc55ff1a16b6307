"""Worksheets: eight questions on paper about a tiny problem and one setting of the pages, and their answers, as HTML.

A seed picks the numbers of both: the same seed and setting give the same sheet, which says how to make it again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import numpy as np

from theory import Metrics, Spec
from ui.language import code, say
from ui.language.words import FLOOR, look_same, loss_text, number
from ui.lessons import BY_STEM
from ui.lessons.lesson import Page, Preset
from ui.page import links
from ui.plot.controls import CONTROLS

# Where the question about a setting is answered, and whose cases can be put on a sheet: pages with the same models.
READ_ON = "overlap"
STEMS = ("start", "distinct", "overlap")
# Shares of the pretrained model that question 4 starts from, and how many times golden's error question 8 speaks of.
_SHARES, _OVERDONE = (0.2, 0.4, 0.5, 0.6, 0.8), (2, 3, 4)
_STEP_SIZES = (0.01, 0.05, 0.1)

# Letters of the sheet, as HTML.
_LETTERS = {
    "xr": "<i>x</i><sub>r</sub>",
    "yr": "<i>y</i><sub>r</sub>",
    "xf": "<i>x</i><sub>f</sub>",
    "yf": "<i>y</i><sub>f</sub>",
    "wo": "<i>w</i><sub>o</sub>",
    "wg": "<i>w</i><sub>g</sub>",
    "wt": "<i>w</i><sub>t</sub>",
    "wa": "<i>w</i><sub>A</sub>",
    "k": "<i>k</i>",
}

_STYLE = """
@page { margin: 16mm 18mm 18mm }
:root { color-scheme: light }
body { font: 11pt/1.45 Georgia, "Times New Roman", serif; color: #111; background: #fff; max-width: 174mm;
  margin: 8mm auto; padding: 0 4mm }
h1 { font-size: 17pt; line-height: 1.2; margin: 0 0 2mm }
h2 { font-size: 12pt; margin: 6mm 0 1mm; break-after: avoid }
p { margin: 0 0 2mm }
a { color: inherit; overflow-wrap: anywhere }
sub { line-height: 0 }
.who { display: flex; gap: 8mm; margin: 0 0 4mm }
.who span { flex: 1; border-bottom: 1px solid #777; padding-top: 5mm }
.again, .given { border: 1px solid #777; border-radius: 1.5mm; padding: 2.5mm 3.5mm; margin: 3mm 0;
  break-inside: avoid }
.again { font-size: 9.5pt }
.again p:last-child, .given p:last-child { margin-bottom: 0 }
table { border-collapse: collapse; margin: 0 0 2mm }
th, td { text-align: right; padding: 0.6mm 3mm; border-bottom: 1px solid #bbb; font-weight: normal }
th:first-child { text-align: left; padding-left: 0 }
thead th { white-space: nowrap }
section { break-inside: avoid }
.kind { font: italic 9.5pt/1.45 Georgia, "Times New Roman", serif; color: #444; font-weight: normal; margin-left: 2mm }
.line { height: 8.5mm; border-bottom: 1px dotted #777 }
.answer { border-left: 1mm solid #111; padding-left: 3mm }
data { font-weight: bold }
@media print { body { margin: 0; padding: 0; max-width: none } }
@media (max-width: 600px) { th, td { padding: 0.6mm 1.5mm } .who { flex-wrap: wrap } .who span { min-width: 40mm } }
"""


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
    """Return the tiny problem of a seed; neither label is 0."""
    rng = np.random.default_rng(seed)
    while True:
        a, b, c, e = rng.integers(1, 4, 4).tolist()
        sign, p, q = rng.choice([-1, 1], 3).tolist()
        p, q = p * int(rng.integers(1, 3)), q * int(rng.integers(1, 3))
        retain, forget = (a, b, 0), (0, sign * c, e)
        pretrained = tuple(p * r + q * f for r, f in zip(retain, forget, strict=True))
        labels = _dot(retain, pretrained), _dot(forget, pretrained)
        if all(labels):
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


def _fill(text: str, **values: str) -> str:
    """Put HTML into the places of a text; the text itself is not HTML."""
    text = text.replace(" - ", "\N{NO-BREAK SPACE}\N{MINUS SIGN}\N{NO-BREAK SPACE}")
    return escape(text, quote=False).format(**{**_LETTERS, **values})


def _text(value: float) -> str:
    """Return a number as it stands on the sheet: whole ones as such, others with three digits."""
    whole = round(value)
    return (f"{whole:,}" if abs(value - whole) < 1e-9 else number(value)).replace("-", "\N{MINUS SIGN}")


def _vector(values: Sequence[float]) -> str:
    return f"({', '.join(map(_text, values))})"


def _sum(a: Sequence[float], b: Sequence[float]) -> str:
    """Return a product of two rows written out: 2 · 1 + 3 · (-1) + 0 · 2."""
    return " + ".join(f"{_factor(x)} · {_factor(y)}" for x, y in zip(a, b, strict=True))


def _factor(value: float) -> str:
    return f"({_text(value)})" if value < 0 else _text(value)


def _data(name: str, value: float, text: str | None = None) -> str:
    return f'<data id="{name}" value="{value!r}">{_text(value) if text is None else escape(text)}</data>'


def _data_vector(name: str, values: Sequence[float]) -> str:
    return f"({', '.join(_data(f'{name}_{i}', v) for i, v in enumerate(values, 1))})"


@dataclass(frozen=True)
class _Question:
    """One question: how it is answered, what it asks, the lines left for the answer, and the answer, as HTML."""

    kind: str
    asks: str
    lines: int
    answer: str


def _tiny(r: Rows) -> list[_Question]:
    """Return the questions that are answered with what is printed: 1 to 6."""
    calculate, both = say("calculate"), say("calculate and explain")
    x_r, x_f, w_o, (y_r, y_f) = r.retain, r.forget, r.pretrained, r.labels
    length = _dot(x_r, x_r)
    t = y_r / length
    w_g = [t * x for x in x_r]
    gap = _dot(x_f, x_r) * t - y_f
    golden = gap**2
    s, rest = r.share, (1 - r.share) * t
    started = [s * w + rest * x for w, x in zip(w_o, x_r, strict=True)]
    left = [w - g for w, g in zip(w_o, w_g, strict=True)]
    w_a = (*w_o[:2], 0)
    miss = _dot(x_f, w_a) - y_f
    squares = [float(sum(w * w for w in v)) for v in (w_o, w_g, left)]
    return [
        _Question(
            calculate,
            _fill(
                say(
                    "The pretrained model {wo} was trained on both rows. What does it predict for each row? What are "
                    "its remaining loss and its unlearning loss?"
                )
            ),
            3,
            _fill(
                say(
                    "Row to keep: {sum_r} = {p_r}. Row to forget: {sum_f} = {p_f}. Both are the labels, so the "
                    "remaining loss is {rl} and the unlearning loss is {ul}: it knows both rows by heart."
                ),
                sum_r=_sum(x_r, w_o),
                p_r=_data("pretrained_r", float(y_r)),
                sum_f=_sum(x_f, w_o),
                p_f=_data("pretrained_f", float(y_f)),
                rl=_data("pretrained_rl", 0.0),
                ul=_data("pretrained_ul", 0.0),
            ),
        ),
        _Question(
            calculate,
            _fill(
                say(
                    "The golden model {wg} is trained from scratch on the row to keep alone: the smallest weights "
                    "that fit it are a multiple of that row, {wg} = {k} {xr}. Find {k}, then {wg} and its unlearning "
                    "loss."
                )
            ),
            5,
            _fill(
                say(
                    "{k} = {yr} / ({xr} · {xr}) = {y} / {length} = {t}, so {wg} = {w}. It predicts {p} for the row to "
                    "forget in place of {label}: the unlearning loss is {ul}. So errs a model that never saw that row."
                ),
                y=_text(y_r),
                length=_text(length),
                t=_data("golden_k", t),
                w=_data_vector("golden_w", w_g),
                p=_data("golden_f", gap + y_f),
                label=_text(y_f),
                ul=_data("golden_ul", golden),
            ),
        ),
        _Question(
            both,
            _fill(
                say(
                    "Now fine-tune {wo} on the row to keep. The gradient of the remaining loss is 2 ({xr} · {wo} - "
                    "{yr}) {xr}. What are the weights after one step of step size {eta}? After a thousand? What is "
                    "the unlearning loss then? Explain why a larger step would not help."
                ),
                eta=f"{r.step_size:g}",
            ),
            5,
            _fill(
                say(
                    "The prediction for the row to keep is already right, so the gradient is {g}. After one step and "
                    "after a thousand, {wt} = {wo} = {w}, and the unlearning loss is still {ul}. A larger step is a "
                    "multiple of the same zero: training on the row to keep has nothing to correct, and so nothing is "
                    "forgotten."
                ),
                g=_data_vector("gradient", (0.0, 0.0, 0.0)),
                w=_data_vector("tuned_w", [float(w) for w in w_o]),
                ul=_data("tuned_ul", 0.0),
            ),
        ),
        _Question(
            calculate,
            _fill(
                say(
                    "Start fine-tuning from {s} {wo} instead. Each step adds a multiple of {xr}, so it ends at "
                    "{s} {wo} + {k} {xr}, with {k} such that the row to keep is fitted. Find {k}, the weights and the "
                    "unlearning loss. Which share of golden's unlearning loss is that?"
                ),
                s=f"{s:g}",
            ),
            5,
            _fill(
                say(
                    "{k} = (1 - {s}) {yr} / ({xr} · {xr}) = {rest}. The weights are {w}, the unlearning loss is {ul}, "
                    "which is (1 - {s})² = {part} of golden's. Of these starts only zero, with nothing to remember, "
                    "ends at golden."
                ),
                s=f"{s:g}",
                rest=_data("share_k", rest),
                w=_data_vector("share_w", started),
                ul=_data("share_ul", (1 - s) ** 2 * golden),
                part=_data("share_part", (1 - s) ** 2),
            ),
        ),
        _Question(
            both,
            _fill(
                say(
                    "Compute the squared lengths of {wo}, of {wg} and of {wo} - {wg}. Which theorem about triangles "
                    "do they satisfy? Multiply {xr} with {wo} - {wg}: what does the row to keep see of this "
                    "difference?"
                )
            ),
            5,
            _fill(
                say(
                    "{wo} - {wg} = {left}. Squared lengths: {o} = {g} + {l}. This is Pythagoras: 0, {wg} and {wo} are "
                    "the corners of a right triangle. {xr} · ({wo} - {wg}) = {seen}: the row to keep sees nothing of "
                    "the difference. That is why fine-tuning cannot remove it."
                ),
                left=_data_vector("left", left),
                o=_data("length_o", squares[0]),
                g=_data("length_g", squares[1]),
                l=_data("length_left", squares[2]),
                seen=_data("seen", 0.0),
            ),
        ),
        _Question(
            both,
            _fill(
                say(
                    "Option A sets the weight that only the row to forget uses, the third, to zero. Write down the "
                    "weights {wa}. What are their remaining loss and their unlearning loss? Is that more or less than "
                    "golden's unlearning loss? Which weight still carries something of the row to forget?"
                )
            ),
            5,
            _fill(
                say(
                    "{wa} = {w}. The row to keep does not use the third feature, so the remaining loss is {rl} and "
                    "fine-tuning changes nothing. The unlearning loss is ({miss})² = {ul}, less than golden's "
                    "{golden}. The second weight, shared by both rows, still carries something: {w2} here, {g2} for "
                    "golden."
                ),
                w=_data_vector("masked_w", [float(w) for w in w_a]),
                rl=_data("masked_rl", 0.0),
                miss=_text(miss),
                ul=_data("masked_ul", float(miss**2)),
                golden=_text(golden),
                w2=_text(w_a[1]),
                g2=_text(w_g[1]),
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


def _reading(records: Mapping[str, Metrics] | None) -> _Question:
    answer = ""
    if records is not None:
        losses = [
            (f"{key}_{loss}", getattr(records[key], loss))
            for loss in ("remaining_loss", "unlearning_loss")
            for key in ("golden", "fine_tune")
        ]
        shown = [_data(f"page_{name}", value, loss_text(value, short=True)) for name, value in losses]
        answer = _fill(
            say(
                "Error on the rows to keep: golden {g_r}, fine-tuned {t_r}. Error on the rows to forget: golden {g_f}, "
                "fine-tuned {t_f}. {compared}"
            ),
            **dict(zip(("g_r", "t_r", "g_f", "t_f"), shown, strict=True)),
            compared=escape(
                _compared(records["fine_tune"].unlearning_loss, records["golden"].unlearning_loss), quote=False
            ),
        )
    return _Question(
        say("read off the page and explain"),
        _fill(
            say(
                "Write down a guess first: on the rows to forget, will the fine-tuned model err less than golden, the "
                "same, or more? Then open the link above and read off the losses of golden and of the fine-tuned "
                "model. Were you right? Has the fine-tuned model forgotten?"
            )
        ),
        6,
        answer,
    )


def _last(r: Rows) -> _Question:
    y_r, y_f = r.labels
    golden = (_dot(r.forget, r.retain) * y_r / _dot(r.retain, r.retain) - y_f) ** 2
    return _Question(
        say("explain"),
        _fill(
            say(
                "Back to the two rows. Someone trains the model until its unlearning loss is {times} times golden's, "
                "and says: the larger the error on the row to forget, the better it is forgotten. What do you answer?"
            ),
            times=_text(r.overdone),
        ),
        5,
        _fill(
            say(
                "A model that never saw the row errs by golden's {golden}, not by {much}. An error far from that is a "
                "trace, too: who looks for it sees that the row was treated in a special way. The aim is to behave "
                "like golden, on this row and on new ones, and not to be wrong."
            ),
            golden=_text(golden),
            much=_data("overdone_ul", r.overdone * golden),
        ),
    )


def _given(r: Rows) -> str:
    head = "".join(f'<th scope="col">{escape(say("feature {n}", n=n))}</th>' for n in (1, 2, 3))
    lines = [
        (_fill(say("row to keep {xr}")), r.retain, _text(r.labels[0])),
        (_fill(say("row to forget {xf}")), r.forget, _text(r.labels[1])),
        (_fill(say("pretrained weights {wo}")), r.pretrained, ""),
    ]
    body = "".join(
        f'<tr><th scope="row">{name}</th>{"".join(f"<td>{_text(v)}</td>" for v in values)}<td>{label}</td></tr>'
        for name, values, label in lines
    )
    label = escape(say("label {y}", y="y"))
    text = _fill(
        say(
            "For questions 1 to 6 and 8. A model is three weights; it predicts the sum of feature times weight. "
            "Remaining loss: the squared error on the row to keep. Unlearning loss: the squared error on the row to "
            "forget. Of all weights that fit both rows, {wo} are the smallest. Three digits are enough."
        )
    )
    table = f"<table><thead><tr><th></th>{head}<th scope='col'>{label}</th></tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="given">{table}<p>{text}</p></div>'


def _again(spec: Spec, start: str) -> str:
    address = escape(link(spec, start))
    shown = "; ".join(
        f"{say(c.label)}: {100 * value:g} %" if c.format == "percent" else f"{say(c.label)}: {c.shown(value)}"
        for c in CONTROLS
        for value in [_values(spec)[c.key]]
    )
    return (
        f'<div class="again"><p>{escape(say("The setting of question 7:"))} <a href="{address}">{address}</a></p>'
        f"<p>{escape(shown, quote=False)}.</p><p>"
        + escape(
            say(
                "Seed {seed}. To make this sheet again, open the link, then choose Worksheets on the page for the "
                "person at the front.",
                seed=spec.seed,
            ),
            quote=False,
        )
        + "</p></div>"
    )


def _document(title: str, body: str) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="{code()}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n"
        f"<body><main>{body}</main></body></html>\n"
    )


def _section(n: int, question: _Question, below: str) -> str:
    kind = f'<span class="kind">{escape(question.kind)}</span>'
    return f"<section><h2>{n} {kind}</h2><p>{question.asks}</p>{below}</section>\n"


def _questions(spec: Spec, records: Mapping[str, Metrics] | None) -> list[_Question]:
    r = rows(spec.seed)
    return [*_tiny(r), _reading(records), _last(r)]


def sheet(spec: Spec, start: str) -> str:
    """Return the sheet of a setting, whose seed picks its numbers too; `start` is where the app starts."""
    title = say("Worksheet {seed}: can a model forget by learning on?", seed=spec.seed)
    who = "".join(f"<span>{escape(text)}</span>" for text in (say("Name"), say("Date")))
    found = [
        _section(n, q, '<div class="line"></div>' * q.lines) for n, q in enumerate(_questions(spec, None), start=1)
    ]
    top = f'<h1>{escape(title)}</h1><div class="who">{who}</div>{_again(spec, start)}{_given(rows(spec.seed))}'
    return _document(title, top + "".join(found))


def answers(spec: Spec, start: str, records: Mapping[str, Metrics]) -> str:
    """Return the answers to the sheet of a setting; `records` are golden's and the fine-tuned model's losses there."""
    title = say("Answers to worksheet {seed}: can a model forget by learning on?", seed=spec.seed)
    found = [
        _section(n, q, f'<p class="answer">{q.answer}</p>') for n, q in enumerate(_questions(spec, records), start=1)
    ]
    return _document(title, f"<h1>{escape(title)}</h1>{_again(spec, start)}{_given(rows(spec.seed))}{''.join(found)}")
