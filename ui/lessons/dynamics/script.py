"""Gradient descent, a hundred steps: the end of the page's numpy script, read as text."""

from ui.lessons.script_data import X_f, X_r, found, n_f, n_r, n_t, np, seed, y_f, y_r

# settings
start, objective, step_size, decay, ridge_share, shuffled_weight = "pretrained", "retain", 0.5, 0.001, 0.5, 1.0

rows, y, seeds = np.r_[X_r, X_f], np.r_[y_r, y_f], np.random.SeedSequence(seed).spawn(10)
ridge = rows.T @ np.linalg.solve(rows @ rows.T + ridge_share * np.mean(np.sum(rows**2, 1)) * np.eye(n_r + n_f), y)
w, order = {"ridge": ridge, "zero": 0 * ridge, **found}[start], np.random.default_rng(seeds[9]).permutation(n_f)
weight = np.repeat([1 / n_t, shuffled_weight * (objective == "shuffled") / n_f], [n_t, n_f]) ** 0.5
A, b = weight[:, None] * np.r_[X_r[:n_t], X_f], weight * np.r_[y_r[:n_t], y_f[np.roll(order, -1)][np.argsort(order)]]
size = step_size / (np.linalg.norm(A, 2) ** 2 + decay)
for k in range(101):
    print("step", k, "RL", np.mean((X_r @ w - y_r) ** 2), "UL", np.mean((X_f @ w - y_f) ** 2))
    w = w - 2 * size * (A.T @ (A @ w - b) + decay * w)
