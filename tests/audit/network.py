"""What the page network says, and what has to be so where it is said: measured by numpy alone from trained weights."""

import functools
import re
from dataclasses import replace

import numpy as np

from tests.audit.judging import Rule, both
from tests.audit.reading import NUMBER, plain, shows, value
from theory.networks import NETWORK_METHODS, Hand, run
from theory.networks.pieces import (
    ALPHAS,
    DECAY_EPOCHS,
    DECAYS,
    HANDED_ON,
    MARKS,
    PUSHES,
    Piece,
    decayed,
    entries,
    errand,
    label,
    pieces,
    pushed,
)
from ui.lessons import LESSONS
from ui.lessons.network import curve_sentences, sentences
from ui.lessons.network.results import WORK, Request, Results, opening, request

PAGES = ("network",)
# Pieces that are worked on at a time.
WORKERS = 4
# A number, over several seeds with its standard deviation.
OVER = rf"({NUMBER}(?: ± {NUMBER})?)"
QUIET = (
    "Orange: golden’s answer.",
    "Blue: the label to forget.",
    "Grey: another one.",
    "Colours: orange as golden, blue far from it.",
    "Shares in percent.",
    "Columns: UA: images to forget",
    "Two panels against up to",
    "a distance between weights says little",
)


@functools.lru_cache(maxsize=4)
def trained(asked, seeds):
    """What the pieces of a request find, done here one after the other as workers would."""
    known, todo = WORK.plan(asked, seeds, None)
    for piece in todo:
        known = WORK.put(known, piece, WORK.run(WORK.load(asked, known, piece)))
    return Results(asked, known, asked.seeds(seeds))


def _results(view):
    asked = request(view)
    return trained(asked, 2 if asked.kind == "random" else 1)


def texts(view):
    """What the page says at a View once its networks are trained."""
    return said_of(_results(view))


def said_of(found):
    options = LESSONS["network"].page.prediction.options
    said = {
        "training": sentences.training(found),
        "training, heard": sentences.describe_training(found, True),
        "training, heard before the guess": sentences.describe_training(found, False),
        "answers": sentences.answers(found),
        "answers, heard": sentences.describe_answers(found),
        "board": sentences.board(found),
        "board, heard": sentences.describe_board(found),
        "weights": sentences.weights(found),
        "columns": sentences.columns(),
        "alpha": curve_sentences.alpha(found),
        "alpha, heard": curve_sentences.describe_alpha(found),
        "decay": curve_sentences.decay(found),
        "decay, heard": curve_sentences.describe_decay(found),
    }
    said |= {f"verdict of {guess}": sentences.verdict(options, guess, found) for guess in (None, *options)}
    return {where: plain(text) for where, text in said.items() if text}


def some_of(found, rng, shares):
    """What is known when such shares of the pieces are done, in an order in which workers may finish them."""
    known = {piece: found.found[piece] for piece in opening(found.asked)}
    rest = [piece for seed in found.seeds for piece in pieces(seed) if piece not in known]
    stops = [round(share * len(rest)) for share in shares]
    for done in range(len(rest) + 1):
        if done in stops:
            yield replace(found, found=dict(known))
        ready = [piece for piece in rest[:WORKERS] if errand(piece, found.rows, known)]
        if ready:
            piece = rng.choice(ready)
            rest.remove(piece)
            known[piece] = found.found[piece]


