"""The controls: what each is called, which values it takes, and how a value stands in the address."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from theory import Spec
from ui.language import english, say

_WHOLE = re.compile(r"-?[0-9]{1,9}", re.ASCII)
_DECIMAL = re.compile(r"-?(?:[0-9]{1,9}(?:\.[0-9]{0,17})?|\.[0-9]{1,17})(?:[eE][+-]?[0-9]{1,2})?", re.ASCII)

# A refusal names so many options of a choice.
LISTED = 10
# Closer to 0 than this share of a step is a slip; label noise below 1e-8 could not be told from exact zero on a chart.
FINEST = 0.01


@dataclass(frozen=True, kw_only=True)
class Slider:
    """A number on an even scale."""

    key: str
    label: str
    low: float
    high: float
    step: float
    usual: float
    format: str | None = None
    help: str

    @property
    def default(self) -> Any:
        """The value it has before anyone moves it."""
        return self.usual

    def refusal(self, text: str) -> str | None:
        """Return why the text of an address parameter is refused, in our own words, or None where it is accepted."""
        whole = isinstance(self.low, int)
        if not (_WHOLE if whole else _DECIMAL).fullmatch(text):
            return say("is not a whole number") if whole else say("is not a number")
        if not self.low <= float(text) <= self.high:
            return say("is outside {low:g} to {high:g}", low=self.low, high=self.high)
        if 0 < abs(float(text)) < FINEST * self.step:
            return say("is too close to 0")
        return None

    def shown(self, value: Any) -> str:
        """Return a value as it stands in the address."""
        return f"{value:g}"


@dataclass(frozen=True, kw_only=True)
class Scale:
    """A number out of a list, such as an even scale of its logarithm with 0 in front."""

    key: str
    label: str
    values: tuple[float, ...]
    usual: float
    help: str

    @property
    def default(self) -> float:
        """The value it has before anyone moves it."""
        return self.usual

    def refusal(self, text: str) -> str | None:
        """Return why the text of an address parameter is refused, in our own words, or None where it is accepted."""
        if text in map(self.shown, self.values):
            return None
        return (
            say("is not one of the scale's {count} values", count=len(self.values))
            if _DECIMAL.fullmatch(text)
            else say("is not a number")
        )

    def shown(self, value: Any) -> str:
        """Return a value as it stands on the scale and in the address."""
        return f"{value:g}"


@dataclass(frozen=True, kw_only=True)
class Scrub(Scale):
    """A number out of a list that moves a chart in the browser: the page draws it beside its chart (`ui.scrubber`)."""


@dataclass(frozen=True, kw_only=True)
class Grab(Slider):
    """A number that a handle on a picture sets (`ui.plot.picture.Handle`): the picture alone shows it."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of a few: what stands on screen and in the address, with the value it stands for; `menu` where many are."""

    key: str
    label: str
    options: Mapping[str, str]
    help: str
    menu: bool = False

    @property
    def default(self) -> str:
        """The first option."""
        return next(iter(self.options))

    def refusal(self, text: str) -> str | None:
        """Return why the text of an address parameter is refused, in our own words, or None where it is accepted."""
        if english(text, self.options) is not None:
            return None
        if len(self.options) > LISTED:
            return say("is none of its {count} options", count=len(self.options))
        return say("is none of ") + ", ".join(map(say, self.options))

    def shown(self, value: Any) -> str:
        """Return an option as it stands in a link: in English, which every language reads."""
        return str(value)

    def spelled(self, text: str) -> str:
        """Return an option, said in any language, as it stands on screen, and so in the address, in this one."""
        return say(english(text, self.options) or text)


@dataclass(frozen=True, kw_only=True)
class Switch:
    """On or off, off at first."""

    key: str
    label: str
    help: str

    @property
    def default(self) -> bool:
        """Off."""
        return False

    def refusal(self, text: str) -> str | None:
        """Return why the text of an address parameter is refused, in our own words, or None where it is accepted."""
        return None if text in ("true", "false") else say("is neither true nor false")

    def shown(self, value: Any) -> str:
        """Return a position as it stands in the address."""
        return str(value).lower()


