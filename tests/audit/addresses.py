"""Addresses the audit reads: random and corner settings of every page, with every option of its controls."""

import itertools
import random

from ui.lessons import LESSONS
from ui.plot.controls import Choice, Grab, Scale, Slider, Switch
from ui.plot.real_rows import KEYS, ROWS
from ui.plot.view import read_view

# Sizes at which a Problem takes a millisecond; few rows are where sentences have their exceptions.
SIZES = (1, 1, 2, 3, 4, 5, 7, 10, 13, 20, 28, 40)
FEATURES = (2, 3, 5, 8, 13, 20, 30, 40, 60)
OVERLAPS = (0.0, 0.0, 0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95, 1.0, 1.0)
NOISES = (0.0, 0.0, 0.05, 0.5, 0.5, 1.0, 5.0)
CORNERS = tuple(
    {"d": d, "overlap": overlap, "n_retain": n_retain, "n_forget": n_forget, "n_tune": n_tune, "noise": noise}
    for d, overlap, n_retain, n_forget, n_tune, noise in itertools.product(
        (2, 60), (0.0, 1.0), (1, 70), (1, 70), (0, 1), (0.0, 5.0)
    )
)

# How often a page without shared controls is read as it stands before the guess.
UNTOLD = 0.15
# Real rows, on the pages that take them: every so many settings one of these.
REAL_AT = 25
REAL = tuple(
    {"rows": rows, "leaves": leaves, "features": features, "n_tune": n_tune}
    for rows, leaves, features, n_tune in (
        ("Diabetes", "One row in ten", "0", 0),
        ("Penguins", "A group", "0", 0),
        ("Handwritten digits", "One row", "0", 0),
        ("Your own table", "A group", "0", 0),  # nobody's: the example
        ("Diabetes", "One row", "50", 40),
        ("Penguins", "A group", "400", 0),
        ("Penguins", "One row in ten", "50", 1),
        ("Diabetes", "One row in ten", "600", 0),
        ("Handwritten digits", "A group", "100", 90),
    )
)


def _setting(rng):
    n_retain = rng.choice(SIZES)
    return {
        "d": rng.choice(FEATURES),
        "overlap": rng.choice(OVERLAPS),
        "n_retain": n_retain,
        "n_forget": rng.choice(SIZES),
        "n_tune": rng.choice((0, 0, 1, max(1, n_retain // 2), n_retain)),
        "noise": rng.choice(NOISES),
        "seed": rng.randrange(1000),
    }


def _options(control, rng):
    if isinstance(control, Choice):
        return list(control.options)
    if isinstance(control, Scale):
        return [control.shown(value) for value in control.values]
    if isinstance(control, Grab):
        return [control.shown(value) for value in (control.low, -0.5, 0.0, 0.9, 1.6, control.usual, control.high)]
    if isinstance(control, Slider):
        steps = round((control.high - control.low) / control.step)
        some = [round(control.low + control.step * k, 9) for k in rng.sample(range(steps + 1), min(6, steps + 1))]
        return [control.shown(value) for value in (control.low, control.usual, control.high, *some)]
    return ["true", "false"] if isinstance(control, Switch) else []


def address(stem, **values):
    return f"/{stem}?" + "&".join(f"{key}={value}" for key, value in values.items())


def view(stem, **values):
    """The View of an address, as a browser would ask for it."""
    return read_view(LESSONS[stem].page, {key: [str(value)] for key, value in values.items()})


def settings_of(stem, count, seed=0):
    """`count` settings of a page: corners, then random ones; every option of every control is among them."""
    rng = random.Random(f"{stem} {seed}")
    page = LESSONS[stem].page
    # Every option in turn: what is left of a shuffled deck is dealt on before it is shuffled anew.
    decks = {c.key: [] for c in page.controls if _options(c, rng) and c.key not in KEYS}
    corners = list(CORNERS)
    rng.shuffle(corners)
    for k in range(count):
        values = {}
        if page.experiment:
            values = dict(corners[k]) if k < min(len(corners), count // 4) else _setting(rng)
        elif rng.random() < UNTOLD:
            values["told"] = 0
        for control in page.controls:
            if control.key in decks:
                deck = decks[control.key]
                if not deck:
                    deck += _options(control, rng)
                    rng.shuffle(deck)
                values[control.key] = deck.pop()
        if ROWS in page.controls and k % REAL_AT == REAL_AT - 1:
            values |= REAL[k // REAL_AT % len(REAL)] | {"seed": values["seed"] if "seed" in values else 0}
        yield values
