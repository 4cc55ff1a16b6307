"""The bare page: one slider and one chart, as most people would write it. Everything is measured against it."""

import numpy as np
import plotly.graph_objects as go
import streamlit as st

share = st.slider("Share", 0.0, 1.0, 0.4, 0.01)
x = np.linspace(0, 1, 100)
st.plotly_chart(go.Figure(go.Scatter(x=x, y=np.sin(10 * share * x))))
