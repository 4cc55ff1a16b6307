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
        anomaly="After {few_steps:,} steps the unlearning loss is {few}, after {many_steps:,} steps it is {many}; "
        "golden's is {golden}. The gradient, which every step follows, is zero up to rounding.",
        why="Explain why so many more steps change nothing.",
        explanation="The pretrained model fits every row to keep. Training follows the error on these rows, and there "
        "is none: every step is a multiple of zero. So the weights stay where they are, and there they know every row "
        "to forget by heart. Only an error can move a model.",
        page="start",
        picture="button",
        caption="The error on each row to forget. Press the button: the marks stay where they are.",
    ),
    Item(
        key="larger_step",
        question="Training on the {n_retain} rows to keep starts from the pretrained model, which does not fit them "
        "yet. The **leftover**, the part of a model that these rows cannot see, is {before} long. With small steps "
        "({small_step:g} times the largest stable one) it is {small} long after {strides} steps. How long is it after "
        "{strides} steps that are four times as large?",
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
        anomaly="The leftover is {before} long before the first step, {small} after {strides} small steps and {large} "
        "after {strides} large ones. The large steps did work: the remaining loss is {remaining_large} after them, "
        "and {remaining_small} after the small ones.",
        why="Explain why the size of a step does not change the leftover.",
        explanation="Every step is a weighted sum of the rows to keep, and a larger step is a longer sum of the same "
        "rows. No such sum has a part in a direction that none of these rows uses. So the leftover stands still at "
        "every step size, even at one so large that training diverges.",
        page="dynamics",
        values={"start": "Pretrained", "step_size": LARGE, "decay": 0.0, "step": float(STRIDES)},
        picture="pace",
        caption="What one step leaves of a distance, for every step size. What no row to keep uses keeps all of it.",
    ),
    Item(
        key="zero_loss",
        question="The fine-tuned model's remaining loss is {remaining}: it predicts the {n_retain} rows to keep "
        "exactly. Its weights are the sum of a part these rows can see and a part they cannot; the squared lengths of "
        "the two add up to its own. Which share of it is the part they cannot see?",
        answers=(
            Answer(
                number="nothing",
                text="{nothing:.0%}: with no loss left, nothing else is left",
                idea="A loss of zero sounds like a clean model. It says that one question is answered, the one about "
                "the rows to keep.",
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
        anomaly="The remaining loss is {remaining}, and yet {share:.0%} of the model's squared length lies where the "
        "rows to keep cannot see it. Golden, with the same remaining loss, has nothing there. Its unlearning loss is "
        "{golden}, the fine-tuned model's is {tuned}.",
        why="Explain how a model can fit the rows to keep exactly and still hold something else.",
        explanation="There are {d} weights and only {n_retain} rows to keep, so many models fit these rows exactly: "
        "whatever is added in directions they do not use, their predictions stay right. The remaining loss cannot "
        "tell these models apart. Golden is the one with nothing added; the fine-tuned model is golden plus all that "
        "the rows to keep cannot see.",
        page="geometry",
        values={"scale": 1.0},
        picture="triangle",
        caption="True lengths. The level part is what the rows to keep can see, the upright part what they cannot.",
    ),
    Item(
        key="high_error",
        question="The pretrained model is trained further, to say the opposite of every label to forget. Now its "
        "error on these rows is {pushed_loss}; golden's is {golden_loss}. The pretrained model's weights were "
        "{pretrained} away from golden's. How far away are they now?",
        answers=(
            Answer(
                number="nothing",
                text="{nothing}: it has forgotten, so it is golden",
                idea="Who forgot a row predicts it badly. The reverse does not follow: one can be wrong because one "
                "knows the right answer.",
            ),
            Answer(
                number="halfway",
                text="{halfway}: it is on its way to golden",
                idea="The pretrained model errs too little, so more error looks like the right way.",
            ),
            Answer(
                number="pretrained",
                text="{pretrained}: other answers, the same distance",
                idea="One may think that only the answers for these rows were exchanged. Here answers come from "
                "weights, and other answers need other weights.",
            ),
            Answer(
                number="pushed",
                text="{pushed}: farther away than before",
                idea="You saw that an error can be too large.",
            ),
        ),
        anomaly="On the rows to forget the model errs by {pushed_loss}, more than golden, which errs by {golden_loss}. "
        "But its weights are {pushed} away from golden's, and the pretrained model's were {pretrained} away. It is "
        "less like a model that never saw these rows than the model that forgot nothing.",
        why="Explain why a high error on the rows to forget does not prove that they are forgotten.",
        explanation="A model that never saw the rows errs on them as golden does: not less, and not more. To be wrong "
        "on purpose one has to use the right answers, and that leaves a trace in the weights. Forgotten means near "
        "golden: in the errors, in the weights, and on new rows.",
        page="regularize",
        values={"alpha": PUSH, "target": "Opposite labels", "mu": CLOSE},
        picture="push",
        caption="Errors above, distance to golden below, against the weight of the push, here {push:g}.",
    ),
    Item(
        key="same_end",
        question="The {n_retain} rows to keep are noisy, and the pretrained model does not fit them. Fine-tuning "
        "trains it on them until nothing changes; golden is trained on them from scratch. Both end with no remaining "
        "loss. The pretrained model's weights are {pretrained} away from golden's. How far away are the fine-tuned "
        "model's?",
        answers=(
            Answer(
                number="nothing",
                text="{nothing}: the same rows and the same loss give the same model",
                idea="So it is where the rows settle every weight: then each start leads to one model. Here there are "
                "more features than rows to keep.",
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
        anomaly="Fine-tuning brings the distance to golden from {pretrained} down to {tuned}, and there it stays. Both "
        "models predict the rows to keep exactly. On the rows to forget the fine-tuned model errs by {tuned_loss}, "
        "golden by {golden_loss}.",
        why="Explain why two trainings on the same rows end at different models.",
        explanation="Training moves the weights only in directions that the rows to keep use. What the pretrained "
        "model holds in the other directions is there at the end as it was at the start. Retraining starts from zero "
        "and has nothing there. As long as the rows to keep leave directions unused, where a model ends depends on "
        "where it began.",
        page="overlap",
        caption="Two models without remaining loss, and how far apart they are.",
    ),
    Item(
        key="deleted_rows",
        question="The {n_forget} rows to forget are deleted from the table, and the trained model is not touched. "
        "Someone still has the features of deleted row {row:.0f} and asks the model for its label. What does it say?",
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
        "{golden}. Over all {n_forget} deleted rows the model's mean squared error is {pretrained_loss}, golden's is "
        "{golden_loss}.",
        why="Explain how the model can know a label that is in no table any more.",
        explanation="Training has turned the rows into weights. When the model answers it does not look at the table, "
        "so changing the table changes no answer. To remove rows from a model its weights have to change: by "
        "retraining without the rows, or by something that ends near the same weights.",
        page="start",
        caption="The model after the rows were deleted, and golden. It knows deleted rows as well as those left.",
    ),
    Item(
        key="larger_alpha",
        question="The pretrained model is trained further: the rows to keep stay as they are, the rows to forget get "
        "each other's labels. The weight alpha says how much these wrong labels count. At which of these weights does "
        "the model end nearest to golden?",
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
        anomaly="The distance to golden is {none_distance} without a push, {modest_distance} at alpha = {modest:g}, "
        "{strong_distance} at alpha = {strong:g} and {most_distance} at alpha = {most:g}. The hardest push ends "
        "farther from golden than no push.",
        why="Explain why a harder push is not a better one.",
        explanation="The push leads to wrong labels, and these are not what golden says. At first the model comes "
        "nearer to golden, because it lets go of the right labels. Then it follows the wrong ones, and moves away "
        "again. Which alpha is best depends on the data, and to find it one has to know golden.",
        page="regularize",
        values={"alpha": PUSHES[1], "target": "Shuffled labels", "mu": CLOSE},
        picture="push",
        caption="Errors above, distance to golden below, against the weight alpha. The marks stand at {modest:g}.",
    ),
    Item(
        key="masked",
        question="The rows to keep and the rows to forget share {overlap:.0%} of the features. Option A, a mask, sets "
        "all weights that only the rows to forget use to zero; then the model is fine-tuned. Golden's unlearning loss "
        "is {golden}. What is the masked model's?",
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
        "cannot repair them: the rows to keep are fitted already, so there is nothing to follow. With no feature "
        "shared the mask does end at golden. And it has to know which rows use which features: mixed features leave "
        "nothing to mask.",
        page="remedy",
        values={"erase": "Option A"},
        caption="Option A next to fine-tuning without a mask, and golden.",
    ),
)