class Facts:
    """The networks' answers, made again from their weights."""

    page, where = "network", ""

    def __init__(self, view, known=None, kept=None):
        self.view, self.found = view, _results(view)
        self.asked, self.there = self.found.asked, self.found.found if known is None else known
        self.kept = {} if kept is None else kept

    def having(self, *needed):
        """The seeds that have all of these pieces, named as the first seed's."""
        return [s for s in self.found.seeds if all(replace(piece, seed=s) in self.there for piece in needed)]

    @property
    def seeds(self):
        """The seeds that a sentence is about: of three networks, or of the whole board, or the first."""
        if self.where.startswith("board"):
            return self.having(*entries(self.asked.seed)) or [self.asked.seed]
        if self.where.startswith(("training", "verdict")):
            return self.having(*map(self.named, ("pretrained", "fine_tune", "golden")))
        return self.found.seeds

    def waits(self):
        """Whether something is missing of what the sentence of a place is about."""
        first, place = self.asked.seed, self.where.split(",")[0].split(" ")[0]
        return {
            "training": lambda: not self.seeds,
            "verdict": lambda: not self.seeds,
            "answers": lambda: Piece(first, "golden") not in self.there,
            "board": lambda: (
                len(self.choice) < 2 or not self.having(Piece(first, "golden"), Piece(first, "golden_again"))
            ),
            "alpha": lambda: not any(self.having(*row(first, *push)) for push in PUSHES),
            "decay": lambda: (
                Piece(first, "golden") not in self.there
                or not any(decayed(first, decay) in self.there for decay in DECAYS)
            ),
        }[place]()

    def rows(self, seed):
        return Results(Request(self.asked.kind, self.asked.digit, seed), self.found.found, (seed,)).rows

    def weights(self, piece):
        """The weights of a piece of the board, or of each epoch where it is followed."""
        if piece not in self.kept:
            ends = {
                name: self.found.found[Piece(piece.seed, name, until=HANDED_ON[-1])].moment.weights
                for name in ("pretrained", "golden")
            }
            hand = Hand(self.rows(piece.seed), ends["pretrained"], ends["golden"], piece.seed)
            made = (
                [ends[piece.name]]
                if piece.name in ends
                else [*run(NETWORK_METHODS[piece.name], hand, **dict(piece.given))]
            )
            self.kept[piece] = made if piece.name == "fine_tune" else made[-1:]
        return self.kept[piece]

    def answers(self, piece, part, at=-1):
        """Logarithms of what a network answers on a part of the rows, in float64."""
        rows = self.rows(piece.seed)
        X, w = getattr(rows, f"X_{part}"), self.weights(piece)[at]
        A, a, B, b = w[:8192].reshape(64, 128), w[8192:8320], w[8320:9600].reshape(128, 10), w[9600:]
        Z = (np.maximum(X @ A + a, 0) @ B + b).astype(np.float64)
        Z -= Z.max(axis=1, keepdims=True)
        return Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))

    def measure(self, piece, name, at=-1):
        key, rows = (piece, name, at), self.rows(piece.seed)
        if key not in self.kept:
            self.kept[key] = {
                "UA": lambda: 100 * np.mean(self.answers(piece, "f", at).argmax(axis=1) != rows.y_f),
                "RA": lambda: 100 * np.mean(self.answers(piece, "r", at).argmax(axis=1) == rows.y_r),
                "gap_forget": lambda: self._gap(piece, at),
                "agree": lambda: (
                    100
                    * np.mean(
                        self.answers(piece, "f", at).argmax(axis=1)
                        == self.answers(Piece(piece.seed, "golden"), "f").argmax(axis=1)
                    )
                ),
                "attack_auc": lambda: self._attack(piece, at),
                "seconds": lambda: self.found.found[piece].end.seconds,
            }[name]()
        return float(self.kept[key])

    def _gap(self, piece, at):
        own, golden = (np.exp(self.answers(p, "f", k)) for p, k in ((piece, at), (Piece(piece.seed, "golden"), -1)))
        return np.abs(own - golden).sum(axis=1).mean() / 2

    def _attack(self, piece, at):
        rows = self.rows(piece.seed)
        inside, outside = (
            -self.answers(piece, part, at)[np.arange(len(y)), y] for part, y in (("f", rows.y_f), ("s", rows.y_s))
        )
        return np.mean((inside[:, None] < outside) + (inside[:, None] == outside) / 2)

    def over(self, piece, name, seeds=None):
        """A measure of a piece for each seed."""
        return np.array([self.measure(replace(piece, seed=seed), name) for seed in seeds or self.seeds])

    def mean(self, piece, name):
        return self.over(piece, name).mean()

    @functools.cached_property
    def board(self):
        return {label(piece): piece for piece in entries(self.asked.seed)}

    @property
    def choice(self):
        """What one could choose of what is there: no yardstick, and nobody who asks golden."""
        return {
            name: piece
            for name, piece in self.board.items()
            if piece.name not in ("pretrained", "golden", "golden_again") and "oracle" not in dict(piece.given).values()
            if all(replace(piece, seed=seed) in self.there for seed in self.seeds)
        }

    def named(self, name):
        return self.board[next(n for n, piece in self.board.items() if piece.name == name)]


