"""The networks as a visitor's job."""

from theory.networks.pieces import Known
from ui.language import say
from ui.language.words import plural
from ui.lessons import long_work
from ui.lessons.lesson import Growth
from ui.lessons.network import results
from ui.lessons.network.results import MORE_SEEDS, MOST_SEEDS, SEEDS, Request
from ui.plot.view import View
from ui.server.jobs import Progress

# Seconds between two looks at networks in training.
OFTEN = 0.4


def _look(asked: Request) -> Progress[Known]:
    return long_work.look(results.experiments(), asked, SEEDS)


def work(view: View) -> Growth:
    """Ask for the networks of a View, and return how far they are."""
    seen = _look(results.request(view))
    return long_work.growth(seen, f"{len(seen.record or ())}", OFTEN)


def progress(view: View) -> None:
    """Say how far the networks are, and let them be stopped, taken up again or trained from more seeds."""
    asked = results.request(view)
    seen = _look(asked)
    words = long_work.Words(
        behind=say("Waiting for its turn: {ahead} before it.", ahead=seen.ahead),
        next=say("About to start."),
        refused=say("Too many networks are waiting on this server. These are asked for again in a few seconds."),
        done=say("{seeds} trained.", seeds=plural(seen.amount, "seed")),
        more=say("More seeds"),
    )
    long_work.show(results.experiments(), asked, seen, words, name="net", more=MORE_SEEDS, most=MOST_SEEDS)
