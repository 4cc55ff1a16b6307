"""The four simulations in plain numpy, each the numbers on screen: the page's numpy script, read as text."""

import numpy as np

# settings
relative, draw = "demonstrations", 0
# settings
bad, strength = 0.25, 2.0
# settings
steps, critics, discount = 3, 1, 0.95
# settings
memory, common, rounds = 0.0, 0, 40
# settings
gap_rows, observed = 60, 0.85


def stream(which):
    """Return the random numbers of the draw for one thing."""
    return np.random.default_rng(np.random.SeedSequence(draw, spawn_key=(which,)))


if relative == "demonstrations":
    g = stream(11)
    psi, w = g.standard_normal((40, 6, 6)), g.standard_normal(6)
    r = psi @ (w * 2.1 / np.linalg.norm(w))
    expert = np.cumsum(np.exp(2 * r[:20]) / np.exp(2 * r[:20]).sum(1, keepdims=True), axis=1)
    random, which, chance = (g.random((50, 20)).T[:, :4] for _ in range(3))
    chosen = np.where(random < bad, (which * 6).astype(int), (chance[..., None] > expert[:, None]).sum(-1).clip(max=5))
    counts, theta = np.stack([(chosen == a).sum(1) for a in range(6)], axis=1), np.zeros(6)
    for _ in range(50):  # Newton on -log-likelihood + |theta|^2 / 2
        p = np.exp(psi[:20] @ theta)
        p /= p.sum(1, keepdims=True)
        slope = np.einsum("xa,xap->p", counts - 4 * p, psi[:20]) - theta
        mean = np.einsum("xa,xap->xp", p, psi[:20])
        curve = 4 * (np.einsum("xa,xap,xaq->pq", p, psi[:20], psi[:20]) - mean.T @ mean) + np.eye(6)
        theta += np.linalg.solve(curve, slope)
    best = (psi @ theta).argmax(1)
    top = counts == counts.max(1, keepdims=True)
    print("imitation, shown", (r[:20] * top / top.sum(1, keepdims=True)).sum(1).mean(), "never shown", r[20:].mean())
    print("reward, shown", r[range(20), best[:20]].mean(), "never shown", r[range(20, 40), best[20:]].mean())
    policy = np.array([0.5, 0.3, 0.2]) * np.exp([strength, 0, 0])
    print("bounded reward", policy / policy.sum())
elif relative == "reach":
    row, column = np.divmod(np.arange(81), 9)
    to = [np.clip(row + a, 0, 8) * 9 + np.clip(column + b, 0, 8) for a, b in ((-1, 0), (0, 1), (1, 0), (0, -1))]
    to, away = np.stack(to, axis=1), np.maximum(column - 1, 0)
    updated = (away < steps) & (np.arange(81) != 72)
    value = np.where(updated, 0, stream(12).standard_normal((20, 81, 4))[:critics].min(0).max(1))
    for _ in range(81):
        target = np.where(to == 72, 1.0, discount * value[to])
        value = np.where(updated, np.maximum(target.max(1), 0), value)
    print(value.reshape(9, 9).round(3))
elif relative == "federated":
    g, d = stream(13), 80 + common
    own, shared = g.standard_normal((12, 6, 10)), g.standard_normal((12, 6, 50))
    w_own, w_shared = g.standard_normal((12, 10)), g.standard_normal(50)
    X = np.zeros((8, 6, d))
    for k in range(8):
        X[k, :, 10 * k : 10 * k + 10], X[k, :, 80:] = own[k], shared[k, :, :common]
    y = X @ (np.r_[w_own[:8].ravel(), w_shared[:common]] / np.sqrt(d))
    w, step = np.zeros(d), np.zeros(d)
    for n in (8, 7):
        for _ in range(rounds):
            ahead = w + memory * step
            moves = [
                A.T @ np.linalg.solve(A @ A.T + 1.5 * np.eye(6), b - A @ ahead)
                for A, b in zip(X[:n], y[:n], strict=True)
            ]
            w, step = ahead + np.mean(moves, axis=0), ahead + np.mean(moves, axis=0) - w
        print("clients", n, "error on the last one's rows", np.sqrt(np.mean((X[7] @ w - y[7]) ** 2)))
    golden = np.linalg.pinv(X[:7].reshape(-1, d)) @ y[:7].ravel()
    print("distance to golden", np.linalg.norm(w - golden))
else:
    S = 0.8 ** np.abs(np.subtract.outer(np.arange(8), np.arange(8)))
    weights, risk = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0), []
    for seed in range(draw, draw + 30):
        g = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(14,)))
        w_true, start = g.standard_normal(8), g.standard_normal(9)[:8]
        X = g.standard_normal((2000, 8))[:gap_rows] @ np.linalg.cholesky(S).T
        seen = g.random((2000, 8))[:gap_rows] < observed
        y = X @ w_true + g.standard_normal(2000)[:gap_rows]
        Z = np.where(seen, X, 0)
        for weight in weights:
            ZW = Z.T * np.where(seen.all(1), 1, weight)
            w = start + np.linalg.solve(ZW @ Z + 1e-3 * np.eye(8), ZW @ (y - Z @ start)) - w_true
            risk.append(w @ S @ w)
    print(dict(zip(weights, np.reshape(risk, (30, -1)).mean(0).round(4).tolist(), strict=True)))
