"""Long work as a visitor's job: asked for while they look at it, stopped when they say so."""

import math
import uuid
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

import streamlit as st

from ui.language import say
from ui.lessons.lesson import Growth
from ui.server.jobs import Jobs, Progress

Key = TypeVar("Key", bound=Hashable)
Record = TypeVar("Record")

# Seconds between two looks at a full waiting line.
SELDOM = 5.0


@dataclass(frozen=True, kw_only=True)
class Words:
    """What is said of work that waits, behind others or next to begin, that is refused, or done; and to do more."""

    behind: str
    next: str
    refused: str
    done: str
    more: str


def _visitor() -> str:
    """Return the session's own name among those who wait."""
    return str(st.session_state.setdefault("visitor", uuid.uuid4().hex))


def look(jobs: Jobs[Key, Any, Record], key: Key, first: int) -> Progress[Record]:
    """Return how far a job is; ask for its `first` amount if nobody has, or if it was given up as unwatched."""
    seen = jobs.look(key, _visitor())
    if seen is None or seen.state == "left":
        seen = jobs.ask(key, max(first, seen.amount if seen else 0), _visitor())
    return seen


def _ask(jobs: Jobs[Key, Any, Record], key: Key, amount: int) -> None:
    jobs.ask(key, amount, _visitor())


def growth(seen: Progress[Any], so_far: str, often: float) -> Growth:
    """Return what a page is told of a job, of which `so_far` is there; it looks again after so many seconds."""
    return Growth(so_far, often if seen.live else SELDOM if seen.state == "refused" else None)


def _text(seen: Progress[Any], words: Words) -> str:
    if seen.state == "waiting":
        return words.behind if seen.ahead else words.next
    if seen.state == "running":
        if seen.seconds is None:
            return say("{done} of {total} parts", done=seen.done, total=seen.total)
        return say(
            "{done} of {total} parts, about {seconds} s left",
            done=seen.done,
            total=seen.total,
            seconds=max(1, math.ceil(seen.seconds)),
        )
    if seen.state in ("stopped", "left"):
        return say("Stopped; what is finished is kept.")
    if seen.state == "failed":
        return say("It did not finish: {reason}. What is finished is kept.", reason=seen.reason)
    return words.refused if seen.state == "refused" else words.done


def show(
    jobs: Jobs[Key, Any, Record], key: Key, seen: Progress[Record], words: Words, *, name: str, more: int, most: int
) -> None:
    """Say how far a job is, and let it be stopped, taken up again or extended by `more`, up to `most`."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if seen.live:
            st.progress(seen.done / max(seen.total, 1), _text(seen, words))
            stop = say("Stop")
            st.button(stop, key=f"{name}_stop", icon=":material/stop:", on_click=jobs.stop, args=(key, _visitor()))
            return
        st.markdown(_text(seen, words), width="content")
        again = seen.state in ("stopped", "failed")
        amount, label = (seen.amount, say("Go on")) if again else (seen.amount + more, words.more)
        if seen.state != "refused" and amount <= most:
            icon = ":material/add:"
            st.button(label, key=f"{name}_more", icon=icon, on_click=_ask, args=(jobs, key, amount))
