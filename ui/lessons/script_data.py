"""The start of every page's numpy script: the data of a setting and the three models. Read as text, never imported."""

import numpy as np

# settings
d, n_r, n_f, n_t, noise, d_overlap, seed = 200, 50, 50, 50, 0.0, 80, 0


def draw(d_overlap, seed):
    d_forget = (d - d_overlap) // 2
    d_retain = d - d_overlap - d_forget
    rng = [np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(9)]
    w_star = rng[0].standard_normal(d) / np.sqrt(d)
    X_r, X_f = rng[1].standard_normal((n_r, d)), rng[2].standard_normal((n_f, d))
    X_r[:, d - d_forget :] = 0  # the retain rows do not use the forget-only features
    X_f[:, :d_retain] = 0
    y_r, y_f = X_r @ w_star + noise * rng[3].standard_normal(n_r), X_f @ w_star + noise * rng[4].standard_normal(n_f)
    return X_r, y_r, X_f, y_f


def nearest(X, y, start):
    return start + np.linalg.pinv(X) @ (y - X @ start)


def models(X_r, y_r, X_f, y_f):
    w_o = nearest(np.vstack([X_r, X_f]), np.concatenate([y_r, y_f]), np.zeros(d))
    return {"pretrained": w_o, "fine_tune": nearest(X_r[:n_t], y_r[:n_t], w_o), "golden": nearest(X_r, y_r, 0 * w_o)}


X_r, y_r, X_f, y_f = draw(d_overlap, seed)
found = models(X_r, y_r, X_f, y_f)
for name, w in found.items():
    print(name, "RL", np.mean((X_r @ w - y_r) ** 2), "UL", np.mean((X_f @ w - y_f) ** 2))
