"""What the page network computes and remembers: networks, trained in pieces by workers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np

from theory import Array
from theory.data import load, split
from theory.networks import Forgetting
from theory.networks.pieces import (
    HANDED_ON,
    TRAININGS,
    Errand,
    Found,
    Known,
    Piece,
    errand,
    pieces,
    run_errand,
)
from ui.lessons.network.text import MOST_SEED
from ui.plot.view import View
from ui.server.cache import kept
from ui.server.jobs import Jobs, Progress, Work
from ui.server.workers import workers

# Seeds at first, with every "more seeds", and at most.
SEEDS, MORE_SEEDS, MOST_SEEDS = 1, 2, 5


@dataclass(frozen=True)
class Request:
    """What is to be forgotten, and the seed of the first network; the digit counts where one digit is."""

    kind: str
    digit: int
    seed: int

    def seeds(self, count: int) -> tuple[int, ...]:
        """Return the seeds of so many networks."""
        return tuple((self.seed + k) % (MOST_SEED + 1) for k in range(count))


def request(view: View) -> Request:
    """Return what a View asks for."""
    kind = view["net_forget"]
    return Request(kind, int(view["net_digit"]) if kind == "class" else 0, int(view["net_seed"]))


@kept(16)  # 0.5 MB each
def rows(kind: str, digit: int, seed: int) -> Forgetting:
    """Return the images of one training, split into those to keep and those to forget."""
    return Forgetting.of(split(load("digits"), kind, of=digit, seed=seed))


@kept(32)  # 0.2 MB each
def opening(asked: Request) -> Known:
    """Return the first epochs of the two long trainings, which take too little to be sent to a worker."""
    shown = rows(asked.kind, asked.digit, asked.seed)
    begun = (Piece(asked.seed, name, until=HANDED_ON[0]) for name in TRAININGS)
    return MappingProxyType({piece: run_errand(Errand(piece, shown)) for piece in begun})


def _plan(asked: Request, count: int, known: Known | None) -> tuple[Known, list[Piece]]:
    found: Known = known or opening(asked)
    return found, [piece for seed in asked.seeds(count) for piece in pieces(seed) if piece not in found]


def _put(known: Known, piece: Piece, found: Found) -> Known:
    """Return what is known with one piece more; where a training was handed on before is not needed any more."""
    last = piece.before
    before = {last: replace(known[last], moment=None)} if last and last in known else {}
    return MappingProxyType({**known, **before, piece: found})


def _load(asked: Request, known: Known, piece: Piece) -> Errand | None:
    return errand(piece, rows(asked.kind, asked.digit, piece.seed), known)


WORK = Work(_plan, run_errand, _put, _load)


@cache
def experiments() -> Jobs[Request, Piece, Known]:
    """Return the server's networks, one set for all visitors; its bounds are those of `ui.server.jobs`."""
    return Jobs(WORK, workers)


@dataclass(frozen=True, eq=False)
class Results:
    """What is known of a request so far.

    Attributes
    ----------
    found : every finished piece.
    seeds : the seeds asked for, the first one shown.
    """

    asked: Request
    found: Known
    seeds: tuple[int, ...]

    @property
    def rows(self) -> Forgetting:
        """The images of the first seed."""
        return rows(self.asked.kind, self.asked.digit, self.asked.seed)

    def first(self, name: str, given: Any = ()) -> Found | None:
        """Return what the first seed has found for a method, if it has."""
        return self.found.get(self.piece(name, given))

    def piece(self, name: str, given: Any = ()) -> Piece:
        """Return the piece of the board for a method and its choice, of the first seed."""
        return Piece(self.asked.seed, name, given)

    def even(self, *pieces: Piece) -> "Results":
        """Return what is known from the seeds alone that have found all of these: means of others compare unlike."""
        there = (seed for seed in self.seeds if all(replace(piece, seed=seed) in self.found for piece in pieces))
        return replace(self, seeds=tuple(there))

    def path(self, name: str, given: Any = ()) -> Mapping[int, Any]:
        """Return the measures along the way of the first seed, of all stretches."""
        parts = [p for p in self.found if (p.seed, p.name, p.given) == (self.asked.seed, name, given)]
        return {epoch: m for part in parts for epoch, m in self.found[part].path.items()}

    def values(self, piece: Piece, measure: str) -> Array:
        """Return a measure of a piece over the seeds that have it."""
        same = (piece if seed == piece.seed else replace(piece, seed=seed) for seed in self.seeds)
        return np.array([getattr(self.found[one].end, measure) for one in same if one in self.found])


def look(asked: Request) -> Progress[Known] | None:
    """Return how far a request is; nobody starts to wait for it."""
    return experiments().peek(asked)


def so_far(view: View) -> Results:
    """Return what is known of what a View asks for."""
    asked = request(view)
    seen = look(asked)
    found = (seen.record if seen else None) or opening(asked)
    return Results(asked, found, asked.seeds(seen.amount if seen else SEEDS))
