"""What each model says of the row that left: needs diabetes.csv beside it ("Take it with you" has the file)."""

import numpy as np

# settings
table, who, split, plain = "diabetes", 6, 0, False

assert table == "diabetes", "this script reads the diabetes table alone"
rows = np.loadtxt("diabetes.csv", delimiter=",", skiprows=1)
rng = {k: np.random.default_rng(np.random.SeedSequence(split, spawn_key=(k,))) for k in (100, 102, 103)}
train = rng[100].permutation(len(rows))[:342]
gone, keep = train[who - 1], np.delete(train, who - 1)
X, y = rows[:, :-1], rows[:, -1]
X = (X - X[keep].mean(axis=0)) / X[keep].std(axis=0)
if not plain:  # random waves, as long as three quarters of the way to the nearest patient
    near = np.sqrt(((X[keep[:300], None] - X[None, keep[:300]]) ** 2).sum(axis=2)) + np.diag(np.full(300, np.inf))
    A = rng[102].normal(size=(2000, 10)).T / (0.75 * np.median(near.min(axis=1)))
    X = np.sqrt(2 / 2000) * np.cos(X @ A + rng[103].uniform(0, 2 * np.pi, 2000))
X = np.hstack([X, np.ones((len(X), 1))])
mean, sd = y[keep].mean(), y[keep].std()
both, target = np.append(keep, gone), (y - mean) / sd
pretrained = np.linalg.lstsq(X[both], target[both])[0]
golden = np.linalg.lstsq(X[keep], target[keep])[0]
fine_tune = pretrained + np.linalg.lstsq(X[keep], target[keep] - X[keep] @ pretrained)[0]
print("truth", y[gone])
for name, w in (("pretrained", pretrained), ("fine_tune", fine_tune), ("golden", golden)):
    print(name, mean + sd * X[gone] @ w)
