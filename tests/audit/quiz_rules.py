"""Which sentences of the quiz there are, by question, and what has to be so where one is said."""

import re
from collections import Counter
from dataclasses import replace

import numpy as np

from tests.audit.facts import Facts as Models
from tests.audit.facts import fit
from tests.audit.judging import both, loss, opposite
from tests.audit.reading import LOSS, NUMBER, shows, value

# What asserts nothing that a setting could make false: what people think, how to read a picture, what a word means.
QUIET = (
    "Forgetting looks like a matter of patience",
    "What is not practised fades",
    "If every step forgets a little",
    "Small steps seem too timid",
    "A loss of zero sounds like a clean model",
    "It answers one question, the one about the rows to keep",
    "One expects that a model which fits these rows is mostly about these rows",
    "Which share is the part they cannot see",
    "level what the rows to keep can see, upright what they cannot",
    "How far away are they now",
    "How far away are the fine-tuned model's",
    "Who forgot a row predicts it badly",
    "The pretrained model errs too little, so more error looks like the right way",
    "It seems that only the answers for these rows were exchanged",
    "Forgotten means near golden",
    "Errors above, distance to golden below, against the weight alpha",
    "What does it say",
    "One thinks of a model as made from the table as it is",
    "It was made from the table as it was",
    "So it is for a model that looks rows up in the table",
    "This one has weights, and never looks",
    "Without the row there seems to be nothing to answer from",
    "But the answer comes from the weights",
    "Training has turned the rows into weights",
    "To remove rows from a model its weights have to change",
    "At which weight does the model end nearest to golden",
    "The same weight for both looks fair",
    "More push, more error, more forgetting: so it looks",
    "to find it one has to know golden",
    "What is the masked model's",
    "The mask erases what only these rows use, and that sounds like all they taught",
    "With its weights gone a model should know nothing",
    "And it has to know which rows use which features",
    "You saw that the answer comes from the weights",
    "Explain ",
)


def _all(f, m, *true):
    """Whether the numbers of a match are these, one after the other."""
    return len(m.groups()) == len(true) and all(loss(f, t, v) for t, v in zip(m.groups(), true, strict=True))


def _share(text, true):
    return abs(value(text) - 100 * true) <= 0.5 + 1e-6


def _heard_bars(f, m):
    models = {"Fine-tuned": f.w_t, "Golden": f.w_g, "Option A": f.masked}
    told = re.findall(
        rf"([A-Z][A-Za-z -]+): distance ({LOSS}), unlearning loss ({LOSS}), remaining loss ({LOSS})", m[0]
    )
    return len(told) >= 2 and all(
        shows(away, f.away(models[name]), 1e-8 * f.size)
        and loss(f, gone, f.unlearning(models[name]))
        and loss(f, kept, f.remaining(models[name]))
        for name, away, gone, kept in told
    )


def _heard_lanes(f, m):
    models = {"Pretrained": f.w_o, "Golden": f.w_g}
    told = re.findall(rf"([A-Z][a-z]+): remaining loss ({LOSS}), unlearning loss ({LOSS})", m[0])
    return len(told) == 2 and all(
        loss(f, kept, f.remaining(models[name])) and loss(f, gone, f.unlearning(models[name]))
        for name, kept, gone in told
    )


def _heard_push(f, m):
    now, first, last = (f.push(alpha) for alpha in (f.view["alpha"], 0.0, 100.0))
    numbers = m.groups()
    near, far = value(numbers[7]), value(numbers[8])
    away = [f.away(w) for w in (now, first, last)]
    losses = (f.remaining(first), f.unlearning(first), f.remaining(last), f.unlearning(last), f.unlearning(f.w_g))
    return (
        all(loss(f, text, true) for text, true in zip(numbers[:5], losses, strict=True))
        and shows(numbers[5], away[0])
        and value(numbers[6]) == f.view["alpha"]
        and near <= min(away) * 1.005
        and far >= max(away) * 0.995
        and any(shows(numbers[k], a) for k in (7, 8) for a in away)
        and shows(numbers[9], f.away(f.w_o))
    )


