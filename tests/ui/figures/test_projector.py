"""Figures for a projector: larger, and otherwise the same."""

import copy

import plotly.graph_objects as go
import pytest

from theory import Spec
from ui.figures import losses, models
from ui.figures.projector import HIGHEST, LINES, MARKS, SMALLEST, for_projector
from ui.figures.style import TEMPLATE
from ui.server import results


def lanes(theme):
    spec = Spec(d=20, n_retain=5, n_forget=4)
    found = results.experiment(spec, models.CAST_KEYS)
    return losses.loss_lanes(list(found.records.values()), models.LABELS, theme, frozenset())


def sizes(part, name="", parent=""):
    """Every font size in a figure."""
    if isinstance(part, dict):
        return [size for key, value in part.items() for size in sizes(value, key, name)]
    if isinstance(part, list | tuple):
        return [size for value in part for size in sizes(value, name, parent)]
    return [part] if name == "size" and parent.lower().endswith("font") else []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_type_is_large_and_the_numbers_are_the_figures_own(theme):
    figure = lanes(theme)
    before = copy.deepcopy(figure.to_plotly_json())
    larger = for_projector(figure, theme)
    assert figure.to_plotly_json() == before, "the page's own figure was changed"
    found = sizes(larger.to_plotly_json())
    assert found
    assert min(found) >= SMALLEST
    assert larger.layout.height <= HIGHEST
    for old, new in zip(figure.data, larger.data, strict=True):
        assert (list(old.x), list(old.y), old.meta, old.name) == (list(new.x), list(new.y), new.meta, new.name)
    assert go.Figure(larger.to_plotly_json())  # Plotly accepts all of it
    assert larger.layout.template.layout.font.color == TEMPLATE[theme]["layout"]["font"]["color"]


def test_marks_of_several_sizes_grow_one_by_one():
    (trace,) = for_projector(go.Figure([{"x": [1, 2], "y": [2, 1], "marker": {"size": [8, 14]}}]), "light").data
    assert list(trace.marker.size) == [8 * MARKS, 14 * MARKS]


def test_lines_and_marks_grow_and_raised_letters_do_not_shrink():
    figure = go.Figure(
        [{"x": [1], "y": [2], "line": {"width": 2}, "marker": {"size": 5}, "text": ["w<sub>o</sub>"]}],
        {"annotations": [{"text": "10<sup>-3</sup>", "font": {"size": 9}}], "height": 2000},
    )
    larger = for_projector(figure, "light")
    (trace,) = larger.data
    assert (trace.line.width, trace.marker.size) == (2 * LINES, 5 * MARKS)
    assert trace.text[0] == f'w<sub><span style="font-size:{SMALLEST}px">o</span></sub>'
    (note,) = larger.layout.annotations
    assert note.font.size == SMALLEST
    assert f'<sup><span style="font-size:{SMALLEST}px">-3</span></sup>' in note.text
    assert larger.layout.height == HIGHEST
