"""The language a reader sees: catalogues, how a sentence is said, and numbers as text."""

from ui.language.speech import (
    CATALOGUES,
    ENGLISH,
    FOLDER,
    NAME,
    Catalogue,
    Texts,
    code,
    english,
    fits,
    names,
    read_catalogues,
    say,
    speaking,
    spoken,
)

__all__ = [
    "CATALOGUES",
    "ENGLISH",
    "FOLDER",
    "NAME",
    "Catalogue",
    "Texts",
    "code",
    "english",
    "fits",
    "names",
    "read_catalogues",
    "say",
    "speaking",
    "spoken",
]