def _heard_pace(f, m):
    values = np.linalg.svd(f.X_r, compute_uv=False) ** 2
    values = values[values > 1e-12 * values[0]]
    ends = [abs(1 - 2 * f.view["step_size"] * v / values[0]) for v in (values[0], values[-1])]
    return value(m[1]) == f.view["step_size"] and all(shows(m[k], true) for k, true in zip((2, 3), ends, strict=True))


def _heard_triangle(f, m):
    half = fit(f.X_r, f.y_r, f.w_o / 2)
    true = (np.linalg.norm(f.w_g), np.linalg.norm(f.w_o), f.leftover(f.w_o), f.away(half))
    return _all(f, m, *true)


def _grows_only_where_pulled(f, m):
    """Too large a step makes what the rows see grow, and leaves what they do not see."""
    first, last = (f.run(1.5, steps) for steps in (1, 30))
    return both(
        f.away(f.P_r @ last) > 10 * f.away(f.P_r @ first),
        abs(f.leftover(last) - f.leftover(f.w_o)) <= 1e-9 * np.linalg.norm(last),
    )


def _same_directions(f, m):
    """One step four times as large goes four times as far the same way."""
    short, long = (f.run(share, 1) - f.w_o for share in (0.2, 0.8))
    return f.nothing(np.linalg.norm(long - 4 * short))


def _let_go(f, m):
    """From no push to the soft one: nearer to golden, and the right labels are missed by more."""
    none, soft = f.push(0.0), f.push(f.view["alpha"])
    return f.away(soft) < f.away(none) and f.unlearning(soft) > f.unlearning(none)


def _follows(f, m):
    """From the soft push to the hardest: farther away, and nearer to the labels that are pushed to."""
    soft, hard, target = f.push(f.view["alpha"]), f.push(100.0), f.target("shuffled")
    missed = [np.mean((f.X_f @ w - target) ** 2) for w in (soft, hard)]
    return f.away(hard) > f.away(soft) and missed[1] < missed[0]


def _unshared(f, m):
    """The same problem with no feature shared: Option A ends at golden."""
    alone = Models(replace(f.spec, overlap=0.0))
    return alone.one(alone.options["Option A"], alone.w_g)


def _deleted(f, m, key):
    return shows(m[1], f.deleted(f.row)[key], 1e-9)


def _settings(f, m):
    s = f.spec
    wanted = (s.d, 100 * f.shared / s.d, s.n_retain, s.n_forget, s.noise, s.seed)
    return all(
        abs(value(t) - w) <= (0.51 if k == 1 else 0) for k, (t, w) in enumerate(zip(m.groups(), wanted, strict=True))
    )


def _fits(f, m):
    return f.zero(f.remaining(f.w_o))


def _still(f, m):
    """Whether fine-tuning moves nothing."""
    return both(f.one(f.run(0.5, 10_000), f.w_o), f.one(f.w_t, f.w_o))


def _seen_alone(f, m):
    """Whether the remaining loss does not see the leftover."""
    return f.zero(f.remaining(f.w_t - 2 * (f.w_t - f.P_r @ f.w_t)))


