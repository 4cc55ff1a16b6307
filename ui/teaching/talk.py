"""The talk and the lesson plan: which page, which pictures, which settings, and what to say. Copy it, change the order.

Every step of the talk asks the room, then draws the answer. All steps are about one data set, `MODEL`: a step names
only what it changes of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ui.language import say
from ui.language.words import number
from ui.lessons.remedy.results import remedied
from ui.lessons.remedy.sentences import CAST_KEYS
from ui.plot.view import View

# The data of the whole talk, where they are not the usual ones: noisy labels, so that every cue has something to show.
MODEL: Mapping[str, object] = {"noise": 0.5, "seed": 0}


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the talk, as long as one cue.

    Attributes
    ----------
    page : the page it stands on (pages/<page>.py).
    cue : one line at the top of the screen: what the room is asked.
    notes : what to say, in the second window.
    figure, second : keys of the page's picture, and of a second one that follows the answer.
    values : settings by key, where they are not the talk's.
    slider : key of a control drawn below the picture once the answer is there.
    numbers : a sentence for the notes from the numbers of the step.
    said, answer : what students usually say here, and what to answer.
    """

    page: str
    cue: str
    notes: str
    figure: str
    second: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    slider: str = ""
    numbers: Callable[[View], str] | None = None
    minutes: float = 1.0
    said: str = ""
    answer: str = ""

    @property
    def settings(self) -> dict[str, object]:
        """The settings of the step by key, where they are not the usual ones."""
        return {**MODEL, **self.values}

    @property
    def figures(self) -> tuple[str, ...]:
        """The keys of its pictures, in order."""
        return (self.figure, self.second) if self.second else (self.figure,)


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """One part of the plan for 45 minutes: its length, what the class does, and the step it stands on."""

    minutes: int
    title: str
    text: str
    page: str
    preset: str = ""
    said: str
    answer: str


def _nearness(view: View) -> str:
    found = remedied(view.data, CAST_KEYS, view["erase"], view["rotate"]).records
    distances = {key: number(found[key].distance) for key in ("fine_tune", "keep_overlap", "drop_overlap")}
    return say(
        "Distance to golden: {fine_tune} after fine-tuning alone, {keep_overlap} with Option A, {drop_overlap} with "
        "Option B.",
        **distances,
    )


