import re

import pytest
from hypothesis import given, settings

from tests.theory.cases import specs
from tests.ui.cases import THEMES
from theory import CLAIMS, GLOSSARY, SYMBOLS, Check, Spec, draw
from ui.figures import formulas
from ui.figures.style import text_colour
from ui.lessons import EXPERIMENTS
from ui.page import glossary


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("key", CLAIMS)
def test_colours_change_nothing_but_the_colour(key, theme):
    coloured = formulas.coloured(CLAIMS[key].statement, theme)
    plain = re.sub(r"\\textcolor\{#[0-9A-Fa-f]{6}\}\{([^{}]*)\}", r"\1", coloured)
    assert plain == CLAIMS[key].statement


@pytest.mark.parametrize("theme", THEMES)
def test_golden_is_golden_in_a_formula(theme):
    assert formulas.coloured("w_g", theme) == rf"\textcolor{{{text_colour('golden', theme)}}}{{w_g}}"
    assert formulas.coloured("w_t", theme) == "w_t"


def test_the_numbers_under_a_formula_are_the_checks_sides():
    spec = Spec(d=40, n_retain=8, n_forget=8, noise=0.5)
    check = CLAIMS["I1"].check(draw(spec))
    text = formulas.with_numbers(formulas.SIDES["I1"], check, "light")
    assert text.count(rf"_{{{check.left:.3g}}}") == 2
    assert r"\neq" not in text


def test_a_formula_that_fails_is_not_written_as_an_equation():
    text = formulas.with_numbers(formulas.SIDES["I1"], Check(0.5, 0.25, 0.5), "light")
    assert r"\neq" in text
    assert "0.5" in text
    assert "0.25" in text


def test_small_numbers_stand_in_powers_of_ten():
    assert r"2.0 \times 10^{-16}" in formulas.with_numbers(formulas.SIDES["I2"], Check(2e-16, 0.0, 1e-16), "light")
    assert r"\underbrace{\lvert w_t - " in formulas.with_numbers(formulas.SIDES["I2"], Check(0.0, 0.0, 0.0), "light")


def test_sides_that_differ_little_have_the_digits_to_see_it():
    text = formulas.with_numbers(formulas.SIDES["R2"], Check(15.02, 15.01, 7e-4), "light")
    assert r"\neq" in text
    assert "_{15.02}" in text
    assert "_{15.01}" in text


def test_two_numbers_that_are_one_are_never_called_unequal():
    # The statement says more than these two, and that is what is off.
    text = formulas.with_numbers(formulas.SIDES["R2"], Check(15.0, 15.0 * (1 + 1e-13), 0.3), "light")
    assert r"\neq" not in text
    assert text.count("_{15.0}") == 2


@given(specs())
@settings(max_examples=40, deadline=None)
def test_no_formula_contradicts_itself(spec):
    problem = draw(spec)
    for key in formulas.SIDES:
        check = CLAIMS[key].check(problem)
        text = formulas.with_numbers(formulas.SIDES[key], check, "light")
        under = re.findall(r"_\{([0-9][0-9.,{}]*(?: \\times 10\^\{-?\d+\})?)\}", text)
        if len(under) == 2:
            assert (under[0] == under[1]) <= (r"\neq" not in text), text
        assert (r"\neq" in text) <= (not check.holds)


@pytest.mark.parametrize("key", CLAIMS)
def test_every_equation_has_a_line_of_its_own_and_no_bracket_is_torn(key):
    told = formulas.lines(CLAIMS[key].statement, "light")
    assert not re.search(r",\\q?quad", told)
    for line in told.split("  \n"):
        assert line.startswith("$")
        assert line.endswith("$")
        assert line.count("$") == 2
        # What stands in braces is one piece to KaTeX.
        bare = re.sub(r"\\textcolor\{#\w+\}\{([^{}]*)\}", r"\1", line)
        while bare != (bare := re.sub(r"\{[^{}]*\}", "", bare)):
            pass
        assert not re.search(r"[(|]", bare), line
    plain = re.sub(r"\\textcolor\{#\w+\}\{([^{}]*)\}|[{}$\s]|\\q?quad", r"\1", told)
    assert plain == re.sub(r"[{}\s]|\\q?quad", "", CLAIMS[key].statement)


# What a statement is written with besides symbols that mean something: operators and words.
WORDS = r"\\(?:text|mathrm)\{(?!UL|RL|CE|KL)[^}]*\}|\\(?:tfrac|exists|arg|min|Rightarrow|to|in|neq|q?quad|[;,!:])"


@pytest.mark.parametrize("key", CLAIMS)
def test_every_symbol_of_every_formula_is_explained(key):
    assert set(SYMBOLS.values()) <= set(GLOSSARY)
    statement = CLAIMS[key].statement
    told = " ".join(glossary.explained([statement], "light"))
    for symbol, term in SYMBOLS.items():
        assert (f"**{glossary.typeset(term, 'light')}**" in told) or not glossary._occurs(symbol, statement)
    left = re.sub(r"_\{(\w),\\mathrm\{\w+\}\}", r"_\1", re.sub(r"\\text\{[^}]*\}", " ", statement))
    for symbol in sorted(SYMBOLS, key=len, reverse=True):
        left = re.sub(("" if symbol[0] == "\\" else r"(?<![A-Za-z\\])") + re.escape(symbol) + "(?![A-Za-z])", " ", left)
    left = re.sub(WORDS, " ", left)
    assert not re.search(r"[A-Za-z]", left), left


@pytest.mark.parametrize("key", formulas.SIDES)
def test_the_symbols_of_a_formula_are_explained_where_it_stands(key):
    told = glossary.brief(formulas.SIDES[key], "light")
    plain = re.sub(r"\\textcolor\{#\w+\}\{([^{}]*)\}", r"\1", told)
    left = re.sub(r"\\text\{[^}]*\}|\\[lr]vert|\\tfrac", " ", " ".join(formulas.SIDES[key]))
    for symbol in sorted(re.findall(r"\$(.*?)\$", plain), key=len, reverse=True):
        assert symbol in left, symbol
        left = left.replace(symbol, " ")
    left = left.replace("^k", " ")  # the k of w_k
    assert not re.search(r"[A-Za-z]", left), left


def test_the_glossary_lists_only_what_occurs():
    told = glossary.explained([r"(I - P_r)\,w_k = (1 - 2\eta\lambda)^k\,(I - P_r)\,w_o"], "light")
    terms = ["pretrained model", "step k", "step size", "weight decay", "identity", "projector"]
    assert sorted(re.search(r"\*\*(.*?)\*\*", line)[1].replace("$", "") for line in told) == sorted(terms)


@pytest.mark.parametrize("theme", THEMES)
def test_what_a_symbol_means_is_typeset(theme):
    for page in EXPERIMENTS:
        for line in glossary.explained([CLAIMS[key].statement for key in page.claims], theme):
            assert not re.search(r"[_λη²]", "".join(line.split("$")[::2])), line


def test_the_projector_is_called_by_its_name():
    (line,) = glossary.explained(["P_r"], "light")
    assert "**projector**" in line
