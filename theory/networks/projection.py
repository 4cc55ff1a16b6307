"""The part of a network's weights that its outputs on some rows depend on, to first order."""

import numpy as np
from scipy.linalg import solve

from theory.networks.network import Floats, Network

# What is added to the kernel, as a share of its mean: rows that are nearly alike must not make float32 rounding large.
ADDED = 1e-6


def project(network: Network, X: Floats) -> Floats:
    """Return the weights' part in the span of the gradients of all outputs on the rows.

    Definition: J'(J J' + eps)^{-1} J w, with J the slopes of every output on every row in all weights and eps a
    millionth of the mean of the diagonal. J itself is not formed: each of its rows is an outer product of what a layer
    takes in and what it passes on.
    Shapes: X (n, inputs) -> (count,).
    Errors: none.
    Source: the projection of MinNorm-OG; its Gram matrix is the network's tangent kernel.
    """
    shape, n = network.shape, len(X)
    H = network.units(X)
    # What moves output k of row i through the first layer: on which units it stands, and how strongly.
    through = (H > 0)[:, None, :] * network.second.T[None]  # (n, classes, hidden)
    flat = through.reshape(n * shape.classes, shape.hidden)
    inputs, units = X @ X.T + 1, H @ H.T + 1
    kernel = (flat @ flat.T).reshape(n, shape.classes, n, shape.classes) * inputs[:, None, :, None]
    kernel += units[:, None, :, None] * np.eye(shape.classes, dtype=X.dtype)[None, :, None, :]
    kernel = kernel.reshape(n * shape.classes, -1).astype(np.float64)
    kernel += ADDED * kernel.trace() / len(kernel) * np.eye(len(kernel))
    first = np.einsum("ikh,ih->ik", through, X @ network.first + network.first_shift)
    slopes = first + H @ network.second + network.second_shift
    found = solve(kernel, slopes.ravel(), assume_a="pos")
    C = found.reshape(n, shape.classes).astype(X.dtype)
    back = np.einsum("ik,ikh->ih", C, through)
    part = Network(shape, np.zeros_like(network.vector))
    part.first[...], part.first_shift[...] = X.T @ back, back.sum(axis=0)
    part.second[...], part.second_shift[...] = H.T @ C, C.sum(axis=0)
    return part.vector
