import json
import re
import tomllib
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import plotly.graph_objects as go
import pytest

from tests.ui.cases import decode, drawn, with_frames
from theory import METHODS
from ui import browser
from ui.figures import style
from ui.figures.models import CAST_KEYS
from ui.figures.style import COLOUR, DASH, INK, MARKER, MUTED, PAPER, RULE, colour, faint, text_colour

ROOT = Path(__file__).parents[2]
CONFIG = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))
THEMES = ("light", "dark")
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
    # Links take the theme's primary colour.
    assert contrast(configured["primaryColor"], PAPER[theme]) >= TEXT_CONTRAST
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
        for path in sorted({*ROOT.glob("ui/**/*.py"), *ROOT.glob("pages/*.py")} - {ROOT / "ui/style.py"})
        if (found := set(re.findall(r"[\"'](#[0-9A-Fa-f]{6})[\"']", path.read_text(encoding="utf-8"))) - {"#ffffff"})
    }
    assert strays == {}


def test_no_message_is_sent_as_a_reference_that_a_slow_browser_may_have_dropped():
    largest = CONFIG["server"]["maxMessageSize"] * 1024**2
    assert CONFIG["global"]["minCachedMessageSize"] > largest


# a picture is sent as it was drawn


def test_a_picture_is_sent_as_plotly_would_send_it():
    rng = np.random.default_rng(5)
    parts = {
        "data": [
            {"type": "scatter", "x": rng.normal(size=7), "y": [1.0, None, float("nan")], "meta": {"model": "golden"}},
            {
                "type": "heatmap",
                "z": rng.normal(size=(2, 3)),
                "x": np.arange(3),
                "y": ("a", "b"),
                "zmax": np.float64(2),
            },
        ],
        "layout": {"template": style.TEMPLATE["dark"], "height": 300},
        "frames": [{"name": "0", "data": [{"type": "scatter", "y": rng.normal(size=7)}], "traces": [0]}],
    }
    sent, plotlys = (drawn(make(**parts)) for make in (style.figure, go.Figure))
    np.testing.assert_equal(sent, plotlys)
    np.testing.assert_equal(with_frames(decode(json.loads(style.figure(**parts).to_text()))), plotlys)
    assert style.figure(**parts).to_dict()["data"][1]["z"]["shape"] == "2, 3"
    assert "frames" not in style.figure(parts["data"], parts["layout"]).to_dict()


def some_frames(**more):
    """Three frames of two traces: arrays of one shape, words, and numbers of which one is none."""
    return [
        {
            "name": str(i),
            "traces": [0, 2],
            "data": [
                {"y": np.arange(4, dtype=np.float32) + i, "visible": True},
                {"x": [i, None if i else float("nan")], "y": np.arange(2) / 3},
            ],
            "layout": {"annotations": [{"text": f"step {i}"}]},
            **more.get(str(i), {}),
        }
        for i in range(3)
    ]


def test_frames_that_speak_of_the_same_are_sent_as_columns():
    picture = style.figure([], {}, some_frames())
    sent = json.loads(picture.to_text())["frames"]
    assert sent["data"][0]["y"]["rows"]["shape"] == "3, 4"
    assert sent["data"][0]["y"]["rows"]["dtype"] == "f4"
    np.testing.assert_equal(with_frames(decode(json.loads(picture.to_text()))), drawn(picture))


@pytest.mark.parametrize(
    "other", [{"traces": [0, 1]}, {"data": [{"y": np.ones(4)}, {}]}, {"layout": {}, "group": "own"}], ids=str
)
def test_frames_that_differ_in_what_they_speak_of_are_sent_as_they_are(other):
    picture = style.figure([], {}, some_frames(**{"1": other}))
    assert isinstance(json.loads(picture.to_text())["frames"], list)
    np.testing.assert_equal(decode(json.loads(picture.to_text())), drawn(picture))


def test_arrays_of_several_lengths_stay_arrays_of_their_own():
    frames = some_frames()
    frames[1]["data"][0]["y"] = np.ones(7, dtype=np.float32)
    picture = style.figure([], {}, frames)
    assert "each" in json.loads(picture.to_text())["frames"]["data"][0]["y"]
    np.testing.assert_equal(with_frames(decode(json.loads(picture.to_text()))), drawn(picture))


def test_numbers_are_sent_in_the_precision_they_have():
    halves, thirds = np.arange(5, dtype=np.float32) / 2, np.arange(5) / 3
    (sent,) = drawn(style.figure([{"type": "scatter", "x": halves, "y": thirds}], {}))["data"]
    assert (sent["x"].dtype, sent["y"].dtype) == (np.float32, np.float64)
    assert (sent["x"].tolist(), sent["y"].tolist()) == (halves.tolist(), thirds.tolist())


def test_a_picture_gives_its_parts_and_takes_changes():
    picture = style.figure([{"type": "scatter", "y": np.ones(3)}], {"height": 300})
    assert (picture.data[0].type, picture.layout.height) == ("scatter", 300)
    picture.update_layout(height=200)
    assert picture.to_dict()["layout"]["height"] == 200
    assert json.loads(picture.to_text()) == picture.to_dict()
    plain = style.figure([{"type": "scatter", "y": np.ones(3)}], {"height": 300})
    assert json.loads(plain.to_text()) == plain.to_dict()
    with pytest.raises(AttributeError, match="nothing"):
        picture.nothing  # noqa: B018


@pytest.mark.parametrize("theme", THEMES)
def test_no_axis_writes_a_power_of_ten_as_a_letter(theme):
    layout = go.layout.Template(style.TEMPLATE[theme]).layout
    assert layout.xaxis.exponentformat == layout.yaxis.exponentformat == "power"


@pytest.mark.parametrize("theme", THEMES)
def test_a_role_has_one_blue_in_charts_and_formulas(theme):
    assert style.colour("retain", theme) == text_colour("retain", theme)


def test_a_primary_button_can_be_read_in_both_themes(monkeypatch):
    for theme, ink in (("light", "#ffffff"), ("dark", PAPER["dark"])):
        monkeypatch.setattr(browser.st, "context", SimpleNamespace(theme=SimpleNamespace(type=theme)))
        label = browser.on_primary("Go")
        assert ("foreground" in label) == (theme == "dark")
        assert theme == "light" or ink in label
        assert contrast(CONFIG["theme"][theme]["primaryColor"], ink) >= TEXT_CONTRAST
