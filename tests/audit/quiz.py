"""What the quiz says, and what has to be so where it is said: of the problem that a question's link leads to."""

import re
from functools import cached_property
from urllib.parse import parse_qs, urlsplit

import numpy as np

from tests.audit.facts import Facts as Models
from tests.audit.reading import NUMBER, plain, shows, value
from ui.language import say
from ui.lessons import LESSONS
from ui.plot.route import picture
from ui.plot.view import read_view
from ui.teaching.quiz_pictures import QUIZ
from ui.teaching.quiz_questions import address, order, posed, setting, verdict
from ui.teaching.quiz_questions import texts as filled_for


def texts(item, seed):
    """All that a quiz says with one question, whatever is answered, by where it stands; and its answers in order."""
    problem, answers = posed(item.key, seed), order(seed, item)
    filled = filled_for(problem)
    shown = picture(QUIZ, item.key, read_view(QUIZ.page, {"quiz": [str(seed)]}))
    said = {
        "question": say(item.question, **filled),
        "anomaly": say(item.anomaly, **filled),
        "why": say(item.why),
        "explanation": say(item.explanation, **filled),
        "caption": shown.caption,
        "heard": shown.alt,
        "setting": setting(problem),
        **{f"idea of {k}": say(answer.idea, **filled) for k, answer in enumerate(answers)},
        **{f"answer {k}": say(answer.text, **filled) for k, answer in enumerate(answers)},
        **{f"verdict of {k}": verdict(item, answer, filled) for k, answer in enumerate(answers)},
    }
    return {where: plain(text) for where, text in said.items()}, address(item, problem)


class Facts(Models):
    """The models of the problem that a link leads to, with the controls of its page."""

    def __init__(self, link):
        at = urlsplit(link)
        stem = at.path.removeprefix("./") or "start"
        asked = parse_qs(at.query)
        assert asked.pop("guess") == ["0"]  # the reader has given an answer
        self.view = read_view(LESSONS[stem].page, asked)
        super().__init__(self.view.data)

    def run(self, share, steps):
        """Weights after so many steps on the rows to keep, of this share of the largest stable size."""
        return self.descended(self.w_o, self.X_r, self.y_r, share * self.stable_step(self.X_r), 0.0, [steps])[0]

    def push(self, alpha, name=None):
        name = name or self.view["target"]
        return self.pushed(alpha, name, self.view["mu"])

    @cached_property
    def masked(self):
        return self.options["Option A"]

    @cached_property
    def erased(self):
        """The pretrained model without the weights that the rows to forget alone use."""
        return np.where(np.arange(self.d) < self.d - self.forget_only, self.w_o, 0.0)

    def share(self, w):
        """The share of the squared length that the rows to keep cannot see."""
        return (self.leftover(w) / np.linalg.norm(w)) ** 2

    def deleted(self, row):
        """What is said of a deleted row: by the model, by golden, by the row to keep that is most like it."""
        x = self.X_f[row - 1]
        like = int(np.argmax(self.X_r @ x / np.linalg.norm(self.X_r, axis=1)))
        return {"model": x @ self.w_o, "golden": x @ self.w_g, "neighbour": self.y_r[like], "label": self.y_f[row - 1]}


def right_of(key, f, said):
    """The answers, by their place, that are right by numbers found here."""
    numbers = {where: value(re.search(NUMBER, text)[0]) for where, text in said.items() if where.startswith("answer")}
    if key == "larger_alpha":
        away = {where: f.away(f.push(alpha)) for where, alpha in numbers.items()}
        return {where for where in away if away[where] == min(away.values())}
    true = {
        "more_steps": lambda: f.unlearning(f.run(0.5, 10_000)),
        "larger_step": lambda: f.leftover(f.run(f.view["step_size"], int(f.view["step"]))),
        "zero_loss": lambda: f.share(f.w_t),
        "high_error": lambda: f.away(f.push(f.view["alpha"])),
        "same_end": lambda: f.away(f.w_t),
        "deleted_rows": lambda: f.deleted(int(re.search("deleted row ([0-9]+)", said["question"])[1]))["model"],
        "masked": lambda: f.unlearning(f.masked),
    }[key]()
    return {where for where in numbers if _is(f, said[where], true)}


def _is(f, text, true):
    printed = re.search(rf"({NUMBER})(%?)", text)
    if printed[2]:
        return abs(value(printed[1]) - 100 * true) <= 0.5 + 1e-6
    return shows(printed[1], true, 1e-9)
