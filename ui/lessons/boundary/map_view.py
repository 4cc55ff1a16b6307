"""What stands beside the map: the cell that is chosen, and the way to other pages with it."""

from dataclasses import replace

import streamlit as st

from theory import AXES
from ui.language import say
from ui.language.words import together
from ui.lessons import BY_STEM
from ui.lessons.boundary import results, sentences
from ui.lessons.boundary.grids import MAP_DRAWS, chosen, realised
from ui.plot.controls import spec_text
from ui.plot.view import View

# The pages a cell can be opened in.
OPENS_IN = ("overlap", "remedy", "dynamics")
ROW, COLUMN = "map_row", "map_column"
# The axes and the size of the map on which a cell was chosen last.
_CHOSEN_ON = "map_chosen_on"


def settle(view: View) -> None:
    """Forget the choice of a cell made on another map than is asked for: there its place meant other values."""
    asked = tuple(view[key] for key in ("map_x", "map_y", "finer"))
    before = st.session_state.get(_CHOSEN_ON, asked)
    st.session_state[_CHOSEN_ON] = asked
    if before != asked and {ROW, COLUMN} & st.query_params.keys():
        for key in (ROW, COLUMN):
            st.query_params.pop(key, None)
        st.rerun()


def at_cell(view: View) -> View:
    """Return the View of the experiment in the chosen cell, with its weight decay and its number of draws."""
    grid, (row, column) = chosen(view)
    setting, draws = grid.at(row, column), int(results.known(grid).counts[row, column])
    own = {ROW: row, COLUMN: column, "decay": setting.decay, "map_draws": draws or MAP_DRAWS}
    return replace(view, spec=setting.spec, options=tuple({**dict(view.options), **own}.items()))


def tell_cell(view: View) -> None:
    """Say what is in the chosen cell, once the answer is told."""
    grid, cell = chosen(view)
    here = f"{sentences.cell(results.known(grid), *cell)} {sentences.aside(grid.at(*cell), view.spec)}".strip()
    st.markdown(together(f"### {say('One cell')}" + (f"\n\n{here}" if view.told else "")), anchors=False)


def pick(view: View) -> None:
    """Take the cell that was clicked, if that is what the browser says."""
    grid, _ = chosen(view)
    try:
        point = st.session_state["map"]["picked"]
        row, column = round(point["y"]), round(point["x"])
    except (LookupError, TypeError, ValueError, OverflowError):
        return
    if row in range(len(grid.ys)) and column in range(len(grid.xs)):
        st.query_params.update({ROW: row, COLUMN: column})


def _choose() -> None:
    """Put the cell of the two sliders into the address."""
    st.query_params.update({key: st.session_state[key] for key in (ROW, COLUMN)})


def choose(view: View) -> None:
    """Let a cell be chosen by keyboard, and lead to other pages with the one that is."""
    grid, (row, column) = chosen(view)
    with st.container(horizontal=True):
        spec = grid.setting.spec
        for key, name, asked, place in ((COLUMN, grid.x, grid.xs, column), (ROW, grid.y, grid.ys, row)):
            values = realised(spec, name, asked)
            # Said in every run: a browser that draws the page only after the next one would not hear it, stand at the
            # first cell, and take the map there.
            st.session_state[key] = place
            if len(values) > 1:
                texts = [sentences.value_text(name, value) for value in values]
                st.select_slider(
                    say(AXES[name].label),
                    list(range(len(values))),
                    format_func=texts.__getitem__,
                    key=key,
                    width=320,
                    on_change=_choose,
                )
    setting = grid.at(row, column)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(say("Open this experiment in"), width="content")
        for stem in OPENS_IN:
            st.page_link(
                f"pages/{stem}.py",
                label=say(BY_STEM[stem].title),
                icon=":material/arrow_forward:",
                query_params={"load": spec_text(setting.spec)},
                width="content",
            )
    if lost := sentences.not_carried(setting):
        st.markdown(f":small[{lost}]")
