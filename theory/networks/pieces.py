"""An experiment with networks in pieces, each a fraction of a second: what is still to do, and what has been found."""

import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from theory.method import Option
from theory.networks.methods import NETWORK_METHODS, NetworkMethod, run
from theory.networks.metrics import NetworkMetrics, measure_network
from theory.networks.network import Floats, Network
from theory.networks.rows import Forgetting
from theory.networks.targets import GOLDEN, PRETRAINED, START, Hand
from theory.networks.training import TRAINING, Moment, begin, train

# The epochs at which the long trainings are handed on, so that a curve is seen from its beginning.
HANDED_ON = (3, 12, 30, 60, TRAINING.epochs)
# The epochs after which a training is measured.
MARKS = (1, 2, 3, 5, 8, 10, 12, 16, 20, 30, 40, 50, 60, 70, 80, 90, 100)
ALPHAS = (0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
# What the alpha curve follows, and the decays whose path is followed, so many epochs.
PUSHES = (("ce_ft", "wrong"), ("ce_ft", "second"), ("kl_ft", "uniform"))
DECAYS, DECAY_EPOCHS = (5e-3, 1e-3), 80
# The trainings that go from the beginning to the end, in stretches.
TRAININGS = ("pretrained", "golden")

Given = tuple[tuple[str, float | str], ...]


@dataclass(frozen=True)
class Piece:
    """One piece of the experiment: a method with its parameters, or a stretch of one of the two long trainings.

    Definition: `name` is a key of NETWORK_METHODS; a stretch goes from the stop before `until` to it. Without a stretch
    the two long trainings are measured at their ends, beside each other.
    Shapes: none.
    Errors: none.
    Source: the definition itself.
    """

    seed: int
    name: str
    given: Given = ()
    until: int = 0

    @property
    def before(self) -> "Piece | None":
        """The stretch that has to be there first."""
        at = HANDED_ON.index(self.until) if self.until else 0
        return Piece(self.seed, self.name, until=HANDED_ON[at - 1]) if at else None


@dataclass(frozen=True, eq=False)
class Found:
    """What a piece has found.

    Definition: measures along the way, and the answers at its end.
    Shapes: answers (n_f, classes).
    Errors: none.
    Source: the definition itself.

    Attributes
    ----------
    path : the measures by epoch; gaps to golden are not a number where golden is not there yet.
    end : the measures at its end.
    moment : where a long training goes on from.
    moved : distance of the weights from the pretrained network's.
    golden_gap : their distance from golden's.
    """

    path: Mapping[int, NetworkMetrics]
    end: NetworkMetrics
    answers: Floats
    moment: Moment | None = None
    moved: float = np.nan
    golden_gap: float = np.nan


Known = Mapping[Piece, Found]


@dataclass(frozen=True, eq=False)
class Errand:
    """What a worker is sent with: a piece, the rows, and what other pieces have found for it.

    Definition: `moment` is where a stretch goes on; `pretrained` and `golden` are weights where the piece needs them,
    and `seconds` what it took to make them where they are what is measured.
    Shapes: weights (count,).
    Errors: none.
    Source: the definition itself.
    """

    piece: Piece
    rows: Forgetting
    moment: Moment | None = None
    pretrained: Floats | None = None
    golden: Floats | None = None
    seconds: float = 0.0


def entries(seed: int) -> tuple[Piece, ...]:
    """Return what stands on the board: every method, once for each value of its choice, with its usual parameters."""

    def ways(method: NetworkMethod) -> Iterator[Given]:
        options = [p for p in method.parameters if isinstance(p, Option)]
        for values in product(*(p.options for p in options)):
            yield tuple((p.name, value) for p, value in zip(options, values, strict=True))

    return tuple(Piece(seed, key, given) for key, method in NETWORK_METHODS.items() for given in ways(method))


def label(piece: Piece) -> str:
    """Return what a piece of the board is called."""
    method = NETWORK_METHODS[piece.name]
    names = [method.labels[str(value)] for _, value in piece.given if str(value) in method.labels]
    return names[0] if names else method.label


def pushed(seed: int, name: str, target: str, alpha: float) -> Piece:
    """Return the piece of one point of the alpha curve: at the usual alpha, the board's own."""
    usual = next(p.default for p in NETWORK_METHODS[name].parameters if p.name == "alpha")
    chosen: Given = (("target", target),)
    return Piece(seed, name, chosen if alpha == usual else (*chosen, ("alpha", alpha)))


def decayed(seed: int, decay: float) -> Piece:
    """Return the piece that follows fine-tuning with weight decay."""
    return Piece(seed, "fine_tune", (("epochs", DECAY_EPOCHS), ("decay", decay)))


def pieces(seed: int) -> tuple[Piece, ...]:
    """Return all pieces of one seed, in the order in which they are wanted."""
    stretches = [Piece(seed, name, until=until) for until in HANDED_ON for name in TRAININGS]
    curve = [pushed(seed, name, target, alpha) for alpha in ALPHAS for name, target in PUSHES]
    return tuple(dict.fromkeys([*stretches, *entries(seed), *curve, *(decayed(seed, decay) for decay in DECAYS)]))


def errand(piece: Piece, rows: Forgetting, known: Known) -> Errand | None:
    """Return what a worker needs for a piece; None while other pieces have to come first."""
    if piece.until:
        if piece.before is None:
            return Errand(piece, rows)
        return Errand(piece, rows, known[piece.before].moment) if piece.before in known else None
    ends = [known.get(Piece(piece.seed, name, until=HANDED_ON[-1])) for name in TRAININGS]
    moments = [end.moment for end in ends if end and end.moment]
    if len(moments) < len(ends):
        return None
    stretches = [Piece(piece.seed, piece.name, until=until) for until in HANDED_ON if piece.name in TRAININGS]
    seconds = sum(known[stretch].end.seconds for stretch in stretches)
    pretrained, golden = (moment.weights for moment in moments)
    return Errand(piece, rows, None, pretrained, golden, seconds)


def _stages(sent: Errand) -> Iterator[tuple[int, Floats, Moment | None]]:
    """Yield the epoch, the weights after it, and for a stretch the moment it has reached."""
    piece, rows = sent.piece, sent.rows
    if piece.until:
        X, y, which = (rows.X, rows.y, PRETRAINED) if piece.name == "pretrained" else (rows.X_r, rows.y_r, GOLDEN)
        since = sent.moment or begin(rows.shape.draw(np.random.default_rng((piece.seed, START))))
        for moment in train(rows.shape, X, y, since, (piece.seed, which)):
            yield moment.epoch, moment.weights, moment
            if moment.epoch == piece.until:
                return
    assert sent.pretrained is not None
    assert sent.golden is not None
    if piece.name in TRAININGS:
        yield TRAINING.epochs, sent.golden if piece.name == "golden" else sent.pretrained, None
        return
    hand = Hand(rows, sent.pretrained, sent.golden, piece.seed)
    for epoch, weights in enumerate(run(NETWORK_METHODS[piece.name], hand, **dict(piece.given)), 1):
        yield epoch, weights, None


def run_errand(sent: Errand) -> Found:
    """Compute one piece.

    Definition: the same numbers whoever computes it, and in which order.
    Shapes: see `Found`.
    Errors: what the method raises.
    Source: `NETWORK_METHODS`.
    """
    rows, followed = sent.rows, bool(sent.piece.until) or sent.piece.name == "fine_tune"
    path: dict[int, NetworkMetrics] = {}
    began, measuring = time.process_time(), 0.0
    for epoch, weights, moment in _stages(sent):  # noqa: B007  # the last of them are what is found
        if followed and epoch in MARKS:
            since = time.process_time()
            path[epoch] = measure_network(rows, weights, sent.golden)
            measuring += time.process_time() - since
    seconds = sent.seconds + time.process_time() - began - measuring
    others = (sent.pretrained, sent.golden)
    away = [math.nan if other is None else float(np.linalg.norm(weights - other)) for other in others]
    answers = Network(rows.shape, weights).probabilities(rows.X_f)
    last = path.get(epoch) or measure_network(rows, weights, sent.golden)
    return Found(path, replace(last, seconds=seconds), answers, moment, *away)
