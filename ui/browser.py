"""What runs in the visitor's browser: small elements without a server round trip, no library copied."""

from collections.abc import Mapping

import streamlit as st

from ui.style import PAPER

# Streamlit does not rerun when a visitor switches the theme; without this the charts would keep the old ink.
_THEME = """
export default function ({ setStateValue, data }) {
  const app = document.querySelector('[data-testid="stApp"]');
  if (!app) return;
  let last = data;
  const look = () => {
    const [r, g, b] = getComputedStyle(app).backgroundColor.match(/[0-9.]+/g).map(Number);
    const now = 0.2126 * r + 0.7152 * g + 0.0722 * b < 128 ? "dark" : "light";
    if (now !== last) { last = now; setStateValue("theme", now); }
  };
  const watcher = new MutationObserver(look);
  watcher.observe(app, { attributes: true, attributeFilter: ["class", "style"] });
  const media = matchMedia("(prefers-color-scheme: dark)");
  const later = () => setTimeout(look, 100);
  media.addEventListener("change", later);
  look();
  return () => { watcher.disconnect(); media.removeEventListener("change", later); };
}
"""
_theme = st.components.v2.component("theme_watch", js=_THEME)

# Plotly's own picture, drawn by the library the page has already loaded.
_SAVE = """
export default function ({ parentElement, data }) {
  const row = parentElement.querySelector(".row");
  row.replaceChildren(...Object.entries(data.pictures).flatMap(([key, name]) => ["svg", "png"].map((format) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = `${name} (${format.toUpperCase()})`;
    button.onclick = async () => {
      const chart = document.querySelector(`.st-key-${key} .js-plotly-plot`);
      if (!chart || !window.Plotly) return;
      const { width, height } = chart.getBoundingClientRect();
      const link = document.createElement("a");
      link.href = await window.Plotly.toImage(chart, { format, width, height, scale: format === "png" ? 3 : 1 });
      link.download = `${data.prefix}-${key}.${format}`;
      link.click();
    };
    return button;
  })));
}
"""
_SAVE_STYLE = """
.row { display: flex; flex-wrap: wrap; gap: 0.5rem; }
button {
  font: inherit; font-size: 0.875rem; color: var(--st-text-color); background: transparent; cursor: pointer;
  border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius);
  padding: 0.4rem 0.75rem; min-height: 2.5rem;
}
button:hover, button:focus-visible { border-color: var(--st-primary-color); color: var(--st-primary-color); }
"""
_save = st.components.v2.component("save_pictures", html='<div class="row"></div>', css=_SAVE_STYLE, js=_SAVE)


def watch_theme(current: str) -> None:
    """Rerun the page when the visitor's theme becomes another than `current`."""
    _theme(key="theme_watch", data=current, on_theme_change=lambda: None, height=1)


def save_pictures(prefix: str, pictures: Mapping[str, str]) -> None:
    """Offer every chart, by its key and its name on screen, as SVG and as PNG."""
    _save(key="save_pictures", data={"prefix": prefix, "pictures": dict(pictures)})


def on_primary(text: str) -> str:
    """Return the label of a primary button, dark on the light blue of dark: Streamlit writes all of them in white."""
    if st.context.theme.type != "dark":
        return text
    return f':color[{text}]{{foreground="{PAPER["dark"]}"}}'
