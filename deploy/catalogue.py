"""The catalogues: every text a reader can see, collected from the code (`python -m deploy.catalogue`).

messages.pot holds the English texts; every .po beside it is brought up to them and made into the .mo the app reads.
"""

import ast
import importlib
import io
import logging
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from theory import AXES, CLAIMS, GLOSSARY, MEASURES, METHODS, MISCONCEPTIONS, Refusal, Spec, draw
from theory.data import CLASS_METHODS, SOURCES
from theory.lineup import lacking
from theory.networks import NETWORK_METHODS
from theory.problem import missing
from ui.language import FOLDER, NAME, Texts
from ui.language.words import counted
from ui.lessons import LESSONS, PAGES
from ui.lessons.network.measures import COLUMNS
from ui.plot.controls import CONTROLS, Choice
from ui.reference import text as about_texts
from ui.reference.literature import REFERENCES
from ui.teaching.quiz_items import ITEMS
from ui.teaching.talk import PLAN, TALK

ROOT = Path(__file__).parents[1]
TEMPLATE = FOLDER / "messages.pot"
# A text, or two: for one, and for many.
Message = str | tuple[str, str]
# Files of theory/data whose refusals and notes reach the reader: they are about a visitor's own table.
SAYING = ("reading.py", "sheet.py", "preparing.py")
# Records that are shown, with the fields a reader sees.
RECORDS: tuple[tuple[Iterable[object], tuple[str, ...]], ...] = (
    (PAGES, ("title", "question", "thread", "group", "cast", "limits")),
    ([ask for page in PAGES for ask in (page.prediction, *page.predictions.values())], ("question",)),
    ([preset for page in PAGES for preset in page.presets], ("title", "question")),
    ([still for page in PAGES for still in page.still.values()], ("why",)),
    ([*CONTROLS, *(control for page in PAGES for control in page.controls)], ("label", "help")),
    ([drawing for lesson in LESSONS.values() for drawing in lesson.figures.values()], ("name",)),
    (METHODS.values(), ("label", "idea", "source", "at_interpolation")),
    (CLASS_METHODS.values(), ("label",)),
    (SOURCES.values(), ("title", "row", "unit")),
    (NETWORK_METHODS.values(), ("label", "idea", "source")),
    (COLUMNS, ("short", "name")),
    (CLAIMS.values(), ("words", "condition", "source")),
    ([*AXES.values(), *MEASURES.values()], ("label",)),
    (TALK, ("cue", "notes", "said", "answer")),
    (PLAN, ("title", "text", "said", "answer")),
    (MISCONCEPTIONS.values(), ("belief",)),
    (ITEMS, ("question", "anomaly", "why", "explanation", "caption")),
    ([answer for item in ITEMS for answer in item.answers], ("text", "idea")),
    (REFERENCES, ("use",)),
    (about_texts.VERSIONS, ("name", "proposes")),
)
# Texts in tables of their own.
TABLES: tuple[Iterable[str], ...] = (
    GLOSSARY,
    GLOSSARY.values(),
    *(method.labels.values() for method in NETWORK_METHODS.values()),
    *(ask.options.values() for page in PAGES for ask in (page.prediction, *page.predictions.values())),
    *(control.options for page in PAGES for control in page.controls if isinstance(control, Choice)),
    about_texts.PAPERS,
    about_texts.REPORTED,
    about_texts.DERIVED,
)
# What a Spec refuses: the reasons reach the reader.
REFUSED: tuple[dict[str, Any], ...] = (
    *({name: 0} for name in ("d", "n_retain", "n_forget", "n_tune")),
    *({name: -1} for name in ("overlap", "noise", "seed")),
)


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _value(module: ModuleType, node: ast.expr) -> object:
    """Return the constant a name or a name in another module stands for; None where it is none."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name):
        return getattr(module, node.id, None)
    return getattr(_value(module, node.value), node.attr, None) if isinstance(node, ast.Attribute) else None


def _said(module: ModuleType, tree: ast.AST) -> Iterator[Message]:
    """Yield the texts that calls of `say`, `plural`, `Refusal` and `Note` name as literals or constants."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if _called(node) in ("say", "Refusal", "Note") and node.args:
            first = node.args[0]
            arguments = [first.body, first.orelse] if isinstance(first, ast.IfExp) else node.args
            texts = [text for part in arguments if isinstance(text := _value(module, part), str)]
            if _called(node) == "say" and len(texts) == len(node.args) == 2:
                yield texts[0], texts[1]
            else:
                yield from texts
        if _called(node) == "plural" and len(node.args) > 1 and isinstance(noun := _value(module, node.args[1]), str):
            yield counted(noun)


