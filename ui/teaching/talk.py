"""The talk and the lesson plan: which page, which case, which figure, and what to say. Copy it and change the order.

A step names a page (pages/<page>.py), a case to try by its key (or none, for the usual settings), which of the page's
figures from 1, and whether the room guesses before the answer is drawn.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the talk, as long as one cue.

    Attributes
    ----------
    cue : one line at the foot of the screen: what to do or ask.
    notes : what to say, in the second window.
    said, answer : what students usually say here, and what to answer.
    """

    page: str
    cue: str
    notes: str
    preset: str = ""
    figure: int = 1
    asks: bool = True
    seed: int = 0
    minutes: float = 1.0
    said: str = ""
    answer: str = ""


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


TALK: tuple[Step, ...] = (
    Step(
        page="start",
        cue="Ask for hands: what happens to the error on the rows to forget?",
        notes="A model was trained on all rows. Fifty of them must go. We go on training on the rows to keep, for "
        "10,000 steps. Let everyone commit to one of the answers, then press next: the answer is drawn.",
        minutes=1.5,
        said="It will slowly forget what it no longer sees.",
        answer="The model already fits the rows to keep: its gradient is zero, and a zero gradient changes no weight.",
    ),
    Step(
        page="start",
        preset="one_row",
        cue="One single row: is that easier?",
        notes="The same with one row to forget. Nothing changes here either: the reason is the rows to keep, not how "
        "many are to be forgotten.",
        asks=False,
        said="One row hardly matters, so it goes first.",
        answer="Its label can still be read off the model to the last digit.",
    ),
    Step(
        page="geometry",
        cue="A valley with a flat floor: where does the ball stop?",
        notes="A model is a point, its height the error on the row to keep. Move the slider: the ball rolls straight "
        "across and stops on the floor. Drag the start: nothing ever moves along the floor.",
        minutes=1,
        said="It rolls down to golden.",
        answer="It rolls to the nearest point of the floor: only a start with nothing along it ends at golden.",
    ),
    Step(
        page="distinct",
        cue="No feature in common: which bars move?",
        notes="Every bar is a weight. The pretrained model's weights that only the rows to forget use are still there "
        "after fine-tuning; golden has none.",
        minutes=1,
        said="Different features, so they can be removed easily.",
        answer="They could be; fine-tuning does not, because the rows to keep never touch them.",
    ),
    Step(
        page="overlap",
        cue="Shared features: how much of golden's error?",
        notes="Collect a number between 0 and 150 per cent. Then draw: the fine-tuned line stays on the floor over all "
        "overlaps, golden's lies above.",
        minutes=1.5,
        said="Shared features are overwritten by the rows to keep.",
        answer="Overwritten by what? The model already fits those rows.",
    ),
    Step(
        page="overlap",
        preset="enough_rows",
        cue="More rows than features: now it forgets",
        notes="200 rows to keep and 60 features, with noisy labels: no model fits them all, the gradient is not zero, "
        "and fine-tuning ends at golden. This is the boundary of the whole story.",
        asks=False,
        minutes=1,
    ),
    Step(
        page="remedy",
        preset="still_there",
        cue="Erase first, then fine-tune: which error?",
        notes="Option A sets to zero what only the rows to forget use, and keeps what is shared. It comes much nearer "
        "to golden, and is not golden: the shared weights still know.",
        minutes=1,
        said="Now the rows are gone.",
        answer="The shared weights were learnt from them, too.",
    ),
    Step(
        page="regularize",
        preset="pushed_softly",
        cue="Push to wrong labels: is an equal error enough?",
        notes="Where the curve crosses golden's error the model is still another one. An error as high as golden's is "
        "no proof of forgetting.",
        minutes=1,
        said="The error is high, so it has forgotten.",
        answer="Golden errs like a stranger; this one errs because it knows what to avoid.",
    ),
    Step(
        page="dynamics",
        preset="plain_training",
        cue="100,000 steps: what about the leftover?",
        notes="Every bar is a direction with a clock of its own. Some run down at once, some never move. Move the "
        "slider through the steps after the answer.",
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
