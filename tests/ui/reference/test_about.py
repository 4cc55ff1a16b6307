"""Where it comes from: every source the theory names is listed, none is invented, and the words have their symbols."""

import ast
import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

import theory
from tests.ui.cases import Translations
from theory import CLAIMS, GLOSSARY, METHODS, SYMBOLS
from theory.networks import NETWORK_METHODS
from ui.figures.formulas import coloured
from ui.language import Catalogue, speaking
from ui.lessons import BY_STEM
from ui.page import glossary
from ui.reference import about
from ui.reference.literature import (
    FIRST,
    MANN,
    PUBLISHED,
    REFERENCES,
    SITE_AUTHORS,
    SITE_YEAR,
    bibtex,
    named,
    site_bibtex,
)
from ui.reference.text import LICENCE, VERSIONS

ROOT = Path(__file__).parents[3]
ARXIV = re.compile(r"(?<![\d.])\d{4}\.\d{5}(?!\d)")
# What only the naming of somebody's work looks like: an identifier, an address, a year, "the paper", its versions.
OUTSIDE = re.compile(ARXIV.pattern + r"|10\.\d{4,}/|https?://|\b(19|20)\d{2}\b|\bet al\b|\bpaper\b|\bversion\b|\bv\d\b")
# What a source is that names nobody's work, or a library the page names beside its licence.
OWN = re.compile(
    r"theory section|derived here|standard|`\w|Monte Carlo|the definition itself|the method that declares|numpy's"
)


def docstrings():
    for path in sorted((ROOT / "theory").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                yield f"{path.stem}.{getattr(node, 'name', '')}", ast.get_docstring(node) or ""


def sources():
    """Everything the theory calls a source, by the place that names it."""
    found = {f"claim {c.key}": c.source for c in CLAIMS.values()} | {
        f"method {m.key}": m.source for m in (*METHODS.values(), *NETWORK_METHODS.values())
    }
    for place, text in docstrings():
        for paragraph in text.split("\n\n"):
            if "Source:" in paragraph:
                found[place] = " ".join(paragraph.partition("Source:")[2].split())
    return found


SOURCES = sources()


def unlisted(source):
    """What a source names and the references do not."""
    for reference in REFERENCES:
        source = re.sub(reference.named, "", source)
    return [match[0] for match in OUTSIDE.finditer(source)]


def test_sources_are_found_everywhere_in_the_theory():
    assert len(SOURCES) > len(CLAIMS) + len(METHODS) + 40
    assert "Mann and Whitney" in SOURCES["attack.blind_reach"]


@pytest.mark.parametrize("place", SOURCES)
def test_every_source_is_listed_or_our_own(place):
    source = SOURCES[place]
    assert not unlisted(source)
    assert named(source) or OWN.search(source) or place == "method.Method"


@pytest.mark.parametrize(
    "source",
    [
        "Guo et al., arXiv 1911.03030",
        "Block (2025), Theorem 1",
        "arXiv 2410.03833v1, section 4; arXiv 2505.22601",
        "https://example.org/a",
        "doi 10.1000/182",
        "Mann and Whitney, Annals of Mathematical Statistics 18 (1948)",
        "arXiv 2410.03833v1, as in its v2",
    ],
)
def test_a_source_that_is_not_listed_is_noticed(source):
    assert unlisted(source)


def test_every_reference_is_used():
    told = [path.read_text(encoding="utf-8") for path in (ROOT / "theory").rglob("*.py")]
    assert [r.key for r in REFERENCES if not any(re.search(r.named, text) for text in told)] == []


def test_every_arxiv_number_in_the_project_is_listed():
    listed = {number for reference in REFERENCES for number in ARXIV.findall(bibtex(reference))}
    paths = [ROOT / "README.md", *(ROOT / "theory").rglob("*.py"), *(ROOT / "ui").rglob("*.py")]
    told = {number for path in paths for number in ARXIV.findall(path.read_text(encoding="utf-8"))}
    assert told == listed
    assert "2410.03833" in told


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (CLAIMS["I1"].source, (FIRST,)),
        (CLAIMS["R5"].source, ()),
        (METHODS["keep_overlap"].source, (FIRST, PUBLISHED)),
        (METHODS["project"].source, ()),
        (SOURCES["attack.blind_reach"], (MANN,)),
    ],
)
def test_a_source_names_its_references(source, expected):
    assert named(source) == expected


# how to cite


def fields(entry):
    """The fields of a BibTeX entry, read with care for braces inside braces."""
    head, *lines, foot = entry.split("\n")
    assert re.fullmatch(r"@(article|misc|software)\{\w+,", head)
    assert foot == "}"
    found = dict(re.fullmatch(r"  (\w+) += \{(.*)\},", line).groups() for line in lines)
    assert len(found) == len(lines)
    assert all(value.count("{") == value.count("}") for value in found.values())
    return found


