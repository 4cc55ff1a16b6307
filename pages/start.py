"""start: where everyone arrives; the question, and the way on."""

import streamlit as st

from ui import frame

frame.open_page()
st.page_link("pages/distinct.py")
st.page_link("pages/overlap.py")
