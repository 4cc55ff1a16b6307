"""Every case that a page offers to try, on a phone: it stands in order, and nothing of it is cut."""

import pytest

from tests.browser import looks
from tests.browser.looks import PHONE
from tests.browser.screen import address
from ui.lessons import PAGES


@pytest.mark.browser_context_args(viewport=PHONE, has_touch=True)
@pytest.mark.parametrize("row", [row for row in PAGES if row.presets], ids=lambda row: row.stem)
def test_every_case_to_try_is_in_order_on_a_phone(row, page, open_page, settle):
    complaints = []
    for preset in row.presets:
        open_page(page, address(row.stem, preset=preset.key))
        looks.resize(page, **PHONE, whole=True)
        settle(page)
        complaints += [f"{preset.key}: {complaint}" for complaint in looks.layout_complaints(page)]
        page.set_viewport_size(PHONE)
    assert not complaints, "\n" + "\n".join(complaints)
