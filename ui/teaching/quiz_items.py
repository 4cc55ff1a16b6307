"""The questions of the quiz in words: what is asked, the answers and the ideas behind them, and what explains it.

Every text may hold the numbers of its misconception's evidence, the fields of the Spec and `CONSTANTS`, in braces.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from theory.misconceptions import CLOSE, FEW, LARGE, MANY, PUSH, PUSHES, SMALL, STRIDES

CONSTANTS: Mapping[str, float] = {
    "few_steps": FEW,
    "many_steps": MANY,
    "times": MANY // FEW,
    "strides": STRIDES,
    "small_step": SMALL,
    "large_step": LARGE,
    "push": PUSH,
}
# Where someone who missed nothing may go on.
NEXT = "boundary"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer: the number it stands for, by its name in the evidence, and the idea that makes it tempting.

    Attributes
    ----------
    idea : why one might think so; of the right answer, what it takes to see it.
    """

    number: str
    text: str
    idea: str


@dataclass(frozen=True, kw_only=True)
class Item:
    """One question of the quiz, about the misconception of the same key (`theory.MISCONCEPTIONS`).

    Attributes
    ----------
    anomaly : the numbers that disagree with the belief.
    why : what the reader is asked to explain.
    explanation : what is true instead, and why.
    page : stem of the page that shows it.
    values : settings of that page's own controls.
    picture : the page's picture of the anomaly; none where the question has its own (`ui.teaching.quiz_pictures`).
    caption : how to read it.
    """

    key: str
    question: str
    answers: tuple[Answer, ...]
    anomaly: str
    why: str
    explanation: str
    page: str
    values: Mapping[str, object] = field(default_factory=dict)
    picture: str = ""
    caption: str


