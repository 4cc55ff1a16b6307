"""The beliefs in one weight and in two, by quadrature and by subtraction: the page's numpy script, read as text."""

import numpy as np

# settings
factor, threshold, trick, rows_kept, rows_gone, apart, scatter, angle = 1.0, 0.0, "eubo", 8, 4, 2.0, 1.0, 50


def evenly(count, place):
    """Return labels at the quantiles of the noise around a place."""
    z = np.linspace(-8, 8, 1600001)
    below = np.cumsum(np.exp(-(z**2) / 2))
    return place + scatter * np.interp((np.arange(count) + 0.5) / count, below / below[-1], z)


def gaussian(x, mean, sd):
    return np.exp(-(((x - mean) / sd) ** 2) / 2) / (sd * np.sqrt(2 * np.pi))


def kl(mean, sd):
    """Return KL(this || retrained)."""
    return ((sd / sd_r) ** 2 - 1 - 2 * np.log(sd / sd_r) + ((mean - mean_r) / sd_r) ** 2) / 2


y_r, y_f = evenly(rows_kept, 0.5), evenly(rows_gone, 0.5 - apart)
precision_r, taken = 1 + rows_kept / scatter**2, rows_gone / scatter**2
mean_r, sd_r = y_r.sum() / scatter**2 / precision_r, precision_r**-0.5
precision = precision_r + taken
mean, sd = (y_r.sum() + y_f.sum()) / scatter**2 / precision, factor * precision**-0.5
print("stored", mean, sd, "KL", kl(mean, sd))
print("retrained", mean_r, sd_r)
w = np.linspace(mean - 40 * sd, mean + 40 * sd, 400001)
likely = -((y_f[:, None] - w[None, ::400]) ** 2).sum(axis=0) / (2 * scatter**2)  # a parabola: every 400th is enough
likely = np.polyval(np.polyfit(w[::400] - mean, likely, 2), w - mean) - rows_gone * np.log(2 * np.pi * scatter**2) / 2
counts = np.where(gaussian(w, mean, sd) > threshold * gaussian(mean, mean, sd), likely, 0)
if threshold == 0:
    left = sd**-2 - taken
    if left > 0:
        found = (mean / sd**2 - y_f.sum() / scatter**2) / left, left**-0.5
        print("unlearned", *found, "KL", kl(*found))
    else:
        print("no unlearned belief: its precision would be", left)
elif trick == "reverse":
    logs = -(((w - mean) / sd) ** 2) / 2 - counts
    share = np.exp(logs - logs.max())
    share /= share.sum()
    found = share @ w, np.sqrt(share @ (w - share @ w) ** 2)
    print("unlearned", *found, "KL", kl(*found))
else:  # the lowest bound on a grid that closes in
    best, size = (mean, sd, np.inf), 4.0
    step = w[1] - w[0]
    w, counts, step = w[::20], counts[::20], 20 * step
    for _ in range(14):
        for m in best[0] + sd * size * np.linspace(-1, 1, 13):
            for s in best[1] * np.exp(size / 2 * np.linspace(-1, 1, 13)):
                bound = (gaussian(w, m, s) * counts).sum() * step
                bound += ((s / sd) ** 2 - 1 - 2 * np.log(s / sd) + ((m - mean) / sd) ** 2) / 2
                best = min(best, (m, s, bound), key=lambda one: one[2])
        size *= 0.55
    print("unlearned", *best[:2], "KL", kl(*best[:2]))
X_r = np.tile([1.0, 0.0], (rows_kept, 1))
X_f = np.tile([np.cos(np.radians(angle)), np.sin(np.radians(angle))], (rows_gone, 1))
L = np.eye(2) + (X_r.T @ X_r + X_f.T @ X_f) / scatter**2
m = np.linalg.solve(L, (X_r.T @ y_r + X_f.T @ y_f) / scatter**2)
L_r = L - X_f.T @ X_f / scatter**2
print("two weights: all rows", m, "divided", np.linalg.solve(L_r, L @ m - X_f.T @ y_f / scatter**2))
print("upright, standard deviation", np.linalg.inv(L_r)[1, 1] ** 0.5)
