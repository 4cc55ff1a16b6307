"""The quiz on the page teach: commit to an answer, see the numbers, explain them, and read what explains them."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from types import MappingProxyType

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from theory import (
    MISCONCEPTIONS,
    Posed,
    Spec,
    pose,
)
from theory.misconceptions import CLOSE, LARGE, PUSH, PUSHES, WRONG
from ui import browser, pictures
from ui.figures import losses, models
from ui.figures.style import Theme
from ui.language import say, spoken, words
from ui.language.words import FLOOR
from ui.lessons import BY_STEM
from ui.lessons.dynamics import figures as dynamics_figures
from ui.lessons.dynamics import results as dynamics_results
from ui.lessons.dynamics import sentences as dynamics
from ui.lessons.geometry import figures as geometry_figures
from ui.lessons.geometry import results as geometry_results
from ui.lessons.geometry import sentences as geometry
from ui.lessons.geometry.text import SCALE, STARTS
from ui.lessons.lesson import CAST
from ui.lessons.regularize import figures as regularize_figures
from ui.lessons.regularize import results as regularize_results
from ui.lessons.regularize import sentences as regularize
from ui.lessons.remedy import figures as remedy_figures
from ui.lessons.remedy import results as remedy_results
from ui.lessons.remedy import sentences as remedy
from ui.lessons.start import results as start_results
from ui.lessons.start import sentences as start_sentences
from ui.lessons.start.text import TRAINED
from ui.plot.controls import Scrub, spec_text
from ui.scrubber import scrub
from ui.server import results
from ui.server.cache import kept
from ui.teaching.quiz_items import CONSTANTS, ITEMS, NEXT, Answer, Item

SEEDS = 1_000_000
# The address parameter, the session's sitting and the widget that chooses a question.
PARAMETER, _SITTING, _AT = "quiz", "sitting", "quiz_at"
RESULT = "result"
_PLACES = {**{item.key: str(n) for n, item in enumerate(ITEMS, 1)}, RESULT: ""}


@dataclass
class Sitting:
    """What one reader did with one quiz, kept for the session: where they are, answers and words by question.

    Attributes
    ----------
    answers : the numbers answered with, by their name in the evidence.
    words : what the reader wrote.
    explained : questions whose explanation is shown.
    """

    seed: int
    at: str = ITEMS[0].key
    answers: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    explained: set[str] = field(default_factory=set)


class Number(float):
    """A number that stands in a text with three significant digits, as 0 where it is rounding, or as it is asked to."""

    def __format__(self, how: str) -> str:
        """Return the number as text."""
        if how:
            return format(float(self), how)
        return words.number(self) if abs(self) > FLOOR else "0"


def read_seed(texts: list[str]) -> int | None:
    """Return the quiz an address asks for; None where it names none, or not one whole number in range."""
    text = texts[0] if len(texts) == 1 else ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < len(str(SEEDS)) else None


def order(seed: int, item: Item) -> tuple[Answer, ...]:
    """Return the answers in the order of a seed."""
    stream = np.random.default_rng([seed, *item.key.encode()])
    return tuple(item.answers[i] for i in stream.permutation(len(item.answers)))


def texts(posed: Posed) -> dict[str, object]:
    """Return what may stand in a question's texts: its numbers, its setting, and what is the same for all."""
    return {
        **CONSTANTS,
        **asdict(posed.spec),
        **{name: Number(value) for name, value in posed.evidence.numbers.items()},
    }


def right(item: Item) -> str:
    """Return the name of the right answer."""
    return MISCONCEPTIONS[item.key].truth


# The pictures


@dataclass(frozen=True)
class Shown:
    """A picture and its sentence; where it moves under the hand, its control, a text a frame, where that stands first.

    Attributes
    ----------
    play : the word on the button that runs it, where it is another than usual.
    """

    figure: go.Figure
    alt: str
    control: Scrub | None = None
    texts: Sequence[str] = ()
    at: float = 0.0
    play: str | None = None


