"""Lecture, notes, class and paper for those who cannot see them as others do: both themes, and forced colours."""

import secrets
from itertools import product

import pytest
from playwright.sync_api import expect

from tests.browser import looks
from ui.teaching.talk import TALK

PROJECTOR = {"width": 1280, "height": 720}
GROUP = f"class-{secrets.token_hex(4)}"
SECOND = next(at for at, step in enumerate(TALK, 1) if step.second)
SLIDER = next(at for at, step in enumerate(TALK, 1) if step.slider)
# What is opened, by its name: the address, and whether it is a sheet of paper.
VIEWS = {
    "question": (f"/{TALK[0].page}?lecture=1&at=1&class={GROUP}", False),
    "answer": (f"/{TALK[0].page}?lecture=1&at=1&reveal=1&class={GROUP}", False),
    "slider": (f"/{TALK[SLIDER - 1].page}?lecture=1&at={SLIDER}&reveal=1", False),
    "second picture": (f"/{TALK[SECOND - 1].page}?lecture=1&at={SECOND}&reveal=1&figure=2", False),
    "notes": ("/?notes=1&at=1&reveal=1", False),
    "phone": (f"/{TALK[0].page}?guess=1&noise=0.5&class={GROUP}", False),
    "builder": (f"/teach?part=Links&class={GROUP}", False),
    "paper": (f"/{TALK[0].page}?guess=0", True),
    "paper of the plan": ("/teach?part=Plan", True),
}
# Schemes and forced colours: in the first everything is looked at, in the others what they change.
COLOURS = [*product(("light", "dark"), ("none", "active"))]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.browser_context_args(viewport=PROJECTOR, color_scheme="light")
def test_nothing_serious_stands_in_the_way(view, page, open_page, settle, screenshots):
    address, paper = VIEWS[view]
    if view == "phone":
        page.set_viewport_size(looks.PHONE)
    open_page(page, address)
    complaints = []

    def look(name):
        page.screenshot(path=screenshots / f"{name}.png")
        found = looks.axe_complaints(page) if (scheme, forced) == COLOURS[0] else looks.contrast_complaints(page)
        complaints.extend(f"{name}: {complaint}" for complaint in found)

    for scheme, forced in COLOURS:
        page.emulate_media(color_scheme=scheme, forced_colors=forced, media="screen")
        looks.until_repainted(page, scheme)
        settle(page)
        if paper:
            page.emulate_media(color_scheme=scheme, forced_colors=forced, media="print")
            page.evaluate(looks.BOXES_REST)
        look(f"{view}-{scheme}-{forced}")
        if view == "question":
            page.keyboard.press("q")  # the code covers the page
            expect(page.locator(".lecture-code")).to_be_visible()
            look(f"code-{scheme}-{forced}")
            page.keyboard.press("q")
    assert not complaints, "\n" + "\n".join(complaints)
