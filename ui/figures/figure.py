"""A figure as plain values: traces, layout and frames, as plotly.js reads them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from theory import Array


@dataclass(frozen=True, eq=False)
class Figure:
    """What plotly.js is told of a picture.

    Plotly's own figure looks through every part of it, which takes longer than all the rest of a picture; the tests
    make one of every picture, with Plotly's validation.

    Attributes
    ----------
    data : the traces; numbers may stand in numpy arrays.
    layout : axes, notes and sizes.
    frames : what a scrubber can show in place of the traces, one after the other.
    """

    data: Sequence[Mapping[str, Any]]
    layout: Mapping[str, Any]
    frames: Sequence[Mapping[str, Any]] = ()


def shortly(values: Array, digits: int = 5) -> NDArray[np.float32]:
    """Return values with so many digits, which no pixel tells from all of them, as half-precision numbers: short ones.

    For frames, of which a browser is sent dozens; what is read as a number stays whole.
    """
    size = np.abs(values)
    exponent = np.log10(size, out=np.full_like(size, -np.inf), where=size > 0)
    scale = 10.0 ** (digits - 1 - np.floor(np.clip(exponent, -40, 40)))
    return np.asarray(np.round(values * scale) / scale, dtype=np.float32)