def _dead_button(spec: Spec, theme: Theme) -> Shown:
    run = start_results.tuning_run(spec)
    figure = charts.dead_button(run.steps, run.errors, run.gradient, run.golden, models.LABELS, theme)
    alt = start_sentences.describe_tuning_run(run.steps, run.errors, run.gradient, run.golden)
    return Shown(figure, alt, TRAINED, start_sentences.step_texts(run.steps), TRAINED.usual, say("Fine-tune"))


def _step_sizes(spec: Spec, theme: Theme) -> Shown:
    modes = dynamics_results.modes(spec, "pretrained", LARGE)
    return Shown(dynamics_figures.step_sizes(modes, "retain", theme), dynamics.describe_pace(modes))


def _exact_triangle(spec: Spec, theme: Theme) -> Shown:
    found = geometry_results.exact_triangle(spec)
    figure = geometry_figures.exact_triangle(found, STARTS.index(1.0), models.LABELS, theme)
    return Shown(figure, geometry.describe_triangle(found), SCALE, geometry.start_texts(found), 1.0)


def _push(target: str, alpha: float) -> Callable[[Spec, Theme], Shown]:
    def draw(spec: Spec, theme: Theme) -> Shown:
        records = regularize_results.pushed(spec, regularize.KEYS, alpha, target, CLOSE).records
        curve = regularize_results.push_curve(spec, target, CLOSE)
        alt = regularize.describe_push(curve, alpha, records, True)
        return Shown(regularize_figures.push_curve(curve, records, alpha, theme), alt)

    return draw


def _loss_lanes(spec: Spec, theme: Theme) -> Shown:
    records = list(results.experiment(spec, ("pretrained", "golden")).records.values())
    alt = losses.describe_losses(records, models.LABELS)
    return Shown(losses.loss_lanes(records, models.LABELS, theme), alt)


def _bars(*keys: str) -> Callable[[Spec, Theme], Shown]:
    def draw(spec: Spec, theme: Theme) -> Shown:
        found = remedy_results.remedied(spec, remedy.CAST_KEYS, "keep_overlap", False)
        shown = [found.records[key] for key in keys]
        figure = remedy_figures.remedy_bars(shown, remedy.size(found.weights), "keep_overlap", theme)
        return Shown(figure, remedy.describe_bars(found.records, found.weights, frozenset(found.records) - set(keys)))

    return draw


PICTURES: Mapping[str, Callable[[Spec, Theme], Shown]] = MappingProxyType(
    {
        "dead_button": _dead_button,
        "step_sizes": _step_sizes,
        "exact_triangle": _exact_triangle,
        "opposite_push": _push(WRONG, PUSH),
        "shuffled_push": _push("shuffled", PUSHES[1]),
        "ends": _bars("fine_tune", "golden"),
        "loss_lanes": _loss_lanes,
        "remedy_bars": _bars("fine_tune", "keep_overlap", "golden"),
    }
)


# The sitting


def _begin(seed: int) -> Sitting:
    """Begin a quiz, which takes the place of the one before."""
    st.session_state[_SITTING] = Sitting(seed)
    st.session_state.pop(_AT, None)
    st.query_params[PARAMETER] = str(seed)
    return st.session_state[_SITTING]  # type: ignore[no-any-return]


def _begin_another() -> None:
    _begin(secrets.randbelow(SEEDS))


def _sitting() -> Sitting:
    """Return the session's quiz: the one the address names, else the one begun before, else a new one."""
    asked = st.query_params.get_all(PARAMETER)
    seed = read_seed(asked)
    if asked and seed is None:
        st.warning(
            say(
                "`{name}` in the address is not one whole number from 0 to {most}; this is another quiz.",
                name=PARAMETER,
                most=SEEDS - 1,
            ),
            icon=":material/link_off:",
        )
    held: Sitting | None = st.session_state.get(_SITTING)
    if held is None or (seed is not None and seed != held.seed):
        return _begin(secrets.randbelow(SEEDS) if seed is None else seed)
    if asked != [str(held.seed)]:
        st.query_params[PARAMETER] = str(held.seed)
    return held


