"""The pictures on screen: charts drawn by plotly.js in the visitor's browser, one frame of the browser each.

Streamlit's own chart element takes half as long again for a press of a key: it goes through React twice, and draws
every chart of a page before the first one is seen. Its plotly.js is used; nothing is copied.
"""

import json
import time
from collections.abc import Callable
from contextvars import ContextVar
from pathlib import Path

import streamlit as st

from ui import turns
from ui.style import Picture

# Streamlit brings plotly.js in the file of its own chart element, whose name changes with every version.
PLOTLY = next((Path(st.__file__).parent / "static" / "static" / "js").glob("PlotlyChart.*.js")).name

_DRAW = """
const load = () => window.Plotly ??
  (window.plotlyComing ??= import(new URL("FILE", document.querySelector("script[type=module][src]").src))
    .then(() => window.Plotly));

// One picture a frame of the browser: the first is seen while the others are still being drawn.
const line = (window.pictureLine ??= { waiting: new Map(), busy: false });
const painted = (go) => document.hidden ? setTimeout(go) : requestAnimationFrame(() => {
  const after = new MessageChannel();
  after.port1.onmessage = go;
  after.port2.postMessage(0);
});
const next = () => {
  const [first] = line.waiting;
  line.busy = Boolean(first);
  if (!first) return;
  line.waiting.delete(first[0]);
  first[1]().catch(console.error).finally(() => painted(next));
};
const enqueue = (host, draw) => {
  line.waiting.set(host, draw);
  if (!line.busy) next();
};

export default function ({ parentElement, data, setTriggerValue }) {
  const frame = parentElement.querySelector(".picture"), host = frame.firstElementChild;
  const own = (frame.own ??= { width: 0 });
  own.send = setTriggerValue;
  const leave = () => {
    own.watcher.disconnect();
    delete frame.own;
    // In the line, too: what plotly.js is drawing must not lose its ground half-way.
    enqueue(host, async () => {
      window.Plotly?.purge(host);
      host.emit = () => {}; // an animation that was under way goes on asking to tell of its end
    });
  };
  if (own.data === data) return leave;
  own.data = data;
  const { figure, config, alt, clicks } = JSON.parse(new TextDecoder().decode(data));
  frame.ariaLabel = alt;
  host.style.height = `${figure.layout.height ??= 450}px`;
  own.draw = async () => {
    const Plotly = await load();
    // Out of sight it has no width; the watcher draws it when it has one.
    if (!host.isConnected || !host.clientWidth) return;
    figure.layout.width = own.width = host.clientWidth;
    host.frames = figure.frames ?? [];
    await Plotly.react(host, figure.data, figure.layout, config);
    if (clicks) {
      host.removeAllListeners("plotly_click");
      host.on("plotly_click", ({ points: [{ x, y }] }) => own.send("picked", { x, y }));
    }
    host.dispatchEvent(new Event("drawn", { bubbles: true }));
  };
  enqueue(host, own.draw);
  own.watcher ??= new ResizeObserver(() => {
    const width = host.clientWidth;
    if (!width || width === own.width) return;
    const fit = async () => window.Plotly.relayout(host, { width: (own.width = host.clientWidth) });
    enqueue(host, own.width ? fit : own.draw);
  });
  own.watcher.observe(host);
  return leave;
}
"""
_STYLE = ".picture { width: 100%; overflow: hidden; }"
_picture = st.components.v2.component(
    "picture",
    html='<div class="picture" role="figure"><div></div></div>',
    css=_STYLE,
    js=_DRAW.replace("FILE", PLOTLY),
    isolate_styles=False,
)

# Seconds between two deliveries from Streamlit's server to a browser, and what a delivery takes.
FLUSH, DELIVERY = 0.01, 0.002
# When the run of the page began, until its first picture has left.
_begun: ContextVar[float | None] = ContextVar("begun", default=None)


def begin() -> None:
    """Note that a run of a page begins: its first picture leaves as soon as it is drawn."""
    _begun.set(time.perf_counter())


def _let_go() -> None:
    """Rest until the server has delivered what the run has drawn: the browser shows it while the rest is made.

    Where others wait for their turn, a rest would only make them later.
    """
    begun = _begun.get()
    if begun is not None:
        _begun.set(None)
        turns.rest(max(FLUSH - (time.perf_counter() - begun), 0) + DELIVERY)


def draw(figure: Picture, key: str, alt: str, *, save_as: str = "", picked: Callable[[], None] | None = None) -> None:
    """Draw one chart in its own colours, with the numbers it shows as its accessible name.

    `save_as` names the file that the camera saves; without it there is no camera. `picked` is called when a visitor
    clicks a point: the state under `key` then holds it as "picked", {"x": ..., "y": ...}, in a browser's own words.
    """
    camera = {
        "displaylogo": False,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": "png", "filename": save_as, "scale": 3},
    }
    told = {"config": camera if save_as else {"displayModeBar": False}, "alt": alt, "clicks": picked is not None}
    # As bytes: Streamlit would write a mapping as JSON twice, and look through it for tables.
    data = f'{{"figure":{figure.to_text()},{json.dumps(told, ensure_ascii=False)[1:]}'.encode()
    _picture(key=key, data=data, on_picked_change=picked)
    _let_go()
