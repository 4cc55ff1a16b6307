"""The pictures of the quiz, one a question: its page's picture or one of its own, on the reader's problem."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from theory import Spec
from ui.figures.losses import HEIGHT, describe_losses, loss_lanes
from ui.figures.models import LABELS
from ui.language import say
from ui.lessons import LESSONS, plain
from ui.lessons.lesson import Page
from ui.lessons.remedy.alts import describe_bars
from ui.lessons.remedy.figures import remedy_bars
from ui.lessons.remedy.results import remedied
from ui.lessons.remedy.sentences import CAST_KEYS, size
from ui.plot.picture import Drawing, Picture
from ui.plot.view import View, controls_of, view_of
from ui.server.results import experiment
from ui.teaching.quiz_items import ITEMS, Item
from ui.teaching.quiz_questions import posed, texts


@dataclass(frozen=True)
class Quiz:
    """The quiz as the route of the pictures knows it: its page, and its pictures by question."""

    page: Page
    figures: Mapping[str, Drawing]


def _lanes(spec: Spec, view: View) -> Picture:
    records = list(experiment(spec, ("pretrained", "golden")).records.values())
    return Picture(loss_lanes(records, LABELS, view.theme), describe_losses(records, LABELS))


def _bars(*keys: str) -> Callable[[Spec, View], Picture]:
    def draw(spec: Spec, view: View) -> Picture:
        found = remedied(spec, CAST_KEYS, "keep_overlap", False)
        shown = [found.records[key] for key in keys]
        return Picture(
            remedy_bars(shown, size(found.weights), "keep_overlap", view.theme),
            describe_bars(found.records, found.weights, frozenset(found.records) - set(keys)),
        )

    return draw


# Questions whose page shows more than they speak of.
_OWN: Mapping[str, Callable[[Spec, View], Picture]] = {
    "same_end": _bars("fine_tune", "golden"),
    "deleted_rows": _lanes,
    "masked": _bars("fine_tune", "keep_overlap", "golden"),
}


def _of_its_page(item: Item) -> Callable[[Spec, View], Picture]:
    """Return how the page of a question draws its picture, with the page's own controls as the question has them."""
    lesson = LESSONS[item.page]
    usual = {c.key: c.default for c in controls_of(lesson.page)}

    def draw(spec: Spec, view: View) -> Picture:
        there = view_of(lesson.page, {**usual, **item.values}, theme=view.theme, language=view.language)
        return lesson.figures[item.picture].draw(replace(there, spec=spec))

    return draw


def _drawing(item: Item) -> Drawing:
    own, count = _OWN.get(item.key) or _of_its_page(item), ITEMS.index(item) + 1

    def draw(view: View) -> Picture:
        found = posed(item.key, view["quiz"] or 0)
        return replace(own(found.spec, view), caption=say(item.caption, **texts(found)))

    there = LESSONS[item.page].figures.get(item.picture)
    scrub, height = (there.scrub, there.height) if there else ("", HEIGHT)
    return Drawing(draw=draw, name=f"Question {count}", scrub=scrub, height=height)


QUIZ = Quiz(plain.QUIZ, {item.key: _drawing(item) for item in ITEMS})
