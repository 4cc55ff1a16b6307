"""Pictures ahead of their page (`ui.ahead`): its script runs for them alone, in a thread without a visitor.

It finds the address's values where it would read the session's, offers its pictures as to a lecture, and says nothing.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache, partial
from pathlib import Path
from types import CodeType
from typing import Any
from urllib.parse import parse_qs

import plotly.graph_objects as go

from theory import Refusal
from ui import ahead, lecture, lesson, pictures, turns
from ui.contents import Page, Prediction
from ui.controls import CONTROLS, Choice, Control, Scrub, chosen, refusal
from ui.language import CATALOGUES, ENGLISH, code, english, speaking

# The frame around a page that runs for its pictures: a Refusal on the way in is for the page's own run to explain.
Frame = Callable[[], AbstractContextManager[None]]

# Seconds in which the server's loop sends a picture that was drawn ahead, while its page goes on.
YIELD = 0.0005


class _Offstage:
    """Sends the pictures a page offers, for as long as no run of the page has drawn them; nothing else is wanted."""

    def __init__(self, line: ahead.Line, asked: str, told: bool, send: ahead.Send) -> None:
        self._line, self._asked, self._told, self._send = line, asked, told, send

    def asks(self, _: Prediction, answer: Callable[[], str]) -> bool:
        """Return what the last run of the page knew."""
        return self._told

    def offer(self, figure: go.Figure, key: str, alt: str, *, save_as: str, clicks: bool) -> None:
        """Send a picture."""
        if self._line.drawn == self._asked or turns.waiting() > turns.OWN:
            raise ahead.TooLateError(key)
        self._send(pictures.packed(self._line, self._asked, figure, key, alt, save_as=save_as, clicks=clicks))
        time.sleep(YIELD)

    def tell(self, text: str) -> None:
        """Leave it to the page."""

    def beside(self, charts: Sequence[str], draw: Callable[[], object]) -> None:
        """Leave it to the page."""


def expect(row: Page, controls: Sequence[Control], frame: Frame) -> None:
    """Let the pictures of this page be drawn for another address, with all else as it is now."""
    if not row.experiment:
        ahead.expect(row.stem, (), None)
        return
    drawn = partial(_draw, row, frame, lesson.told(row), code())
    ahead.expect(row.stem, [c.key for c in controls if not isinstance(c, Scrub)], drawn)


def _draw(row: Page, frame: Frame, told: bool, language: str, line: ahead.Line, address: str, send: ahead.Send) -> None:
    """Send the pictures of a page for an address; nothing where the run of the page will have more to say."""
    found = _asked_for(address, (*CONTROLS, *row.controls))
    if found is None or {"preset", "load", "lecture", "notes"} & found[0].keys():
        return
    params, values = found
    asked = line.place(params)
    try:
        with (
            turns.turn(),
            speaking(None if language == ENGLISH else CATALOGUES[language]),
            ahead.reading({**line.remembered, **values}),
            lecture.on(_Offstage(line, asked, told, send)),
            frame(),
        ):
            if line.drawn != asked:
                exec(_script(row.stem), {"__name__": "__page__"})
    except Refusal:
        pass


def _asked_for(address: str, controls: Sequence[Control]) -> tuple[dict[str, str], dict[str, Any]] | None:
    """Return the parameters of an address and every control's value; None where a page would refuse one of them."""
    params = parse_qs(address.removeprefix("?"), keep_blank_values=True)
    values = {}
    for c in controls:
        texts = params.get(c.key)
        if texts is None:
            values[c.key] = c.default
        elif refusal(c, texts):
            return None
        else:
            values[c.key] = english(texts[0], c.options) if isinstance(c, Choice) else chosen(c, texts[0])
    return {key: texts[-1] for key, texts in params.items()}, values


@lru_cache(maxsize=16)
def _script(stem: str) -> CodeType:
    path = Path(__file__).parents[1] / "pages" / f"{stem}.py"
    return compile(path.read_text(encoding="utf-8"), path, "exec")
