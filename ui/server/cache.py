"""What is computed once and kept: bounded, read-only, and by one thread for all that ask at the same time."""

import threading
from collections.abc import Callable, Hashable, Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache, wraps
from typing import Generic, ParamSpec, TypeVar

import numpy as np

P = ParamSpec("P")
R = TypeVar("R")


def _seal(result: object) -> None:
    if isinstance(result, float | int | str):  # most of what there is
        return
    if isinstance(result, np.ndarray):
        result.flags.writeable = False
    elif isinstance(result, Mapping):
        for part in result.values():
            _seal(part)
    elif isinstance(result, tuple):
        for part in result:
            _seal(part)
    elif is_dataclass(result):
        for field in fields(result):
            _seal(getattr(result, field.name))


def _sealed(result: R) -> R:
    _seal(result)
    return result


class _Place(Generic[R]):
    """Where one result will stand: whoever comes first computes it, the others wait for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._results: list[R] = []

    def get(self, compute: Callable[[], R]) -> R:
        with self._lock:
            if not self._results:
                result = compute()
                _seal(result)
                self._results.append(result)
            return self._results[0]


def kept(most: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Keep the results of a function, at most so many, the latest used; what it raises is not kept.

    The arrays of what is returned are read-only: who reads a kept result must not spoil it for others. Pictures of one
    page ask for the same results at the same time: one computes them, the others wait.
    """

    def keeper(compute: Callable[P, R]) -> Callable[P, R]:
        @lru_cache(maxsize=most)
        def place(*args: Hashable, **kwargs: Hashable) -> _Place[R]:
            return _Place()

        @wraps(compute)
        def get(*args: P.args, **kwargs: P.kwargs) -> R:
            owner = next((arg.owner for arg in args if hasattr(arg, "owner")), None)
            if owner is not None:  # what is computed of a visitor's own table is kept with it, and goes with it
                key = (compute.__module__, compute.__qualname__, args, tuple(sorted(kwargs.items())))
                own: R = owner.once(key, lambda: _sealed(compute(*args, **kwargs)), most)
                return own
            found: _Place[R] = place(*args, **kwargs)  # type: ignore[arg-type]  # whoever asks gives what can be hashed
            return found.get(lambda: compute(*args, **kwargs))

        return get

    return keeper