TALK: tuple[Step, ...] = (
    Step(
        page="start",
        figure="button",
        cue="What happens to the error on the rows to forget?",
        notes="Ask for hands. A model was trained on all rows. Fifty of them must go. We go on training on the rows to "
        "keep, for 10,000 steps. Let everyone commit to one of the answers, then press next: the answer is drawn.",
        minutes=1.5,
        said="It will slowly forget what it no longer sees.",
        answer="The model already fits the rows to keep: its gradient is zero, and a zero gradient changes no weight.",
    ),
    Step(
        page="start",
        figure="button",
        values={"n_forget": 1},
        cue="One single row to forget: is that easier?",
        notes="The same with one row to forget. Ask again before you draw the answer. Nothing changes here either: the "
        "reason is the rows to keep, not how many are to be forgotten.",
        said="One row hardly matters, so it goes first.",
        answer="Its label can still be read off the model to the last digit.",
    ),
    Step(
        page="geometry",
        figure="hills",
        cue="A valley with a flat floor: where does the ball stop?",
        notes="A model is a point, its height the error on the row to keep. Move the slider: the ball rolls straight "
        "across and stops on the floor. Drag the start: nothing ever moves along the floor.",
        minutes=1,
        said="It rolls down to golden.",
        answer="It rolls to the nearest point of the floor: only a start with nothing along it ends at golden.",
    ),
    Step(
        page="distinct",
        figure="weights",
        cue="No feature in common: in which bars do fine-tuned and golden differ?",
        notes="Every bar is a weight. The pretrained model's weights that only the rows to forget use are still there "
        "after fine-tuning; golden has none.",
        minutes=1,
        said="Different features, so they can be removed easily.",
        answer="They could be; fine-tuning does not, because the rows to keep never touch them.",
    ),
    Step(
        page="overlap",
        figure="curve",
        slider="overlap",
        cue="Shared features: how much of golden's error does fine-tuning reach?",
        notes="Collect a number between 0 and 150 per cent. Then draw: the fine-tuned line stays on the floor over all "
        "overlaps, golden's lies above. The slider below the picture moves the overlap.",
        minutes=1.5,
        said="Shared features are overwritten by the rows to keep.",
        answer="Overwritten by what? The model already fits those rows.",
    ),
    Step(
        page="overlap",
        figure="curve",
        values={"overlap": 1.0, "d": 60, "n_retain": 200},
        cue="More rows than features: how much of it now?",
        notes="200 rows to keep, 60 features, all of them shared. Collect a number again. The labels are noisy: no "
        "model fits all rows to keep, the gradient is not zero, and fine-tuning ends at golden. This is the boundary "
        "of the whole story.",
        said="Nothing, as before.",
        answer="Before, the rows to keep were fitted without an error. Now they are not, and they see every feature.",
        minutes=1,
    ),
    Step(
        page="remedy",
        figure="bars",
        second="weights",
        numbers=_nearness,
        cue="Erase first, then fine-tune: how large is the error on the rows to forget?",
        notes="Option A sets to zero what only the rows to forget use, and keeps what is shared. Compare the "
        "distances to golden: Option A is not golden, because the shared weights still know. The second picture "
        "shows these weights.",
        minutes=1,
        said="Now the rows are gone.",
        answer="The shared weights were learnt from them, too.",
    ),
    Step(
        page="regularize",
        figure="push",
        values={"alpha": 0.15},
        slider="alpha",
        cue="Push to wrong labels: is an equal error enough?",
        notes="Where the curve crosses golden's error the model is still another one. The mark stands at the value of "
        "the slider nearest to the crossing. An error as high as golden's is no proof of forgetting.",
        minutes=1,
        said="The error is high, so it has forgotten.",
        answer="Golden errs like a stranger; this one errs because it knows what to avoid.",
    ),
    Step(
        page="dynamics",
        figure="clocks",
        values={"start": "Pretrained", "decay": 0.0},
        cue="After 100,000 steps: what becomes of the leftover?",
        notes="The pretrained model again. Every bar is a direction, and training moves each at its own pace. After "
        "the answer, move the slider through the steps: no bar of the leftover moves.",
        minutes=1,
        said="Then train longer, or with a larger step.",
        answer="A clock whose speed is zero is not helped by time.",
    ),
)

PLAN: tuple[Lesson, ...] = (
    Lesson(
        minutes=8,
        title="The dead button",
        text="Everyone opens the page on their own screen and guesses. Press Fine-tune together. Then be the "
        "attacker: read one deleted label off each model.",
        page="start",
        said="There must be a mistake in the program.",
        answer="Look at the gradient, the pull of training: its length is zero to rounding. Nothing tells the model "
        "to change.",
    ),
    Lesson(
        minutes=8,
        title="The exact picture",
        text="Draw a valley with a flat floor on the board first. Then drag the start on the page, and see the same "
        "picture in any dimension.",
        page="geometry",
        said="With 200 weights a flat picture can only be a sketch.",
        answer="Three points always lie in a plane; the lengths are the true ones.",
    ),
    Lesson(
        minutes=9,
        title="With and without shared features",
        text="Half of the class works on this page, half on the next one. Each half explains to the other what "
        "changes when features are shared.",
        page="overlap",
        preset="all_shared",
        said="With everything shared it has to forget.",
        answer="Not while the rows to keep are fitted: their gradient is zero at any overlap.",
    ),
    Lesson(
        minutes=5,
        title="When it does forget",
        text="Find the boundary: how many rows to keep are needed before fine-tuning forgets? Write down the number "
        "for 60 features.",
        page="overlap",
        preset="enough_rows",
        said="More rows to keep mean less forgetting.",
        answer="More rows than they have features leave no room for a second model: both end at the same one.",
    ),
    Lesson(
        minutes=8,
        title="Take the influence out first",
        text="Compare Option A and Option B for few and for many rows to forget. Which one is nearer to golden?",
        page="remedy",
        preset="a_nearer",
        said="A mask removes what was learnt.",
        answer="Only where features are not shared and not mixed: mix the features and both masks fail.",
    ),
    Lesson(
        minutes=7,
        title="High error is not forgetting",
        text="Find the weight of the push at which the errors are equal. Then look at the distance to golden.",
        page="regularize",
        preset="pushed_softly",
        said="Equal error on the rows to forget is the goal.",
        answer="Many models have that error. Being golden is more than having its error.",
    ),
)
