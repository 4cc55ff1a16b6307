"""Start here: `streamlit run app.py`."""

import streamlit as st

st.set_page_config(layout="wide", initial_sidebar_state="auto")

from ui import frame  # noqa: E402 - the page config comes first

frame.run()
