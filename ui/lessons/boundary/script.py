"""The chosen cell of the map: the end of the page's numpy script, read as text."""

from ui.lessons.script_data import d, d_overlap, draw, models, n_t, np, seed

# settings
decay, map_draws = 0.0, 4

cell, norm = [], np.linalg.norm
for s in [seed, *(np.random.SeedSequence(seed, spawn_key=(11, k)) for k in range(1, map_draws))]:
    X_r, y_r, X_f, y_f = draw(d_overlap, s if s == seed else int(s.generate_state(1, np.uint64)[0]) >> 1)
    w_o, w_t, w_g = models(X_r, y_r, X_f, y_f).values()
    H, b = X_r[:n_t].T @ X_r[:n_t] / n_t + decay * np.eye(d), X_r[:n_t].T @ y_r[:n_t] / n_t
    w_t = np.linalg.solve(H, b) if decay else w_t
    cell.append([norm(w_t - w_g) / norm(w_o - w_g), *(np.mean((X_f @ w - y_f) ** 2) for w in (w_g, w_t))])
print("cell", *np.mean(cell, axis=0))  # distance ratio, UL of golden, UL of fine-tuned
