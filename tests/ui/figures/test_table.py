"""The table of a figure holds every drawn number, and the settings in columns of their own."""

import csv

from tests.ui.cases import fitted
from theory import Spec
from ui.figures import losses, weights
from ui.figures.models import LABELS
from ui.figures.table import figure_csv

SPEC = Spec(d=7, overlap=0.4, n_retain=4, n_forget=3, noise=0.5)


def test_the_tables_of_losses_and_weights_are_theorys_numbers():
    problem, models, records = fitted(SPEC)
    rows = list(
        csv.DictReader(figure_csv(losses.loss_lanes(list(records.values()), LABELS, "light"), SPEC).splitlines())
    )
    wanted = sorted((LABELS[r.key], loss) for r in records.values() for loss in (r.remaining_loss, r.unlearning_loss))
    assert sorted((row["series"], float(row["x"])) for row in rows) == wanted
    assert {row["noise"] for row in rows} == {"0.5"}
    figure = weights.weight_anatomy(models, problem.blocks, LABELS, "light")
    rows = list(csv.DictReader(figure_csv(figure, SPEC).splitlines()))
    found = {(row["series"], int(row["x"])): float(row["y"]) for row in rows}
    assert found == {(LABELS[key], i + 1): weight for key, w in models.items() for i, weight in enumerate(w)}
