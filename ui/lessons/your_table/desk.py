"""The visitor's hand on their table: bring it, choose what is predicted and who leaves, read what was made of it."""

import base64
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from theory import Array, Refusal
from theory.data.reading import MOST_BYTES, read_table
from theory.data.sheet import Column, Note, Sheet
from ui.figures.style import TEMPLATE, colour
from ui.language import say, spoken
from ui.language.words import verbatim
from ui.lessons.lesson import Page
from ui.lessons.your_table.results import answer
from ui.lessons.your_table.sentences import on_chart
from ui.lessons.your_table.text import PRIVACY
from ui.plot import real_rows
from ui.plot.view import View
from ui.server import table_store

# The session's hold on its table, how often it brought one, and what is said of the last one that went.
_TICKET, _TURN, _SAID = "own_table", "own_turn", "own_said"
_FILE = "own_file"
_HERE = Path(__file__).parent
_file = st.components.v2.component(
    "table_file",
    html='<label><span class="name"></span><input type="file" accept=".csv,.tsv,.txt,text/csv">'
    '<span class="drop"></span></label><p class="refusal" role="status" hidden></p>',
    css=(_HERE / "table_file.css").read_text(encoding="utf-8"),
    js=(_HERE / "table_file.js").read_text(encoding="utf-8"),
)
# Rows that a table on screen has at most; of a longer one rows are chosen by a column or at random.
SHOWN = 1000


def _told(note: Note | Refusal) -> str:
    """Return a note or a refusal about a file as Markdown; nothing of the file is markup."""
    return say(note.template, **{k: verbatim(v) if isinstance(v, str) else v for k, v in note.values.items()})


def _entry() -> table_store.Entry | None:
    ticket = st.session_state.get(_TICKET)
    return table_store.find(ticket.name) if ticket else None


def _gone(why: str) -> str:
    if why == table_store.GONE_FULL:
        return say(
            "Your table has left this server's memory: others brought theirs, and there is room for a few alone."
        )
    if why == table_store.GONE_OLD:
        return say("Your table has left this server's memory: nobody had used it for an hour.")
    return say("Your table has left this server's memory.")


@contextmanager
def asking() -> Iterator[None]:
    """Compute for the visitor's table meanwhile; where it went by itself, say so, and go on with the example."""
    ticket = st.session_state.get(_TICKET)
    if ticket and _entry() is None:
        st.session_state.pop(_TICKET)
        st.session_state[_SAID] = _gone(table_store.why_gone(ticket.name))
    ticket = st.session_state.get(_TICKET)
    with table_store.asking(ticket.name if ticket else ""):
        yield


def version() -> str:
    """Return another text whenever the table or what is chosen of it is another."""
    return f"{st.session_state.get(_TURN, 0)}.{table_store.entry().version}"


def _turn() -> None:
    st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1


