"""Links to hand out: a page with its settings, what is hidden, and whether the guess is asked, as one address."""

import contextlib
import re
import socket
from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import urlencode, urlsplit

from ui.language import ENGLISH, code
from ui.lessons import PAGES
from ui.lessons.lesson import Page
from ui.plot.controls import CONTROLS
from ui.plot.view import controls_of

ALL = "all"
# What a link hides besides controls: the menu on top; in it, the page for the person at the front; the answers.
MENU, TEACH, ANSWERS = "menu", "teach", "answers"
PARTS = (MENU, TEACH, ANSWERS)
# The parameter that shows one picture of a page alone.
ONLY = "only"
# What a frame in another page has to be allowed: to run and to keep its own address, to save files, to open a page in a
# window of its own.
SANDBOX = "allow-scripts allow-same-origin allow-downloads allow-popups allow-popups-to-escape-sandbox"
# Pixels, in which every page can be read and used.
WIDE, HIGH = 800, 500


def hidden(text: str) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """Return the shared controls an address hides, in order, which of `PARTS` it hides, and whether it names more.

    They are separated by commas; "all" stands for all controls.
    """
    named = {part for part in text.split(",") if part}
    keys = tuple(c.key for c in CONTROLS if c.key in named or ALL in named)
    parts = tuple(part for part in PARTS if part in named)
    return keys, parts, bool(named - {ALL, *parts, *keys})


def hiding(keys: Sequence[str]) -> str:
    """Return what `hidden` reads back."""
    shared = [c.key for c in CONTROLS if c.key in keys]
    return ",".join([*([ALL] if len(shared) == len(CONTROLS) else shared), *(part for part in PARTS if part in keys)])


def only_here(start: str) -> bool:
    """Whether an address leads to nowhere but the machine it is opened on."""
    try:
        host = urlsplit(start).hostname or ""
    except ValueError:
        return False
    return host in ("localhost", "::1") or re.fullmatch(r"127(\.[0-9]+){3}", host) is not None


def for_phones(start: str) -> list[str]:
    """Return this machine's addresses in its networks, where `start` leads to nowhere but this machine."""
    if not only_here(start):
        return []
    parts = urlsplit(start)
    port = f":{parts.port}" if parts.port else ""
    return [f"{parts.scheme}://{host}{port}{parts.path}" for host in _hosts()]


def _hosts() -> list[str]:
    """Return the addresses of this machine that other machines may reach: nothing is sent to find them."""
    found = []
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # an address of nobody: only the way out is asked for
        found.append(probe.getsockname()[0])
    with contextlib.suppress(OSError):
        found += socket.gethostbyname_ex(socket.gethostname())[2]
    return [host for host in dict.fromkeys(found) if not host.startswith("127.") and host != "0.0.0.0"]


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
    group: str = "",
    only: str = "",
    embed: bool = False,
) -> str:
    """Return the address of a page with these settings, the usual ones where none is named.

    Settings are written out, not the name of a case to try: what is chosen is all in the link. `group` is the class
    whose guesses are counted, `only` the key of the one picture that is shown; `embed` is for a frame in another page.
    """
    controls = controls_of(page)
    unusual = {c.key: c.shown(values[c.key]) for c in controls if c.key in values and values[c.key] != c.default}
    query = {"guess": "1" if guess else "0", **unusual}
    if hide:
        query["hide"] = hiding(hide)
    if lecture:
        query["lecture"] = "1"
    if group:
        query["class"] = group
    if only:
        query[ONLY] = only
    if embed:
        query["embed"] = "true"
    query |= spoken_here()
    return f"{start}/{'' if page is PAGES[0] else page.stem}?{urlencode(query, safe=',')}"


def frame(address: str, title: str) -> str:
    """Return the HTML that puts an address into another page."""
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="{WIDE}" height="{HIGH}" '
        f'style="border: 0; max-width: 100%" sandbox="{SANDBOX}" loading="lazy"></iframe>'
    )


def notebook(address: str) -> str:
    """Return the Python that shows an address in a notebook."""
    return f"from IPython.display import IFrame\n\nIFrame({address!r}, width={WIDE}, height={HIGH})"