def _go(sitting: Sitting, place: str) -> None:
    sitting.at = st.session_state[_AT] = place


def _commit(sitting: Sitting, item: Item, key: str) -> None:
    sitting.answers[item.key] = st.session_state[key]


def _note(sitting: Sitting, item: Item, key: str) -> None:
    sitting.words[item.key] = st.session_state[key]


def quiz(theme: Theme) -> None:
    """Draw the quiz: one question at a time, or the result."""
    sitting = _sitting()
    st.subheader(say("Eight things people believe about forgetting"), anchor=False)
    st.markdown(
        say(
            "Answer, look at the numbers, explain them in your own words, then compare. Your problems are drawn for "
            "you, out of those on which the numbers are clear. The address in your browser gives the same ones to "
            "others."
        )
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        if _AT not in st.session_state:
            st.session_state[_AT] = sitting.at
        chosen = st.segmented_control(
            say("Question"),
            list(_PLACES),
            format_func=spoken(lambda place: say("Result") if place == RESULT else _PLACES[place]),
            key=_AT,
            required=True,
            label_visibility="collapsed",
            wrap=True,
        )
        sitting.at = chosen or sitting.at
        st.button(
            say("Another quiz"),
            key="quiz_new",
            icon=":material/casino:",
            on_click=_begin_another,
            type="tertiary",
        )
    if sitting.at == RESULT:
        _result(sitting)
    else:
        _question(sitting, next(item for item in ITEMS if item.key == sitting.at), theme)


def _question(sitting: Sitting, item: Item, theme: Theme) -> None:
    posed = posed(item.key, sitting.seed)
    filled, answers = texts(posed), {answer.number: answer for answer in order(sitting.seed, item)}
    n = ITEMS.index(item) + 1
    st.markdown(f"**{say('Question {n} of {count}', n=n, count=len(ITEMS))}**")
    st.markdown(f":small[{say(CAST)} {say(_LOSSES)}]")
    st.markdown(f":small[{say(_SETTING, **filled)}]")
    st.markdown(say(item.question, **filled))
    answered = item.key in sitting.answers
    if answered:
        _evidence(sitting, item, posed, filled, theme)
    else:
        key = f"quiz_answer_{sitting.seed}_{item.key}"
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
                browser.on_primary(say("This is my answer")),
                key="quiz_commit",
                type="primary",
                disabled=picked is None,
                on_click=_commit,
                args=(sitting, item, key),
            )
        st.button(
            say("See the result") if following == RESULT else say("Next question"),
            key="quiz_next",
            type="secondary" if answered else "tertiary",
            icon=":material/arrow_forward:",
            on_click=_go,
            args=(sitting, following),
        )


