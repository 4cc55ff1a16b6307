"""Links to hand out: a page with its settings, what is hidden, and whether the guess is asked, as one address."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode, urlsplit

from ui.language import ENGLISH, code
from ui.lessons import PAGES
from ui.lessons.lesson import Page
from ui.plot.controls import CONTROLS

ALL = "all"


def hidden(text: str) -> tuple[tuple[str, ...], bool]:
    """Return the shared controls an address hides, in their order, and whether it names anything else.

    They are separated by commas; "all" stands for all of them.
    """
    named = {part for part in text.split(",") if part}
    keys = tuple(c.key for c in CONTROLS if c.key in named or ALL in named)
    return keys, bool(named - {ALL, *keys})


def base(address: str) -> str:
    """Return where the app starts, given the address of one of its pages; nothing for what is no address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    path = parts.path.rstrip("/")
    head, _, last = path.rpartition("/")
    if last in {page.stem for page in PAGES}:
        path = head
    return f"{parts.scheme}://{parts.netloc}{path}"


def spoken_here() -> dict[str, str]:
    """Return what an address adds to open in the language of the moment: nothing for English."""
    return {} if code() == ENGLISH else {"lang": code()}


def link(
    start: str,
    page: Page,
    values: Mapping[str, object],
    *,
    hide: Sequence[str] = (),
    guess: bool = True,
    lecture: bool = False,
) -> str:
    """Return the address of a page with these settings, the usual ones where none is named.

    Settings are written out, not the name of a case to try: what is chosen is all in the link.
    """
    controls = (*CONTROLS, *page.controls)
    unusual = {c.key: c.shown(values[c.key]) for c in controls if c.key in values and values[c.key] != c.default}
    query = {"guess": "1" if guess else "0", **unusual}
    if hide:
        keys = [c.key for c in CONTROLS if c.key in hide]
        query["hide"] = ALL if len(keys) == len(CONTROLS) else ",".join(keys)
    if lecture:
        query["lecture"] = "1"
    query |= spoken_here()
    return f"{start}/{'' if page is PAGES[0] else page.stem}?{urlencode(query, safe=',')}"
