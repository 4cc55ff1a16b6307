"""Where a lecture is, and where a move leads.

The address holds it, so that a reload changes nothing: `at`, the step of the talk from 1; `reveal`, 1 once the answer
is drawn; `figure`, which of the page's figures is shown where there is no talk.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ui.teaching.talk import TALK, Step

MOVES = ("back", "reveal", "next", "reset", "leave")


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a lecture is: the step from 1, or None outside the talk; whether the answer is drawn; which figure.

    A second picture of a step stands after the answer.
    """

    at: int | None
    reveal: bool
    figure: int

    @property
    def step(self) -> Step | None:
        """The step of the talk."""
        return TALK[self.at - 1] if self.at else None


def place(asked: Mapping[str, str]) -> Place:
    """Return the place an address asks for; what it cannot be is taken for the beginning."""

    def whole(key: str, last: int) -> int | None:
        text = asked.get(key, "")
        found = int(text) if re.fullmatch(r"[0-9]{1,3}", text, re.ASCII) else 0
        return found if 1 <= found <= last else None

    at = whole("at", len(TALK))
    last = len(TALK[at - 1].figures) if at else 9
    reveal = asked.get("reveal") == "1"
    return Place(at=at, reveal=reveal, figure=(whole("figure", last) or 1) if reveal or not at else 1)


def moved(now: Place, move: str, figures: int, asked_nothing: bool = False) -> Place:
    """Return where a move leads: an answer is drawn before the next step, and taken away before the one before.

    `figures` is how many the page has, `asked_nothing` says that a link asks for no guess.
    """
    step = now.step
    shown = now.reveal or (step is None and asked_nothing)
    last = len(step.figures) if step else max(figures, 1)
    match move:
        case "reveal":
            hidden = 1 if step else now.figure
            return Place(at=now.at, reveal=not now.reveal, figure=hidden if now.reveal else now.figure)
        case "reset":
            return Place(at=now.at, reveal=False, figure=1)
        case "next" if not shown:
            return Place(at=now.at, reveal=True, figure=now.figure)
        case "next" if now.figure < last:
            return Place(at=now.at, reveal=now.reveal, figure=now.figure + 1)
        case "next" if now.at is not None and now.at < len(TALK):
            return Place(at=now.at + 1, reveal=False, figure=1)
        case "back" if now.figure > 1:
            return Place(at=now.at, reveal=now.reveal, figure=now.figure - 1)
        case "back" if now.reveal:
            return Place(at=now.at, reveal=False, figure=1)
        case "back" if now.at is not None and now.at > 1:
            return Place(at=now.at - 1, reveal=True, figure=len(TALK[now.at - 2].figures))
    return now


def query(now: Place) -> dict[str, str]:
    """Return a place as parameters of an address."""
    return {
        "lecture": "1",
        **({"at": str(now.at)} if now.at else {}),
        **({"reveal": "1"} if now.reveal else {}),
        **({"figure": str(now.figure)} if now.figure > 1 else {}),
    }


def told_place(now: Place) -> str:
    """Return a place of the talk as one word, which the windows tell each other: "3", "3r", "3r2"."""
    return f"{now.at}{'r' if now.reveal else ''}{now.figure if now.figure > 1 else ''}"


def heard_place(text: str) -> Place:
    """Return the place that a word of another window names; what is none is outside the talk."""
    found = re.fullmatch(r"([0-9]{1,3})(?:(r)([0-9]?))?", text, re.ASCII)
    at, reveal, figure = found.groups(default="") if found else ("", "", "")
    return place({"at": at, "reveal": "1" if reveal else "", "figure": figure})