# By question: a pattern in which # is a printed number, and whether it is so.
_SAID = {
    "*": [
        (
            r"Opens beside the quiz: # features, #% shared; # rows to keep, # to forget; label noise #; draw #\.",
            _settings,
        ),
    ],
    "more_steps": [
        (
            r"fine-tuned for # steps on the # rows to keep\. Golden's unlearning loss is #\. What is the fine-tuned "
            r"model's after # steps, # times as many\?",
            lambda f, m: both(
                value(m[2]) == f.spec.n_retain,
                loss(f, m[3], f.unlearning(f.w_g)),
                value(m[4]) == value(m[1]) * value(m[5]),
            ),
        ),
        (
            r"The unlearning loss is # after # steps and # after #; golden's is #\.",
            lambda f, m: all(
                loss(f, text, f.unlearning(w))
                for text, w in (
                    (m[1], f.run(0.5, value(m[2]))),
                    (m[3], f.run(0.5, value(m[4]))),
                    (m[5], f.w_g),
                )
            ),
        ),
        (r"The gradient, which every step follows, is zero up to rounding", lambda f, m: f.at_rest(f.w_o)),
        (r"The pretrained model fits every row to keep\.", _fits),
        (r"Training follows the error on these rows, and there is none: every step is zero", _fits),
        (
            r"The weights stay where they are, and know every row to forget by heart",
            lambda f, m: both(_still(f, m), f.zero(f.unlearning(f.w_o))),
        ),
        (r"Without an error nothing moves them|the marks stay|Here every step forgets nothing", _still),
        (r"People forget like that; these weights do not|You saw that there is nothing for training to follow", _still),
        (r"The error on each row to forget\. Press the button", lambda f, m: True),
        (r"^#: it knows the rows to forget by heart$", lambda f, m: _all(f, m, f.unlearning(f.w_o))),
        (r"^#: it is halfway to golden$", lambda f, m: _all(f, m, f.unlearning(f.w_g) / 2)),
        (r"^#: it has arrived at golden$", lambda f, m: _all(f, m, f.unlearning(f.w_g))),
        (r"^#: it has gone past golden$", lambda f, m: value(m[1]) > f.unlearning(f.w_g)),
        (
            rf"Error on each of # rows to forget\. With steps of fine-tuning as a slider\. Mean squared error: "
            rf"({LOSS}) before the first step, ({LOSS}) after #; golden's is #\. The gradient's length goes from # to "
            rf"#\.",
            lambda f, m: both(
                value(m[1]) == f.spec.n_forget,
                loss(f, m[2], f.unlearning(f.w_o)),
                loss(f, m[3], f.unlearning(f.run(0.5, value(m[4])))),
                loss(f, m[5], f.unlearning(f.w_g)),
                max(value(m[6]), value(m[7])) < 1e-10,
            ),
        ),
    ],
    "larger_step": [
        (
            r"Training on the # rows to keep starts from the pretrained model, which does not fit them\. The "
            r"leftover, the part that these rows cannot see, is # long; after # small steps \(# times the largest "
            r"stable one\) it is #\. How long is it after # steps (four) times as large\?",
            lambda f, m: both(
                value(m[1]) == f.spec.n_retain,
                opposite(_fits(f, m)),
                shows(m[2], f.leftover(f.w_o)),
                shows(m[5], f.leftover(f.run(value(m[4]), value(m[3])))),
                (value(m[6]), 4 * value(m[4])) == (f.view["step"], f.view["step_size"]),
            ),
        ),
        (
            r"The leftover is # long at first, # after # small steps and # after # large ones\. The large steps did "
            r"work: the remaining loss is # after them, # after the small ones\.",
            lambda f, m: both(
                shows(m[1], f.leftover(f.w_o)),
                shows(m[2], f.leftover(f.run(0.2, value(m[3])))),
                shows(m[4], f.leftover(f.run(0.8, value(m[5])))),
                shows(m[6], f.remaining(f.run(0.8, value(m[5])))),
                shows(m[7], f.remaining(f.run(0.2, value(m[3])))),
                value(m[6]) < value(m[7]),
            ),
        ),
        (
            r"Every step is a weighted sum of the rows to keep; a larger step is a longer sum of the same rows|You "
            r"saw that a longer step goes in the same directions|So it does, in the directions the rows to keep use|A "
            r"step four times as large goes four times as far",
            _same_directions,
        ),
        (
            r"No such sum has a part in a direction that none of them uses|It is not stuck: nothing pulls it there",
            lambda f, m: f.nothing(f.leftover(f.X_r.T @ (f.X_r @ f.w_o - f.y_r)) * f.size / np.linalg.norm(f.X_r) ** 2),
        ),
        (
            r"the leftover stands still at every step size, even where training diverges|Steps that are too large do "
            r"make things grow, but only where the gradient pulls",
            _grows_only_where_pulled,
        ),
        (
            r"What one step leaves of a distance, for every step size\. What no row to keep uses keeps all of it",
            _grows_only_where_pulled,
        ),
        (r"^#: the step size does not matter$", lambda f, m: shows(m[1], f.leftover(f.w_o))),
        (r"^#: four times the step, a quarter left$", lambda f, m: shows(m[1], f.leftover(f.run(0.2, 100)) / 4)),
        (r"^#: large steps reach it$", lambda f, m: value(m[1]) == 0),
        (r"^#: large steps overshoot$", lambda f, m: value(m[1]) > f.leftover(f.w_o)),
        (
            r"What one step leaves of a distance, against the step size in units of the largest stable one\. This run "
            r"is at #\. Strongest direction: #; weakest: #\. What no training row uses: 1 − 0\.",
            _heard_pace,
        ),
    ],
    "zero_loss": [
        (
            r"The fine-tuned model's remaining loss is #: it predicts the # rows to keep exactly\. Its weights are "
            r"the sum of a part these rows can see and a part they cannot, whose squared lengths add up to its own\.",
            lambda f, m: both(
                loss(f, m[1], f.remaining(f.w_t)),
                f.zero(f.remaining(f.w_t)),
                value(m[2]) == f.spec.n_retain,
                abs(np.linalg.norm(f.P_r @ f.w_t) ** 2 + f.leftover(f.w_t) ** 2 - f.w_t @ f.w_t)
                < 1e-9 * (f.w_t @ f.w_t),
            ),
        ),
        (
            r"The remaining loss is #, yet the rows to keep cannot see #% of the model's squared length\. Golden, "
            r"with the same remaining loss, has nothing there\. Its unlearning loss is #, the fine-tuned model's #\.",
            lambda f, m: both(
                loss(f, m[1], f.remaining(f.w_t)),
                _share(m[2], f.share(f.w_t)),
                both(f.zero(f.remaining(f.w_g)), f.nothing(f.leftover(f.w_g))),
                loss(f, m[3], f.unlearning(f.w_g)),
                loss(f, m[4], f.unlearning(f.w_t)),
            ),
        ),
        (
            r"With # weights and only # rows to keep, many models fit these exactly: what is added in directions they "
            r"do not use changes none of their predictions",
            lambda f, m: both(
                (value(m[1]), value(m[2])) == (f.d, f.spec.n_retain), value(m[2]) < value(m[1]), _seen_alone(f, m)
            ),
        ),
        (r"The remaining loss cannot tell such models apart|the remaining loss looks at one part only", _seen_alone),
        (
            r"Golden has nothing added; the fine-tuned model is golden plus what the rows to keep cannot see",
            lambda f, m: f.one(f.w_g + (f.w_t - f.P_r @ f.w_t), f.w_t),
        ),
        (
            r"Fine-tuning did change nothing\. But what fits the rows to keep was in the pretrained model already",
            _still,
        ),
        (r"True lengths", lambda f, m: True),
        (r"^#%: with no loss left, nothing else is left$", lambda f, m: value(m[1]) == 0),
        (r"^#%: more than half$", lambda f, m: value(m[1]) > 50),
        (r"^#%: less than half$", lambda f, m: value(m[1]) < 50),
        (r"^#%: fine-tuning changed nothing, so all of it is left$", lambda f, m: value(m[1]) == 100 and _still(f, m)),
        (
            r"Right triangle of 0, golden \(length #\) and pretrained \(length #\), leftover #\. From a start point "
            r"that a slider moves, fine-tuning runs level: from half way it ends # from golden\.",
            _heard_triangle,
        ),
    ],
    "high_error": [
        (
            r"Trained further, to say the opposite of every label to forget, the pretrained model now errs by # on "
            r"these rows; golden errs by #\. Its weights were # away from golden's\.",
            lambda f, m: _all(
                f, m, f.unlearning(f.push(f.view["alpha"], "opposite")), f.unlearning(f.w_g), f.away(f.w_o)
            ),
        ),
        (
            r"On the rows to forget the model errs by #, more than golden's #\. But its weights are # away from "
            r"golden's, the pretrained model's #: it is less like a model that never saw these rows than the one that "
            r"forgot nothing\.",
            lambda f, m: both(
                _all(
                    f,
                    m,
                    f.unlearning(f.push(f.view["alpha"])),
                    f.unlearning(f.w_g),
                    f.away(f.push(f.view["alpha"])),
                    f.away(f.w_o),
                ),
                value(m[1]) > value(m[2]),
                value(m[3]) > value(m[4]),
            ),
        ),
        (
            r"A model that never saw the rows errs on them as golden does: neither less nor more|You saw that an "
            r"error can be too large|one can also be wrong because one knows the right answer",
            lambda f, m: f.unlearning(f.push(f.view["alpha"])) > f.unlearning(f.w_g),
        ),
        (
            r"Being wrong on purpose uses the right answers, and that leaves a trace in the weights|But answers come "
            r"from weights, and others need other weights",
            lambda f, m: opposite(f.one(f.push(f.view["alpha"]), f.w_o)),
        ),
        (
            r"Errors above, distance to golden below, against the push's weight, here #\.",
            lambda f, m: value(m[1]) == f.view["alpha"],
        ),
        (r"^#: it has forgotten, so it is golden$", lambda f, m: value(m[1]) == 0),
        (r"^#: it is on its way to golden$", lambda f, m: shows(m[1], f.away(f.w_o) / 2)),
        (r"^#: other answers, the same distance$", lambda f, m: shows(m[1], f.away(f.w_o))),
        (r"^#: farther away than before$", lambda f, m: value(m[1]) > f.away(f.w_o)),
    ],
    "same_end": [
        (
            r"The # rows to keep are noisy, and the pretrained model does not fit them\. Fine-tuning trains it on "
            r"them until nothing changes, golden starts from scratch; both end without remaining loss\. The "
            r"pretrained model's weights are # away from golden's",
            lambda f, m: both(
                value(m[1]) == f.spec.n_retain,
                f.spec.noise > 0,
                opposite(_fits(f, m)),
                f.at_rest(f.w_t),
                f.zero(f.remaining(f.w_t)),
                f.zero(f.remaining(f.w_g)),
                shows(m[2], f.away(f.w_o)),
            ),
        ),
        (
            r"Fine-tuning brings the distance to golden from # to #, and there it stays\. Both models predict the "
            r"rows to keep exactly; on those to forget the fine-tuned one errs by #, golden by #\.",
            lambda f, m: both(
                _all(f, m, f.away(f.w_o), f.away(f.w_t), f.unlearning(f.w_t), f.unlearning(f.w_g)),
                value(m[2]) < value(m[1]),
                f.at_rest(f.w_t),
                f.zero(f.remaining(f.w_t)),
                f.zero(f.remaining(f.w_g)),
            ),
        ),
        (
            r"Training moves the weights only in directions that the rows to keep use|What the pretrained model holds "
            r"in others is there at the end as at the start",
            lambda f, m: f.nothing(abs(f.leftover(f.w_t) - f.leftover(f.w_o))),
        ),
        (r"retraining starts from zero and has nothing there", lambda f, m: f.nothing(f.leftover(f.w_g))),
        (
            r"As long as directions are unused, where a model ends depends on where it began|You saw that the end "
            r"still depends on the start|Two models without remaining loss, and how far apart they are",
            lambda f, m: both(opposite(f.one(f.w_t, f.w_g)), f.zero(f.remaining(f.w_t)), f.zero(f.remaining(f.w_g))),
        ),
        (
            r"So it is where the rows settle every weight\. Here there are more features than rows to keep",
            lambda f, m: f.d > f.spec.n_retain,
        ),
        (
            r"Nothing changes where the pretrained model fits the rows to keep already\. Here it does not, and",
            lambda f, m: both(opposite(_fits(f, m)), opposite(f.one(f.w_t, f.w_o))),
        ),
        (r"^#: the same rows and the same loss give the same model$", lambda f, m: value(m[1]) == 0),
        (r"^#: nearer, but not there$", lambda f, m: 0 < value(m[1]) < f.away(f.w_o)),
        (r"^#: fine-tuning changes nothing$", lambda f, m: shows(m[1], f.away(f.w_o))),
    ],
    "deleted_rows": [
        (
            r"The # rows to forget are deleted from the table, the trained model is not touched\. Someone who still "
            r"has the features of deleted row # asks the model for its label",
            lambda f, m: value(m[1]) == f.spec.n_forget and 1 <= value(m[2]) <= f.spec.n_forget,
        ),
        (
            r"The model says #; the deleted label was #\. Golden, retrained without the rows, says #\. Over all # "
            r"deleted rows the model errs by #, golden by #\.",
            lambda f, m: both(
                all(shows(m[k], f.deleted(f.row)[key], 1e-9) for k, key in ((1, "model"), (2, "label"), (3, "golden"))),
                value(m[4]) == f.spec.n_forget,
                loss(f, m[5], f.unlearning(f.w_o)),
                loss(f, m[6], f.unlearning(f.w_g)),
            ),
        ),
        (
            r"The model answers from these, not from the table, so changing the table changes no answer|The model "
            r"after the deletion knows deleted rows as well as those left; golden does not",
            lambda f, m: both(_fits(f, m), f.zero(f.unlearning(f.w_o)), opposite(f.zero(f.unlearning(f.w_g)))),
        ),
        (r"^#: the label that was deleted$", lambda f, m: _deleted(f, m, "label")),
        (r"^#: what a model without these rows says$", lambda f, m: _deleted(f, m, "golden")),
        (r"^#: the label of the most similar row that is left$", lambda f, m: _deleted(f, m, "neighbour")),
        (r"^#: it has no answer any more$", lambda f, m: value(m[1]) == 0),
    ],
    "larger_alpha": [
        (
            r"The pretrained model is trained further: the rows to keep stay as they are, those to forget get each "
            r"other's labels, which count with a weight alpha",
            lambda f, m: Counter(f.target("shuffled")) == Counter(f.y_f) and f.view["target"] == "shuffled",
        ),
        (
            r"The distance to golden is # without a push, and #, # and # at alpha = #, # and #\. The hardest push "
            r"ends farther away than none\.",
            lambda f, m: both(
                all(
                    shows(text, f.away(f.push(alpha)))
                    for text, alpha in ((m[1], 0.0), (m[2], value(m[5])), (m[3], value(m[6])), (m[4], value(m[7])))
                ),
                value(m[5]) < value(m[6]) < value(m[7]),
                value(m[4]) > value(m[1]),
            ),
        ),
        (
            r"The push leads to wrong labels, which are not what golden says|But the push does not lead to "
            r"golden|Wrong labels lead away from golden in the end",
            lambda f, m: f.away(f.push(100.0)) > f.away(f.push(0.0)),
        ),
        (
            r"At first the model comes nearer to golden, because it lets go of the right labels|The first part of the "
            r"way does lead nearer",
            _let_go,
        ),
        (
            r"Then it follows the wrong ones, and moves away again|the wrong labels passes by golden and goes on",
            _follows,
        ),
        (
            r"But golden is not where two errors count the same",
            lambda f, m: f.away(f.push(1.0)) > f.away(f.push(f.view["alpha"])),
        ),
        (r"The marks stand at #\.", lambda f, m: value(m[1]) == f.view["alpha"]),
        (r"^alpha = #: no push$", lambda f, m: value(m[1]) == 0),
        (
            r"^alpha = #: (?:a soft push|as much as the rows to keep count|the hardest push)$",
            lambda f, m: value(m[1]) == {"a": 0.05, "t": 100}.get(m[0].split(": ")[1][0], 0) or "as much" in m[0],
        ),
    ],
    "masked": [
        (
            r"Rows to keep and to forget share #% of the features\. Option A, a mask, sets all weights that only the "
            r"rows to forget use to zero; then the model is fine-tuned\. Golden's unlearning loss is #\.",
            lambda f, m: _share(m[1], f.shared / f.d) and loss(f, m[2], f.unlearning(f.w_g)),
        ),
        (
            r"After the mask and fine-tuning the unlearning loss is #; golden's is #\. Saying 0 for each row would "
            r"give #\. The remaining loss is #\.",
            lambda f, m: _all(
                f, m, f.unlearning(f.masked), f.unlearning(f.w_g), f.unlearning(np.zeros(f.d)), f.remaining(f.masked)
            ),
        ),
        (
            r"The rows to forget have shaped the shared weights as well, and the mask keeps these|The shared weights "
            r"do remember|They taught the shared weights, too|This one keeps the shared weights",
            lambda f, m: both(
                np.array_equal(f.erased[: f.d - f.forget_only], f.w_o[: f.d - f.forget_only]),
                opposite(f.nothing(f.leftover(f.erased))),
            ),
        ),
        (
            r"But the erased weights knew a part too, and that part is gone",
            lambda f, m: both(f.zero(f.unlearning(f.w_o)), opposite(f.zero(f.unlearning(f.masked)))),
        ),
        (
            r"Fine-tuning cannot repair them: the rows to keep are fitted already",
            lambda f, m: both(f.zero(f.remaining(f.erased)), f.one(f.erased, f.masked)),
        ),
        (r"With no feature shared the mask does end at golden", _unshared),
        (
            r"Option A next to fine-tuning without a mask, and golden|mixed features leave nothing to mask",
            lambda f, m: True,
        ),
        (
            r"You saw that the shared weights remember",
            lambda f, m: f.unlearning(f.masked) < f.unlearning(f.w_g),
        ),
        (r"^#: the mask changes nothing for these rows$", lambda f, m: value(m[1]) == 0),
        (r"^#: it still errs less than golden$", lambda f, m: value(m[1]) < f.unlearning(f.w_g)),
        (r"^#: what these rows taught is erased, as in golden$", lambda f, m: _all(f, m, f.unlearning(f.w_g))),
        (r"^#: it errs as if it said 0 for each of them$", lambda f, m: _all(f, m, f.unlearning(np.zeros(f.d)))),
    ],
}
_PUSHED = (
    rf"at alpha 0 remaining loss ({LOSS}) and unlearning loss ({LOSS}); at alpha 100 remaining loss ({LOSS}) and "
    rf"unlearning loss ({LOSS})\. Golden's unlearning loss is ({LOSS})\. Distance to golden: # at the current alpha, "
    r"#; between # and # over all; the pretrained model's is #\."
)
_SAID["high_error"].append((_PUSHED, _heard_push))
_SAID["larger_alpha"].append((_PUSHED, _heard_push))
_SAID["same_end"].append((r"Bars of the distance to golden and both losses\. .*", _heard_bars))
_SAID["masked"].append((r"Bars of the distance to golden and both losses\. .*", _heard_bars))
_SAID["deleted_rows"].append((r"Losses on a log axis\. .*", _heard_lanes))
RULES = {
    key: [(pattern.replace("#", f"({NUMBER})"), truth) for pattern, truth in (*_SAID["*"], *rules)]
    for key, rules in _SAID.items()
}
