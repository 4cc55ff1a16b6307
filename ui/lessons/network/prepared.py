"""The networks of the page's first settings, trained before anybody asks for them."""

import os
import threading

from ui.lessons.network.results import MORE_SEEDS, SEEDS, Request, experiments, request
from ui.lessons.network.text import FORGOTTEN, PAGE
from ui.plot.view import view_of
from ui.server.jobs import NOBODY

# 0 leaves them untrained until a visitor asks.
VARIABLE = "PREPARE_NETWORKS"
# Seconds after the start of the server: its first visitor comes first.
LATER = 5.0


def first_requests() -> list[Request]:
    """Return what the page asks for at its first settings, for each kind of forgetting."""
    usual = {control.key: control.default for control in PAGE.controls}
    return [request(view_of(PAGE, {**usual, "net_forget": text})) for text in FORGOTTEN]


def prepare() -> None:
    """Have the first networks trained, from several seeds, by one worker at a time and behind what visitors ask for."""
    for asked in first_requests():
        experiments().ask(asked, SEEDS + MORE_SEEDS, NOBODY)


def prepare_later() -> threading.Timer | None:
    """Begin with that some seconds from now, and return who waits for it; None where the environment says so."""
    if os.environ.get(VARIABLE, "").strip() == "0":
        return None
    timer = threading.Timer(LATER, prepare)
    timer.daemon = True
    timer.start()
    return timer
