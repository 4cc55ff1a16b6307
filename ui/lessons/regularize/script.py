"""The push for every weight: the end of the page's numpy script, read as text."""

from ui.lessons.script_data import X_f, X_r, found, n_f, n_t, np, seed, y_f, y_r

# settings
alphas, target, mu = [0.0, 0.1, 1.0, 10.0], "shuffled", 0.0

(w_o, _, w_g), order = found.values(), np.random.default_rng(np.random.SeedSequence(seed).spawn(10)[9]).permutation(n_f)
targets = {"zero": 0 * y_f, "opposite": -y_f, "oracle": X_f @ w_g}
t = targets.get(target, y_f[np.roll(order, -1)][np.argsort(order)])
for alpha in alphas:
    A = np.vstack([X_r[:n_t] / n_t**0.5, X_f[: n_f * (alpha > 0)] * (alpha / n_f) ** 0.5])
    b = np.concatenate([y_r[:n_t] / n_t**0.5, t[: n_f * (alpha > 0)] * (alpha / n_f) ** 0.5]) - A @ w_o
    w = w_o + (A.T @ np.linalg.solve(A @ A.T + mu * np.eye(len(A)), b) if mu else np.linalg.pinv(A) @ b)
    RL, UL, distance = np.mean((X_r @ w - y_r) ** 2), np.mean((X_f @ w - y_f) ** 2), np.linalg.norm(w - w_g)
    print("alpha", alpha, "RL", RL, "UL", UL, "distance", distance)