ITEMS = (
    Item(
        key="more_steps",
        question="The pretrained model has been fine-tuned for {few_steps:,} steps on the {n_retain} rows to keep. "
        "Golden's unlearning loss is {golden}. What is the fine-tuned model's after {many_steps:,} steps, {times:,} "
        "times as many?",
        answers=(
            Answer(
                number="many",
                text="{many}: it knows the rows to forget by heart",
                idea="You saw that there is nothing for training to follow.",
            ),
            Answer(
                number="halfway",
                text="{halfway}: it is halfway to golden",
                idea="Forgetting looks like a matter of patience: a long way, taken step by step.",
            ),
            Answer(
                number="golden",
                text="{golden}: it has arrived at golden",
                idea="What is not practised fades, so a long training on the rows to keep should end where golden is. "
                "People forget like that; these weights do not.",
            ),
            Answer(
                number="beyond",
                text="{beyond}: it has gone past golden",
                idea="If every step forgets a little, very many forget too much. Here every step forgets nothing.",
            ),
        ),
        anomaly="The unlearning loss is {few} after {few_steps:,} steps and {many} after {many_steps:,}; golden's is "
        "{golden}. The gradient, which every step follows, is zero up to rounding.",
        why="Explain why so many more steps change nothing.",
        explanation="The pretrained model fits every row to keep. Training follows the error on these rows, and there "
        "is none: every step is zero. The weights stay where they are, and know every row to forget by heart. Without "
        "an error nothing moves them.",
        page="start",
        picture="button",
        caption="The error on each row to forget. Press the button: the marks stay.",
    ),
    Item(
        key="larger_step",
        question="Training on the {n_retain} rows to keep starts from the pretrained model, which does not fit them. "
        "The **leftover**, the part that these rows cannot see, is {before} long; after {strides} small steps "
        "({small_step:g} times the largest stable one) it is {small}. How long is it after {strides} steps four times "
        "as large?",
        answers=(
            Answer(
                number="large",
                text="{large}: the step size does not matter",
                idea="You saw that a longer step goes in the same directions.",
            ),
            Answer(
                number="quarter",
                text="{quarter}: four times the step, a quarter left",
                idea="A step four times as large goes four times as far. So it does, in the directions the rows to "
                "keep use.",
            ),
            Answer(
                number="nothing",
                text="{nothing}: large steps reach it",
                idea="Small steps seem too timid, as if the model were stuck in a groove. It is not stuck: nothing "
                "pulls it there.",
            ),
            Answer(
                number="fourfold",
                text="{fourfold}: large steps overshoot",
                idea="Steps that are too large do make things grow, but only where the gradient pulls.",
            ),
        ),
        anomaly="The leftover is {before} long at first, {small} after {strides} small steps and {large} after "
        "{strides} large ones. The large steps did work: the remaining loss is {remaining_large} after them, "
        "{remaining_small} after the small ones.",
        why="Explain why the size of a step does not change the leftover.",
        explanation="Every step is a weighted sum of the rows to keep; a larger step is a longer sum of the same "
        "rows. No such sum has a part in a direction that none of them uses. So the leftover stands still at every "
        "step size, even where training diverges.",
        page="dynamics",
        values={"start": "Pretrained", "step_size": LARGE, "decay": 0.0, "step": float(STRIDES)},
        picture="pace",
        caption="What one step leaves of a distance, for every step size. What no row to keep uses keeps all of it.",
    ),
    Item(
        key="zero_loss",
        question="The fine-tuned model's remaining loss is {remaining}: it predicts the {n_retain} rows to keep "
        "exactly. Its weights are the sum of a part these rows can see and a part they cannot, whose squared lengths "
        "add up to its own. Which share is the part they cannot see?",
        answers=(
            Answer(
                number="nothing",
                text="{nothing:.0%}: with no loss left, nothing else is left",
                idea="A loss of zero sounds like a clean model. It answers one question, the one about the rows to "
                "keep.",
            ),
            Answer(
                number="share",
                text="{share:.0%}: more than half",
                idea="You saw that the remaining loss looks at one part only.",
            ),
            Answer(
                number="seen",
                text="{seen:.0%}: less than half",
                idea="One expects that a model which fits these rows is mostly about these rows.",
            ),
            Answer(
                number="everything",
                text="{everything:.0%}: fine-tuning changed nothing, so all of it is left",
                idea="Fine-tuning did change nothing. But what fits the rows to keep was in the pretrained model "
                "already.",
            ),
        ),
        anomaly="The remaining loss is {remaining}, yet the rows to keep cannot see {share:.0%} of the model's "
        "squared length. Golden, with the same remaining loss, has nothing there. Its unlearning loss is {golden}, the "
        "fine-tuned model's {tuned}.",
        why="Explain how a model can fit the rows to keep exactly and still hold something else.",
        explanation="With {d} weights and only {n_retain} rows to keep, many models fit these exactly: what is added "
        "in directions they do not use changes none of their predictions. The remaining loss cannot tell such models "
        "apart. Golden has nothing added; the fine-tuned model is golden plus what the rows to keep cannot see.",
        page="geometry",
        values={"scale": 1.0},
        picture="triangle",
        caption="True lengths: level what the rows to keep can see, upright what they cannot.",
    ),
    Item(
        key="high_error",
        question="Trained further, to say the opposite of every label to forget, the pretrained model now errs by "
        "{pushed_loss} on these rows; golden errs by {golden_loss}. Its weights were {pretrained} away from golden's. "
        "How far away are they now?",
        answers=(
            Answer(
                number="nothing",
                text="{nothing}: it has forgotten, so it is golden",
                idea="Who forgot a row predicts it badly. But one can also be wrong because one knows the right "
                "answer.",
            ),
            Answer(
                number="halfway",
                text="{halfway}: it is on its way to golden",
                idea="The pretrained model errs too little, so more error looks like the right way.",
            ),
            Answer(
                number="pretrained",
                text="{pretrained}: other answers, the same distance",
                idea="It seems that only the answers for these rows were exchanged. But answers come from weights, "
                "and others need other weights.",
            ),
            Answer(
                number="pushed",
                text="{pushed}: farther away than before",
                idea="You saw that an error can be too large.",
            ),
        ),
        anomaly="On the rows to forget the model errs by {pushed_loss}, more than golden's {golden_loss}. But its "
        "weights are {pushed} away from golden's, the pretrained model's {pretrained}: it is less like a model that "
        "never saw these rows than the one that forgot nothing.",
        why="Explain why a high error on the rows to forget does not prove that they are forgotten.",
        explanation="A model that never saw the rows errs on them as golden does: neither less nor more. Being wrong "
        "on purpose uses the right answers, and that leaves a trace in the weights. Forgotten means near golden: in "
        "errors, in weights, and on new rows.",
        page="regularize",
        values={"alpha": PUSH, "target": "Opposite labels", "mu": CLOSE},
        picture="push",
        caption="Errors above, distance to golden below, against the push's weight, here {push:g}.",
    ),
    Item(
        key="same_end",
        question="The {n_retain} rows to keep are noisy, and the pretrained model does not fit them. Fine-tuning "
        "trains it on them until nothing changes, golden starts from scratch; both end without remaining loss. The "
        "pretrained model's weights are {pretrained} away from golden's. How far away are the fine-tuned model's?",
        answers=(
            Answer(
                number="nothing",
                text="{nothing}: the same rows and the same loss give the same model",
                idea="So it is where the rows settle every weight. Here there are more features than rows to keep.",
            ),
            Answer(
                number="tuned",
                text="{tuned}: nearer, but not there",
                idea="You saw that the end still depends on the start.",
            ),
            Answer(
                number="pretrained",
                text="{pretrained}: fine-tuning changes nothing",
                idea="Nothing changes where the pretrained model fits the rows to keep already. Here it does not, and "
                "training moves it.",
            ),
        ),
        anomaly="Fine-tuning brings the distance to golden from {pretrained} to {tuned}, and there it stays. Both "
        "models predict the rows to keep exactly; on those to forget the fine-tuned one errs by {tuned_loss}, golden "
        "by {golden_loss}.",
        why="Explain why two trainings on the same rows end at different models.",
        explanation="Training moves the weights only in directions that the rows to keep use. What the pretrained "
        "model holds in others is there at the end as at the start; retraining starts from zero and has nothing there. "
        "As long as directions are unused, where a model ends depends on where it began.",
        page="overlap",
        caption="Two models without remaining loss, and how far apart they are.",
    ),
    Item(
        key="deleted_rows",
        question="The {n_forget} rows to forget are deleted from the table, the trained model is not touched. Someone "
        "who still has the features of deleted row {row:.0f} asks the model for its label. What does it say?",
        answers=(
            Answer(
                number="pretrained",
                text="{pretrained}: the label that was deleted",
                idea="You saw that the answer comes from the weights.",
            ),
            Answer(
                number="golden",
                text="{golden}: what a model without these rows says",
                idea="One thinks of a model as made from the table as it is. It was made from the table as it was.",
            ),
            Answer(
                number="neighbour",
                text="{neighbour}: the label of the most similar row that is left",
                idea="So it is for a model that looks rows up in the table. This one has weights, and never looks.",
            ),
            Answer(
                number="nothing",
                text="{nothing}: it has no answer any more",
                idea="Without the row there seems to be nothing to answer from. But the answer comes from the weights.",
            ),
        ),
        anomaly="The model says {pretrained}; the deleted label was {label}. Golden, retrained without the rows, says "
        "{golden}. Over all {n_forget} deleted rows the model errs by {pretrained_loss}, golden by {golden_loss}.",
        why="Explain how the model can know a label that is in no table any more.",
        explanation="Training has turned the rows into weights. The model answers from these, not from the table, so "
        "changing the table changes no answer. To remove rows from a model its weights have to change: by retraining "
        "without them, or by what ends near the same weights.",
        page="start",
        caption="The model after the deletion knows deleted rows as well as those left; golden does not.",
    ),
    Item(
        key="larger_alpha",
        question="The pretrained model is trained further: the rows to keep stay as they are, those to forget get "
        "each other's labels, which count with a weight alpha. At which weight does the model end nearest to golden?",
        answers=(
            Answer(
                number="none",
                text="alpha = {none:g}: no push",
                idea="Wrong labels lead away from golden in the end, so no push at all may seem best. The first part "
                "of the way does lead nearer.",
            ),
            Answer(
                number="modest",
                text="alpha = {modest:g}: a soft push",
                idea="You saw that the way to the wrong labels passes by golden and goes on.",
            ),
            Answer(
                number="strong",
                text="alpha = {strong:g}: as much as the rows to keep count",
                idea="The same weight for both looks fair. But golden is not where two errors count the same.",
            ),
            Answer(
                number="most",
                text="alpha = {most:g}: the hardest push",
                idea="More push, more error, more forgetting: so it looks. But the push does not lead to golden.",
            ),
        ),
        anomaly="The distance to golden is {none_distance} without a push, and {modest_distance}, {strong_distance} "
        "and {most_distance} at alpha = {modest:g}, {strong:g} and {most:g}. The hardest push ends farther away than "
        "none.",
        why="Explain why a harder push is not a better one.",
        explanation="The push leads to wrong labels, which are not what golden says. At first the model comes nearer "
        "to golden, because it lets go of the right labels. Then it follows the wrong ones, and moves away again. "
        "Which alpha is best depends on the data; to find it one has to know golden.",
        page="regularize",
        values={"alpha": PUSHES[1], "target": "Shuffled labels", "mu": CLOSE},
        picture="push",
        caption="Errors above, distance to golden below, against the weight alpha. The marks stand at {modest:g}.",
    ),
    Item(
        key="masked",
        question="Rows to keep and to forget share {overlap:.0%} of the features. Option A, a mask, sets all weights "
        "that only the rows to forget use to zero; then the model is fine-tuned. Golden's unlearning loss is {golden}. "
        "What is the masked model's?",
        answers=(
            Answer(
                number="nothing",
                text="{nothing}: the mask changes nothing for these rows",
                idea="The shared weights do remember. But the erased weights knew a part too, and that part is gone.",
            ),
            Answer(
                number="masked",
                text="{masked}: it still errs less than golden",
                idea="You saw that the shared weights remember.",
            ),
            Answer(
                number="golden",
                text="{golden}: what these rows taught is erased, as in golden",
                idea="The mask erases what only these rows use, and that sounds like all they taught. They taught the "
                "shared weights, too.",
            ),
            Answer(
                number="ignorant",
                text="{ignorant}: it errs as if it said 0 for each of them",
                idea="With its weights gone a model should know nothing. This one keeps the shared weights.",
            ),
        ),
        anomaly="After the mask and fine-tuning the unlearning loss is {masked}; golden's is {golden}. Saying 0 for "
        "each row would give {ignorant}. The remaining loss is {remaining}.",
        why="Explain how a model can remember rows whose own weights were erased.",
        explanation="The rows to forget have shaped the shared weights as well, and the mask keeps these. Fine-tuning "
        "cannot repair them: the rows to keep are fitted already. With no feature shared the mask does end at golden. "
        "And it has to know which rows use which features: mixed features leave nothing to mask.",
        page="remedy",
        values={"erase": "Option A"},
        caption="Option A next to fine-tuning without a mask, and golden.",
    ),
)
