"""The pictures: pure functions of arrays to Plotly figures, without Streamlit."""

from ui.charts.anatomy import weight_anatomy
from ui.charts.curves import overlap_curve, tuning_curve
from ui.charts.dead_button import dead_button
from ui.charts.geometry import angle_losses, exact_triangle, start_losses, two_lines, two_planes
from ui.charts.losses import loss_lanes
from ui.charts.table import figure_csv

__all__ = [
    "angle_losses",
    "dead_button",
    "exact_triangle",
    "figure_csv",
    "loss_lanes",
    "overlap_curve",
    "start_losses",
    "tuning_curve",
    "two_lines",
    "two_planes",
    "weight_anatomy",
]