def row(seed, name, target):
    return [pushed(seed, name, target, alpha) for alpha in ALPHAS]


def facts(view):
    return Facts(view)


def _is(text, values):
    """Whether a text is the mean of values, with their standard deviation where there are several."""
    mean, _, spread = text.partition(" ± ")
    room = 1e-4  # networks are float32
    if (len(values) > 1) != bool(spread):
        return False
    return _near(mean, values.mean(), room) and (not spread or _near(spread, values.std(ddof=1), room))


def _near(text, true, room):
    shortest = 0.5 * 10.0 ** -len(text.partition(".")[2]) if "." in text else 0.0
    return shows(text, true, shortest + room)


def _kept_shares(f):
    return [100 - f.over(f.named(name), "UA") for name in ("fine_tune", "golden")]


def right(f):
    if f.where.startswith("verdict") and not f.seeds:
        return None  # nobody can know yet
    tuned, golden = (shares.mean() for shares in _kept_shares(f))
    if abs(tuned - 95) < 1e-9 or abs(abs(tuned - golden) - 5) < 1e-9:
        return None
    found = ({"keeps"} if tuned >= 95 else set()) | ({"golden"} if abs(tuned - golden) <= 5 else set())
    return found or ({"part"} if 0 < tuned < 95 else set())


def _shares(f, truth):
    tuned, golden = (shares.mean() for shares in _kept_shares(f))
    return bool(truth(tuned, golden, 100 - f.mean(f.named("pretrained"), "UA")))


def _frequent(f, m):
    said = f.answers(Piece(f.asked.seed, "golden"), "f").argmax(axis=1)
    counts = np.bincount(said, minlength=10)
    told = [(int(k), value(share)) for k, share in re.findall(rf"(\d) \(({NUMBER})%\)", m[2])]
    named = [counts[k] for k, _ in told]
    return (
        int(m[1]) == len(said)
        and named == sorted(counts, reverse=True)[: len(named)]
        and all(abs(share - 100 * counts[k] / len(said)) <= 0.51 for k, share in told)
    )


def _sure(f, m):
    golden = np.exp(f.answers(Piece(f.asked.seed, "golden"), "f"))
    return abs(value(m[1]) - 100 * golden.max(axis=1).mean()) <= 0.51 and value(m[2]) == 100 / golden.shape[1]


def _nearest(f, m):
    gaps = {name: f.mean(piece, "gap_forget") for name, piece in f.choice.items()}
    return both(
        len(gaps) == int(m[1]),
        m[2] in gaps and gaps[m[2]] <= min(gaps.values()) + 1e-6,
        _is(m[3], f.over(f.board[m[2]], "gap_forget")),
        _is(m[4], f.over(f.board[m[2]], "seconds")),
        _is(m[5], f.over(f.named("golden_again"), "gap_forget")),
        _is(m[6], f.over(f.named("golden"), "seconds")),
    )


def _alike(f, m):
    ua, floor = f.mean(f.named("golden"), "UA"), f.mean(f.named("golden_again"), "gap_forget")
    looks = {
        name
        for name, piece in f.choice.items()
        if abs(f.mean(piece, "UA") - ua) <= value(m[2]) + 1e-9
        and f.mean(piece, "gap_forget") > floor + value(m[3]) - 1e-6
    }
    return int(m[1]) == len(looks) and m[4] in looks and _is(m[5], f.over(f.board[m[4]], "gap_forget"))


