"""The numbers of a figure as a table: what is drawn, nothing else, and the settings it was drawn for."""

import csv
import io
import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from theory import Array, Spec
from theory.data import Data
from ui.figures.figure import Figure

Row = tuple[str, str, object, object]


def figure_csv(
    figure: Figure,
    data: Data | None,
    options: Mapping[str, object] | None = None,
    *,
    address: str = "",
    comma: bool = False,
) -> str:
    """Return every drawn point of a figure as CSV.

    Columns: series (the name on screen), what (what tells series of one name apart), x, y; then the fields of the
    Spec, or of the real rows, where the page's controls give one, the page's own options, and the address of the page
    where there is one, the same in every row. With `comma` numbers have a decimal comma, and a semicolon stands between
    columns, as spreadsheets read them where a comma is decimal.
    """
    settings = {
        **({**asdict(data), "n_tune": data.tune_rows} if isinstance(data, Spec) else data.told if data else {}),
        **(options or {}),
        **({"address": address} if address else {}),
    }
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";" if comma else ",", lineterminator="\n")
    writer.writerow(["series", "what", "x", "y", *settings])
    for trace in figure.data:
        for row in _rows(trace):
            cells = (*row, *settings.values())
            writer.writerow(map(_with_comma, cells) if comma else cells)
    return text.getvalue()


def _with_comma(value: object) -> object:
    return str(float(value)).replace(".", ",") if isinstance(value, float) else value


def _rows(trace: Mapping[str, Any]) -> Iterator[Row]:
    """Return what a trace shows, as its meta says how it is drawn."""
    meta, names = trace.get("meta", {}), trace.get("meta", {}).get("names", ())
    # Paper between bars, and what only guides the eye or the finger, is no number.
    if {"gaps", "guide"} & meta.keys():
        return
    if trace["type"] == "heatmap":  # row by row: what tells rows apart is the value on the other axis
        # Where a colour is another number than the cell's own, that one comes along.
        for row, values in zip(meta["rows"], trace.get("customdata", trace["z"]), strict=True):
            for column, value in zip(meta["columns"], values, strict=True):
                yield trace["name"], f"{meta['up']}={row!r}", column, float(value)
    elif "panels" in meta:  # the weights of a block, model after model, on the flat tops of their outlines
        block = meta.get("block") or f"{meta['gone']}, before"
        for model, x, y in _parts(names, trace):
            for feature, weight in zip(x[1:-2:2] + 0.5, y[1:-2:2].tolist(), strict=True):
                yield model, block, int(feature), weight
    elif "lanes" in meta:  # shares of the rows, model after model; a pen that was lifted is no number
        for model, x, y in _parts(names, trace):
            known = ~np.isnan(y)
            for error, share in zip(x[known].tolist(), y[known].tolist(), strict=True):
                yield model, trace["name"], error, share
    elif "models" in meta:  # bars of several models, each as long as its share of the longest
        for model, reading, value in zip(names, meta["readings"], trace["customdata"], strict=True):
            yield model, reading, value, ""
    elif "claims" in meta:  # one mark a statement; a difference without bounds has no number in a browser
        for name, key, state, error in zip(names, meta["claims"], meta["standings"], trace["customdata"], strict=True):
            yield name, f"{key} {state}", math.inf if error is None else error, ""
    elif "marks" in meta:  # one mark a model
        for model, x, y in zip(names, trace["x"], trace["y"], strict=True):
            yield model, trace["name"], float(x), float(y)
    else:
        yield from _points(trace, meta)


def _inert(text: str) -> str:
    """Return a text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _parts(names: list[str], trace: Mapping[str, Any]) -> Iterator[tuple[str, Array, Array]]:
    """Return the models of a trace that holds them one after the other, each with its places and its values."""
    split = (np.split(np.asarray(part), len(names)) for part in (trace["x"], trace["customdata"]))
    yield from zip(names, *split, strict=True)


def _points(trace: Mapping[str, Any], meta: Mapping[str, Any]) -> Iterator[Row]:
    name = trace["name"].replace("<br>", " ")
    what = " ".join(str(v) for k, v in meta.items() if k not in ("model", "value") and v is not True)
    if "value" in meta:  # a lane: the loss itself, not where the floor of the axis puts it
        yield name, what, meta["value"], ""
        return
    # Points that an axis has no place for carry their true values with them.
    own = trace.get("customdata")
    for x, y in zip(trace["x"], trace["y"], strict=True) if own is None else own:
        yield (
            name,
            what,
            *(_inert(part) if isinstance(part, str) else math.nan if part is None else float(part) for part in (x, y)),
        )
