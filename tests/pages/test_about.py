"""The page about: the paper, whose each result is, the words, the references, how to cite, licence and version."""

import re
from pathlib import Path

import theory
from tests.pages.reading import pictures, words
from tests.pages.test_pages import DEFAULTS, UNUSUAL
from theory import CLAIMS, GLOSSARY
from ui.lessons import BY_STEM
from ui.page import glossary
from ui.reference import about
from ui.reference.literature import PUBLISHED, REFERENCES, bibtex, named, site_bibtex
from ui.reference.text import DERIVED, PAPERS, REPORTED, VERSIONS

LICENCE = (Path(__file__).parents[2] / "LICENSE").read_text(encoding="utf-8")


def tables(at):
    """Every table of a page as the browser gets it: its heading and its rows, cell by cell."""
    for text in (m.value for m in at.markdown if m.value.startswith("| ")):
        heading, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in text.split("\n"))
        yield [heading, *rows]


def expected(table):
    return [list(table), *([cell.strip() for cell in row] for row in zip(*table.values(), strict=True))]


def test_everything_is_on_the_page(open_app):
    at = open_app("about")
    assert not at.exception
    assert not at.error
    assert [t.value for t in at.title] == [BY_STEM["about"].title]
    assert not pictures(at)
    said = "\n".join(words(at))
    for reference in REFERENCES:
        assert f"{reference.people}. [*{reference.title}*]({reference.address}). {reference.published}." in said
        assert reference.use in said
    for text in (*PAPERS, *REPORTED, *DERIVED, *(version.proposes for version in VERSIONS)):
        assert text in said
    owed = len([claim for claim in CLAIMS.values() if named(claim.source)])
    assert f"{len(CLAIMS)} statements" in said
    assert f"{owed} name the paper as a source" in said
    assert f"version {theory.__version__}." in said
    # The page tests run on no address a reader could use.
    assert [code.value for code in at.code] == [bibtex(PUBLISHED), site_bibtex("")]
    assert LICENCE.strip() in said
    told, meant = tables(at)
    assert told == expected(about.sources())
    assert meant == expected(glossary.table("light"))
    assert len(meant) == 1 + len(GLOSSARY)


def test_the_references_are_numbered_as_in_the_table_of_sources(open_app):
    said = words(open_app("about"))
    begins = [re.match(r"(\d+\.) (.*)", text, re.DOTALL) for text in said]
    starts = [b[1] for reference in REFERENCES for b in begins if b and b[2].startswith(f"{reference.people}. [")]
    assert starts == [f"{k}." for k in range(1, len(REFERENCES) + 1)]


def test_the_settings_of_the_experiments_survive_a_visit_and_do_not_close_the_page(open_app):
    at = open_app("overlap", **UNUSUAL)
    at.switch_page("pages/about.py").run()
    assert not at.slider
    at.switch_page("pages/overlap.py").run()
    assert {key: at.slider(key=key).value for key in DEFAULTS} == UNUSUAL
    at = open_app("about", n_tune=80, n_retain=50)
    assert not at.exception
    assert not at.error


def test_the_page_stands_in_a_lecture_too(open_app):
    at = open_app("about", lecture=1)
    assert not at.exception
    assert [t.value for t in at.title] == [BY_STEM["about"].title]
