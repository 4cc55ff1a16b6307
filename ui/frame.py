"""The frame every page stands in: the page table, the shared controls, and the way from the address to a Spec."""

import gc
import re
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

import streamlit as st

from theory import Spec
from ui import browser
from ui.contents import PAGES, PRESETS, Page
from ui.style import Theme


@dataclass(frozen=True, kw_only=True)
class Control:
    """One shared control: a Spec field, its range on the dashboard, and how it is shown."""

    key: str
    label: str
    low: float
    high: float
    step: float
    format: str | None = None
    help: str

    @property
    def default(self) -> Any:
        """The Spec's own default; 0 where that is None."""
        return next(f.default for f in fields(Spec) if f.name == self.key) or type(self.low)(0)


CONTROLS = (
    Control(
        key="overlap",
        label="Feature overlap",
        low=0.0,
        high=1.0,
        step=0.01,
        format="percent",
        help="Share of the features that the rows to keep and the rows to forget both use.",
    ),
    Control(key="d", label="Features d", low=2, high=2000, step=1, help="Numbers that describe each row."),
    Control(key="n_retain", label="Rows to keep", low=1, high=500, step=1, help="Retain rows, n_r."),
    Control(key="n_forget", label="Rows to forget", low=1, high=500, step=1, help="Forget rows, n_f."),
    Control(
        key="n_tune",
        label="Rows fine-tuning sees (0: all it may)",
        low=0,
        high=500,
        step=1,
        help="Fine-tuning uses the first n_t retain rows; 0 means every retain row.",
    ),
    Control(
        key="noise",
        label="Label noise",
        low=0.0,
        high=5.0,
        step=0.05,
        help="Standard deviation of the random error on every label, in the labels' own units.",
    ),
    Control(key="seed", label="Draw (seed)", low=0, high=999, step=1, help="Another number draws other random data."),
)

_WHOLE = re.compile(r"-?[0-9]{1,9}", re.ASCII)
_DECIMAL = re.compile(r"-?(?:[0-9]{1,9}(?:\.[0-9]{0,17})?|\.[0-9]{1,17})(?:[eE][+-]?[0-9]{1,2})?", re.ASCII)

# Closer to 0 than this share of a step is a slip; label noise below 1e-8 could not be told from exact zero on a chart.
FINEST = 0.01

# Set while a page runs inside the frame; a page that finds it unset was reached around app.py.
_framed: ContextVar[Page | None] = ContextVar("framed", default=None)


def refusal(control: Control, values: Sequence[str]) -> str | None:
    """Return why the text of an address parameter is refused, in our own words, or None where it is accepted."""
    whole = isinstance(control.low, int)
    if len(values) != 1:
        return "was given more than once"
    if not (_WHOLE if whole else _DECIMAL).fullmatch(values[0]):
        return "is not a whole number" if whole else "is not a number"
    if not control.low <= float(values[0]) <= control.high:
        return f"is outside {control.low:g} to {control.high:g}"
    if 0 < abs(float(values[0])) < FINEST * control.step:
        return "is too close to 0"
    return None


def _notes(refused: Mapping[str, str], used: Mapping[Any, Any]) -> tuple[str, ...]:
    by_key = {c.key: c for c in CONTROLS}
    return tuple(
        f"{by_key[key].label} (`{key}`) in the address {why}; using {used[key]:g}." for key, why in refused.items()
    )


def _settle_address() -> dict[str, str]:
    """Refuse what the address asks for and no control can be; return the reasons by key.

    On a session's first run the address is rewritten before any control reads it: Streamlit's own reading is more
    lenient ("1e2", "300.5" rows) and drops what it refuses without a word. A preset sets every control, the usual value
    where it names none; a link inside the session has to go through the session, whose controls own their parameters.
    """
    params = {key: st.query_params.get_all(key) for key in st.query_params}
    refused = {c.key: why for c in CONTROLS if c.key in params and (why := refusal(c, params[c.key]))}
    preset = PRESETS.get((params.pop("preset", None) or [""])[-1])
    chosen = {c.key: preset.values.get(c.key, c.default) for c in CONTROLS} if preset else {}
    asked = (params.get("guess") or [""])[-1]
    if asked in ("0", "1") and asked != st.session_state.get("guess"):
        st.session_state.update(guess=asked, guesses={})
    if "arrived" not in st.session_state:
        st.session_state["arrived"] = True
        if refused or preset:
            st.session_state["notes"] = _notes(refused, {c.key: c.default for c in CONTROLS})
            kept: dict[str, Any] = {k: v for k, v in params.items() if k not in refused and k not in chosen}
            usual = {c.key: c.default for c in CONTROLS}
            unusual = {key: f"{value:g}" for key, value in chosen.items() if value != usual[key]}
            st.query_params.from_dict(kept | unusual)
            st.rerun()
    elif preset:
        del st.query_params["preset"]
        st.session_state.update(chosen)
        _forget_notes()
    return refused


def _forget_notes() -> None:
    st.session_state.pop("notes", None)


def _shared_controls(row: Page) -> None:
    for c in CONTROLS:
        held = row.fixed.get(c.key)
        st.slider(
            c.label if held is None else f"{c.label}: {held:.0%} on this page",
            c.low,
            c.high,
            c.default,
            c.step,
            format=c.format,
            key=c.key,
            help=c.help,
            bind="query-params",
            on_change=_forget_notes,
            disabled=held is not None,
        )


def theme() -> Theme:
    """Return the theme the visitor sees; light where Streamlit does not know."""
    return "dark" if st.context.theme.type == "dark" else "light"


@cache
def _settle_memory() -> None:
    """Keep the garbage collector away from everything imported, once per server."""
    gc.collect()
    gc.freeze()


def pages() -> dict[str, list[Any]]:
    """Return the menu: Streamlit's pages by group, in the order of the table."""
    menu: dict[str, list[Any]] = {}
    for row in PAGES:
        page = st.Page(f"pages/{row.stem}.py", title=row.title, default=row is PAGES[0])
        menu.setdefault(row.group, []).append(page)
    return menu


def run() -> None:
    """Draw the frame and run the page the address asks for."""
    page = st.navigation(pages(), expanded=True)
    row = next((r for r in PAGES if r.stem == page.url_path), PAGES[0])
    refused = _settle_address()
    with st.sidebar:
        _shared_controls(row)
        browser.watch_theme(theme())
    if refused:
        st.session_state["notes"] = _notes(refused, st.session_state)
    for note in st.session_state.get("notes", ()):
        st.warning(note, icon=":material/link_off:")
    token = _framed.set(row)
    try:
        page.run()
    finally:
        _framed.reset(token)
    _settle_memory()


def _read_spec(row: Page) -> Spec:
    values = {c.key: row.fixed.get(c.key, st.session_state[c.key]) for c in CONTROLS}
    return Spec(**{**values, "n_tune": values["n_tune"] or None})


def open_page() -> tuple[Spec, Page]:
    """Draw the page's title and question; return the Spec of the shared controls and the page's row of the contents.

    A page reached around app.py (a deep link to a server that has not seen app.py yet) is sent through the frame
    first. Settings that do not fit together are explained in place of the page; the controls stay as they are.
    """
    row = _framed.get()
    if row is None:
        st.navigation(pages())
        st.rerun()
    st.title(row.title, anchor=False)
    st.markdown(f"**{row.question}**")
    try:
        return _read_spec(row), row
    except ValueError as problem:
        st.error(f"These settings do not fit together: {problem}. On this dashboard, 0 fine-tuning rows means all.")
        st.stop()
