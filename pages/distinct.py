"""distinct: the retain and the forget rows use different features (Theorem 3.2 in version 1 of the paper)."""

import streamlit as st

from ui import cached, charts, frame, narration

MODELS = ("pretrained", "fine_tune", "golden")

spec = frame.open_page()
theme, labels = frame.theme(), narration.LABELS
found = cached.experiment(spec, MODELS)
records = list(found.records.values())
rows, losses = cached.tuning(spec)

st.caption(narration.CAST)
left, right = st.columns([3, 2], gap="medium")
with left:
    st.plotly_chart(
        charts.weight_anatomy(found.weights, found.blocks, labels, theme),
        theme=None,
        key="anatomy",
        config=frame.toolbar("distinct-weights"),
        alt=narration.describe_anatomy(found.weights, spec, labels),
    )
with right:
    st.plotly_chart(
        charts.loss_lanes(records, labels, theme),
        theme=None,
        key="losses",
        config=frame.toolbar("distinct-losses"),
        alt=narration.describe_losses(records, labels),
    )
st.markdown(narration.fine_tuning(spec, found.records))

st.subheader("Would more rows help?", anchor=False)
st.plotly_chart(
    charts.tuning_curve(rows, losses, records, spec.tune_rows, labels, theme),
    theme=None,
    key="tuning",
    config=frame.toolbar("distinct-rows"),
    alt=narration.describe_tuning_curve(rows, losses, found.records["golden"]),
)
st.markdown(narration.tuning_rows(rows, losses, found.records["golden"]))