def _evidence(sitting: Sitting, item: Item, posed: Posed, filled: Mapping[str, object], theme: Theme) -> None:
    by_number = {answer.number: answer for answer in item.answers}
    given, truth = by_number[sitting.answers[item.key]], by_number[right(item)]
    st.markdown(say("You answered: **{answer}**", answer=say(given.text, **filled)))
    st.info(say(item.anomaly, **filled), icon=":material/search_insights:")
    shown, chart = PICTURES[item.picture](posed.spec, theme), f"quiz_{item.key}"
    pictures.draw(shown.figure, chart, shown.alt)
    if shown.control:
        scrub(chart, shown.control, shown.texts, shown.at, play=shown.play, linked=False)
    st.markdown(f":small[{say(item.caption, **filled)}]")
    key = f"quiz_words_{sitting.seed}_{item.key}"
    st.text_area(
        say(item.why),
        sitting.words.get(item.key, ""),
        max_chars=2000,
        key=key,
        help=say("Write before you read on: what one has put into words oneself stays."),
        on_change=_note,
        args=(sitting, item, key),
    )
    st.markdown(f":small[{say(_PRIVATE)}]")
    if item.key not in sitting.explained:
        st.button(
            browser.on_primary(say("Show the explanation")),
            key="quiz_explain",
            type="primary",
            on_click=sitting.explained.add,
            args=(item.key,),
        )
        return
    with st.container(border=True, key="quiz_explanation"):
        st.markdown(f"**{say('People say:')}** “{say(MISCONCEPTIONS[item.key].belief)}”")
        if given is truth:
            st.markdown(f"**{say('Your answer is right.')}** {say(given.idea, **filled)}")
        else:
            st.markdown(f"**{say('The answer is {answer}.', answer=say(truth.text, **filled))}**")
            st.markdown(f"**{say('Why yours is tempting:')}** {say(given.idea, **filled)}")
        st.markdown(say(item.explanation, **filled))
        _way(item, posed.spec)


def _way(item: Item, spec: Spec) -> None:
    """Draw the way to the page that shows an item, with the reader's own problem."""
    page = BY_STEM[item.page]
    own = {c.key: c.shown(item.values[c.key]) for c in page.controls if c.key in item.values}
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(say("See your problem on the page"), width="content")
        st.page_link(
            f"pages/{page.stem}.py",
            label=say(page.title),
            icon=":material/arrow_forward:",
            query_params={"load": spec_text(spec, own)},
        )


def score(answers: Mapping[str, str]) -> str:
    """Return how the answers given compare with the numbers, and which questions are open: no grade."""
    open_ones = [n for n, item in enumerate(ITEMS, 1) if item.key not in answers]
    if len(open_ones) == len(ITEMS):
        return say("You have not answered a question yet.")
    agreed = sum(answers.get(item.key) == right(item) for item in ITEMS)
    text = say(
        "You have answered {given} of {count} questions; {agreed} of your answers agree with the numbers.",
        given=len(ITEMS) - len(open_ones),
        count=len(ITEMS),
        agreed=agreed,
    )
    if open_ones:
        text += " " + say("Not answered yet: {numbers}.", numbers=", ".join(map(str, open_ones)))
    return text


def _result(sitting: Sitting) -> None:
    answers = sitting.answers
    st.markdown(score(answers))
    missed = [item for item in ITEMS if item.key in answers and answers[item.key] != right(item)]
    if missed:
        st.markdown(f"**{say('Ideas to look at again')}**")
    for item in missed:
        with st.container(border=True):
            st.markdown(f"“{say(MISCONCEPTIONS[item.key].belief)}”")
            posed = posed(item.key, sitting.seed)
            st.markdown(say(item.anomaly, **texts(posed)))
            _way(item, posed.spec)
    if len(answers) == len(ITEMS) and not missed:
        st.markdown(
            say(
                "You fell for none of the eight. Look next at the settings at which fine-tuning does forget, or take "
                "another quiz and explain each answer to someone else."
            )
        )
        page = BY_STEM[NEXT]
        st.page_link(f"pages/{page.stem}.py", label=say(page.title), icon=":material/arrow_forward:")


_LOSSES = (
    "**Remaining loss**: mean squared error on the rows to keep. **Unlearning loss**: mean squared error on the rows "
    "to forget."
)
_SETTING = (
    "Your problem: {d} features, {overlap:.0%} of them shared, {n_retain} rows to keep, {n_forget} rows to forget, "
    "label noise {noise:g}, draw {seed}."
)
_PRIVATE = "Your words stay in this session. They are not saved or sent on, and are gone when you close the page."


@kept(256)
def posed(key: str, seed: int) -> Posed:
    """Return the problem of a quiz's seed for a misconception, with its numbers."""
    return pose(MISCONCEPTIONS[key], seed)
