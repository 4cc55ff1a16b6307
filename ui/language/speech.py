"""The language a reader sees: every text goes through `say`, which looks it up in the catalogue of the moment.

A language is a gettext catalogue of ui/language/catalogues: de.po, which people edit, and de.mo, which
`deploy.catalogue` makes of it and the app reads. English needs none: it is the code's.
"""

import functools
import gettext
import operator
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from string import Formatter
from typing import ParamSpec, SupportsIndex, TypeVar, cast

FOLDER = Path(__file__).parent / "catalogues"
# The language of the code, and the text under which a catalogue names its own.
ENGLISH, NAME = "en", "English"

P = ParamSpec("P")
R = TypeVar("R")


class Catalogue:
    """One language: its code, such as "de", and what every English text is in it.

    Attributes
    ----------
    translations : gettext's own: a text, or one of several forms by the language's rule for numbers.
    """

    def __init__(self, code: str, translations: gettext.NullTranslations) -> None:
        self.code, self.translations = code, translations

    def text(self, text: str) -> str:
        """Return a text in this language; in English where that is missing, or has a place the English text has not."""
        said = self.translations.gettext(text)
        return said if said is text or fits(text, said) else text

    def form(self, one: str, many: str, count: int) -> str:
        """Return the form of a text that this language has for a count."""
        said = self.translations.ngettext(one, many, count)
        return said if fits(many, said) else one if count == 1 else many


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@functools.lru_cache(maxsize=4096)
def fits(text: str, said: str) -> bool:
    """Whether a translation can be said: it has no place for a value that the English text has none for."""
    if not said:
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
    """Return the languages there are by code: English first, then the catalogues of a folder."""
    found = {ENGLISH: Catalogue(ENGLISH, gettext.NullTranslations())}
    for path in sorted(folder.glob("*.mo")):
        with path.open("rb") as file:
            found[path.stem] = Catalogue(path.stem, gettext.GNUTranslations(file))
    return found


CATALOGUES: dict[str, Catalogue] = read_catalogues(FOLDER)

# English is the source: a text not in the catalogue is said as it stands in the code.
_catalogue: ContextVar[Catalogue | None] = ContextVar("catalogue", default=None)


def say(text: str, many: str | None = None, /, **values: object) -> str:
    """Return a text in the language of the moment, with the values put in its places.

    `text` is the English one and its own name in every catalogue: a literal, so that it can be collected from the code.
    Without values it is returned as it stands, braces and all. Where what is said depends on a number, it is the value
    n, and `many` the English text for all numbers but one: a language has as many forms as its rule asks for.
    """
    catalogue = _catalogue.get()
    if many is not None:
        count = operator.index(cast(SupportsIndex, values["n"]))
        found = catalogue.form(text, many, count) if catalogue else text if count == 1 else many
    else:
        found = catalogue.text(text) if catalogue else text
    return found.format(**values) if values else found


def code() -> str:
    """Return the code of the language of the moment."""
    catalogue = _catalogue.get()
    return catalogue.code if catalogue else ENGLISH


def names() -> dict[str, str]:
    """Return every language's own name by its code, the code itself where a catalogue does not say."""
    own = {code: catalogue.text(NAME) for code, catalogue in CATALOGUES.items()}
    return {code: name if code == ENGLISH or name != NAME else code for code, name in own.items()}


def english(said: str, texts: Mapping[str, object]) -> str | None:
    """Return which of the English texts was said, in whatever language; None where it was none of them."""
    if said in texts:
        return said
    found = (text for catalogue in CATALOGUES.values() for text in texts if catalogue.text(text) == said)
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
def speaking(catalogue: Catalogue | None) -> Iterator[None]:
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
