"""The four simulations of the page relatives, made anew with numpy from the numbers that their draws give."""

from functools import lru_cache
from types import SimpleNamespace

import numpy as np

from theory.streams import CLIENTS, CRITICS, DEMONSTRATIONS, MISSING, stream

SHARES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
WEIGHTS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0)
# What asserts nothing that a draw could make false.
QUIET = (
    "One choice was observed.",
    "Imitation takes it always.",
    "The learned reward is one rule for all",
    "The marks are this draw.",
    "Nothing is rewarded here",
    "The updated state has feature 1",
    "Memory alone moves it",
    "A bandit learns by trying",
    "A row with gaps tells something",
    "What the client has taught where no row",
    "The unwritten state",
    "Imitation gives them no gradient",
    "More demonstrations of the same",
    "The same as …",
    "All that is wrong with an updated state",
    "A weight on a row makes its gradient",
    "A projection on the others' rows takes it to 0",
    "With shorter ones the edge states keep",
    "wrong, and no more than that",
)
# The lines of rewards, as they are called on screen.
NAMES = {
    "best possible": ("best", "seen"),
    "imitation, shown situations": ("imitate", "seen"),
    "learned reward, shown": ("reward", "seen"),
    "learned reward, never shown": ("reward", "unseen"),
    "imitation, never shown": ("imitate", "unseen"),
}
DRAWN = tuple(NAMES.values())


def _softmax(scores):
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return raised / raised.sum(axis=-1, keepdims=True)


@lru_cache(maxsize=512)
def demonstrations(bad, seed):
    """Forty situations of six choices, four of them shown in the first twenty; the reward by Newton's steps."""
    g = stream(seed, DEMONSTRATIONS)
    psi, w = g.standard_normal((40, 6, 6)), g.standard_normal(6)
    truth = psi @ (w * (2.1 / np.linalg.norm(w)))
    odds = np.cumsum(_softmax(2 * truth[:20]), axis=1)
    random, which, chance = (g.random((50, 20)).T[:, :4] for _ in range(3))
    expert = np.minimum((chance[..., None] > odds[:, None, :]).sum(axis=-1), 5)
    chosen = np.where(random < bad, (6 * which).astype(int), expert)
    counts = (chosen[..., None] == np.arange(6)).sum(axis=1)
    theta, X = np.zeros(6), psi[:20]
    for _ in range(50):
        p = _softmax(X @ theta)
        slope = theta - np.einsum("xa,xap->p", counts - 4 * p, X)
        spread = np.einsum("xa,xap,xaq->pq", p, X, X)
        mean = np.einsum("xa,xap->xp", p, X)
        step = np.linalg.solve(np.eye(6) + 4 * (spread - mean.T @ mean), slope)
        theta = theta - step * min(1.0, 1 / max(np.abs(step).max(), 1e-300))
    taken = {"reward": psi @ theta, "imitate": np.vstack([counts, np.ones((20, 6))])}
    rewards = {}
    for name, scores in taken.items():
        top = scores == scores.max(axis=1, keepdims=True)
        found = (top * truth).sum(axis=1) / top.sum(axis=1)
        rewards |= {(name, "seen"): found[:20].mean(), (name, "unseen"): found[20:].mean()}
    best = truth.max(axis=1)
    rewards["best", "seen"] = best[:20].mean()
    return SimpleNamespace(truth=truth, rewards=rewards, best={"unseen": best[20:].mean()})


@lru_cache(maxsize=16)
def mean_rewards(seed):
    """Means and standard errors over 20 draws, by share of bad demonstrations and line."""
    found = {share: [demonstrations(share, seed + i).rewards for i in range(20)] for share in SHARES}
    return {
        share: {
            key: (np.mean(values), np.std(values, ddof=1) / np.sqrt(20))
            for key in DRAWN
            for values in [[draw[key] for draw in draws]]
        }
        for share, draws in found.items()
    }


@lru_cache(maxsize=4096)
def walk(steps, critics, discount, seed, patched=False):
    """A walker on nine by nine states that looks for the star in the first column of the last row."""
    cells = np.arange(81)
    row, column = np.divmod(cells, 9)
    to = np.stack(
        [np.clip(row + r, 0, 8) * 9 + np.clip(column + c, 0, 8) for r, c in ((-1, 0), (0, 1), (1, 0), (0, -1))], axis=1
    )
    away, open_ = np.maximum(column - 1, 0), cells != 72
    updated, edge = open_ & (away < steps), open_ & (away == steps)
    first = stream(seed, CRITICS).standard_normal((20, 81, 4))[:critics]
    # The best possible from a state: so many moves to the star, less one, of discount.
    moves = (8 - row) + column
    true = np.where(open_, discount ** np.maximum(moves - 1.0, 0.0), 0.0)
    value = np.where(updated, 0.0, np.where(edge & patched, true, first.min(axis=0).max(axis=1)))
    for _ in range(200):
        reads = np.where(to == 72, 1.0, discount * value[to])
        value = np.where(updated, np.maximum(reads.max(axis=1), 0.0), value)
    value[72] = 0.0
    reads = np.where(to == 72, 1.0, discount * value[to])
    beyond = np.where(to == 72, 1.0, discount * true[to]) if patched else first.min(axis=0)
    own = np.where((edge & patched)[:, None], beyond, first.min(axis=0))
    chosen = np.where(updated, reads.argmax(axis=1), own.argmax(axis=1))
    # What a state earns and what it has of the edge, following its own moves.
    earned, passed = np.zeros(81), np.zeros(81)
    for start in cells[open_]:
        place = start
        for step in range(81):
            place = to[place, chosen[place]]
            if place == 72:
                earned[start] = discount**step
                break
    for start in cells[updated]:
        place = start
        for step in range(1, 82):
            place = to[place, chosen[place]]
            if place == 72 or not updated[place]:
                passed[start] = discount**step * value[place] if edge[place] else 0.0
                break
    recorded = open_ & (away == 0)
    return SimpleNamespace(
        value=value,
        true=true,
        updated=updated,
        edge=edge,
        spread=first.std(axis=0).max(axis=1),
        passed=passed[updated],
        earned=earned[recorded].mean(),
        possible=true[recorded].mean(),
    )


