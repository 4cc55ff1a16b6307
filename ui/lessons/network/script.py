"""Three networks on handwritten digits: pretrained, fine-tuned, golden; read as text."""

import numpy as np

# settings
net_forget, net_digit, net_seed = "class", 3, 0

with np.load("data/digits.npz") as file:  # it comes with the project
    X, y = (file["images"] / 16).astype(np.float32), file["shows"].astype(int)
order, mistakes = (np.random.default_rng(np.random.SeedSequence(net_seed, spawn_key=(k,))) for k in (100, 101))
order = order.permutation(len(X))
seen, unseen = order[:1000], order[1000:]
forget = y[seen] == net_digit if net_forget == "class" else np.arange(1000) < 100
labels = y.copy()
for part in (seen[forget], unseen) if net_forget == "wrong" else ():
    labels[part] = (y[part] + mistakes.integers(1, 10, len(part))) % 10
f, r, t = seen[forget], seen[~forget], unseen[y[unseen] != net_digit] if net_forget == "class" else unseen


def layers(w):
    return w[:8192].reshape(64, 128), w[8192:8320], w[8320:9600].reshape(128, 10), w[9600:]


def train(w, rows, seed, epochs, rate, falls):
    w, v, steps, T = w.copy(), np.zeros_like(w), -(-len(rows) // 50), np.eye(10, dtype=np.float32)[labels[rows]]
    for k in range(epochs * steps):
        shuffled = np.random.default_rng((net_seed, seed, k // steps)).permutation(len(rows))
        batch, (A, a, B, b) = shuffled[k % steps * 50 :][:50], layers(w)
        H = np.maximum(X[rows[batch]] @ A + a, 0)
        P = np.exp((Z := H @ B + b) - Z.max(1, keepdims=True))
        P = (P / P.sum(1, keepdims=True) - T[batch]) / len(batch)
        D = (P @ B.T) * (H > 0)
        v = 0.9 * v + np.concatenate([(X[rows[batch]].T @ D).ravel(), D.sum(0), (H.T @ P).ravel(), P.sum(0)])
        w -= rate * ((1 + np.cos(np.pi * k / epochs / steps)) / 2 if falls else 1) * v
    return w


rng, start = np.random.default_rng((net_seed, 0)), np.zeros(9610, np.float32)
for matrix in layers(start)[::2]:
    matrix[...] = rng.standard_normal(matrix.shape) * np.sqrt(2 / len(matrix))
pretrained, golden = (train(start, rows, k, 100, 0.2, True) for rows, k in ((np.concatenate([r, f]), 2), (r, 3)))
for name, w in (
    ("pretrained", pretrained),
    ("fine_tune", train(pretrained, r, 5, 10, 0.05, False)),
    ("golden", golden),
):
    right = [
        100
        * np.mean(
            (np.maximum(X[s] @ layers(w)[0] + layers(w)[1], 0) @ layers(w)[2] + layers(w)[3]).argmax(1)
            == (y if s is t else labels)[s]
        )
        for s in (f, r, t)
    ]
    print(name, 100 - right[0], right[1], right[2])  # UA, RA, TA in percent
