"""The parts of the page about: the paper, whose each result is, the glossary, references, citation and licence."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import streamlit as st

from theory import CLAIMS, METHODS, __version__
from ui.figures.style import Theme
from ui.language import say
from ui.lessons import BY_STEM
from ui.lessons.claims.sentences import NAMES
from ui.page import glossary, links
from ui.reference.literature import PUBLISHED, REFERENCES, Reference, bibtex, named, site_bibtex
from ui.reference.text import CITING, DERIVED, INTRODUCTION, LICENCE, PAPERS, READING, REPORTED, VERSIONS

# Lines no longer than the eye can follow.
WIDTH = 860
_LICENCE = Path(__file__).parents[2] / "LICENSE"


def _link(stem: str, label: str) -> None:
    st.page_link(f"pages/{stem}.py", label=label, icon=":material/arrow_forward:")


def _points(texts: Sequence[str]) -> str:
    return "\n".join(f"* {say(text)}" for text in texts)


def _table(columns: Mapping[str, Sequence[str]]) -> str:
    lines = [list(columns), ["---"] * len(columns), *zip(*columns.values(), strict=True)]
    return "\n".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |" for line in lines)


def paper() -> None:
    """Draw the two versions of the paper side by side, with what each proposes."""
    st.subheader(say("One paper, two versions"), anchor=False)
    st.markdown(say(INTRODUCTION))
    for version, column in zip(VERSIONS, st.columns(len(VERSIONS), gap="medium"), strict=True):
        with column, st.container(border=True, height="stretch"):
            st.markdown(f"**{say(version.name)}**")
            st.markdown(f"[*{version.reference.title}*]({version.reference.address})")
            st.markdown(version.reference.people)
            st.markdown(say(version.proposes))
            _link(version.where, say(BY_STEM[version.where].title))
    st.markdown(say(READING))


def shares() -> None:
    """Draw what is the paper's and what was derived here, and the source of every statement and method."""
    st.subheader(say("Whose result is it?"), anchor=False)
    told = {say("In its abstracts"): PAPERS, say("Reported by reviews"): REPORTED, say("Derived here"): DERIVED}
    for (whose, texts), column in zip(told.items(), st.columns(3, gap="medium"), strict=True):
        column.markdown(f"**{whose}**\n\n{_points(texts)}")
    owed = sum(bool(named(claim.source)) for claim in CLAIMS.values())
    st.markdown(
        say(
            "Of the {all} statements that the site checks on your data, {owed} name the paper as a source; the others "
            "were derived here.",
            all=len(CLAIMS),
            owed=owed,
        )
    )
    _link("claims", say(BY_STEM["claims"].title))
    with st.expander(say("The source of every statement and method")):
        st.markdown(_table(sources()))


def sources() -> dict[str, list[str]]:
    """Return the columns of the table of sources: the statement or method, and its source with the references named."""
    rows = [(f"{key} · {NAMES.get(key, '')}".removesuffix(" · "), claim.source) for key, claim in CLAIMS.items()]
    rows += [(say(method.label), method.source) for method in METHODS.values()]
    return {
        say("Statement or method"): [name for name, _ in rows],
        say("Source"): [f"{say(source)} {_numbers(source)}".strip() for _, source in rows],
    }


def _number(reference: Reference) -> str:
    return str(REFERENCES.index(reference) + 1)


def _numbers(source: str) -> str:
    found = ", ".join(map(_number, named(source)))
    return f"[{found}]" if found else ""


def words(theme: Theme) -> None:
    """Draw the glossary."""
    with st.expander(say("Glossary"), icon=":material/menu_book:"):
        st.markdown(_table(glossary.table(theme)))


def references() -> None:
    """Draw the list of references, numbered as in the table of sources."""
    st.subheader(say("References"), anchor=False)
    for reference in REFERENCES:
        st.markdown(
            f"{_number(reference)}. {reference.people}. [*{reference.title}*]({reference.address}). "
            f"{reference.published}.  \n{say(reference.use)}"
        )


def citation() -> None:
    """Draw how to cite the paper and this site."""
    st.subheader(say("How to cite"), anchor=False)
    st.markdown(say(CITING))
    st.markdown(f"**{say('The paper')}**")
    st.code(bibtex(PUBLISHED), language=None, wrap_lines=True)
    st.markdown(f"**{say('This site')}**")
    st.code(site_bibtex(links.base(st.context.url or "")), language=None, wrap_lines=True)


def licence() -> None:
    """Draw the licence and the version."""
    st.subheader(say("Licence and version"), anchor=False)
    st.markdown(say(LICENCE))
    with st.expander(say("The licence in full")):
        st.markdown(_LICENCE.read_text(encoding="utf-8"))
    st.markdown(say("This is version {version}.", version=__version__))
