"""A picture: a figure with its accessible name, its caption and the texts of its frames, and how it travels."""

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson

from ui.figures.figure import Figure
from ui.language.words import together
from ui.plot.view import View


@dataclass(frozen=True, kw_only=True)
class Handle:
    """A point of a picture that a hand or the arrow keys may drag, and the two settings it sets.

    The figure's margins are its own (no legend, title or axis that takes room by itself), so that the browser knows
    where a point stands.

    Attributes
    ----------
    x, y : keys of the controls, a `Grab` each, that hold its two coordinates.
    at : where it stands, on the figure's first two axes.
    label : what it is called.
    """

    x: str
    y: str
    at: tuple[float, float]
    label: str


@dataclass(frozen=True, eq=False)
class Picture:
    """One picture of a page for one View.

    Attributes
    ----------
    figure : what plotly.js draws.
    alt : the numbers it shows, as a sentence for those who hear it.
    caption : one or two sentences below it, computed from the same numbers; Markdown's bold and paragraphs.
    steps : what each of its frames shows, in words.
    at : the frame that a setting asks for; its scrubber is taken along where that becomes another.
    grab : what of it may be dragged.
    before : what is heard in place of `alt` until the reader has started the motion that is the answer; "" without one.
    """

    figure: Figure
    alt: str
    caption: str = ""
    steps: Sequence[str] = ()
    at: int | None = None
    grab: Sequence[Handle] = ()
    before: str = ""


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A picture a page can draw: from a View, under a name of its own.

    Attributes
    ----------
    draw : the picture of a View.
    name : what it is called on screen.
    scrub : the key of the control that moves it through its frames, in the browser.
    begins : whether its answer is a motion that the reader starts: what is said of it is seen from then on.
    shown : whether it stands on the page at these settings.
    drafts : the keys of the controls for which it is drawn from fewer numbers while they are under the hand.
    grows : whether it shows work that is under way: the same address answers more later.
    private : whether it may be of a visitor's own table: nobody keeps it.
    height : pixels kept free for it until it is there.
    follows : keys of the settings it depends on; None: on all.
    """

    draw: Callable[[View], Picture]
    name: str
    scrub: str = ""
    begins: bool = False
    shown: Callable[[View], bool] = lambda view: True
    drafts: tuple[str, ...] = ()
    grows: bool = False
    private: bool = False
    height: int = 450
    follows: tuple[str, ...] | None = None


_BOLD = re.compile(r"\*\*(.+?)\*\*")
_EMPHASIS = re.compile(r"\*(.+?)\*")


def as_html(caption: str) -> str:
    """Return a caption as HTML: bold, emphasis and paragraphs; everything else is text."""
    text = html.escape(together(caption), quote=False)
    text = _EMPHASIS.sub(r"<em>\1</em>", _BOLD.sub(r"<strong>\1</strong>", text))
    return "".join(f"<p>{part}</p>" for part in text.split("\n\n") if part)


def _plain(value: object) -> Any:
    """Return what orjson does not write itself: an array that is not in one piece."""
    if isinstance(value, np.ndarray):
        return np.ascontiguousarray(value)
    raise TypeError(f"a figure holds a {type(value).__name__}: give numbers, texts, lists, mappings or arrays")


def to_json(picture: Picture) -> bytes:
    """Return a picture as the browser reads it; what is no number is null."""
    figure = picture.figure
    return orjson.dumps(
        {
            "data": figure.data,
            "layout": figure.layout,
            "frames": figure.frames,
            "alt": picture.alt,
            "before": picture.before,
            "caption": as_html(picture.caption),
            "steps": picture.steps,
            "at": picture.at,
            "grab": picture.grab,
        },
        default=_plain,
        option=orjson.OPT_SERIALIZE_NUMPY,
    )
