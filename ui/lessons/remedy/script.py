"""The three remedies: the end of the page's numpy script, read as text."""

from ui.lessons.script_data import X_f, X_r, d, models, n_t, nearest, np, seed, y_f, y_r

# settings
rotate, d_retain, d_forget = False, 60, 60

keep = np.arange(d) < d - d_forget, np.arange(d) < d_retain
for v in np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(10,))).standard_normal((2 * rotate, d)):
    X_r, X_f, keep = *(X - 2 * np.outer(X @ v, v / (v @ v)) for X in (X_r, X_f)), (np.ones(d), np.zeros(d))
w_o, _, w_g = models(X_r, y_r, X_f, y_f).values()
erased = {"keep_overlap": keep[0] * w_o, "drop_overlap": keep[1] * w_o, "project": np.linalg.pinv(X_r) @ (X_r @ w_o)}
for name, w in ((name, nearest(X_r[:n_t], y_r[:n_t], start)) for name, start in erased.items()):
    print(name, "RL", np.mean((X_r @ w - y_r) ** 2), "UL", np.mean((X_f @ w - y_f) ** 2), end=" ")
    print("distance", np.linalg.norm(w - w_g))
