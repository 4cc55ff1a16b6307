"""The loss on one row to keep over two weights: a valley whose floor is the line of the models that fit it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from theory.linalg import Array, checked, row_space


@dataclass(frozen=True, eq=False)
class Valley:
    """Weight space for two features, one retain row and one forget row, and fine-tuning from any start point.

    Definition: both labels are the row times w*, without noise, so that the models that fit a row are a line at right
    angles to it through w*. The loss on the retain row is (x_r w - y_r)^2, which is zero on its line, the floor.
    Fine-tuning follows the gradient, a multiple of the retain row, and ends at N(x_r, y_r; start).
    Shapes: retain, forget, through, w_g, w_o, start, end (2,).
    Errors: none; `valley` makes it.
    Source: theory sections 1, 2 and 7.

    Attributes
    ----------
    retain, forget : the two rows.
    through : w*, a point of both lines.
    w_g, w_o : golden and pretrained, the smallest models that fit the retain row, and both rows.
    start, end : where fine-tuning begins, and where it ends.
    says : whether the retain row asks for anything at all: one of zeros does not.
    crossing : whether the two rows point different ways, so that both lines cross in one point.
    """

    retain: Array
    forget: Array
    through: Array
    w_g: Array
    w_o: Array
    start: Array
    end: Array
    says: bool
    crossing: bool

    def remaining_loss(self, w: Array) -> float:
        """Return the squared error of a model, (2,), on the retain row."""
        return float((self.retain @ (w - self.through)) ** 2)

    def unlearning_loss(self, w: Array) -> float:
        """Return the squared error of a model, (2,), on the forget row."""
        return float((self.forget @ (w - self.through)) ** 2)

    def way(self, shares: Sequence[float] | Array) -> Array:
        """Return the models on the way, (k, 2), where these shares of the start's distance to the floor are left."""
        return self.end + np.asarray(shares, dtype=float)[:, None] * (self.start - self.end)


def valley(retain: Array, forget: Array, start: Array, w_star: Array) -> Valley:
    """Return the valley of a retain row, and the models that it and a forget row define.

    Definition: see `Valley`.
    Shapes: retain, forget, start, w_star (2,).
    Errors: ValueError naming the argument that is not two finite numbers.
    Source: theory sections 1 and 7.
    """
    names = {"retain": retain, "forget": forget, "start": start, "w_star": w_star}
    retain, forget, start, w_star = (
        checked(name, value, (2,), "give one number a feature") for name, value in names.items()
    )
    kept, both = row_space(retain[None]), row_space(np.stack([retain, forget]))
    return Valley(
        retain=retain,
        forget=forget,
        through=w_star,
        w_g=kept.project(w_star),
        w_o=w_star if both.rank == 2 else both.project(w_star),
        start=start,
        end=start + kept.project(w_star - start),
        says=kept.rank == 1,
        crossing=both.rank == 2,
    )
