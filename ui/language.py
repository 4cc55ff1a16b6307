"""The language a reader sees: every text goes through `say`, which looks it up in the catalogue of the moment."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

# English is the source: a text not in the catalogue is said as it stands in the code.
_catalogue: ContextVar[Mapping[str, str] | None] = ContextVar("catalogue", default=None)


def say(text: str, /, **values: object) -> str:
    """Return a text in the language of the moment, with the values put in its places.

    `text` is the English one and its own name in every catalogue: a literal, so that it can be collected from the code.
    Without values it is returned as it stands, braces and all.
    """
    found = (_catalogue.get() or {}).get(text, text)
    return found.format(**values) if values else found


class Texts(Mapping[str, str]):
    """A table of English texts, each said in the language of the moment whenever it is read."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = dict(texts)

    def __getitem__(self, key: str) -> str:
        return say(self._texts[key])

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


@contextmanager
def speaking(catalogue: Mapping[str, str] | None) -> Iterator[None]:
    """Say everything in this catalogue's language, English where it is None, until the block ends."""
    token = _catalogue.set(catalogue)
    try:
        yield
    finally:
        _catalogue.reset(token)
