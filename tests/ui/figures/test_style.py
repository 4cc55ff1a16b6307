"""Colours and inks: the same on pages and in pictures, one a role, and readable."""

import re
import tomllib
from pathlib import Path
from types import SimpleNamespace

import plotly.graph_objects as go
import pytest

from tests.ui.cases import THEMES
from theory import METHODS
from ui.figures import style
from ui.figures.models import CAST_KEYS
from ui.figures.style import COLOUR, DASH, INK, MARKER, MUTED, PAPER, RULE, colour, faint, text_colour
from ui.page import button

ROOT = Path(__file__).parents[3]
CONFIG = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))
BLOCKS = ("retain", "overlap", "forget")
# WCAG 2.2: text (1.4.3, level AA), and graphics that are needed to understand the content (1.4.11).
TEXT_CONTRAST, GRAPHICS_CONTRAST = 4.5, 3.0


def luminance(hex_colour):
    """Relative luminance as WCAG defines it."""
    channels = (int(hex_colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a, b):
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def tinted(ink, paper):
    """A tenth of an ink over a paper, as Streamlit fills a chosen option."""
    channels = [[int(text[i : i + 2], 16) for i in (1, 3, 5)] for text in (ink, paper)]
    return "#" + "".join(f"{round(0.1 * a + 0.9 * b):02x}" for a, b in zip(*channels, strict=True))


def test_contrast_is_the_one_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=1e-3)  # WebAIM's contrast checker: 4.47:1


@pytest.mark.parametrize("theme", THEMES)
def test_charts_and_pages_have_the_same_paper_and_ink(theme):
    configured = CONFIG["theme"][theme]
    assert configured["backgroundColor"] == PAPER[theme]
    assert configured["textColor"] == INK[theme]
    assert configured["borderColor"] == RULE[theme]


@pytest.mark.parametrize("theme", THEMES)
def test_text_can_be_read(theme):
    configured = CONFIG["theme"][theme]
    for paper in (PAPER[theme], configured["secondaryBackgroundColor"]):
        assert contrast(INK[theme], paper) >= TEXT_CONTRAST
        assert contrast(MUTED[theme], paper) >= TEXT_CONTRAST
    # Links take the theme's primary colour, and a chosen option is written in it on a tenth of it.
    assert contrast(configured["primaryColor"], PAPER[theme]) >= TEXT_CONTRAST
    beside = {"primaryColor": configured["primaryColor"], **configured.get("sidebar", {})}["primaryColor"]
    for primary, paper in (
        (configured["primaryColor"], PAPER[theme]),
        (beside, configured["secondaryBackgroundColor"]),
    ):
        assert contrast(primary, tinted(primary, paper)) >= TEXT_CONTRAST
    for role in (*COLOUR, "pretrained", "fine_tune"):
        assert contrast(text_colour(role, theme), PAPER[theme]) >= TEXT_CONTRAST, role


@pytest.mark.parametrize("theme", THEMES)
def test_a_graphic_stands_out_or_has_a_second_cue(theme):
    faint_roles = {
        role for role in (*COLOUR, *MARKER) if contrast(colour(role, theme), PAPER[theme]) < GRAPHICS_CONTRAST
    }
    # Okabe-Ito orange on white is 2.2:1. It is golden's: squares and a label beside them say so without the colour.
    assert faint_roles <= {"golden"}
    assert all(list(MARKER.values()).count(MARKER[role]) == 1 for role in faint_roles)


def test_the_button_on_the_chart_can_be_read():
    assert contrast("#ffffff", COLOUR["retain"]) >= TEXT_CONTRAST


def test_every_model_and_block_on_a_page_has_a_colour_of_its_own():
    for theme in THEMES:
        used = [colour(role, theme) for role in (*CAST_KEYS, *BLOCKS)]
        assert all(re.fullmatch(r"#[0-9A-Fa-f]{6}", c) for c in used)
        assert len(set(used)) == len(used)


def test_every_model_on_a_page_has_a_mark_of_its_own():
    assert set(CAST_KEYS) <= set(MARKER) <= set(METHODS)
    assert set(CAST_KEYS) <= set(DASH)
    assert len(set(MARKER.values())) == len(MARKER)
    assert DASH["theory"] not in {DASH[key] for key in CAST_KEYS}


def test_the_fine_tuned_model_is_ink_and_the_others_keep_their_colour_in_both_themes():
    for theme in THEMES:
        assert colour("fine_tune", theme) == INK[theme]
        for role, value in COLOUR.items():
            assert colour(role, theme) == (style.RETAIN[theme] if role == "retain" else value)
    assert style.RETAIN["light"] == COLOUR["retain"]


def test_an_unknown_role_is_an_error():
    with pytest.raises(KeyError):
        colour("nobody", "light")


def test_a_faint_colour_is_the_same_colour():
    assert faint("golden", "light", 0.25) == "rgba(230,159,0,0.25)"
    assert COLOUR["golden"] == "#E69F00"


@pytest.mark.parametrize("theme", THEMES)
def test_the_template_is_made_of_the_themes_inks(theme):
    layout = go.layout.Template(style.TEMPLATE[theme]).layout
    assert layout.font.color == INK[theme]
    assert layout.xaxis.title.font.color == layout.yaxis.title.font.color == MUTED[theme]
    assert layout.paper_bgcolor in (PAPER[theme], "rgba(0,0,0,0)")


def test_colours_are_set_in_one_place():
    strays = {
        path.name: found
        for path in sorted({*ROOT.glob("ui/**/*.py"), *ROOT.glob("pages/*.py")} - {ROOT / "ui/figures/style.py"})
        if (found := set(re.findall(r"[\"'](#[0-9A-Fa-f]{6})[\"']", path.read_text(encoding="utf-8"))) - {"#ffffff"})
    }
    assert strays == {}


def test_no_message_is_sent_as_a_reference_that_a_slow_browser_may_have_dropped():
    largest = CONFIG["server"]["maxMessageSize"] * 1024**2
    assert CONFIG["global"]["minCachedMessageSize"] > largest


@pytest.mark.parametrize("theme", THEMES)
def test_no_axis_writes_a_power_of_ten_as_a_letter(theme):
    layout = go.layout.Template(style.TEMPLATE[theme]).layout
    assert layout.xaxis.exponentformat == layout.yaxis.exponentformat == "power"


@pytest.mark.parametrize("theme", THEMES)
def test_a_role_has_one_blue_in_charts_and_formulas(theme):
    assert style.colour("retain", theme) == text_colour("retain", theme)


def test_a_primary_button_can_be_read_in_both_themes(monkeypatch):
    for theme, ink in (("light", "#ffffff"), ("dark", PAPER["dark"])):
        monkeypatch.setattr(button.st, "context", SimpleNamespace(theme=SimpleNamespace(type=theme)))
        label = button.on_primary("Go")
        assert ("foreground" in label) == (theme == "dark")
        assert theme == "light" or ink in label
        assert contrast(CONFIG["theme"][theme]["primaryColor"], ink) >= TEXT_CONTRAST
