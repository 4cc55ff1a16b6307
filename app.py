"""Start here: `streamlit run app.py`."""

import streamlit as st

if __name__ == "__main__":  # a visitor's run of the page
    st.set_page_config(layout="wide", initial_sidebar_state="auto")

    from ui.shell import frame  # the page config comes first

    frame.run()
else:  # the server
    from ui.lessons import LESSONS
    from ui.lessons.network.prepared import prepare_later
    from ui.page import door
    from ui.plot.route import Drawn, routes
    from ui.teaching.quiz_pictures import QUIZ

    drawn: dict[str, Drawn] = {**LESSONS, QUIZ.page.stem: QUIZ}
    prepare_later()
    start = st.get_option("server.baseUrlPath")
    app = st.App(__file__, routes=[*routes(drawn, start), *door.routes(start)], middleware=door.middleware(start))
