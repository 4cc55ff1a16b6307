"""The pictures: pure functions of arrays to Plotly figures, without Streamlit."""

from ui.charts.anatomy import weight_anatomy
from ui.charts.boundary import forget_map, loss_profile
from ui.charts.claims import claim_lanes, survey_lanes
from ui.charts.curves import overlap_curve, tuning_curve
from ui.charts.dead_button import dead_button
from ui.charts.dynamics import clocks, leftover_curve, step_sizes
from ui.charts.geometry import angle_losses, exact_triangle, start_losses, two_lines, two_planes
from ui.charts.losses import loss_lanes
from ui.charts.projector import for_projector
from ui.charts.regularize import push_curve, push_trade_off, residual_lanes
from ui.charts.remedy import remedy_bars, remedy_overlap, remedy_rows
from ui.charts.table import figure_csv

__all__ = [
    "angle_losses",
    "claim_lanes",
    "clocks",
    "dead_button",
    "exact_triangle",
    "figure_csv",
    "for_projector",
    "forget_map",
    "leftover_curve",
    "loss_lanes",
    "loss_profile",
    "overlap_curve",
    "push_curve",
    "push_trade_off",
    "remedy_bars",
    "remedy_overlap",
    "remedy_rows",
    "residual_lanes",
    "start_losses",
    "step_sizes",
    "survey_lanes",
    "tuning_curve",
    "two_lines",
    "two_planes",
    "weight_anatomy",
]
