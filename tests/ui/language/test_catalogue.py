"""The catalogue of English: all that is said and nothing else, and what a translation may be."""

import re

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from deploy import catalogue
from tests.ui.cases import Translations
from ui.language import (
    CATALOGUES,
    FOLDER,
    Catalogue,
    english,
    fits,
    names,
    read_catalogues,
    say,
    speaking,
)


def test_the_template_is_what_the_code_says():
    texts = catalogue.collect()
    assert catalogue.TEMPLATE.read_bytes() == catalogue.written(catalogue.template(texts)), (
        "run: python -m deploy.catalogue"
    )
    assert len(texts) == len({text if isinstance(text, str) else text[0] for text in texts}) > 1000


def test_a_percentage_is_written_in_one_way():
    said = [text if isinstance(text, str) else text[1] for text in catalogue.collect()]
    assert [text for text in said if re.search(r"[0-9}*] %(?!\{)", text)] == []


def test_every_catalogue_is_compiled_from_its_texts():
    for path in FOLDER.glob("*.po"):
        with path.open("rb") as file:
            assert path.with_suffix(".mo").read_bytes() == catalogue.compiled(read_po(file, locale=path.stem))
    assert {path.stem for path in FOLDER.glob("*.mo")} == {path.stem for path in FOLDER.glob("*.po")}


def test_literals_constants_tables_records_nouns_and_reasons_are_collected():
    texts = catalogue.collect()
    wanted = (
        "Guess first.",  # a literal
        "Losses",  # a literal of a page
        "exact zero<br>(rounding)",  # a constant
        "features only rows to keep use",  # a table
        "Feature overlap",  # a control
        "Overlap curve",  # a picture
        "Overlap",  # an option
        ("{n:,} statement", "{n:,} statements"),  # a noun
        ("the row to forget", "the {n:,} rows to forget"),  # two forms
        "always",  # a condition
        "overlap",  # the glossary
    )
    assert all(text in texts for text in wanted)
    # What a Spec refuses, and what an address of a picture is refused for.
    for begin in ("{name} must be a whole number", "{name!r} is no parameter", "page must be one of"):
        assert any(str(text).startswith(begin) for text in texts)


def language(folder, code, texts):
    """The language `code` with these texts, written as people write it, and made ready by the command's own steps."""
    made = Catalog(locale=code)
    for text, said in texts.items():
        made.add(text, said)
    (folder / f"{code}.po").write_bytes(catalogue.written(made))
    with (folder / f"{code}.po").open("rb") as file:
        read = read_po(file, locale=code)
    (folder / f"{code}.mo").write_bytes(catalogue.compiled(read))
    return read


def test_a_translation_without_its_places_is_not_said(tmp_path):
    assert fits("{n} rows", "Zeilen: {n}")
    assert fits("{n} rows", "Zeilen")
    assert fits(r"$\frac{a}{b}$", r"$\frac{a}{b}$")
    assert not fits("{n} rows", "{m} Zeilen")
    assert not fits("{n} rows", "{n Zeilen")
    assert not fits("{n} rows", "")
    language(tmp_path, "de", {"{n} rows": "{m} Zeilen", "It holds": "Es gilt"})
    with speaking(read_catalogues(tmp_path)["de"]):
        assert say("{n} rows", n=3) == "3 rows"
        assert say("It holds") == "Es gilt"


def test_a_language_has_as_many_forms_as_its_rule_asks_for(tmp_path):
    language(tmp_path, "pl", {("{n:,} row", "{n:,} rows"): ("{n:,} wiersz", "{n:,} wiersze", "{n:,} wierszy")})
    with speaking(read_catalogues(tmp_path)["pl"]):
        said = [say("{n:,} row", "{n:,} rows", n=n) for n in (1, 2, 5, 22)]
    assert said == ["1 wiersz", "2 wiersze", "5 wierszy", "22 wiersze"]


def test_a_translation_survives_a_comma_but_not_another_word(tmp_path):
    read = language(tmp_path, "de", {"No step helps here": "Kein Schritt hilft hier", "It holds now": "Es gilt nun"})
    catalogue.bring_up(read, catalogue.template(["No step helps, here", "It holds not", "{n} rows"]))
    (tmp_path / "de.mo").write_bytes(catalogue.compiled(read))
    with speaking(read_catalogues(tmp_path)["de"]):
        assert say("No step helps, here") == "Kein Schritt hilft hier"
        assert say("It holds not") == "It holds not"
    assert read["It holds not"].fuzzy
    assert b"Es gilt nun" in catalogue.written(read)  # for its translator


def test_english_comes_first_and_a_language_names_itself(tmp_path, monkeypatch):
    for code, name in (("da", "English"), ("de", "Deutsch")):
        language(tmp_path, code, {"English": name})
    found = read_catalogues(tmp_path)
    assert list(found) == ["en", "da", "de"]
    monkeypatch.setattr("ui.language.speech.CATALOGUES", found)
    assert names() == {"en": "English", "da": "da", "de": "Deutsch"}


def test_an_option_is_recognised_in_every_language(monkeypatch):
    monkeypatch.setitem(CATALOGUES, "de", Catalogue("de", Translations({"Zero": "Null"})))
    assert english("Null", {"Zero": ""}) == english("Zero", {"Zero": ""}) == "Zero"
    assert english("Nil", {"Zero": ""}) is None
