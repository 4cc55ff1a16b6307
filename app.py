"""Start here: `streamlit run app.py`."""

import streamlit as st

# The processes that work for the server load this file too, under another name: they draw nothing.
if __name__ == "__main__":
    st.set_page_config(layout="wide", initial_sidebar_state="auto")

    from ui import frame

    frame.run()
