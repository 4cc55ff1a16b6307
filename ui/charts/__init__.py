"""The pictures: pure functions of arrays to Plotly figures, without Streamlit."""

from ui.charts.anatomy import weight_anatomy
from ui.charts.curves import overlap_curve, tuning_curve
from ui.charts.dead_button import dead_button
from ui.charts.dynamics import clocks, leftover_curve, step_sizes
from ui.charts.losses import loss_lanes
from ui.charts.table import figure_csv

__all__ = [
    "clocks",
    "dead_button",
    "figure_csv",
    "leftover_curve",
    "loss_lanes",
    "overlap_curve",
    "step_sizes",
    "tuning_curve",
    "weight_anatomy",
]
