"""What a page is made of: what it says whatever the numbers are, its pictures, its verdict and its formula."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from theory import Check
from ui.plot.controls import BY_PAGE, Choice, Control
from ui.plot.picture import Drawing
from ui.plot.view import View

STORY, CLOSER, ROWS, ALL, TEACH = "The story", "Look closer", "On real rows", "All methods", "Teach"
LEVELS = {
    "nothing": "Zero",
    "part": "Less than golden's",
    "all": "The same as golden's",
    "more": "More than golden's",
}
# Who the three models of most pages are, before anything is said about them.
CAST = (
    "**Pretrained**: trained on all rows. **Fine-tuned**: the pretrained model, trained further on the rows to keep "
    "until nothing changes. **Golden**: trained from scratch without the rows to forget; a model that has forgotten "
    "errs on them as golden does, not less."
)
# The same where they have been met before.
SHORT_CAST = (
    "**Pretrained** learned all rows; **fine-tuned** then trained on the rows to keep; **golden** never saw the rows "
    "to "
    "forget."
)


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """What the reader commits to before the answer is drawn: one of several options, or a share from 0 to 150%.

    Attributes
    ----------
    question : what is asked.
    options : answers by the outcome they name; none where a share is asked for.
    """

    question: str
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Preset:
    """One case to try: its name in the address and on screen, the question it answers, and the unusual settings.

    Attributes
    ----------
    values : settings by the key of a shared control or of one of the page's own.
    """

    key: str
    title: str
    question: str
    values: Mapping[str, object]


@dataclass(frozen=True)
class Still:
    """The shared controls that have no say while one of a page's own choices stands at one of its options.

    Attributes
    ----------
    held : their keys, each with the value that counts there; None where none does.
    why : what is said below them.
    """

    held: Mapping[str, float | None]
    why: str


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page: pages/<stem>.py, its place in the menu, and everything it says that does not depend on the numbers.

    A page without claims has no use for the shared controls (`experiment` is False): its pictures, if it has any, are
    of data of its own. One without pictures asks for no guess and has no cases, limits or script.

    Attributes
    ----------
    title : what the page is called: above it, in the menu, in the browser's tab, and in every link to it.
    thread : how the story goes on, in one line: what the last page showed, and what is asked now.
    cast : who the models on the page are, in one line, before anything is said about them; "" where the page says so.
    predictions : what is asked in each part of the page instead, by the part's name; the first part's is `prediction`.
    controls : the page's own controls, drawn above its picture and kept in the address like the shared ones.
    aside : keys of those that stand at the side: what data of the page's own are made of.
    drawn : keys of those that have a say on drawn rows alone, on a page that takes real ones, too.
    only : a part of the page by the keys of the controls it alone has; its first choice says which part is shown.
    fixed : shared controls this page holds at a value of its own.
    still : the shared controls that have no say on drawn rows, by a choice's key and what its option stands for.
    claims : keys of the claims the page rests on; the first is its formula.
    limits : what the page does not tell.
    file : the file in data/ that the page's numpy script reads.
    """

    stem: str
    title: str
    question: str
    group: str
    thread: str = ""
    prediction: Prediction = Prediction(question="")
    predictions: Mapping[str, Prediction] = field(default_factory=dict)
    claims: tuple[str, ...] = ()
    presets: tuple[Preset, ...] = ()
    limits: tuple[str, ...] = ()
    cast: str = CAST
    controls: tuple[Control, ...] = ()
    aside: tuple[str, ...] = ()
    drawn: tuple[str, ...] = ()
    only: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, float] = field(default_factory=dict)
    still: Mapping[tuple[str, str], Still] = field(default_factory=dict)
    file: str = ""

    @property
    def experiment(self) -> bool:
        """Whether the page shows an experiment with the shared controls."""
        return bool(self.claims)

    def part(self, view: View) -> str:
        """Return which of its parts a page shows, by `only`; "" where it has none."""
        return str(view[next(c.key for c in self.controls if isinstance(c, Choice))]) if self.only else ""

    def asked(self, view: View) -> Prediction:
        """Return what the page asks before it draws the answer of this View."""
        return self.predictions.get(self.part(view), self.prediction)

    def settings(self, view: View) -> tuple[tuple[str, object], ...]:
        """Return what its own controls say of the part that is shown, but for what moves under the hand alone."""
        part = self.part(view)
        own = [c for c in self.controls if not isinstance(c, BY_PAGE) and self.only.get(c.key, part) == part]
        return tuple((c.key, view[c.key]) for c in own)


def pictures_alone(view: View) -> None:
    """Say, as `Lesson.around`, that a page's script has nothing else that its sliders move."""


@dataclass(frozen=True)
class Growth:
    """How far the work is that a page's pictures show.

    Attributes
    ----------
    so_far : another text whenever there is more to show.
    again : seconds after which to look again; None where nothing more comes by itself.
    """

    so_far: str
    again: float | None


@dataclass(frozen=True)
class Formula:
    """The formula of a page at its settings.

    Attributes
    ----------
    check : the numbers under its two sides; None where they are the page's first claim's on the data.
    whose : whose the numbers are.
    sides : its two sides as LaTeX; None where they are the page's first claim's.
    """

    check: Check | None = None
    whose: str = ""
    sides: tuple[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """A page with pictures: one folder of ui/lessons.

    Attributes
    ----------
    page : its place, its words and its controls.
    figures : its pictures by key, in the order in which a lecture shows them.
    verdict : a guess, or None for none -> how it compares with the answer, and why; of None, the answer.
    right : the guesses that are right: keys of options, or the share in percent. None where there is no answer (yet).
    formula : the page's formula at its settings; none, or None of a View, where it is the page's first claim.
    work : asks, for the visitor, for the work that pictures show which grow; how far it is.
    around : of a View, what its page's script says beside pictures and what `close` draws: a slider that is let go runs
        the page where this becomes another, and else that end alone. None: the page runs, whatever is moved.
    """

    page: Page
    figures: Mapping[str, Drawing]
    verdict: Callable[[View, str | int | None], str]
    right: Callable[[View], Collection[str] | Collection[float]]
    formula: Callable[[View], Formula | None] | None = None
    work: Callable[[View], Growth] | None = None
    around: Callable[[View], object] | None = None

    def shown(self, view: View) -> dict[str, Drawing]:
        """Return the pictures that stand on the page at these settings, by key."""
        return {key: drawing for key, drawing in self.figures.items() if drawing.shown(view)}
