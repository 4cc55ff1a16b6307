"""What the pages about the three models share: their weights and losses as pictures, and the verdict on a guess."""

from theory import Spec
from ui.figures.losses import HEIGHT, describe_losses, loss_lanes
from ui.figures.models import CAST_KEYS, LABELS, share_of_golden, verdict
from ui.figures.weights import describe_anatomy, weight_anatomy
from ui.lessons.lesson import Page
from ui.plot.picture import Drawing, Picture
from ui.plot.view import View
from ui.server.results import Experiment, experiment


def models(spec: Spec) -> Experiment:
    """Return the pretrained, the fine-tuned and the golden model on a Spec."""
    return experiment(spec, CAST_KEYS)


def _weights(view: View) -> Picture:
    found = models(view.spec)
    return Picture(
        weight_anatomy(found.weights, found.blocks, LABELS, view.theme, view.hidden),
        describe_anatomy(found.weights, view.spec, LABELS, view.hidden),
    )


def _losses(view: View) -> Picture:
    records = list(models(view.spec).records.values())
    return Picture(loss_lanes(records, LABELS, view.theme, view.hidden), describe_losses(records, LABELS, view.hidden))


WEIGHTS = Drawing(draw=_weights, name="Weights")
LOSSES = Drawing(draw=_losses, name="Losses", height=HEIGHT)


def judge(page: Page, view: View, guess: str | int | None) -> str:
    """Return how a guess compares with what fine-tuning did, and why; of None, the answer."""
    found = models(view.spec)
    return verdict(page.prediction.options, guess, view.spec, found.records, found.weights)


def share(view: View) -> set[float]:
    """Return the share of golden's error on the rows to forget that the fine-tuned model has, in percent.

    There is none where golden's is zero.
    """
    found = share_of_golden(models(view.spec).records)
    return set() if found is None else {found}
