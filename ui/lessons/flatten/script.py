"""A curve is made flat around a row, and a linear model is shrunk: the page's numpy script, read as text."""

import numpy as np

# settings
moved, pressed, way, depth, feature, share, forgotten = 0.3, 35, "published", 2.0, 0.3, 0.9, 50

centres = np.linspace(-3, 3, 61)
x_f, eta = 1.5, 0.002


def phi(x):
    return np.exp(-((np.atleast_1d(x)[:, None] - centres) ** 2) / (2 * feature**2))


def fit(x, y):
    A = phi(x)
    return np.linalg.solve(A.T @ A + 0.01 * np.eye(61), A.T @ y)


x = np.linspace(-3, 3, 31)
x = x[abs(x - x_f) > 0.25]
y_f = np.sin(1.2 * x_f) - depth
golden = fit(x, np.sin(1.2 * x))
w = start = fit(np.r_[x, x_f], np.r_[np.sin(1.2 * x), y_f])
near = phi(np.linspace(1.2, 1.8, 61))
here, sides = phi(x_f)[0], phi([x_f - moved, x_f + moved])
M = sum(np.outer(here - s, here - s) for s in sides) / (2 * moved**2)
gaps = []
for step in range(301):
    if way == "smooth":
        w = np.linalg.solve(np.eye(61) + eta * step * M, start)
    gaps.append(np.sqrt(np.mean((near @ (w - golden)) ** 2)))
    if step == pressed:
        print("at the row: pretrained", here @ start, "golden", here @ golden, "flattened", here @ w)
        print("gap near the row", gaps[step], "before", gaps[0])
    if way != "smooth":
        pulls = [np.sign((here - s) @ w) * (here if way == "published" else here - s) for s in sides]
        w = w - eta / (2 * moved) * (pulls[0] + pulls[1])
print("smallest gap", min(gaps), "at step", int(np.argmin(gaps)), "last", gaps[-1])
rng = [np.random.default_rng(s) for s in np.random.SeedSequence(0).spawn(9)]
w_star = rng[0].standard_normal(200) / np.sqrt(200)
X_r, X_f = rng[1].standard_normal((50, 200)), rng[2].standard_normal((forgotten, 200))
X_r[:, 140:], X_f[:, :60] = 0, 0
w_g = np.linalg.pinv(X_r) @ X_r @ w_star
X = np.vstack([X_r, X_f])
w_o = np.linalg.pinv(X) @ X @ w_star
away = np.linalg.norm(w_o - w_g)
print("linear: as far from golden", np.linalg.norm(share * w_o - w_g) / away)
best = w_o @ w_g / (w_o @ w_o)
print("best factor", best, "leaves", np.linalg.norm(best * w_o - w_g) / away)
