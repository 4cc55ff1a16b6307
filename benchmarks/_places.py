"""Where the pages are: the app's, the bare ones beside it, and what makes a server's configuration Streamlit's own."""

import random
import re
from pathlib import Path

from ui.lessons import BY_STEM, PAGES, PICTURED
from ui.plot import real_rows
from ui.plot.controls import BY_PAGE, Control, Scale, Slider

BARE = Path(__file__).parent / "bare"
# The pages with pictures and a slider; the first page of all has no name in the address.
STEMS = tuple(page.stem for page in PICTURED)
PATHS = {page.stem: "" if page is PAGES[0] else page.stem for page in PAGES}
# In a folder without a configuration: Streamlit's own, except that no statistics leave the machine.
STREAMLITS_OWN = ("--server.fileWatcherType=auto", "--browser.gatherUsageStats=false")
# As many data sets as the app's shared control has.
SEEDS = 1000
# What a page shows that has sliders, where its first part has none.
FIRST = {"geometry": "view=Any+dimension&"}
_SEED = re.compile(r"\(seed\)|^Draw$")


def sliders(stem: str) -> list[str]:
    """Return the keys of the sliders that a page may show: three of the shared ones, then its own."""
    page = BY_STEM[stem]
    own = [c.key for c in page.controls if isinstance(c, Slider | Scale) and not isinstance(c, BY_PAGE)]
    own = [key for key in own if key not in real_rows.KEYS]  # which pages of drawn rows keep out of sight
    return [*(("overlap", "d", "noise") if page.experiment else ()), *own]


def data_of(stem: str, number: int) -> str:
    """Return the part of a page's address that gives a visitor data of its own, other ones for each number."""
    page = BY_STEM[stem]
    if page.experiment:
        return f"{FIRST.get(stem, '')}seed={number % SEEDS}"
    draw = random.Random(number)
    own = [c for c in page.controls if c.key in page.aside or _SEED.search(c.label)]
    return "&".join(f"{c.key}={_drawn(c, draw)}" for c in own if isinstance(c, Slider | Scale))


def _drawn(control: Control, draw: random.Random) -> str:
    if isinstance(control, Scale):
        return control.shown(draw.choice(control.values))
    assert isinstance(control, Slider)
    steps = round((control.high - control.low) / control.step)
    return control.shown(round(control.low + control.step * draw.randint(0, steps), 9))
