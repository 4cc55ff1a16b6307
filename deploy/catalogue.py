"""The English catalogue: every text a reader can see, collected from the code (`python -m deploy.catalogue`)."""

import ast
import importlib
import json
import logging
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from theory import AXES, CLAIMS, GLOSSARY, MEASURES, METHODS, MISCONCEPTIONS, Refusal, Spec
from theory.networks import NETWORK_METHODS
from ui.language import ENGLISH, FOLDER, NAME, Texts
from ui.lessons import LESSONS, PAGES
from ui.lessons.network.measures import COLUMNS
from ui.plot.controls import CONTROLS, Choice
from ui.reference import text as about_texts
from ui.reference.literature import REFERENCES
from ui.teaching.quiz_items import ITEMS
from ui.teaching.talk import PLAN, TALK

ROOT = Path(__file__).parents[1]
# Records that are shown, with the fields a reader sees.
RECORDS: tuple[tuple[Iterable[object], tuple[str, ...]], ...] = (
    (PAGES, ("title", "question", "thread", "group", "cast", "limits")),
    ([page.prediction for page in PAGES], ("question",)),
    ([preset for page in PAGES for preset in page.presets], ("title", "question")),
    ([*CONTROLS, *(control for page in PAGES for control in page.controls)], ("label", "help")),
    ([drawing for lesson in LESSONS.values() for drawing in lesson.figures.values()], ("name",)),
    (METHODS.values(), ("label", "source")),
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
    *(page.prediction.options.values() for page in PAGES),
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


def _said(module: ModuleType, tree: ast.AST) -> Iterator[str]:
    """Yield the texts that calls of `say`, `plural` and `Refusal` name as literals or constants."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if _called(node) in ("say", "Refusal") and node.args:
            arguments = [node.args[0].body, node.args[0].orelse] if isinstance(node.args[0], ast.IfExp) else node.args
            yield from (text for part in arguments if isinstance(text := _value(module, part), str))
        if _called(node) == "plural" and len(node.args) > 1 and isinstance(noun := _value(module, node.args[1]), str):
            yield from (noun, f"{noun}s")


def _modules() -> Iterator[tuple[ModuleType, ast.AST]]:
    for path in sorted(
        set(ROOT.glob("ui/**/*.py")) - set(ROOT.glob("ui/lessons/**/script*.py"))
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


def collect() -> dict[str, str]:
    """Return every text a reader can see, as it stands in the code, in alphabetical order."""
    texts: set[object] = {NAME, *_refusals()}
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
    return {text: text for text in sorted(str(text) for text in texts if text)}


def written(texts: dict[str, str]) -> str:
    """Return a catalogue as it stands in its file: one text a line."""
    return json.dumps(texts, ensure_ascii=False, indent=0) + "\n"


def main() -> None:
    """Write the English catalogue."""
    logging.disable(logging.WARNING)  # Streamlit misses its server
    texts = collect()
    path = FOLDER / f"{ENGLISH}.json"
    path.write_text(written(texts), encoding="utf-8")
    sys.stdout.write(f"{len(texts)} texts in {path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
