"""What a visitor takes away: the camera of every chart saves a picture that can be read anywhere."""

import csv
import io
import re
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser import looks
from tests.browser.screen import BY_STEM, address, trained
from ui.figures.style import PAPER

CAMERA = "Download plot as a PNG"
SCALE = 3
# Two renderings of one picture: letters of another font stand elsewhere and differ by more.
ALIKE = 0.004
# Milliseconds: the networks of the page train on the same machine.
SLOW = 120_000


@pytest.mark.browser_context_args(color_scheme="dark")
def test_the_camera_of_every_chart_saves_a_picture_with_its_name(page, open_page, settle, tmp_path):
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
            assert corner == (*looks.rgb(PAPER["dark"]), 255), "the text is lost on paper of another colour"
    assert len(names) == len(charts) == 3


def leads_back(link: str, page) -> None:
    """Assert that a file names the address of the page it comes from, at its settings."""
    came, here = urlsplit(link), urlsplit(page.url)
    assert (came.scheme, came.netloc, came.path) == (here.scheme, here.netloc, here.path)
    assert parse_qs(came.query) == parse_qs(here.query)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_saved_picture_carries_its_font_and_looks_as_on_screen_alone(theme, page, open_page, browser, tmp_path):
    page.emulate_media(color_scheme=theme)
    open_page(page, address("overlap", noise=0.5))
    page.get_by_text("Take it with you").click()
    chart = page.locator(".st-key-losses .js-plotly-plot")
    box = chart.locator(".main-svg").first.bounding_box()
    rows = page.locator(".st-key-save_pictures li").nth(1)
    saved = {}
    for label in ("SVG", "PNG", *(("SVG for light paper", "PNG for light paper") if theme == "dark" else ())):
        with page.expect_download(timeout=SLOW) as download:
            rows.get_by_role("button", name=f"({label})").click()
        saved[label] = tmp_path / download.value.suggested_filename
        download.value.save_as(saved[label])
    assert len(set(saved.values())) == len(saved)
    page.mouse.move(0, 0)
    chart.scroll_into_view_if_needed()
    shot = tmp_path / "screen.png"
    chart.screenshot(path=shot)
    svg = saved["SVG"].read_text(encoding="utf-8")
    parts = ElementTree.fromstring(svg)
    leads_back(parts.find(".//{http://purl.org/dc/elements/1.1/}source").text, page)
    assert parts.find("{http://www.w3.org/2000/svg}desc").text.startswith(
        page.locator(".st-key-losses .picture").get_attribute("aria-label")
    )
    # Alone in a window: nothing of this site is there, no font either. Without its own its words are of another width.
    bare = tmp_path / "bare.svg"
    bare.write_text(re.sub(r"@font-face\{[^}]*\}", "", svg), encoding="utf-8")
    size = {"width": round(box["width"]), "height": round(box["height"])}
    with Image.open(shot) as screen:
        assert apart(screen, opened(saved["SVG"], browser.new_context(viewport=size))) < ALIKE
        assert apart(screen, opened(bare, browser.new_context(viewport=size))) > 2 * ALIKE
    with Image.open(saved["PNG"]) as png:
        leads_back(png.text["Source"], page)
        large = {"viewport": size, "device_scale_factor": SCALE}
        assert apart(png, opened(saved["SVG"], browser.new_context(**large))) < ALIKE
        assert apart(png, opened(bare, browser.new_context(**large))) > 2 * ALIKE
    if theme == "dark":
        with Image.open(saved["PNG for light paper"]) as png:
            assert png.convert("RGBA").getpixel((2, 2)) == (*looks.rgb(PAPER["light"]), 255)


def opened(file, context):
    """What a browser shows of a file that is opened alone."""
    page = context.new_page()
    page.goto(file.as_uri())
    page.evaluate("document.fonts.ready.then(() => true)")
    return Image.open(io.BytesIO(page.screenshot()))


def apart(one, other):
    """How far two pictures are apart: the mean difference of their pixels, as a share of what it can be.

    A picture on a page may begin between two pixels: the other is moved by one at most, to where they are closest.
    """
    width, height = min(one.width, other.width) - 1, min(one.height, other.height) - 1
    fixed, moved = (np.asarray(picture.convert("L"), dtype=float) for picture in (one, other))
    return min(
        np.abs(fixed[1:height, 1:width] - moved[1 + y : height + y, 1 + x : width + x]).mean() / 255
        for y in (-1, 0, 1)
        for x in (-1, 0, 1)
    )


# One way for all pages: an experiment with frames, rows of its own, a job.
@pytest.mark.parametrize("row", [BY_STEM[stem] for stem in ("start", "patient", "network")], ids=lambda r: r.stem)
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
        page.wait_for_timeout(150)  # Chromium lets a page start ten downloads a second
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
