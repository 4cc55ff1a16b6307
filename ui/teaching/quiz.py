"""The quiz on screen: commit to an answer, see the numbers, explain them, and read what explains them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from theory import MISCONCEPTIONS, Posed
from ui.language import say, spoken
from ui.lessons import BY_STEM, LESSONS
from ui.page.button import on_primary
from ui.plot import component
from ui.plot.scrubber import scrub
from ui.plot.view import View
from ui.teaching.quiz_items import ITEMS, NEXT, Item
from ui.teaching.quiz_pictures import QUIZ
from ui.teaching.quiz_questions import address, order, posed, right, setting, texts, verdict
from ui.teaching.quiz_sitting import AT, RESULT, Sitting, begin_another, score, sitting

_PLACES = {**{item.key: str(n) for n, item in enumerate(ITEMS, 1)}, RESULT: ""}
_CAST = (
    "**Pretrained** saw all rows, **golden** those to keep; **fine-tuned** starts at pretrained and trains on "
    "these. **Remaining** and **unlearning loss**: mean squared error on rows to keep, and to forget."
)
_PRIVATE = "Not saved or sent on."


def draw(view: View) -> None:
    """Draw the quiz: one question at a time, or the result."""
    now = sitting(view["quiz"])
    with st.container(horizontal=True, vertical_alignment="center"):
        if AT not in st.session_state:
            st.session_state[AT] = now.at
        chosen = st.segmented_control(
            say("Question"),
            list(_PLACES),
            format_func=spoken(lambda place: say("Result") if place == RESULT else _PLACES[place]),
            key=AT,
            required=True,
            label_visibility="collapsed",
            wrap=True,
        )
        now.at = chosen or now.at
        st.button(
            say("Another quiz"),
            key="quiz_new",
            icon=":material/casino:",
            on_click=begin_another,
            type="tertiary",
            help=say("The address repeats this quiz."),
        )
    if now.at == RESULT:
        _result(now)
    else:
        item = next(item for item in ITEMS if item.key == now.at)
        _question(now, item, replace(view, options=(("quiz", now.seed),)))


def _question(now: Sitting, item: Item, view: View) -> None:
    problem = posed(item.key, now.seed)
    filled, answers = texts(problem), {answer.number: answer for answer in order(now.seed, item)}
    n = ITEMS.index(item) + 1
    st.markdown(f"**{say('Question {n} of {count}', n=n, count=len(ITEMS))}**\n\n:small[{say(_CAST)}]")
    st.markdown(say(item.question, **filled))
    answered = item.key in now.answers
    if answered:
        _evidence(now, item, problem, filled, view)
    else:
        key = f"quiz_answer_{now.seed}_{item.key}"
        picked = st.radio(
            say(item.question, **filled),
            list(answers),
            index=None,
            format_func=spoken(lambda number: say(answers[number].text, **filled)),
            key=key,
            label_visibility="collapsed",
        )
    following = [*_PLACES][n]
    with st.container(horizontal=True, vertical_alignment="center"):
        if not answered:
            st.button(
                on_primary(say("This is my answer")),
                key="quiz_commit",
                type="primary",
                disabled=picked is None,
                on_click=now.commit,
                args=(item.key, key),
            )
        st.button(
            say("See the result") if following == RESULT else say("Next question"),
            key="quiz_next",
            type="secondary" if answered else "tertiary",
            icon=":material/arrow_forward:",
            on_click=now.go,
            args=(following,),
        )


def _picture(item: Item, view: View) -> None:
    """Draw the picture of a question, and the slider that moves it, which is no part of the address."""
    drawing = QUIZ.figures[item.key]
    component.show(QUIZ.page, view, item.key, drawing)
    if drawing.scrub:
        control = next(c for c in LESSONS[item.page].page.controls if c.key == drawing.scrub)
        play = say("Fine-tune") if item.page == "start" else None
        at: Any = item.values.get(control.key, control.default)
        scrub([item.key], control, at, play=play, linked=False)


def _evidence(now: Sitting, item: Item, problem: Posed, filled: Mapping[str, object], view: View) -> None:
    given = next(answer for answer in item.answers if answer.number == now.answers[item.key])
    if given.number == right(item):
        st.success(verdict(item, given, filled), icon=":material/check:")
    else:
        st.error(verdict(item, given, filled), icon=":material/close:")
    st.info(say(item.anomaly, **filled), icon=":material/search_insights:")
    _picture(item, view)
    key = f"quiz_words_{now.seed}_{item.key}"
    st.text_area(
        say(item.why),
        now.words.get(item.key, ""),
        max_chars=2000,
        key=key,
        help=say("Write before you read on: what one has put into words oneself stays."),
        on_change=now.note,
        args=(item.key, key),
    )
    st.markdown(f":small[{say(_PRIVATE)}]")
    if item.key not in now.explained:
        st.button(
            on_primary(say("Show the explanation")),
            key="quiz_explain",
            type="primary",
            on_click=now.explained.add,
            args=(item.key,),
        )
        return
    with st.container(border=True, key="quiz_explanation"):
        st.markdown(f"**{say('People say:')}** “{say(MISCONCEPTIONS[item.key].belief)}”")
        why = "" if given.number == right(item) else f"**{say('What tempts:')}** "
        st.markdown(why + say(given.idea, **filled))
        st.markdown(say(item.explanation, **filled))
        _way(item, problem)


def _way(item: Item, problem: Posed) -> None:
    """Draw the way to the page that shows an item, with the reader's own problem; the quiz stays open where it is.

    A tab of its own: what is opened in this one begins a session, in which nothing has been answered.
    """
    st.link_button(
        say("Your problem on “{page}”", page=say(BY_STEM[item.page].title)),
        address(item, problem),
        icon=":material/open_in_new:",
        help=setting(problem),
    )


def _result(now: Sitting) -> None:
    st.markdown(score(now.answers))
    missed = [item for item in ITEMS if item.key in now.answers and now.answers[item.key] != right(item)]
    if missed:
        st.markdown(f"**{say('Ideas to look at again')}**")
    for item in missed:
        problem = posed(item.key, now.seed)
        with st.container(border=True):
            st.markdown(f"“{say(MISCONCEPTIONS[item.key].belief)}”")
            st.markdown(say(item.anomaly, **texts(problem)))
            _way(item, problem)
    if len(now.answers) == len(ITEMS) and not missed:
        st.markdown(
            say(
                "You fell for none of the eight. Look next at the settings at which fine-tuning does forget, or take "
                "another quiz and explain each answer to someone else."
            )
        )
        page = BY_STEM[NEXT]
        st.page_link(f"pages/{page.stem}.py", label=say(page.title), icon=":material/arrow_forward:")