def _modules() -> Iterator[tuple[ModuleType, ast.AST]]:
    for path in sorted(
        {*ROOT.glob("ui/**/*.py"), *(ROOT / "theory/data" / name for name in SAYING)}
        - set(ROOT.glob("ui/lessons/**/script*.py"))
    ):  # students read these
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        yield importlib.import_module(name), ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted(ROOT.glob("pages/*.py")):  # a page is a script: its imports are what its names stand for
        tree = ast.parse(path.read_text(encoding="utf-8"))
        page = ModuleType(path.stem)
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    home = importlib.import_module(node.module)
                    found = getattr(home, alias.name, None)
                    if found is None:
                        found = importlib.import_module(f"{node.module}.{alias.name}")
                    setattr(page, alias.asname or alias.name, found)
        yield page, tree


def _refusals() -> Iterator[str]:
    for values in REFUSED:
        try:
            Spec(**values)
        except Refusal as refused:
            yield refused.template
    crowded = draw(Spec(d=4, n_retain=5, n_forget=5))  # rows that some methods cannot take
    yield from (why.template for method in METHODS.values() if (why := lacking(crowded, method)))
    yield missing("blocks", "a mask of features").template


def collect() -> list[Message]:
    """Return every text a reader can see, as it stands in the code, in alphabetical order; pairs by their first."""
    texts: set[Any] = {NAME, *_refusals()}
    for records, fields in RECORDS:
        for record in records:
            for field in fields:
                value = getattr(record, field, "")  # a number that a page sets itself needs no help
                texts.update(value if isinstance(value, tuple) else (value,))
    for table in TABLES:
        texts.update(table)
    for module, tree in _modules():
        texts.update(_said(module, tree))
        for table in vars(module).values():
            if isinstance(table, Texts):
                texts.update(table.english().values())
    pairs = {text[0]: text for text in texts if isinstance(text, tuple)}
    # A text that has a form for many needs none beside it.
    alone = {str(text) for text in texts if text and not isinstance(text, tuple)} - pairs.keys()
    return sorted([*alone, *pairs.values()], key=lambda text: text if isinstance(text, str) else text[0])


def template(texts: Iterable[Message]) -> Catalog:
    """Return the texts as a template of catalogues."""
    found = Catalog()
    for text in texts:
        found.add(text)
    return found


def written(catalogue: Catalog) -> bytes:
    """Return a catalogue as it stands in its file: one text a line, for people who compare two of them.

    Without a head where it is of no language: the same texts give the same template, on every day.
    """
    file = io.BytesIO()
    write_po(file, catalogue, width=0, omit_header=not catalogue.locale, sort_output=True, include_previous=True)
    return file.getvalue()


def _bare(text: object) -> str:
    """Return the words of a text alone, with its places and formulas."""
    return " ".join(re.findall(r"[\w{}$\\]+", str(text))).lower()


def bring_up(catalogue: Catalog, texts: Catalog) -> None:
    """Bring the catalogue of a language up to the texts of a template.

    A translation whose English text was changed in no word, such as by a comma, is kept. One whose text is only alike
    is kept for its translator to look at ("fuzzy"), and English is said until then.
    """
    catalogue.update(texts)
    for message in catalogue:
        before = message.previous_id if len(message.previous_id) > 1 else "".join(message.previous_id)
        if message.id and message.fuzzy and before and _bare(before) == _bare(message.id):
            message.flags.discard("fuzzy")
            message.previous_id = []


def compiled(catalogue: Catalog) -> bytes:
    """Return a catalogue as the app reads it."""
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def main() -> None:
    """Write the template, and bring every language up to it."""
    logging.disable(logging.WARNING)  # Streamlit misses its server
    texts = collect()
    TEMPLATE.write_bytes(written(template(texts)))
    sys.stdout.write(f"{len(texts)} texts in {TEMPLATE.relative_to(ROOT)}\n")
    for path in sorted(FOLDER.glob("*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=path.stem)
        bring_up(catalogue, template(texts))
        path.write_bytes(written(catalogue))
        path.with_suffix(".mo").write_bytes(compiled(catalogue))
        done = sum(bool(message.id and message.string and not message.fuzzy) for message in catalogue)
        sys.stdout.write(f"{path.stem}: {done} of {len(texts)} translated\n")


if __name__ == "__main__":
    main()