@lru_cache(maxsize=8)
def departure(common, memory, count, seed):
    """Eight clients train, the last leaves, the others go on: as before, and after a projection on their rows."""
    g, d = stream(seed, CLIENTS), 80 + common
    own, shared = g.standard_normal((12, 6, 10)), g.standard_normal((12, 6, 50))
    w_own, w_shared = g.standard_normal((12, 10)), g.standard_normal(50)
    rows = []
    for k in range(8):
        X = np.zeros((6, d))
        X[:, 10 * k : 10 * k + 10], X[:, 80:] = own[k], shared[k, :, :common]
        rows.append(X)
    star = np.concatenate([w_own[:8].ravel(), w_shared[:common]]) / np.sqrt(d)
    labels = [X @ star for X in rows]
    solvers = [X.T @ np.linalg.inv(X @ X.T + 6 * 0.25 * np.eye(6)) for X in rows]

    def train(w, step, clients):
        path = [w]
        for _ in range(count):
            ahead = w + memory * step
            sent = [ahead + solvers[k] @ (labels[k] - rows[k] @ ahead) for k in range(clients)]
            w, step = np.mean(sent, axis=0), np.mean(sent, axis=0) - w
            path.append(w)
        return path, step

    before, step = train(np.zeros(d), np.zeros(d), 8)
    X_r, y_r, left = np.vstack(rows[:7]), np.concatenate(labels[:7]), before[-1]
    P = np.linalg.pinv(X_r) @ X_r
    kept, _ = train(left, step, 7)
    cleaned, _ = train(P @ left, P @ step, 7)
    unseen = [float(np.linalg.norm(w - P @ w)) for w in (left, kept[-1], left + memory / (1 - memory) * step)]
    return SimpleNamespace(
        left=left,
        kept=kept,
        cleaned=cleaned,
        golden=np.linalg.pinv(X_r) @ y_r,
        unseen=unseen[:2],
        limit=unseen[2],
        missed=lambda w: float(np.sqrt(np.mean((rows[7] @ w - labels[7]) ** 2))),
    )


@lru_cache(maxsize=8)
def gaps(count, observed, seed):
    """Rows with gaps: the risk of 30 draws at every weight, and what a bandit settles on."""
    place = np.arange(8)
    S = 0.8 ** np.abs(place[:, None] - place)
    root = np.linalg.cholesky(S)

    def drawn(one):
        g = stream(one, MISSING)
        star, start = g.standard_normal(8), g.standard_normal(9)
        X = g.standard_normal((2000, 8))[:count] @ root.T
        seen = g.random((2000, 8))[:count] < observed
        y = X @ star + g.standard_normal(2000)[:count]
        return star, start, np.column_stack([X * seen, np.zeros(count)]), y, seen.all(axis=1)

    def fitted(draw, weight):
        _, start, Z, y, whole = draw
        ZW = Z.T * np.where(whole, 1.0, weight)
        return start + np.linalg.solve(ZW @ Z + 1e-3 * np.eye(9), ZW @ (y - Z @ start))

    def risk(draw, weight):
        off = fitted(draw, weight)[:8] - draw[0]
        return float(off @ S @ off)

    draws = [drawn(seed + i) for i in range(30)]
    bias = np.linalg.solve(observed * S + (1 - observed) * np.eye(8), S) - np.eye(8)
    mine, g = draws[0], stream(seed + 1_000_003, MISSING)
    X = g.standard_normal((count, 8)) @ root.T
    y = X @ mine[0] + g.standard_normal(count)
    u, path, usual = 0.0, [0.5], None
    for tried in g.standard_normal(300):
        w = fitted(mine, 1 / (1 + np.exp(-(u + 0.7 * tried))))
        reward = -np.mean((y - X @ w[:8]) ** 2)
        usual = reward if usual is None else usual
        u = min(max(u + 2 * (reward - usual) * tried, -5.0), 5.0)
        usual += 0.1 * (reward - usual)
        path.append(1 / (1 + np.exp(-u)))
    return SimpleNamespace(
        risk=np.array([[risk(draw, weight) for weight in WEIGHTS] for draw in draws]),
        endless=float(np.mean([star @ bias.T @ S @ bias @ star for star, *_ in draws])),
        bandit=np.array(path),
        risk_at=lambda weight: risk(mine, float(weight)),
    )
