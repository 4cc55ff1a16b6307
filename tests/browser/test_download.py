"""What a visitor takes away: the camera of every chart saves a picture that can be read anywhere."""

import csv
import re
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser import looks
from tests.browser.screen import BY_STEM, address, trained
from ui.figures.style import PAPER

CAMERA = "Download plot as a PNG"
SCALE = 3
# Milliseconds: the networks of the page train on the same machine.
SLOW = 120_000


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_camera_of_every_chart_saves_a_picture_with_its_name(theme, page, open_page, settle, tmp_path):
    page.emulate_media(color_scheme=theme)
    open_page(page, address("overlap"))
    charts = page.locator(".picture").all()
    names = set()
    for chart in charts:
        chart.hover()
        with page.expect_download() as download:
            chart.get_by_role("button", name=CAMERA).click()
        name = download.value.suggested_filename
        assert name.startswith("overlap-")
        names.add(name)
        download.value.save_as(tmp_path / name)
        with Image.open(tmp_path / name) as picture:
            assert picture.format == "PNG"
            box = chart.locator(".main-svg").first.bounding_box()
            assert picture.size == pytest.approx((SCALE * box["width"], SCALE * box["height"]), abs=SCALE)
            corner = picture.convert("RGBA").getpixel((2, 2))
            assert corner == (*looks.rgb(PAPER[theme]), 255), "the text is lost on paper of another colour"
    assert len(names) == len(charts) == 3


def leads_back(link: str, page) -> None:
    """Assert that a file names the address of the page it comes from, at its settings."""
    came, here = urlsplit(link), urlsplit(page.url)
    assert (came.scheme, came.netloc, came.path) == (here.scheme, here.netloc, here.path)
    assert parse_qs(came.query) == parse_qs(here.query)


# One way for all pages: an experiment with frames, one whose pictures stand side by side, rows of its own, a job.
@pytest.mark.parametrize(
    "row", [BY_STEM[stem] for stem in ("start", "overlap", "patient", "network")], ids=lambda r: r.stem
)
def test_every_button_under_take_it_with_you_gives_a_file(row, page, open_page, tmp_path):
    open_page(page, address(row.stem, **({"seed": 3} if row.experiment else {})))
    trained(page)
    page.get_by_text("Take it with you").click()
    expect(page.get_by_role("button", name=re.compile("plain numpy"))).to_be_visible()
    expect(page.locator(".st-key-save_pictures a").first).to_be_visible()
    buttons = page.get_by_role("button", name=re.compile(r"\((SVG|PNG)\)$|plain numpy")).all()
    buttons += page.get_by_role("link", name=re.compile(r"\(CSV( with ; and decimal comma)?\)$")).all()
    charts = page.locator(".js-plotly-plot").count()
    assert len(buttons) == 4 * charts + 1
    files = {}
    for button in buttons:
        with page.expect_download(timeout=SLOW) as download:
            button.click()
        name = download.value.suggested_filename
        download.value.save_as(tmp_path / name)
        files[name] = (tmp_path / name).read_bytes()
    assert len(files) == len(buttons)
    for name, content in files.items():
        assert name.startswith(row.stem), name
        match name.rpartition(".")[2]:
            case "svg":
                assert ElementTree.fromstring(content).tag.endswith("svg")
            case "png":
                assert content.startswith(b"\x89PNG")
            case "csv":
                comma = name.endswith(".semicolon.csv")
                rows = list(csv.DictReader(content.decode().splitlines(), delimiter=";" if comma else ","))
                assert {"series", "what", "x", "y"} < rows[0].keys()
                assert not any(None in {*line.keys(), *line.values()} for line in rows), "a line of other columns"
                assert not row.experiment or rows[0]["seed"] == "3"
                leads_back(rows[0]["address"], page)
            case "py":
                compile(content, name, "exec")
                leads_back(content.decode().partition(" From ")[2].partition('"""')[0], page)
            case other:
                pytest.fail(f"nobody expected a .{other}")