def _traces(f, m):
    golden = f.mean(f.named("golden"), "attack_auc")
    traced = [p for p in f.choice.values() if f.mean(p, "attack_auc") - golden > value(m[3])]
    return (int(m[1]), int(m[2])) == (len(traced), len(f.choice))


def _apart(f, m):
    seed = f.asked.seed
    golden, again, before = (f.weights(Piece(seed, name))[-1] for name in ("golden", "golden_again", "pretrained"))
    apart, away = (float(np.linalg.norm(w - golden)) for w in (again, before))
    agree, kept = (f.measure(Piece(seed, name), "agree") for name in ("golden_again", "pretrained"))
    numbers = zip(m.groups(), (apart, agree, away, kept), strict=True)
    return apart > away and agree > kept and all(_near(text, true, 1e-3) for text, true in numbers)


def _pushes(f, m):
    name, target = next(p for p in PUSHES if label(pushed(f.asked.seed, *p, 0.1)) == m[1])
    tried = row(f.asked.seed, name, target)
    found = {a: f.over(piece, "gap_forget", f.having(*tried)) for a, piece in zip(ALPHAS, tried, strict=True)}
    means = {alpha: gaps.mean() for alpha, gaps in found.items()}
    return (
        int(m[2]) == len(found)
        and means[float(m[3])] <= min(means.values()) + 1e-6
        and _is(m[4], found[float(m[3])])
        and float(m[5]) == max(found)
        and _is(m[6], found[max(found)])
    )


def _decays(f, m):
    piece = decayed(f.asked.seed, float(m["decay"]))
    golden = f.measure(Piece(f.asked.seed, "golden"), "UA")
    path = {k: f.measure(piece, "UA", k - 1) for k in MARKS if k <= DECAY_EPOCHS}
    near = [k for k, ua in path.items() if abs(ua - golden) <= value(m["alike"]) + 1e-9]
    name = {"gap": "gap_forget", "AUC": "attack_auc"}[m["name"]]
    return both(
        (int(m["n"]) if m["n"] else None) == (near[0] if near else None),
        int(m["epochs"]) == DECAY_EPOCHS,
        not m["ua"] or _near(m["ua"], f.measure(piece, "UA"), 1e-3),
        _near(m["value"], f.measure(piece, name), 1e-4),
        _near(m["right"], f.measure(piece, "RA"), 1e-3),
    )


