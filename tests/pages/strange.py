"""A language nobody speaks, made from the English catalogue: what is still in English letters was not said."""

import gettext
import json
import re

import numpy as np
from babel.messages.pofile import read_po

from deploy.catalogue import TEMPLATE
from tests.pages.conftest import ROOT
from tests.pages.reading import charts, pictures
from theory.data import load
from ui.language import Catalogue
from ui.lessons.lineup.text import YOUR_OWN
from ui.reference.literature import REFERENCES
from ui.teaching.place import MOVES

CODE = "xx"
# What no language changes: places for values, formulas, code, addresses, icons and colours of Markdown, marks of HTML.
_KEPT = (
    r"\$\$[^$]*\$\$|%?\{\{?[^{}]*\}\}?|\$[^$]*\$|`[^`]*`|\]\([^)]*\)|\S*://\S+|:material/\w+:|:[a-z]+(?:-badge)?(?=\[)"
    r"|<extra>|</extra>|</?[a-z]+(?:\s[^>]*)?>|&\w+;|\{[a-z]+\}"
)
_LETTER = re.compile(f"({_KEPT})|([A-Za-z])")
# Cyrillic letters: no English ones.
_STRANGE = {chr(a): chr(0x0410 + i) for i, a in enumerate(range(ord("A"), ord("Z") + 1))}
_STRANGE |= {chr(a): chr(0x0430 + i) for i, a in enumerate(range(ord("a"), ord("z") + 1))}


def strange(text):
    """A text in the language: every letter another one, what is no language kept."""
    return _LETTER.sub(lambda found: found[1] or _STRANGE[found[2]], text)


class Strange(gettext.NullTranslations):
    """What a text of the template is in the language; any other stays English, and so is noticed."""

    def __init__(self):
        super().__init__()
        with TEMPLATE.open("rb") as file:
            known = [message.id for message in read_po(file) if message.id]
        self.texts = {text if isinstance(text, str) else text[0] for text in known}

    def gettext(self, message):
        return strange(message) if message in self.texts else message

    def ngettext(self, msgid1, msgid2, n):
        found = msgid1 if n == 1 else msgid2
        return strange(found) if msgid1 in self.texts else found


def catalogue():
    """The catalogue of the language."""
    return Catalogue(CODE, Strange())


# What a reader sees in any language: letters and names of the field's formulas, file formats, licences, parameters.
NAMES = re.compile(
    r"\b(?:RL|UL|AUC|CE|KL|QR|CSV|SVG|PNG|MIT|arXiv|Streamlit|Plotly|numpy|scipy|n_tune|true|false|xx|en)\b"
)
# What the bar of cues tells its script, and not the reader.
CUES = {*MOVES, "blank", "code", "theme", "light_theme", "dark_theme"}
# Formats of files, as the element that saves them is told.
FORMATS = {"svg", "png"}
# Whole texts that stay: code, works, people, the licence, BibTeX, a language's own name, what our elements are told.
WHOLE = {
    '"light"',
    "English",
    *CUES,
    *FORMATS,
    YOUR_OWN.strip(),
    (ROOT / "LICENSE").read_text(encoding="utf-8").strip(),
}
# The longest first: one title may hold another.
WORKS = sorted(
    (part for work in REFERENCES for part in (work.title, work.people, work.published)), key=len, reverse=True
)
# What stands in the file of the example: names of columns, and their words.
FILE = ["body_mass_g", *load("penguins").columns]
FILE += [word for name in FILE for word in name.split(" = ")]
FILE = sorted((text for text in FILE if re.search("[_=A-Z]", text)), key=len, reverse=True)
_WORD = re.compile(r"[A-Za-z]{2,}")


def english(text):
    """What of a text is still English: words outside of formulas, code, marks and names."""
    if text.strip() in WHOLE or text.startswith("@"):
        return []
    for work in WORKS:
        text = text.replace(work, " ")
    for cell in FILE:
        text = text.replace("\\_", "_").replace(cell, " ")
    rest = re.sub(_KEPT, " ", text)
    return _WORD.findall(NAMES.sub(" ", re.sub(r"[0-9]e[+-][0-9]+", " ", rest)))


# Fields of Streamlit's messages that are no words for a reader.
_TECHNICAL = frozenset(
    "id icon key url form_id spec config query_param_key element_id user_key fragment_id css_content js_content "
    "html_content component_name page_script_hash page type default file_name media_file_id format language name "
    "deferred_file_id query_string gap width height group_id".split()
)


def strings(message):
    """Every text of a message to the browser, with those of what it holds."""
    for field, value in message.ListFields():
        if field.name in _TECHNICAL:
            continue
        for item in value if field.is_repeated else [value]:
            if field.type == field.TYPE_MESSAGE:
                yield from strings(item) if hasattr(item, "ListFields") else ()
            elif field.type == field.TYPE_STRING:
                yield from _parsed(item)


def _parsed(text):
    if text[:1] in "{[" and text[-1:] in "}]":
        try:
            yield from _leaves(json.loads(text))
            return
        except ValueError:
            pass
    yield text


def _leaves(value):
    if isinstance(value, dict):
        for part in (part for name, part in value.items() if name not in DATA):
            yield from _leaves(part)
    elif isinstance(value, list):
        for part in value:
            yield from _leaves(part)
    elif isinstance(value, str):
        yield value


# What our own elements in the browser are told and no reader sees.
DATA = {
    *("key", "address", "charts", "parameter", "follows", "heard", "values", "usual", "prefix", "place", "start"),
    *("page", "names", "state", "moves", "camera", "plotly", "grown", "code", "table", "theme"),
}
_SHOWN = {"text", "name", "ticktext", "hovertemplate", "title", "ticksuffix", "label", "hovertext", "names"}


def drawn(figure, key=""):
    """Every text of a figure: titles, names, ticks, hover texts and notes, in its frames too."""
    if isinstance(figure, dict):
        for name, part in figure.items():
            if name == "meta":  # what code knows a trace by, and the names of models that a table of it has
                part = {"names": part["names"]} if "names" in part else {}
            if name == "template" or (name == "name" and key == "frames"):
                continue
            yield from drawn(part, name)
    elif isinstance(figure, list | np.ndarray):
        for part in figure:
            yield from drawn(part, key)
    elif isinstance(figure, str) and key in _SHOWN:
        yield figure


def numbers(figure, key=""):
    """Every number of a figure, by where it stands; what is meant for no reader's eye stays as it is, too."""
    if isinstance(figure, dict):
        return {name: numbers(part, name) for name, part in figure.items() if name not in _SHOWN - {"title"}}
    if isinstance(figure, list):
        return [numbers(part, key) for part in figure]
    if isinstance(figure, np.ndarray):
        return figure.tolist()
    # The names on an axis of categories are words, too.
    return None if isinstance(figure, str) and key in {*_SHOWN, "x", "y"} else figure


def figures(at):
    """The figures of a page."""
    return [figure for figure, _ in charts(at)]


def _nodes(node):
    yield node
    for child in getattr(node, "children", {}).values():
        yield from _nodes(child)


def everything(at):
    """Every text of a page, wherever it stands."""
    for node in _nodes(at._tree):
        proto = getattr(node, "proto", None)
        if hasattr(proto, "ListFields"):
            yield from strings(proto)
    for found in pictures(at):
        yield from (found.alt, found.caption, *found.steps)
    for figure in figures(at):
        yield from drawn(figure)
