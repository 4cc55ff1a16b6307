import re

import pytest

from theory import CLAIMS, GLOSSARY, SYMBOLS, Check, Spec, draw
from ui import formulas
from ui.style import text_colour

THEMES = ("light", "dark")


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
    text = formulas.with_numbers("I1", check, "light")
    assert text.count(rf"_{{{check.left:.3g}}}") == 2
    assert r"\neq" not in text


def test_a_formula_that_fails_is_not_written_as_an_equation():
    text = formulas.with_numbers("I1", Check(0.5, 0.25, 0.5), "light")
    assert r"\neq" in text
    assert "0.5" in text
    assert "0.25" in text


def test_small_numbers_stand_in_powers_of_ten():
    assert r"2 \times 10^{-16}" in formulas.with_numbers("I2", Check(2e-16, 0.0, 1e-16), "light")
    assert r"\underbrace{\lvert w_t - " in formulas.with_numbers("I2", Check(0.0, 0.0, 0.0), "light")


def test_every_symbol_of_every_formula_is_explained():
    assert set(SYMBOLS.values()) <= set(GLOSSARY)
    for claim in CLAIMS.values():
        found = dict(formulas.glossary([claim.statement]))
        for symbol in re.findall(r"(?<![A-Za-z\\])[wXyPnd]_[A-Za-z](?![A-Za-z])", claim.statement):
            assert symbol in found, (claim.key, symbol)


def test_the_glossary_lists_only_what_occurs():
    assert [symbol for symbol, _ in formulas.glossary([r"w_g = P_r w_o"])] == ["w_o", "w_g", "P_r"]
