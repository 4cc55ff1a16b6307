"""The start of a page's numpy script on real rows: who leaves, the features, the three models. Read as text."""

import numpy as np

# settings
file, trained, leaves, images, waves, n_t, seed = "rows.csv", 342, [0], False, 1000, 341, 0

rows = np.loadtxt(file, delimiter=",", skiprows=1)  # "Take it with you" has the file; the label is its last column
rng = {k: np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(k,))) for k in (100, 102, 103)}
train = rng[100].permutation(len(rows))[:trained]
gone, keep = train[leaves], np.delete(train, leaves)
X, y = rows[:, :-1], rows[:, -1] % 2 if images else rows[:, -1]  # of an image: is what it shows odd?
mean, sd = X[keep].mean(axis=0), X[keep].std(axis=0)
flat = sd <= 1e-12 * np.maximum(np.abs(mean), 1)
X = (X - mean) / np.where(flat, 1, sd)
own = flat & (np.abs(X[gone]).max(axis=0) > 1e-9)  # only the rows to forget use these: they come last
X, own = X[:, ~flat | own], own[~flat | own]  # what is the same in all rows tells nothing
if waves:
    near = X[keep[:300]]
    near = np.sqrt(((near[:, None] - near[None]) ** 2).sum(axis=2)) + np.diag(np.full(len(near), np.inf))
    A = rng[102].normal(size=(waves, X.shape[1])).T / (0.75 * np.median(near.min(axis=1)))
    X, own = np.sqrt(2 / waves) * np.cos(X @ A + rng[103].uniform(0, 2 * np.pi, waves)), np.zeros(waves, dtype=bool)
X = np.hstack([X[:, ~own], np.ones((len(X), 1)), X[:, own]])
y = (y - y[keep].mean()) / y[keep].std()
X_r, y_r, X_f, y_f, n_r, n_f, d = X[keep], y[keep], X[gone], y[gone], len(keep), len(gone), X.shape[1]


def nearest(X, y, start):
    return start + np.linalg.pinv(X) @ (y - X @ start)


def models(X_r, y_r, X_f, y_f):
    w_o = nearest(np.vstack([X_r, X_f]), np.concatenate([y_r, y_f]), np.zeros(d))
    return {"pretrained": w_o, "fine_tune": nearest(X_r[:n_t], y_r[:n_t], w_o), "golden": nearest(X_r, y_r, 0 * w_o)}


found = models(X_r, y_r, X_f, y_f)
for name, w in found.items():
    print(name, "RL", np.mean((X_r @ w - y_r) ** 2), "UL", np.mean((X_f @ w - y_f) ** 2))
