"""The pictures: pure functions of arrays to Plotly figures, without Streamlit."""

from ui.charts.anatomy import weight_anatomy
from ui.charts.curves import overlap_curve, tuning_curve
from ui.charts.losses import loss_lanes

__all__ = ["loss_lanes", "overlap_curve", "tuning_curve", "weight_anatomy"]
