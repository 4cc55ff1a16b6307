"""about: where all this comes from: the paper, what was derived here, the words, the references, how to cite."""

import streamlit as st

from ui.reference import about
from ui.shell import frame

view = frame.open_page()
with st.container(width=about.WIDTH):
    about.paper()
    about.shares()
    about.words(view.theme)
    about.references()
    about.citation()
    about.licence()
