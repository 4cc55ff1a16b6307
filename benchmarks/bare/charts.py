"""The bare page with as many charts as the address asks for (`?charts=3`), drawn as the project's are with `&own=1`."""

import numpy as np
import plotly.graph_objects as go
import streamlit as st

share = st.slider("Share", 0.0, 1.0, 0.4, 0.01)
x = np.linspace(0, 1, 100)
for number in range(int(st.query_params.get("charts", "1"))):
    figure = go.Figure(go.Scatter(x=x, y=np.sin(10 * share * x + number)))
    st.plotly_chart(figure, key=f"chart_{number}", theme=None if "own" in st.query_params else "streamlit")
