"""The numbers of a figure as a table: what is drawn, nothing else."""

import csv
import io
import math
from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from theory import Spec


def figure_csv(figure: go.Figure, spec: Spec, options: Mapping[str, object] | None = None) -> str:
    """Return every drawn point of a figure as CSV, after a comment line with the Spec and the page's own options.

    Columns: series (the name on screen), what (what tells series of one name apart), x, y.
    """
    text = io.StringIO()
    text.write(f"# {spec}" + "".join(f", {key}={value!r}" for key, value in (options or {}).items()) + "\n")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["series", "what", "x", "y"])
    for trace in figure.data:
        # Paper between bars, and what only guides the eye or the finger, is no number.
        if {"gaps", "guide"} & (trace.meta or {}).keys():
            continue
        if trace.type == "heatmap":  # row by row: what tells rows apart is the value on the other axis
            for row, values in zip(trace.meta["rows"], trace.z, strict=True):
                for column, value in zip(trace.meta["columns"], values, strict=True):
                    writer.writerow([trace.name, f"{trace.meta['up']}={row!r}", repr(column), repr(float(value))])
            continue
        if "panels" in trace.meta:  # the weights of a block, model after model, on the flat tops of their outlines
            name = trace.meta.get("block") or f"{trace.meta['gone']}, before"
            series = trace.meta["names"]
            parts = zip(*(np.split(part, len(series)) for part in (trace.x, trace.customdata)), strict=True)
            for model, (x, y) in zip(series, parts, strict=True):
                for feature, weight in zip(x[1:-2:2] + 0.5, y[1:-2:2], strict=True):
                    writer.writerow([model, name, repr(int(feature)), repr(float(weight))])
            continue
        if "lanes" in trace.meta:  # shares of the rows, model after model; a pen that was lifted is no number
            series = trace.meta["names"]
            parts = zip(*(np.split(part, len(series)) for part in (trace.x, trace.customdata)), strict=True)
            for model, (x, y) in zip(series, parts, strict=True):
                known = ~np.isnan(y)
                for error, share in zip(x[known].tolist(), y[known].tolist(), strict=True):
                    writer.writerow([model, trace.name, repr(error), repr(share)])
            continue
        if "models" in trace.meta:  # bars of several models, each as long as its share of the longest
            for model, reading, value in zip(
                trace.meta["names"], trace.meta["readings"], trace.customdata, strict=True
            ):
                writer.writerow([model, reading, repr(value), ""])
            continue
        if "claims" in trace.meta:  # one mark a statement; a difference without bounds has no number in a browser
            for name, key, state, error in zip(
                trace.meta["names"], trace.meta["claims"], trace.meta["standings"], trace.customdata, strict=True
            ):
                writer.writerow([name, f"{key} {state}", repr(math.inf if error is None else error), ""])
            continue
        if "marks" in trace.meta:  # one mark a model
            for model, x, y in zip(trace.meta["names"], trace.x, trace.y, strict=True):
                writer.writerow([model, trace.name, repr(float(x)), repr(float(y))])
            continue
        name = trace.name.replace("<br>", " ")
        what = " ".join(str(v) for k, v in (trace.meta or {}).items() if k not in ("model", "value") and v is not True)
        if "value" in (trace.meta or {}):  # a lane: the loss itself, not where the floor of the axis puts it
            writer.writerow([name, what, repr(trace.meta["value"]), ""])
            continue
        # Points that an axis has no place for carry their true values with them.
        points = zip(trace.x, trace.y, strict=True) if trace.customdata is None else trace.customdata
        for x, y in np.array(list(points), dtype=float).reshape(-1, 2).tolist():
            writer.writerow([name, what, repr(x), repr(y)])
    return text.getvalue()
