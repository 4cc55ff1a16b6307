"""The language a reader sees: every text goes through `say`, which looks it up in the catalogue of the moment.

A catalogue is a file of ui/language/catalogues: English texts and what they are in another language.
`deploy.catalogue` writes the English one; every other file there is offered as a language.
"""

import functools
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from string import Formatter
from typing import ParamSpec, TypeVar

FOLDER = Path(__file__).parent / "catalogues"
# The language of the code, and the entry under which a catalogue names its own.
ENGLISH, NAME = "en", "English"

P = ParamSpec("P")
R = TypeVar("R")


class Catalogue(dict[str, str]):
    """What every English text is in one language, and that language's code, such as "de"."""

    def __init__(self, code: str, texts: Mapping[str, str]) -> None:
        super().__init__({text: said for text, said in texts.items() if fits(text, said)})
        self.code = code


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def fits(text: str, said: object) -> bool:
    """Whether a translation can be said: it has no place for a value that the English text has none for."""
    if not isinstance(said, str) or not said:
        return False
    try:
        wanted = _places(text)
    except ValueError:  # LaTeX: a text that is said without values
        return True
    try:
        return _places(said) <= wanted
    except ValueError:
        return False


def read_catalogues(folder: Path) -> dict[str, Catalogue]:
    """Return the catalogues of a folder by code, English first; the others by code."""
    files = sorted(folder.glob("*.json"), key=lambda path: (path.stem != ENGLISH, path.stem))
    return {path.stem: Catalogue(path.stem, json.loads(path.read_text(encoding="utf-8"))) for path in files}


CATALOGUES: dict[str, Catalogue] = read_catalogues(FOLDER)

# English is the source: a text not in the catalogue is said as it stands in the code.
_catalogue: ContextVar[Mapping[str, str] | None] = ContextVar("catalogue", default=None)


def say(text: str, /, **values: object) -> str:
    """Return a text in the language of the moment, with the values put in its places.

    `text` is the English one and its own name in every catalogue: a literal, so that it can be collected from the code.
    Without values it is returned as it stands, braces and all.
    """
    found = (_catalogue.get() or {}).get(text, text)
    return found.format(**values) if values else found


def code() -> str:
    """Return the code of the language of the moment."""
    return getattr(_catalogue.get(), "code", ENGLISH)


def names() -> dict[str, str]:
    """Return every language's own name by its code."""
    return {code: catalogue.get(NAME, code) for code, catalogue in CATALOGUES.items()}


def english(said: str, texts: Mapping[str, object]) -> str | None:
    """Return which of the English texts was said, in whatever language; None where it was none of them."""
    if said in texts:
        return said
    found = (text for catalogue in CATALOGUES.values() for text in texts if catalogue.get(text) == said)
    return next(found, None)


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

    def english(self) -> Mapping[str, str]:
        """Return the table as it stands in the code."""
        return self._texts


@contextmanager
def speaking(catalogue: Mapping[str, str] | None) -> Iterator[None]:
    """Say everything in this catalogue's language, English where it is None, until the block ends."""
    token = _catalogue.set(catalogue)
    try:
        yield
    finally:
        _catalogue.reset(token)


def spoken(call: Callable[P, R]) -> Callable[P, R]:
    """Return a call that speaks the language of this moment, whenever and in whatever thread it is made.

    What Streamlit calls outside a run of the frame needs it: fragments, and downloads made on demand.
    """
    catalogue = _catalogue.get()

    @functools.wraps(call)
    def speaks(*args: P.args, **kwargs: P.kwargs) -> R:
        with speaking(catalogue):
            return call(*args, **kwargs)

    return speaks
