"""What is wrong with the way a page looks: lists of complaints, each a sentence, empty where all is well."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, TimeoutError

from tests.browser.screen import traces
from ui.figures.style import INK, MUTED, Theme

PHONE = {"width": 390, "height": 844}
TABLET = {"width": 820, "height": 1180}
DESK = {"width": 1440, "height": 900}
# What is left of the desk for a visitor who magnifies to 200%.
MAGNIFIED = {"width": 720, "height": 450}
# WCAG 2.2, 1.4.10: nobody has to scroll in two directions.
NARROWEST = {"width": 320, "height": 640}

# WCAG 2.2, 1.4.3: text against its background.
READABLE = 4.5

# Ink

WATCH_INK = """
(() => {
  const seen = window.inksSeen = {};
  const look = () => {
    if (Object.isFrozen(seen)) return;
    for (const text of document.querySelectorAll('.js-plotly-plot .xtick text, .js-plotly-plot .ytick text'))
      seen[getComputedStyle(text).fill] = true;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
"""

# What is painted behind every chart, and the colour of each of its texts, but of those that lie on coloured cells.
TEXT_COLOURS = """
() => [...document.querySelectorAll('.js-plotly-plot')].flatMap(chart => {
  let behind = chart;
  const paint = element => getComputedStyle(element).backgroundColor;
  while (behind.parentElement && /^(transparent|rgba\\(.*, 0\\))$/.test(paint(behind))) behind = behind.parentElement;
  return [...chart.querySelectorAll('.main-svg text')].filter(text => text.textContent.trim() &&
    !text.closest('.plot')?.querySelector('.heatmaplayer image')).map(text => {
    const button = text.closest('.updatemenu-button')?.querySelector('rect');
    return {
      text: text.textContent, fill: getComputedStyle(text).fill,
      paper: button ? getComputedStyle(button).fill : paint(behind), tick: text.closest('.xtick, .ytick') !== null,
    };
  });
})
"""


ALL_REPAINTED = """
own => [...document.querySelectorAll('.js-plotly-plot .xtick text, .js-plotly-plot .ytick text')]
  .every(text => own.includes(getComputedStyle(text).fill))
"""


def rgb(colour: str) -> tuple[int, ...]:
    """Return red, green and blue, 0 to 255, of "#rrggbb" or "rgb(...)"."""
    if colour.startswith("#"):
        return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return tuple(round(float(number)) for number in re.findall(r"[\d.]+", colour)[:3])


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2.2."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in rgb(colour))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def watch_ink(page: Page) -> None:
    """From the next address on, remember every colour that numbers on an axis have, until it is asked for."""
    page.add_init_script(WATCH_INK)


def ink_since_arrival(page: Page, theme: Theme) -> list[str]:
    """Complain of axis numbers that were painted, however shortly, in an ink that is not the theme's."""
    own = {rgb(INK[theme]), rgb(MUTED[theme])}
    return [
        f"axis numbers were painted {seen}"
        for seen in page.evaluate("() => Object.keys(Object.freeze(inksSeen))")
        if rgb(seen) not in own
    ]


def ink_complaints(page: Page, theme: Theme) -> list[str]:
    """Complain of chart texts that are hard to read or not in the theme's ink, and of models in the other theme's."""
    own = {rgb(INK[theme]), rgb(MUTED[theme])}
    found = []
    for text in page.evaluate(TEXT_COLOURS):
        if (ratio := contrast(text["fill"], text["paper"])) < READABLE:
            found.append(f"'{text['text']}' is {text['fill']} on {text['paper']}: contrast {ratio:.1f}")
        elif text["tick"] and rgb(text["fill"]) not in own:
            found.append(f"'{text['text']}' is {text['fill']}, not the theme's ink")
    for line in traces(page, model="fine_tune"):
        # A bar's colour is its block's, a band's its model's at an opacity; every other line of this model is ink.
        if not {"block", "band"} & line["meta"].keys() and line["line"] and rgb(line["line"]) != rgb(INK[theme]):
            found.append(f"the line of {line['meta']} is {line['line']}, not the theme's ink")
    return found


def until_repainted(page: Page, theme: Theme) -> None:
    """Wait until every axis has the theme's ink; after ten seconds, `ink_complaints` will say what is wrong."""
    own = [f"rgb{rgb(ink)}" for ink in (INK[theme], MUTED[theme])]
    with suppress(TimeoutError):
        page.wait_for_function(ALL_REPAINTED, arg=own, timeout=10_000)


# Layout

BOXES_REST = """
async () => {
  const boxes = () => JSON.stringify([...document.querySelectorAll('.js-plotly-plot, .js-plotly-plot .main-svg, ' +
    '[data-testid="stElementContainer"], [data-testid="stSidebar"]')].map(e => e.getBoundingClientRect()));
  for (let before = null, same = 0, tries = 0; same < 4; tries++) {
    if (tries > 200) throw new Error('the page never stops moving');
    await new Promise(resolve => setTimeout(resolve, 50));
    const now = boxes();
    same = now === before ? same + 1 : 0;
    before = now;
  }
}
"""

LAYOUT = """
() => {
  const found = [], slack = 1.5;
  const box = element => element.getBoundingClientRect();
  const visible = b => b.width > 1 && b.height > 1;
  const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > slack &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > slack;
  // A text on a slope is compared as it lies: two of them meet unless a line along one of their sides parts them.
  const corners = text => {
    const m = text.getScreenCTM(), b = text.getBBox();
    return [[b.x, b.y], [b.x + b.width, b.y], [b.x + b.width, b.y + b.height], [b.x, b.y + b.height]]
      .map(([x, y]) => [m.a * x + m.c * y + m.e, m.b * x + m.d * y + m.f]);
  };
  const parted = (p, q) => [0, 1].some(k => {
    const [u, v] = [p[k + 1][0] - p[k][0], p[k + 1][1] - p[k][1]], length = Math.hypot(u, v) || 1;
    const along = points => points.map(([x, y]) => (u * x + v * y) / length);
    const [s, t] = [along(p), along(q)];
    return Math.min(Math.max(...s), Math.max(...t)) - Math.max(Math.min(...s), Math.min(...t)) <= slack;
  });
  const lieOver = (a, b) => {
    if (!meet(box(a), box(b))) return false;
    const [p, q] = [corners(a), corners(b)];
    return !parted(p, q) && !parted(q, p);
  };
  const name = element => {
    const key = element.closest('[class*="st-key-"]')?.className.match(/st-key-([\\w-]+)/)?.[1];
    return (key ?? element.textContent.trim().slice(0, 40)) || element.dataset.testid;
  };
  const main = document.querySelector('[data-testid="stMain"]');
  // A formula or a program may be wider than a phone and scroll on its own; what the visitor chooses from may not.
  for (const part of main.querySelectorAll(':not(.katex-display, pre, pre *)'))
    if (part.scrollWidth > part.clientWidth + slack && /auto|scroll/.test(getComputedStyle(part).overflowX))
      found.push(`${name(part)} hides a part of itself: ${part.scrollWidth} in ${part.clientWidth} px`);
  for (const part of document.querySelectorAll('.stApp :is(label, p, span, div, button)')) {
    const { textOverflow, overflowX } = getComputedStyle(part);
    if ((textOverflow === 'ellipsis' || part.closest('[data-testid="stSelectbox"]')) && overflowX === 'hidden' &&
        part.checkVisibility() && part.clientWidth > 1 && part.innerText && part.scrollWidth > part.clientWidth + slack)
      found.push(`'${part.innerText.slice(0, 40)}' is cut short`);
  }
  for (const scroller of [document.documentElement, document.body, main])
    if (scroller.scrollWidth > scroller.clientWidth + slack)
      found.push(`${scroller.tagName} scrolls sideways: ${scroller.scrollWidth} in ${scroller.clientWidth} px`);

  const areas = '[data-testid="stMainBlockContainer"], [data-testid="stSidebarUserContent"]';
  for (const area of document.querySelectorAll(areas)) {
    const sidebar = area.closest('[data-testid="stSidebar"]');
    if (sidebar && (sidebar.getAttribute('aria-hidden') === 'true' || box(sidebar).right < slack)) continue;
    const leaves = [...area.querySelectorAll('[data-testid="stElementContainer"]')]
      .filter(e => e.checkVisibility() && visible(box(e)) && !e.querySelector('[data-testid="stElementContainer"]'));
    leaves.forEach((element, i) => {
      const b = box(element);
      const column = element.parentElement.closest('[data-testid="stColumn"], [data-testid="stVerticalBlock"]');
      const c = box(column ?? area);
      if (b.left < c.left - slack || b.right > c.right + slack) found.push(`${name(element)} leaves its column`);
      if (b.right > innerWidth + slack || b.left < -slack) found.push(`${name(element)} leaves the window`);
      for (const other of leaves.slice(i + 1))
        if (meet(b, box(other))) found.push(`${name(element)} lies over ${name(other)}`);
    });
  }

  const MARKS = '.point, .point path, .heatmaplayer image, .errorbar';
  const charts = [...document.querySelectorAll('.js-plotly-plot')];
  charts.forEach((chart, i) => {
    const frame = box(chart.querySelector('.main-svg'));
    const holder = box(chart.closest('[data-testid="stElementContainer"]'));
    if (frame.right > holder.right + slack || frame.bottom > holder.bottom + slack)
      found.push(`chart ${name(chart)} is larger than its place`);
    for (const other of charts.slice(i + 1))
      if (meet(frame, box(other.querySelector('.main-svg'))))
        found.push(`charts ${name(chart)} and ${name(other)} overlap`);
    const texts = [...chart.querySelectorAll('.main-svg text')].filter(text =>
      text.textContent.trim() && visible(box(text)) && getComputedStyle(text).visibility !== 'hidden');
    const cameras = [...chart.querySelectorAll('.modebar-btn')].filter(button =>
      getComputedStyle(button.closest('.modebar')).opacity !== '0' && getComputedStyle(button).opacity !== '0');
    const drags = chart.closest('.picture').querySelector('.handle');  // there the margins are the figure's own
    for (const mark of drags ? [] : chart.querySelectorAll(MARKS))
      if (cameras.some(camera => meet(box(mark), box(camera))))
        found.push(`in ${name(chart)}, the camera lies over a mark`);
    texts.forEach((text, j) => {
      const t = box(text);
      if (cameras.some(camera => meet(t, box(camera))))
        found.push(`in ${name(chart)}, the camera lies over '${text.textContent}'`);
      if (t.left < frame.left - slack || t.right > frame.right + slack ||
          t.top < frame.top - slack || t.bottom > frame.bottom + slack)
        found.push(`in ${name(chart)}, '${text.textContent}' is cut off`);
      for (const next of texts.slice(j + 1))
        if (lieOver(text, next))
          found.push(`in ${name(chart)}, '${text.textContent}' lies over '${next.textContent}'`);
    });
  });
  return found;
}
"""


def resize(page: Page, width: int, height: int, *, whole: bool = False) -> None:
    """Give the window another size, as tall as the page if it is to be seen whole, and wait until nothing moves."""
    page.set_viewport_size({"width": width, "height": height})
    if whole:
        needed = page.evaluate("() => document.querySelector('[data-testid=\"stMain\"]').scrollHeight")
        page.set_viewport_size({"width": width, "height": max(height, needed)})
    page.evaluate(BOXES_REST)


def layout_complaints(page: Page) -> list[str]:
    """Complain of what is cut off, lies over its neighbour, leaves its column or makes the page scroll sideways."""
    return page.evaluate(LAYOUT)


# Paper

# Pixels between the margins of a sheet of A4.
SHEET = 718

# What of a page is neither light nor whole when it is printed.
ON_PAPER = """
() => {
  const found = [], seen = e => e.checkVisibility({ visibilityProperty: true }) && e.getBoundingClientRect().width > 1;
  const parts = colour => colour.match(/[0-9.]+/g).map(Number);
  const bright = colour => parts(colour)[0] * 0.3 + parts(colour)[1] * 0.6 + parts(colour)[2] * 0.1;
  for (const id of ['stSidebar', 'stHeader']) {
    const part = document.querySelector(`[data-testid=${id}]`);
    if (part && seen(part)) found.push(`${id} is printed`);
  }
  for (const button of document.querySelectorAll('.stMain :is(button, .modebar, .st-key-presets_part a)'))
    if (button.checkVisibility() && (button.role !== 'radio' || (button.ariaChecked !== 'true' &&
        button.closest('[role=radiogroup]').querySelector('[aria-checked=true]'))))
      found.push(`${button.ariaLabel ?? button.innerText} is printed`);
  if (document.documentElement.scrollWidth > innerWidth) found.push('wider than the sheet');
  const end = document.querySelector('.stMain').getBoundingClientRect().bottom + scrollY;
  if (document.documentElement.scrollHeight < end - 2) found.push('ends before its text does');
  for (const part of document.querySelectorAll('.stMain *')) {
    const { overflowY, maxHeight } = getComputedStyle(part);
    if (/auto|scroll/.test(overflowY) && part.scrollHeight > part.clientHeight + 2 && part.clientHeight > 30)
      found.push(`${part.className} hides a part of itself`);
  }
  for (const picture of document.querySelectorAll('.picture .plot svg')) {
    if (picture.getBoundingClientRect().right > innerWidth + 2) found.push('a picture is cut');
  }
  for (const text of document.querySelectorAll('.stMain :is(p, h1, h3, li, span, a)')) {
    const { color } = getComputedStyle(text);
    if (seen(text) && text.innerText.trim() && bright(color) > 150)
      found.push(`'${text.innerText.slice(0, 30)}' is ${color}`);
  }
  if (bright(getComputedStyle(document.body).backgroundColor) < 250) found.push('the sheet is dark');
  return found;
}
"""


# What was chosen and is torn on paper, where it stands alone: the words take more than one line.
TORN_CHOICES = """
() => [...document.querySelectorAll('.stMain [role="radio"][aria-checked="true"]')]
  .filter((chosen) => chosen.checkVisibility() && chosen.getBoundingClientRect().height > 40)
  .map((chosen) => chosen.innerText)
"""


def paper_complaints(page: Page, shot: Path) -> list[str]:
    """Print the page onto a sheet, keep a picture of it, and complain of what is cut, dark, torn or not for paper."""
    page.emulate_media(media="print")
    page.set_viewport_size({"width": SHEET, "height": 1000})
    page.evaluate(BOXES_REST)
    page.screenshot(path=shot, full_page=True)
    found = page.evaluate(ON_PAPER) + [f"'{words}' is torn" for words in page.evaluate(TORN_CHOICES)]
    written = page.locator(".paper-address")
    if not written.is_visible() or written.inner_text() != page.url:
        found.append("the sheet does not say its address")
    return found


# Accessibility

# What axe-core finds in elements Streamlit draws and this project cannot change: (rule, selector) -> why.
EXCEPTIONS = {
    ("list", "ul[data-testid='stSidebarNavItems']"): (
        "On a phone, Streamlit puts the heading of a menu group, a <div>, between the <li> of its navigation."
    ),
    ("listitem", "ul[data-testid='stSidebarNavItems'] li"): "The same list, seen from its items.",
    ("color-contrast", "[data-testid='stSlider']:has(input:disabled) [data-testid='stWidgetLabel'] p"): (
        "WCAG 1.4.3 exempts controls that cannot be used; axe-core misses that this label belongs to one."
    ),
}

AXE = """
async ([exceptions, rules]) => {
  const { violations } = await axe.run(document,
    { resultTypes: ['violations'], elementRef: true, ...(rules && { runOnly: rules }) });
  const found = [], used = [];
  for (const { id, impact, help, nodes } of violations) {
    if (impact !== 'serious' && impact !== 'critical') continue;
    for (const node of nodes) {
      const why = exceptions.filter(([rule, selector]) => rule === id && node.element.matches(selector));
      used.push(...why);
      if (!why.length) found.push(`${impact} ${id}: ${help}: ${node.html.slice(0, 160)}`);
    }
  }
  return { found, used };
}
"""


# To axe-core any name of a picture will do; ours say what is seen, in numbers.
WITHOUT_WORDS = """
() => [...document.querySelectorAll('.js-plotly-plot')].filter(chart =>
  !/ [0-9]/.test(chart.closest('[role="figure"]')?.ariaLabel ?? '')).map((_, i) => `chart ${i + 1} has no words`)
"""


def _axe(page: Page, rules: Sequence[str] | None = None) -> dict[str, list[Any]]:
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(Axe().axe_script)
    return page.evaluate(AXE, [[list(exception) for exception in EXCEPTIONS], rules])


def axe_complaints(page: Page) -> list[str]:
    """Complain of what axe-core calls serious or critical, beyond the exceptions, and of charts without words."""
    return _axe(page)["found"] + page.evaluate(WITHOUT_WORDS)


def contrast_complaints(page: Page) -> list[str]:
    """Complain of words that axe-core finds hard to read: all that another theme changes."""
    return _axe(page, ["color-contrast"])["found"]


def exceptions_used(page: Page) -> set[tuple[str, str]]:
    """Return the exceptions without which axe-core would complain of this page."""
    return {(rule, selector) for rule, selector in _axe(page)["used"]}
