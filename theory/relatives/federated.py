"""Federated learning: clients train in turn on rows of their own, and one of them leaves."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import block_diag

from theory.linalg import Array, nearest, row_space
from theory.spec import real, whole
from theory.streams import CLIENTS, stream

# Features that a client has to itself, and rows of each client.
OWN, ROWS = 10, 6
MOST_CLIENTS, MOST_ROUNDS = 12, 2000


@dataclass(frozen=True, kw_only=True)
class Federation:
    """Clients with features of their own and shared ones, and how they train.

    Definition: each of `clients` has Gaussian rows on 10 features of its own and on `shared` features of all. In a
    round every client moves towards a fit of its rows, held back by `hold`, and the server takes the mean of what they
    send. With `memory` the server goes on by this share of its last move first.
    Shapes: scalars; d = 10 clients + shared.
    Errors: ValueError for clients outside 2 to 12, shared outside 0 to 50, hold outside 0.01 to 100, memory outside 0
    to 0.95, noise outside 0 to 10, rounds outside 1 to 2,000, or a seed below 0.
    Source: our reading of arXiv 2312.14380, with one synthetic sample: then its replay is a momentum.
    """

    clients: int = 8
    shared: int = 0
    hold: float = 0.25
    memory: float = 0.0
    noise: float = 0.0
    rounds: int = 40
    seed: int = 0

    def __post_init__(self) -> None:
        whole("clients", self.clients, 2, MOST_CLIENTS, "use 8")
        whole("shared", self.shared, 0, 50, "use 0 for features that no two clients share")
        real("hold", self.hold, 0.01, 100, "use 0.25")
        real("memory", self.memory, 0, 0.95, "a memory of 1 drifts without end")
        real("noise", self.noise, 0, 10, "use 0 for noiseless labels")
        whole("rounds", self.rounds, 1, MOST_ROUNDS, "use 40")
        whole("seed", self.seed, 0, np.inf, "use 0, 1, 2, ...")

    @property
    def d(self) -> int:
        """Features."""
        return OWN * self.clients + self.shared


@dataclass(frozen=True, eq=False)
class Departure:
    """All clients train; then the last one leaves, and the others go on.

    Definition: `missed` is the root mean square error of every client's rows against its labels after each round, the
    departing client's last; `distance` is that to golden, the model nearest 0 that fits the rows of those who stay. In
    the second half `kept` trains on as before, and `cleaned` after the server has once kept only what the rows of those
    who stay can see.
    Shapes: with r rounds and c clients: before (r + 1, c), kept and cleaned (r + 1, c); distance_kept, distance_cleaned
    (r + 1,); w_left (d,) when the client leaves, w_kept, w_cleaned, w_golden (d,); limit (d,).
    `missed_golden` is golden's error on the departed client's rows; `limit` is where training on ends: golden plus what
    no row of the others uses, drifted by memory. `unseen` is the length of what no row of the others uses: when the
    client leaves, after training on, and where that tends to.
    Errors: none.
    Source: derived here.
    """

    before: Array
    kept: Array
    cleaned: Array
    distance_kept: Array
    distance_cleaned: Array
    w_left: Array
    w_kept: Array
    w_cleaned: Array
    w_golden: Array
    limit: Array
    missed_golden: float
    unseen: tuple[float, float, float]


def _clients(spec: Federation) -> tuple[list[Array], list[Array]]:
    """Return rows and labels of every client: features of its own in its place, the shared ones last."""
    g, d = stream(spec.seed, CLIENTS), spec.d
    # Drawn for the most clients there can be: one client more leaves the others as they are.
    own, shared = g.standard_normal((MOST_CLIENTS, ROWS, OWN)), g.standard_normal((MOST_CLIENTS, ROWS, 50))
    w_own, w_shared = g.standard_normal((MOST_CLIENTS, OWN)), g.standard_normal(50)
    units = g.standard_normal((MOST_CLIENTS, ROWS))
    rows = []
    for k in range(spec.clients):
        X = np.zeros((ROWS, d))
        X[:, k * OWN : (k + 1) * OWN] = own[k]
        X[:, d - spec.shared :] = shared[k, :, : spec.shared]
        rows.append(X)
    w_star = np.concatenate([w_own[: spec.clients].ravel(), w_shared[: spec.shared]]) / np.sqrt(d)
    return rows, [X @ w_star + spec.noise * units[k] for k, X in enumerate(rows)]


def rounds(
    rows: Sequence[Array], labels: Sequence[Array], count: int, hold: float, memory: float, start: Array, step: Array
) -> Array:
    """Return the server's weights after every round of clients with these rows.

    Definition: the server goes on to w + memory * its last move; every client moves from there to
    w + X_k' (X_k X_k' + n_k hold I)^-1 (y_k - X_k w), and the server takes the mean. `step` is the move before.
    Shapes: k of (n_k, d), k of (n_k,), start and step (d,) -> (count + 1, d).
    Errors: none; `Federation` checks what it asks for.
    Source: our reading of arXiv 2312.14380, see `replayed`.
    """
    X, y = np.vstack(rows), np.concatenate(labels)
    gains = [np.linalg.inv(A @ A.T + len(A) * hold * np.eye(len(A))) for A in rows]
    back = X.T @ block_diag(*gains) / len(rows)  # all clients at once, and the mean of what they send
    path, w = [start], start
    for _ in range(count):
        ahead = w + memory * step
        after = ahead + back @ (y - X @ ahead)
        w, step = after, after - w
        path.append(w)
    return np.array(path)


def replayed(before: Array, now: Array, rate: float, steps: int) -> Array:
    """Return where training on one synthetic row goes on to that replays the server's last move.

    Definition: the row x = move / |move| with the label for which `steps` gradient steps of size `rate` on (x'w - y)^2
    / 2 lead from `before` to `now`; the same steps from `now` end at now + (1 - rate)^steps * move: a memory.
    Shapes: (d,), (d,) -> (d,).
    Errors: ValueError for a rate outside 0.001 to 1, or fewer than 1 step.
    Source: our reading of arXiv 2312.14380, with one row where it has a data set.
    """
    rate = real("rate", rate, 0.001, 1, "use 0.1")
    steps = whole("steps", steps, 1, np.inf, "use 5")
    move = now - before
    length = float(np.linalg.norm(move))
    if length == 0:
        return now
    x = move / length
    y = x @ before + length / (1 - (1 - rate) ** steps)
    w = now
    for _ in range(steps):
        w = w - rate * (x @ w - y) * x
    return w


def departed(spec: Federation) -> Departure:
    """Train all clients, let the last leave, and train the others on, with and without cleaning first.

    Definition: a client's step is w + X_k' (X_k X_k' + n_k hold I)^-1 (y_k - X_k w), which never leaves w + row(X_k).
    Shapes: see `Departure`.
    Errors: none for a valid `Federation`.
    Source: derived here; arXiv 2312.14380 is about clients that differ, not about clients that leave.
    """
    rows, labels = _clients(spec)

    def train(start: Array, step: Array, count: int) -> tuple[Array, Array]:
        path = rounds(rows[:count], labels[:count], spec.rounds, spec.hold, spec.memory, start, step)
        return path, path[-1] - path[-2]

    def missed(path: Array) -> Array:
        errors = [np.sqrt(np.mean((path @ X.T - y) ** 2, axis=1)) for X, y in zip(rows, labels, strict=True)]
        return np.stack(errors, axis=1)

    nothing, stay = np.zeros(spec.d), spec.clients - 1
    before, step = train(nothing, nothing, spec.clients)
    X_r, y_r = np.vstack(rows[:stay]), np.concatenate(labels[:stay])
    seen, w_left = row_space(X_r), before[-1]
    golden = nearest(X_r, y_r, nothing)
    kept, _ = train(w_left, step, stay)
    cleaned, _ = train(seen.project(w_left), seen.project(step), stay)

    def away(w: Array) -> float:
        return float(np.linalg.norm(w - seen.project(w)))

    drifted = w_left + spec.memory / (1 - spec.memory) * step
    return Departure(
        before=missed(before),
        kept=missed(kept),
        cleaned=missed(cleaned),
        distance_kept=np.linalg.norm(kept - golden, axis=1),
        distance_cleaned=np.linalg.norm(cleaned - golden, axis=1),
        w_left=w_left,
        w_kept=kept[-1],
        w_cleaned=cleaned[-1],
        w_golden=golden,
        limit=golden + drifted - seen.project(drifted),
        missed_golden=float(missed(golden[None])[0, -1]),
        unseen=(away(w_left), away(kept[-1]), away(drifted)),
    )
