"""The network: one hidden layer, all parameters in one vector, and the gradient of its cross-entropy."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from theory.spec import Refusal

# float32 when it trains, float64 where a test asks for digits.
Floats = NDArray[np.floating[Any]]
HIDDEN = 128


@dataclass(frozen=True)
class Shape:
    """How large a network is.

    Definition: inputs -> `hidden` rectified units -> one output for each class.
    Shapes: `count` parameters in one vector: the first matrix and its shifts, then the second and its own.
    Errors: Refusal for a size below 1.
    Source: the standard network with one hidden layer.
    """

    inputs: int
    classes: int
    hidden: int = HIDDEN

    def __post_init__(self) -> None:
        for name in ("inputs", "classes", "hidden"):
            if getattr(self, name) < 1:
                raise Refusal(
                    "{name} must be at least 1, got {value!r}: give the size of a layer",
                    {"name": name, "value": getattr(self, name)},
                )

    @property
    def count(self) -> int:
        """How many parameters there are."""
        return (self.inputs + 1) * self.hidden + (self.hidden + 1) * self.classes

    @property
    def last(self) -> slice:
        """Where the parameters of the last layer stand in the vector."""
        return slice((self.inputs + 1) * self.hidden, self.count)

    def draw(self, rng: np.random.Generator) -> Floats:
        """Return a start, (count,) float32: every weight N(0, 2 / the units it comes from), every shift 0."""
        network = Network(self, np.zeros(self.count, dtype=np.float32))
        for matrix in (network.first, network.second):
            matrix[...] = rng.standard_normal(matrix.shape) * np.sqrt(2 / len(matrix))
        return network.vector


class Network:
    """A network: its vector of parameters, and its layers as views of it.

    Definition: z(x) = W2' max(0, W1' x + b1) + b2, p(x) = softmax(z(x)).
    Shapes: vector (count,), first (inputs, hidden), second (hidden, classes); what is written into one is in the other.
    Errors: Refusal for a vector of another length.
    Source: the standard network with one hidden layer.
    """

    def __init__(self, shape: Shape, vector: Floats) -> None:
        if vector.shape != (shape.count,):
            raise Refusal(
                "vector must have shape ({count},), got {value!r}: give all parameters in one vector",
                {"count": shape.count, "value": vector.shape},
            )
        self.shape, self.vector = shape, vector
        head, tail = vector[: shape.last.start], vector[shape.last]
        self.first = head[: -shape.hidden].reshape(shape.inputs, shape.hidden)
        self.first_shift = head[-shape.hidden :]
        self.second = tail[: -shape.classes].reshape(shape.hidden, shape.classes)
        self.second_shift = tail[-shape.classes :]

    def units(self, X: Floats) -> Floats:
        """Return what the hidden units say of rows, (n, inputs) -> (n, hidden)."""
        H = X @ self.first
        H += self.first_shift
        return np.maximum(H, 0, out=H)

    def logits(self, X: Floats) -> Floats:
        """Return the outputs before softmax, (n, inputs) -> (n, classes)."""
        Z: Floats = self.units(X) @ self.second + self.second_shift
        return Z

    def probabilities(self, X: Floats) -> Floats:
        """Return what the network answers, (n, inputs) -> (n, classes), each row of sum 1."""
        return softmax(self.logits(X))

    def add_gradient(self, X: Floats, target: Floats, into: "Network", weight: float = 1.0) -> None:
        """Add `weight` times the gradient of the mean cross-entropy against `target`, (n, classes), to `into`.

        Its slope in the outputs is softmax - target, for hard labels and for distributions alike.
        """
        H = self.units(X)
        Z = softmax(H @ self.second + self.second_shift)
        Z -= target
        Z *= weight / len(X)
        D = Z @ self.second.T
        D *= H > 0
        into.first += X.T @ D
        into.first_shift += D.sum(axis=0)
        into.second += H.T @ Z
        into.second_shift += Z.sum(axis=0)


def softmax(Z: Floats) -> Floats:
    """Return the probabilities of outputs, row by row, (n, classes) -> (n, classes); in place of them."""
    Z -= Z.max(axis=1, keepdims=True)
    np.exp(Z, out=Z)
    Z /= Z.sum(axis=1, keepdims=True)
    return Z


def cross_entropy(Z: Floats, labels: NDArray[np.integer[Any]]) -> NDArray[np.float64]:
    """Return the loss of every row from its outputs before softmax, (n, classes) and (n,) -> (n,), in float64."""
    exact = np.asarray(Z, dtype=np.float64)
    top = exact.max(axis=1, keepdims=True)
    exact = exact - top
    losses: NDArray[np.float64] = np.log(np.exp(exact).sum(axis=1)) - exact[np.arange(len(exact)), labels]
    return losses