@dataclass(frozen=True, kw_only=True)
class Whole:
    """A whole number that the page itself sets, such as a cell of a map; none at first."""

    key: str
    label: str
    low: int
    high: int

    @property
    def default(self) -> None:
        """None."""

    def refusal(self, text: str) -> str | None:
        """Return why the text of an address parameter is refused, in our own words, or None where it is accepted."""
        if not _WHOLE.fullmatch(text):
            return say("is not a whole number")
        if not self.low <= int(text) <= self.high:
            return say("is outside {low:g} to {high:g}", low=self.low, high=self.high)
        return None

    def shown(self, value: Any) -> str:
        """Return a number as it stands in the address."""
        return "" if value is None else str(value)


Control = Slider | Scale | Scrub | Grab | Choice | Switch | Whole
# What the page draws or sets itself; the frame draws the others.
BY_PAGE = (Scrub, Grab, Whole)


def refusal(control: Control, values: Sequence[str]) -> str | None:
    """Return why the values of an address parameter are refused, or None where they are accepted."""
    return control.refusal(values[0]) if len(values) == 1 else say("was given more than once")


def possible(control: Control, value: object) -> bool:
    """Whether a control can have this value: what a browser sends may have been written by hand."""
    match control:
        case Slider():
            return isinstance(value, int | float) and control.refusal(control.shown(value)) is None
        case Scale():
            return value in control.values
        case Choice():
            return value in tuple(control.options)
        case Switch():
            return isinstance(value, bool)
        case Whole():
            return value is None or (type(value) is int and control.low <= value <= control.high)


def _shared(key: str, label: str, low: float, high: float, step: float, help: str, format: str | None = None) -> Slider:
    """Return the control of a Spec field, with the Spec's own default; 0 where that is None."""
    usual: Any = next(f.default for f in fields(Spec) if f.name == key) or type(low)(0)
    return Slider(key=key, label=label, low=low, high=high, step=step, usual=usual, format=format, help=help)


# What all pages share: one row a Spec field.
CONTROLS = (
    _shared(
        "overlap",
        "Feature overlap",
        0.0,
        1.0,
        0.01,
        "Share of the features that the rows to keep and the rows to forget both use.",
        "percent",
    ),
    _shared("d", "Features d", 2, 2000, 1, "Numbers that describe each row."),
    _shared("n_retain", "Rows to keep", 1, 500, 1, "n_r: the rows whose patients stay."),
    _shared("n_forget", "Rows to forget", 1, 500, 1, "n_f: the rows whose patients withdraw."),
    _shared(
        "n_tune",
        "Rows fine-tuning sees (0: all)",
        0,
        500,
        1,
        "n_t: fine-tuning uses the first so many of the rows to keep; 0 means all of them.",
    ),
    _shared(
        "noise",
        "Label noise",
        0.0,
        5.0,
        0.05,
        "Standard deviation of the random error on every label, in the labels' own units.",
    ),
    _shared("seed", "Draw (seed)", 0, 999, 1, "Another number draws other random data."),
)


def chosen(control: Control, text: str) -> Any:
    """Return the value that a text which `refusal` accepts stands for."""
    match control:
        case Slider():
            return type(control.low)(text)
        case Scale():
            return next(value for value in control.values if control.shown(value) == text)
        case Choice():
            return text
        case Switch():
            return text == "true"
        case Whole():
            return int(text)


def spec_text(spec: Spec, own: Mapping[str, object] | None = None) -> str:
    """Return a Spec as one address parameter that sets every shared control: "overlap:0.4,d:200,...".

    `own` are settings of a page's own controls by key, as they stand in the address: "alpha:1" follows.
    """
    shared = {c.key: c.shown(getattr(spec, c.key) or 0) for c in CONTROLS}
    return ",".join(f"{key}:{text}" for key, text in {**shared, **(own or {})}.items())


def read_spec_text(text: str, own: Sequence[Control] = ()) -> dict[str, Any] | None:
    """Return the controls' values from `spec_text`; None where it is not one, with every value allowed.

    Every shared control has to be named; those of `own`, the page's, may be.
    """
    pairs = dict(part.split(":", 1) for part in text.split(",") if ":" in part)
    shared, all_of_them = {c.key for c in CONTROLS}, {c.key: c for c in (*CONTROLS, *own)}
    if not shared <= pairs.keys() <= all_of_them.keys() or any(all_of_them[k].refusal(t) for k, t in pairs.items()):
        return None
    return {key: chosen(all_of_them[key], found) for key, found in pairs.items()}
