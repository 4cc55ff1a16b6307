"""overlap: the retain and the forget rows share features (Theorem 3.4 in version 1 of the paper)."""

import streamlit as st

from ui import cached, charts, frame, narration

MODELS = ("pretrained", "fine_tune", "golden")

spec = frame.open_page()
theme, labels = frame.theme(), narration.LABELS
found = cached.experiment(spec, MODELS)
records = list(found.records.values())
curve = cached.mean_losses(spec, MODELS)
fine, expected = cached.expected_losses(spec)

st.caption(narration.CAST)
left, right = st.columns([3, 2], gap="medium")
with left:
    st.plotly_chart(
        charts.overlap_curve(curve, fine, expected, records, spec.overlap, labels, theme),
        theme=None,
        key="curve",
        config=frame.toolbar("overlap-curve"),
        alt=narration.describe_overlap_curve(curve, records, spec, labels),
    )
with right:
    st.plotly_chart(
        charts.loss_lanes(records, labels, theme),
        theme=None,
        key="losses",
        config=frame.toolbar("overlap-losses"),
        alt=narration.describe_losses(records, labels),
    )
st.markdown(f"{narration.fine_tuning(spec, found.records)} {narration.overlap_trend(curve)}")

st.subheader("Where the models keep what they know", anchor=False)
st.plotly_chart(
    charts.weight_anatomy(found.weights, found.blocks, labels, theme),
    theme=None,
    key="anatomy",
    config=frame.toolbar("overlap-weights"),
    alt=narration.describe_anatomy(found.weights, spec, labels),
)