RULES = [
    Rule(PAGES, r"This is computed as soon as the networks for it are trained", lambda f, m: f.waits()),
    Rule(
        PAGES,
        rf"Fine-tuned, the network answers {OVER}% of the images to forget as it was taught; golden answers {OVER}% "
        r"so\.",
        lambda f, m: all(_is(text, shares) for text, shares in zip(m.groups(), _kept_shares(f), strict=True)),
    ),
    Rule(PAGES, r"standard deviations of (\d+) seeds", lambda f, m: int(m[1]) == len(f.seeds) > 1),
    Rule(
        PAGES,
        r"Golden never saw them and answers most of them as they were labelled all the same: forgetting is not",
        lambda f, m: _shares(f, lambda tuned, golden, _: golden >= 50 and abs(tuned - golden) <= 5),
    ),
    Rule(PAGES, r"By this count it has forgotten", lambda f, m: _shares(f, lambda t, g, _: abs(t - g) <= 5 and g < 50)),
    Rule(
        PAGES,
        rf"The linear claim carries over: the pretrained network answers {OVER}% of the images to keep right already, "
        "and training on them leaves the other answers nearly as they were",
        lambda f, m: both(
            _near(m[1], f.mean(f.named("pretrained"), "RA"), 1e-3),
            _shares(f, lambda tuned, golden, before: tuned >= 95 and before - tuned <= 5),
        ),
    ),
    Rule(
        PAGES,
        r"carries over in part: other than a linear model, the network gives up some labels, and keeps more of them",
        lambda f, m: _shares(f, lambda tuned, golden, before: golden < tuned < before),
    ),
    Rule(
        PAGES,
        r"gives up more labels than forgetting asks for",
        lambda f, m: _shares(f, lambda tuned, golden, before: tuned < golden),
    ),
    Rule(
        PAGES,
        rf"The attack by the loss still ranks a forgotten image before one never seen in ({NUMBER})% of all pairs; "
        rf"with golden in ({NUMBER})%",
        lambda f, m: (
            all(
                abs(value(text) - 100 * f.mean(f.named(name), "attack_auc")) <= 0.06
                for text, name in zip(m.groups(), ("fine_tune", "golden"), strict=True)
            )
            and value(m[1]) > value(m[2]) + 9.9
        ),
    ),
    Rule(
        PAGES,
        r"the share of the (\d+) images to forget that is answered as labelled, during 100 epochs",
        lambda f, m: int(m[1]) == len(f.rows(f.asked.seed).y_f),
    ),
    Rule(PAGES, r"Golden’s most frequent answers on all (\d+) images to forget: (.*?)\.", _frequent),
    Rule(
        PAGES,
        rf"Its first answer has a share of ({NUMBER})% on average; a push to all digits alike asks for ({NUMBER})%",
        _sure,
    ),
    Rule(PAGES, r"the digit that (\d+) networks answer", lambda f, m: int(m[1]) == 8),
    Rule(
        PAGES,
        rf"Fine-tuned and golden agree on ({NUMBER})% of all",
        lambda f, m: abs(value(m[1]) - f.measure(Piece(f.asked.seed, "fine_tune"), "agree")) <= 0.51,
    ),
    Rule(
        PAGES,
        rf"Nearest to golden’s answers among (\d+) methods: (.*?), with a gap of {OVER} for {OVER} s of one core; two "
        rf"goldens are {OVER} apart, and one takes {OVER} s\.",
        _nearest,
    ),
    Rule(
        PAGES,
        rf"(\d+) methods? ha(?:s|ve) golden’s UA, within ({NUMBER}) points, and answers farther from golden than "
        rf"another golden’s by more than ({NUMBER}): (.*?) has a gap of {OVER}\.",
        _alike,
    ),
    Rule(
        PAGES,
        rf"The attack still finds a trace after (\d+) of (\d+) \(AUC more than ({NUMBER}) above golden’s\)",
        _traces,
    ),
    Rule(PAGES, r"A table of (\d+) networks and 8 measures", lambda f, m: int(m[1]) == len(f.board)),
    Rule(
        PAGES,
        rf"Nearest: (.*?), gap {OVER}\.",
        lambda f, m: (
            m[1] in f.choice
            and f.mean(f.choice[m[1]], "gap_forget") <= min(f.mean(p, "gap_forget") for p in f.choice.values()) + 1e-6
        ),
    ),
    Rule(
        PAGES,
        rf"Two goldens are ({NUMBER}) apart and answer alike on ({NUMBER})% of the images to forget; the pretrained "
        rf"network is ({NUMBER}) from golden and answers like it on ({NUMBER})%",
        _apart,
    ),
    Rule(
        PAGES,
        rf"([^.:]*?): of the (\d+) weights tried, alpha ({NUMBER}) comes nearest, with a gap of {OVER}; at ({NUMBER}) "
        rf"the gap is {OVER}\.",
        lambda f, m: _pushes(f, re.fullmatch(m.re, m[0].strip())),
    ),
    Rule(
        PAGES,
        rf"Two panels against alpha from ({NUMBER}) to ({NUMBER})",
        lambda f, m: (value(m[1]), value(m[2])) == (ALPHAS[0], ALPHAS[-1]),
    ),
    Rule(
        PAGES,
        rf"Weight decay (?P<decay>{NUMBER}): golden’s UA, within (?P<alike>{NUMBER}) points, (?:after (?P<n>\d+) "
        rf"epochs?|at no epoch measured); after (?P<epochs>\d+) epochs, (?:UA (?P<ua>{NUMBER})%, )?(?P<name>gap|AUC) "
        rf"(?P<value>{NUMBER}), and (?P<right>{NUMBER})% of the images to keep are answered right",
        _decays,
    ),
]
