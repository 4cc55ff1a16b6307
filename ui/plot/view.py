"""What a picture shows: a View, and the one way from an address to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from theory import Refusal, Spec
from theory.data import Data, TableRows
from ui.figures.style import Theme
from ui.language import CATALOGUES, ENGLISH, english, say
from ui.plot import real_rows
from ui.plot.controls import CONTROLS, Choice, Control, chosen, refusal

# The longest address that is read, in characters; a page's own have some hundred.
LONGEST = 4000
_NO, _YES = "0", "1"
# What an address of a picture says beside the settings, and what it says where that is left out.
_SWITCHES = {"told": _YES, "lecture": _NO, "moving": _NO}
THEMES: tuple[Theme, ...] = ("light", "dark")


class Parameters(Protocol):
    """What a page lets an address set."""

    @property
    def stem(self) -> str:
        """Its name in the address."""

    @property
    def controls(self) -> Sequence[Control]:
        """The page's own controls."""

    @property
    def fixed(self) -> Mapping[str, float]:
        """Shared controls that the page holds at a value of its own."""

    @property
    def experiment(self) -> bool:
        """Whether the shared controls have a say on it."""


@dataclass(frozen=True, kw_only=True)
class View:
    """Everything a picture depends on: equal Views give equal pictures, so a View is a link and a key of a cache.

    Attributes
    ----------
    page : the page it stands on.
    spec : the law the data are drawn by, where they are drawn.
    rows : the real rows in their place; None where they are drawn.
    options : what the page's own controls say, by key, in their order.
    told : whether the answer is drawn, too.
    theme, language : how it looks, and what it speaks.
    lecture : whether it is drawn for the back of a room.
    moving : whether a slider is under the hand: what takes long may be computed with less.
    """

    page: str
    spec: Spec
    rows: TableRows | None = None
    options: tuple[tuple[str, Any], ...] = ()
    told: bool = True
    theme: Theme = "light"
    language: str = ENGLISH
    lecture: bool = False
    moving: bool = False

    def __getitem__(self, key: str) -> Any:
        """Return what one of the page's own controls says."""
        return dict(self.options)[key]

    @property
    def data(self) -> Data:
        """What the page is about: real rows, or what draws them."""
        return self.rows or self.spec

    @property
    def hidden(self) -> frozenset[str]:
        """The models whose part of a picture waits for the guess."""
        return frozenset() if self.told else frozenset({"fine_tune"})


def controls_of(page: Parameters) -> tuple[Control, ...]:
    """Return every control that has a say on a page: the shared ones, then its own."""
    return (*(CONTROLS if page.experiment else ()), *page.controls)


def view_of(page: Parameters, values: Mapping[str, Any], **how: Any) -> View:
    """Return the View of a page for the values of its controls by key, as they stand on screen.

    Raises Refusal for settings that do not fit together. `how` are the other fields of a View.
    """
    spec, rows = Spec(), None
    own = tuple((c.key, c.options[values[c.key]] if isinstance(c, Choice) else values[c.key]) for c in page.controls)
    if page.experiment:
        shared = {c.key: page.fixed.get(c.key, values[c.key]) for c in CONTROLS}
        rows = real_rows.request(dict(own), shared["n_tune"], shared["seed"])
        spec = Spec(seed=shared["seed"]) if rows else Spec(**{**shared, "n_tune": shared["n_tune"] or None})
    return View(page=page.stem, spec=spec, rows=rows, options=own, **how)


def read_view(page: Parameters, params: Mapping[str, Sequence[str]]) -> View:
    """Return the View an address asks for: its parameters, each with all it was given.

    Raises Refusal, whose sentence names the parameter, the rule, the value and the way out.
    """
    controls = controls_of(page)
    known = {*(c.key for c in controls), *_SWITCHES, "theme", "lang"}
    for name in params:
        if name not in known:
            raise Refusal(
                "{name!r} is no parameter of a picture of this page, got {value!r}: leave it out",
                {"name": name[:80], "value": params[name][0][:80]},
            )
    how: dict[str, Any] = {
        name: _one_of(name, params.get(name, [usual]), (_NO, _YES)) == _YES for name, usual in _SWITCHES.items()
    }
    how["theme"] = _one_of("theme", params.get("theme", [THEMES[0]]), THEMES)
    how["language"] = _one_of("lang", params.get("lang", [ENGLISH]), tuple(CATALOGUES))
    return view_of(page, {c.key: _value(c, params.get(c.key)) for c in controls}, **how)


def _one_of(name: str, texts: Sequence[str], allowed: Sequence[str]) -> str:
    if len(texts) == 1 and texts[0] in allowed:
        return texts[0]
    raise Refusal(
        "{name} must be one of {allowed}, got {value!r}: leave it out for the usual one",
        {"name": name, "allowed": ", ".join(allowed), "value": ", ".join(texts)[:80]},
    )


def _value(control: Control, texts: Sequence[str] | None) -> Any:
    if texts is None:
        return control.default
    why = refusal(control, texts)
    if why is not None:
        raise Refusal(
            "{label} ({name}) {why}, got {value!r}: move its control, or correct the address",
            {"label": say(control.label), "name": control.key, "why": why, "value": ", ".join(texts)[:80]},
        )
    return english(texts[0], control.options) if isinstance(control, Choice) else chosen(control, texts[0])
