"""Every case that a page offers to try, on a phone: it stands in order, and nothing of it is cut."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser import looks
from tests.browser.looks import PHONE
from tests.browser.screen import address, asked
from ui.lessons import PAGES
from ui.plot.controls import CONTROLS

# A case draws the data that are there, unless it names others.
USUAL = {control.key: control.default for control in CONTROLS if control.key != "seed"}


@pytest.mark.browser_context_args(viewport=PHONE, has_touch=True)
@pytest.mark.parametrize("row", [row for row in PAGES if row.presets], ids=lambda row: row.stem)
def test_every_case_to_try_is_in_order_on_a_phone(row, page, open_page, settle):
    """The first is opened by its link, the others are chosen on the page, as a visitor chooses them."""
    complaints = []
    first, *others = row.presets
    open_page(page, address(row.stem, preset=first.key, **({"seed": 7} if row.experiment else {})))
    looks.resize(page, **PHONE, whole=True)
    for preset in (first, *others):
        if preset is not first:
            link = page.locator(".st-key-presets_part").get_by_role("link", name=preset.title, exact=True)
            link.focus()  # who opens it elsewhere has it under the hand first
            seed = parse_qs(urlsplit(page.url).query).get("seed", [])
            assert parse_qs(urlsplit(link.get_attribute("href")).query).get("seed", []) == seed, "of the same data"
            link.tap()
            settle(page)
            said = asked(page)
            assert {key: said.get(key, usual) for key, usual in USUAL.items()} == {
                key: preset.values.get(key, usual) for key, usual in USUAL.items()
            }
            page.evaluate(looks.BOXES_REST)
        complaints += [f"{preset.key}: {complaint}" for complaint in looks.layout_complaints(page)]
    assert not complaints, "\n" + "\n".join(complaints)
