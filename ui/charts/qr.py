"""The QR code of a link: dark squares on white in both themes, because cameras want it so."""

import numpy as np
import plotly.graph_objects as go

from ui.figures import style
from ui.figures.style import Theme
from ui.qr import QUIET, Modules

HEIGHT = 300


def qr_code(code: Modules, theme: Theme) -> go.Figure:
    """Draw a code with the white paper it needs around it."""
    z = np.pad(code, QUIET).astype(int)
    bare = {"visible": False, "fixedrange": True, "constrain": "domain"}
    ends = [-0.5, len(z) - 0.5]
    return style.figure(
        [
            {
                "type": "heatmap",
                "z": z.tolist(),
                "zmin": 0,
                "zmax": 1,
                "colorscale": [[0, style.PRINT_PAPER], [1, style.PRINT_INK]],
                "showscale": False,
                "hoverinfo": "skip",
                "meta": {"code": len(code)},
            }
        ],
        {
            "template": style.TEMPLATE[theme],
            "height": HEIGHT,
            "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
            "xaxis": {**bare, "range": ends},
            "yaxis": {**bare, "range": ends[::-1], "scaleanchor": "x"},
        },
    )