def _take(data: bytes) -> None:
    """Read a file and keep it for the session; a refusal is said, and the table before stays."""
    try:
        sheet = read_table(data)
        columns = _telling(sheet)
        numbers = [column for column in columns if column.kind == "number"]
        none = np.zeros(sheet.rows, dtype=bool)
        none[: max(1, sheet.rows // 10)] = True
        entry = table_store.Entry(sheet, (numbers or columns)[-1].name, none)
    except Refusal as refused:
        st.session_state[_SAID] = _told(refused)
        return
    _hold(entry)


def _telling(sheet: Sheet) -> list[Column]:
    """Return the columns in which rows differ; all that can be used where there are none."""
    differ = [c for c in sheet.usable if len(np.unique(c.values[~np.isnan(c.values)])) > 1]
    return differ or list(sheet.usable)


def _hold(entry: table_store.Entry) -> None:
    st.session_state.pop(_SAID, None)
    _forget_widgets()
    if _TICKET in st.session_state:  # the one before goes at once
        table_store.drop(st.session_state[_TICKET].name)
    st.session_state[_TICKET] = table_store.keep(entry)
    _turn()


def _forget_widgets() -> None:
    for key in [key for key in st.session_state if str(key).startswith("own_pick")]:
        del st.session_state[key]


def _upload() -> None:
    """Take the file that the browser has read: the platform's uploader would keep it until the session ends."""
    text = (st.session_state.get(_FILE) or {}).get("file")
    try:
        data = base64.b64decode(text or "", validate=True)
    except (TypeError, ValueError):  # a message that was written by hand
        return
    _take(data)


def _paste() -> None:
    text = str(st.session_state.get("own_text", ""))
    if text.strip():
        _take(text.encode("utf-8", "replace"))
        st.session_state["own_text"] = ""


def _example() -> None:
    _hold(table_store.penguins())


def _forget() -> None:
    ticket = st.session_state.pop(_TICKET, None)
    if ticket:
        table_store.drop(ticket.name)
    st.session_state["own_text"] = ""
    _forget_widgets()
    _turn()
    st.session_state[_SAID] = say(
        "Your table is gone from this server's memory, and so is every model that was computed from it here. Models "
        "that you trained elsewhere still know it."
    )


def bring() -> None:
    """Offer to bring a table, and to forget it."""
    mine = _entry()
    said = st.session_state.pop(_SAID, "")
    if said:
        st.info(said, icon=":material/table_rows:")
    with st.expander(
        say("Bring your table") if mine is None else say("Your table, or another one"), icon=":material/upload_file:"
    ):
        size = MOST_BYTES // 1_000_000
        _file(
            key=_FILE,
            data={
                "label": say("A CSV file of at most {size} MB", size=size),
                "drop": say("or drop it here"),
                "most": MOST_BYTES,
                "large": say("This file is larger than {size} MB: keep fewer rows or columns.", size=size),
            },
            on_file_change=_upload,
        )
        st.text_area(say("Or paste rows here, the names of the columns first"), key="own_text", height=100)
        with st.container(horizontal=True):
            st.button(say("Read what I pasted"), on_click=_paste)
            st.button(say("Take the penguins"), on_click=_example)
        st.markdown(f":small[{say(PRIVACY)}]")
    sheet = table_store.entry().sheet
    whose = say("Your table") if mine else say("The example: penguins")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            say(
                "**{whose}**: {rows:,} rows, {columns} columns. Predicted: {target}.",
                whose=whose,
                rows=sheet.rows,
                columns=len(sheet.columns),
                target=verbatim(table_store.entry().target),
            )
        )
        if mine:
            st.button(say("Forget my file"), on_click=_forget, icon=":material/delete:")


def whose() -> str:
    """Return which table stands for one's own, and what is predicted of it."""
    entry = table_store.entry()
    told = {"rows": entry.sheet.rows, "target": verbatim(entry.target), "gone": int(entry.forget.sum())}
    if _entry() is None:
        return say(
            "You have brought no table, so the penguins stand here: {rows:,} rows, {target} is predicted.", **told
        )
    return say("Your table: {rows:,} rows, {target} is predicted. Chosen to leave: {gone:,}.", **told)


def fits(view: View) -> bool:
    """Whether models can be made of what is chosen; where not, the reason is said in their place."""
    try:
        answer(view)
    except Refusal as refused:
        st.error(_told(refused))
        return False
    return True


def choose(view: View) -> None:
    """Offer what is predicted and which rows leave, of a table of one's own."""
    entry = _entry()
    if entry is None:
        return
    sheet = entry.sheet
    st.markdown(f"### {say('What is predicted, and who leaves')}", anchors=False)
    usable = [column.name for column in sheet.usable]
    left, right = st.columns([1, 2], gap="large")
    with left:
        target = _pick(say("Predict"), usable, entry.target, "own_pick_target")
        ways = {
            "column": say("By a column"),
            "random": say("Some at random"),
            "tick": say("Tick rows"),
            "box": say("Draw a box"),
        }
        st.session_state.setdefault("own_pick_how", next(iter(ways)))
        how = st.radio(say("Rows to forget"), list(ways), format_func=spoken(ways.__getitem__), key="own_pick_how")
        if view["gone"] != "group":
            st.caption(say("Above, “Rows to forget” draws the rows. Choose “As chosen” to see these."))
    with right:
        found = {"column": _by_column, "random": _at_random, "tick": _ticked, "box": _boxed}[how](sheet, view)
    if found is None:
        found = entry.forget
    if target != entry.target or not np.array_equal(found, entry.forget):
        entry.choose(target, found)
        st.rerun()
    st.caption(say("Rows that leave: {n:,} of {rows:,}.", n=int(entry.forget.sum()), rows=sheet.rows))


def _pick(label: str, options: list[str], usual: str, key: str) -> str:
    """Offer a choice; of another table its usual one, which a browser that shows the one before has to be told."""
    if st.session_state.get(key) not in options:
        st.session_state[key] = usual
    return str(st.selectbox(label, options, key=key))


def _by_column(sheet: Sheet, view: View) -> NDArray[np.bool_] | None:
    names = [column.name for column in sheet.usable]
    column = sheet.column(_pick(say("Column"), names, _telling(sheet)[0].name, "own_pick_column"))
    if column.levels:
        levels = list(column.levels)
        level = _pick(say("Rows in which it says"), levels, levels[0], f"own_pick_level_{column.name}")
        return np.asarray(column.values == column.levels.index(level))
    known = column.values[~np.isnan(column.values)]
    low, high = float(known.min()), float(known.max())
    if low == high:
        st.caption(say("All rows say the same in this column: choose another one."))
        return None
    ends = st.slider(
        say("Rows in which it lies between"),
        low,
        high,
        (float(np.quantile(known, 0.9)), high),
        (high - low) / 200,
        format="%.4g",
        key=f"own_pick_range_{column.name}",
    )
    return np.asarray((column.values >= ends[0]) & (column.values <= ends[1]))


def _at_random(sheet: Sheet, view: View) -> NDArray[np.bool_]:
    most = max(1, sheet.rows - 1)
    st.session_state.setdefault("own_pick_count", max(1, sheet.rows // 10))
    count = st.number_input(say("How many"), 1, most, key="own_pick_count")
    found = np.zeros(sheet.rows, dtype=bool)
    found[np.random.default_rng(view["shuffle"]).permutation(sheet.rows)[: int(count)]] = True
    return found


def _ticked(sheet: Sheet, view: View) -> NDArray[np.bool_] | None:
    rows = min(sheet.rows, SHOWN)
    if sheet.rows > SHOWN:
        st.caption(say("The first {n:,} rows are shown. Choose by a column for the others.", n=SHOWN))
    cells = {column.name: [column.shown(row) for row in range(rows)] for column in sheet.columns[:30]}
    event = st.dataframe(
        cells, height=320, on_select="rerun", selection_mode="multi-row", key="own_pick_rows", placeholder=""
    )
    chosen = list(event.selection.rows)
    if not chosen:
        return None
    found = np.zeros(sheet.rows, dtype=bool)
    found[chosen] = True
    return found


def _boxed(sheet: Sheet, view: View) -> NDArray[np.bool_] | None:
    numbers = [column.name for column in sheet.usable if column.kind == "number"]
    if len(numbers) < 2:
        st.caption(say("A box needs two columns of numbers; this table has fewer."))
        return None
    first, second = st.columns(2)
    with first:
        across = _pick(say("Across"), numbers, numbers[0], "own_pick_x")
    with second:
        up = _pick(say("Up"), numbers, numbers[1], "own_pick_y")
    x, y = sheet.column(across).values, sheet.column(up).values
    event = st.plotly_chart(
        _map(x, y, across, up, table_store.entry().forget, view),
        on_select="rerun",
        selection_mode="box",
        key=f"own_pick_box_{across}_{up}",
        theme=None,
        config={"displaylogo": False},
    )
    boxes = event.selection.box if event else []
    if not boxes:
        st.caption(say("Drag a box over the rows that leave."))
        return None
    (x0, x1), (y0, y1) = (sorted(boxes[0][side][:2]) for side in ("x", "y"))
    return np.asarray((x >= x0) & (x <= x1) & (y >= y0) & (y <= y1))


def _map(x: Array, y: Array, across: str, up: str, gone: NDArray[np.bool_], view: View) -> dict[str, object]:
    """Draw all rows by two of their columns; those that leave in their colour."""
    ink = [colour("forget" if leaves else "retain", view.theme) for leaves in gone]
    trace = {
        "type": "scatter",
        "mode": "markers",
        "x": x,
        "y": y,
        "marker": {"color": ink, "size": 7, "opacity": 0.7},
        "hoverinfo": "skip",
        "showlegend": False,
        "name": say("rows"),
    }
    layout = {
        "template": TEMPLATE[view.theme],
        "height": 340,
        "dragmode": "select",
        "margin": {"t": 10, "b": 50},
        "xaxis": {"title": {"text": on_chart(across)}, "fixedrange": False},
        "yaxis": {"title": {"text": on_chart(up)}, "fixedrange": False},
    }
    return {"data": [trace], "layout": layout}


def lead(pages: Sequence[Page], view: View) -> None:
    """Offer the pages that open on the table, as it is chosen."""
    st.markdown(f"### {say('Open other pages with this table')}", anchors=False)
    leaves = next(name for name, how in real_rows.LEAVES.options.items() if how == view["gone"])
    own = {"rows": "Your own table", "leaves": leaves, "features": "1000" if view["lift"] else "0"}
    with st.container(horizontal=True):
        for page in pages:
            st.page_link(
                f"pages/{page.stem}.py",
                label=say(page.title),
                icon=":material/arrow_forward:",
                query_params=own,
            )


def read(view: View) -> None:
    """Say what was read of the table, what was left out, and what was done to it."""
    sheet = table_store.entry().sheet
    with st.expander(say("What was read of your table"), icon=":material/fact_check:"):
        kinds = {"number": say("number"), "category": say("levels"), "text": say("text, not used")}
        st.dataframe(
            {
                say("column"): [column.name for column in sheet.columns],
                say("holds"): [kinds[column.kind] for column in sheet.columns],
                say("missing"): [column.missing for column in sheet.columns],
                say("first rows"): [", ".join(column.shown(row) for row in range(3)) for column in sheet.columns],
            },
            hide_index=True,
        )
        try:
            notes = [*sheet.changes, *sheet.left_out, *answer(view).notes]
        except Refusal:
            notes = [*sheet.changes, *sheet.left_out]
        if notes:
            st.markdown("\n".join(f"- {_told(note)}" for note in notes), anchors=False)