@pytest.mark.parametrize("reference", REFERENCES, ids=lambda r: r.key)
def test_a_reference_is_cited_in_full(reference):
    entry = fields(bibtex(reference))
    assert entry["title"] == "{" + reference.title + "}"
    assert entry["author"].split(" and ") == list(reference.authors)
    assert all(re.fullmatch(r"[\w -]+, [\w. -]+", author) for author in reference.authors)
    assert entry["year"] in reference.published
    assert entry["url"] == reference.address
    assert entry["url"].startswith("https://")
    assert reference.address.endswith(entry.get("doi", entry.get("eprint", "2410.03833")))
    assert reference.use.endswith(".")


def test_keys_are_unique_and_people_are_named_as_people_are():
    assert len({reference.key for reference in REFERENCES}) == len(REFERENCES)
    assert FIRST.people == "Meng Ding, Jinhui Xu and Kaiyi Ji"
    assert replace(FIRST, authors=("Ding, Meng",)).people == "Meng Ding"


@pytest.mark.parametrize("start", ["", "http://localhost:8501", "http://127.0.0.1:8690", "http://[::1]:8501"])
def test_an_address_only_this_computer_knows_is_not_cited(start):
    assert "url" not in fields(site_bibtex(start))


@pytest.mark.parametrize("start", ["https://example.org", "https://localhost.example.org/site"])
def test_the_address_of_the_site_is_cited(start):
    assert fields(site_bibtex(start))["url"] == start


def test_the_version_is_the_same_everywhere():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == theory.__version__ == fields(site_bibtex(""))["version"]
    assert project["name"] in SITE_AUTHORS


def test_the_licence_is_the_one_named():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("MIT License")
    assert f"(c) {SITE_YEAR} " in text
    needed = re.findall(r"^[a-z]+", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.M)
    assert "numpy" in needed
    assert all(library in LICENCE.lower() for library in needed)


def test_both_versions_of_the_paper_are_told_with_a_page_that_shows_them():
    assert [version.reference for version in VERSIONS] == [FIRST, PUBLISHED]
    assert all(BY_STEM[version.where].experiment for version in VERSIONS)


def test_the_table_of_sources_has_every_statement_and_method():
    names, told = about.sources().values()
    rows = [*CLAIMS.values(), *METHODS.values()]
    assert [name.split(" · ")[0] for name in names[: len(CLAIMS)]] == list(CLAIMS)
    assert names[len(CLAIMS) :] == [method.label for method in METHODS.values()]
    assert [re.sub(r" \[[\d, ]+\]$", "", text) for text in told] == [row.source for row in rows]
    for row, text in zip(rows, told, strict=True):
        numbers = re.findall(r"\d+", text.removeprefix(row.source))
        assert [REFERENCES[int(k) - 1] for k in numbers] == list(named(row.source))
    assert told[names.index("Option A: keep overlap")].endswith("(RBM) [1, 2]")


# the glossary


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_glossary_has_every_term_with_its_symbols(theme):
    terms, symbols, meanings = glossary.table(theme).values()
    assert len(terms) == len(symbols) == len(meanings) == len(GLOSSARY)
    for term, cell in zip(GLOSSARY, symbols, strict=True):
        own = [f"${coloured(symbol, theme)}$" for symbol, of in SYMBOLS.items() if of == term]
        assert cell == ", ".join(own)
    assert sum(cell.count("$") for cell in symbols) == 2 * len(SYMBOLS)


@pytest.mark.parametrize("term", GLOSSARY)
def test_no_letter_of_a_meaning_is_left_as_plain_text(term):
    text = glossary.typeset(GLOSSARY[term], "light")
    assert text.count("$") % 2 == 0
    outside = "".join(text.split("$")[::2])
    assert not re.search(r"[_|*λη²]|^t,", outside)
    assert len(outside) > 10


def test_formulas_stand_where_the_letters_stood():
    assert glossary.typeset("w*, η and n_t: λ |w|²", "light") == (
        r"$w^{*}$, $\eta$ and $n_t$: $\lambda\,\lvert w\rvert^2$"
    )
    assert glossary.typeset("t, of that", "light") == "$t$, of that"
    assert glossary.typeset("over-parameterised", "light") == "over-parameterised"


def test_the_glossary_speaks_the_language_of_the_moment():
    with speaking(
        Catalogue("de", Translations({"Term": "Begriff", "alpha": "Alpha", GLOSSARY["alpha"]: "Das Gewicht."}))
    ):
        table = glossary.table("light")
    assert next(iter(table)) == "Begriff"
    row = list(GLOSSARY).index("alpha")
    assert [column[row] for column in table.values()] == ["**Alpha**", r"$\alpha$", "Das Gewicht."]
