"""The catalogue of English: all that is said and nothing else, and what a translation may be."""

import json

from deploy import catalogue
from ui.language import (
    CATALOGUES,
    ENGLISH,
    FOLDER,
    Catalogue,
    english,
    fits,
    names,
    read_catalogues,
    say,
    speaking,
)


def test_the_english_catalogue_is_what_the_code_says():
    path = FOLDER / f"{ENGLISH}.json"
    assert path.read_text(encoding="utf-8") == catalogue.written(catalogue.collect()), "run: python -m deploy.catalogue"


def test_english_is_itself_and_fits():
    texts = json.loads((FOLDER / f"{ENGLISH}.json").read_text(encoding="utf-8"))
    assert all(text == said and fits(text, said) for text, said in texts.items())
    assert list(texts) == sorted(texts)
    assert len(CATALOGUES[ENGLISH]) == len(texts) > 1000


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
        "statement",  # nouns
        "statements",
        "always",  # a condition
        "overlap",  # the glossary
    )
    assert all(text in texts for text in wanted)
    # What a Spec refuses, and what an address of a picture is refused for.
    for begin in ("{name} must be a whole number", "{name!r} is no parameter", "page must be one of"):
        assert any(text.startswith(begin) for text in texts)


def test_a_translation_without_its_places_is_not_said(tmp_path):
    assert fits("{n} rows", "Zeilen: {n}")
    assert fits("{n} rows", "Zeilen")
    assert fits(r"$\frac{a}{b}$", r"$\frac{a}{b}$")
    assert not fits("{n} rows", "{m} Zeilen")
    assert not fits("{n} rows", "{n Zeilen")
    assert not fits("{n} rows", "")
    assert not fits("{n} rows", None)
    (tmp_path / "de.json").write_text('{"{n} rows": "{m} Zeilen", "It holds": "Es gilt"}', encoding="utf-8")
    found = read_catalogues(tmp_path)["de"]
    with speaking(found):
        assert say("{n} rows", n=3) == "3 rows"
        assert say("It holds") == "Es gilt"


def test_english_comes_first_and_a_language_names_itself(tmp_path, monkeypatch):
    for code, name in (("de", "Deutsch"), ("en", "English")):
        (tmp_path / f"{code}.json").write_text(json.dumps({"English": name}), encoding="utf-8")
    found = read_catalogues(tmp_path)
    assert list(found) == ["en", "de"]
    monkeypatch.setattr("ui.language.speech.CATALOGUES", found)
    assert names() == {"en": "English", "de": "Deutsch"}


def test_an_option_is_recognised_in_every_language(monkeypatch):
    monkeypatch.setitem(CATALOGUES, "de", Catalogue("de", {"Zero": "Null"}))
    assert english("Null", {"Zero": ""}) == english("Zero", {"Zero": ""}) == "Zero"
    assert english("Nil", {"Zero": ""}) is None
