"""A figure as plain values: traces, layout and frames, as plotly.js reads them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, eq=False)
class Figure:
    """What plotly.js is told of a picture.

    Plotly's own figure looks through every part of it, which takes longer than all the rest of a picture; the tests make
    one of every picture, with Plotly's validation.

    Attributes
    ----------
    data : the traces; numbers may stand in numpy arrays.
    layout : axes, notes and sizes.
    frames : what a scrubber can show in place of the traces, one after the other.
    """

    data: Sequence[Mapping[str, Any]]
    layout: Mapping[str, Any]
    frames: Sequence[Mapping[str, Any]] = ()
