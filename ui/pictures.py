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

from ui import ahead, deliveries, turns
from ui.style import Picture

# Streamlit brings plotly.js in the file of its own chart element, whose name changes with every version.
PLOTLY = next((Path(st.__file__).parent / "static" / "static" / "js").glob("PlotlyChart.*.js")).name

_DRAW = """
const load = () => window.Plotly ??
  (window.plotlyComing ??= import(new URL("FILE", document.querySelector("script[type=module][src]").src))
    .then(() => { remember(window.Plotly.PlotSchema); return window.Plotly; }));

// For every trace it draws, plotly.js asks all its hundreds of attributes whether they hold an array: a fifth of the
// time of a drawing. Which of them do follows from the trace's type and from where it has arrays, and is remembered.
const arrays = (part, path, found) => {
  for (const key in part) {
    if (key[0] === "_") continue;
    const value = part[key], here = `${path}.${key}`;
    if (listed(value)) found.push(here);
    if (Array.isArray(value)) value.forEach((one, i) => simple(one) && arrays(one, `${here}[${i}]`, found));
    else if (simple(value)) arrays(value, here, found);
  }
  return found;
};
const remember = (schema) => {
  const find = schema?.findArrayAttributes, known = new Map();
  if (!find) return;
  schema.findArrayAttributes = (trace) => {
    const place = arrays(trace, trace.type, []).join();
    if (!known.has(place)) known.set(place, find(trace));
    return [...known.get(place)];
  };
};

// What the address asks of the pictures, as ui.ahead says it.
const asked = ({ page, parameters }) => {
  const search = new URLSearchParams(location.search);
  return JSON.stringify([page, ...parameters.map((name) => search.get(name))]);
};

// All pictures of the window: those that wait to be drawn, all by their keys, and the way to what is drawn ahead.
const line = (window.pictureLine ??= begin());
function begin() {
  const made = { waiting: new Map(), busy: false, pictures: new Map() };
  // Browsers that do not tell of it wait for the run of the page, as they do where the way is closed.
  window.navigation?.addEventListener("currententrychange", () => {
    const [any] = made.pictures.values();
    if (!any || made.socket?.readyState !== WebSocket.OPEN || location.pathname !== made.path) return;
    const now = asked(any.told);
    if (now === made.asked) return;
    made.asked = now;
    made.socket.send(location.search);
  });
  return made;
}
// Says that all pictures there are have been drawn. A visit's first run sends what stands below its first one only
// then, and a later run waits for those that came ahead of it.
const tell = () => {
  if (line.drawn && line.socket?.readyState === WebSocket.OPEN) line.socket.send("SEEN");
};
const listen = (token) => {
  if (!token || token === line.token) return;
  line.token = token;
  line.socket?.close();
  const way = new URL(`../../pictures/${token}`, document.querySelector("script[type=module][src]").src);
  way.protocol = way.protocol.replace("http", "ws");
  const socket = (line.socket = new WebSocket(way));
  socket.binaryType = "arraybuffer";
  socket.onmessage = ({ data }) => {
    const text = new TextDecoder().decode(data), told = JSON.parse(text);
    if (told.asked === asked(told)) line.pictures.get(told.key)?.take(text, told);
    if (!line.busy) tell(); // it was there already, or comes too late
  };
  // One that was open once is opened again with the next picture.
  socket.onopen = () => {
    socket.onclose = () => { if (line.socket === socket) line.token = null; };
    tell();
  };
};

// The first picture is seen before the next is drawn; the others follow before all else the browser has to do.
const later = (go) => {
  const after = new MessageChannel();
  after.port1.onmessage = go;
  after.port2.postMessage(0);
};
const painted = (go) => document.hidden ? setTimeout(go) : requestAnimationFrame(() => later(go));
const urgent = (go) => window.scheduler?.postTask ? scheduler.postTask(go, { priority: "user-blocking" }) : later(go);
const next = () => {
  const [first] = line.waiting;
  const then = line.busy ? urgent : painted;
  line.busy = Boolean(first);
  if (!first) return tell();
  line.waiting.delete(first[0]);
  first[1]().catch(console.error).finally(() => then(next));
};
const enqueue = (host, draw) => {
  line.waiting.set(host, draw);
  if (!line.busy) next();
};

// Frames come as columns, a part of all frames beside another (ui.style); numbers as the rows of one packed array.
const KINDS = { f4: Float32Array, f8: Float64Array };
const inRows = ({ bdata, dtype, shape }) => {
  const Kind = KINDS[dtype], size = Number(shape.split(",")[1]) * Kind.BYTES_PER_ELEMENT;
  return (i) => {
    const first = Math.floor((i * size) / 3), last = Math.ceil(((i + 1) * size) / 3); // four letters are three bytes
    const bytes = Uint8Array.from(atob(bdata.slice(4 * first, 4 * last)), (letter) => letter.charCodeAt(0));
    return new Kind(bytes.buffer.slice(i * size - 3 * first, (i + 1) * size - 3 * first));
  };
};
// A picture shows one of its frames: the others are made when they are asked for.
const inFrames = (frames) => {
  if (!frames || Array.isArray(frames)) return frames ?? [];
  const parts = frames.data.map((part) =>
    Object.entries(part).map(([key, { rows, each }]) => [key, rows ? inRows(rows) : (i) => each[i]]));
  const own = Object.entries(frames.own), made = new Array(own[0][1].length);
  const make = (i) => ({
    traces: [...frames.traces],
    data: parts.map((part) => Object.fromEntries(part.map(([key, at]) => [key, at(i)]))),
    ...Object.fromEntries(own.map(([key, each]) => [key, each[i]])),
  });
  for (let i = 0; i < made.length; i++) {
    Object.defineProperty(made, i, { configurable: true, enumerable: true, get: () => {
      const value = make(i);
      Object.defineProperty(made, i, { value, enumerable: true });
      return value;
    } });
  }
  return made;
};

// How high a picture may be for all of the page to be in the window, where it is not as high as its figure says.
const room = (host, { lowest, figure }) => {
  const main = host.closest(".stMain"), all = main?.querySelector(".stMainBlockContainer");
  if (!lowest || !all) return figure.layout.height;
  const below = all.firstElementChild.getBoundingClientRect().bottom + parseFloat(getComputedStyle(all).paddingBottom);
  const free = main.getBoundingClientRect().bottom - below - main.scrollTop;
  return Math.max(lowest, Math.floor(host.clientHeight + free));
};

// A part of a figure with a copy of what a frame says of it: plotly.js writes the next frame into what it was given.
// Arrays, and numbers packed as such, are one value.
const listed = (part) => Array.isArray(part) || ArrayBuffer.isView(part);
const simple = (part) => part && typeof part === "object" && !listed(part) && !part.bdata;
const merged = (part, said) => {
  const found = { ...part };
  for (const [key, value] of Object.entries(said ?? {})) {
    found[key] = simple(part?.[key]) && simple(value) ? merged(part[key], value) : structuredClone(value);
  }
  return found;
};

export default function ({ parentElement, data, setTriggerValue }) {
  const frame = parentElement.querySelector(".picture"), host = frame.firstElementChild;
  const own = (frame.own ??= { width: 0 });
  own.send = setTriggerValue;
  const leave = () => {
    own.watcher.disconnect();
    delete frame.own;
    if (line.pictures.get(own.told.key) === own) line.pictures.delete(own.told.key);
    // In the line, too: what plotly.js is drawing must not lose its ground half-way.
    enqueue(host, async () => {
      window.Plotly?.purge(host);
      host.emit = () => {}; // an animation that was under way goes on asking to tell of its end
    });
  };
  if (own.data === data) return leave;
  own.data = data;
  own.draw ??= async () => {
    // Out of sight it has no width; the watcher draws it when it has one, and knows from here on that it is drawn.
    if (!host.isConnected || !host.clientWidth) return;
    own.fit();
    const Plotly = await load();
    if (!host.isConnected || !host.clientWidth) return;
    const { figure, config, clicks } = own.told, size = own.fit();
    own.due = false;
    host.frames = figure.frames = inFrames(figure.frames);
    // Drawn as its scrubber stands, which then finds it in place.
    host.still = host.frames[frame.dataset.at];
    const series = [...figure.data];
    host.still?.traces.forEach((place, i) => { series[place] = merged(series[place], host.still.data[i]); });
    const layout = merged(merged(figure.layout, host.still?.layout), size);
    await Plotly.react(host, series, layout, config);
    if (clicks) {
      host.removeAllListeners("plotly_click");
      host.on("plotly_click", ({ points: [{ x, y }] }) => own.send("picked", { x, y }));
    }
    host.dispatchEvent(new Event("drawn", { bubbles: true }));
    if (!line.drawn) painted(() => { line.drawn = true; });
  };
  own.fit ??= () => {
    own.width = host.clientWidth;
    own.height = room(host, own.told);
    host.style.height = `${own.height}px`;
    return { width: own.width, height: own.height };
  };
  own.take ??= (text, told) => {
    if (text === own.text) return;
    Object.assign(own, { text, told, due: true });
    frame.ariaLabel = told.alt;
    told.figure.layout.height ??= 450;
    if (!told.lowest || !own.width) host.style.height = `${told.figure.layout.height}px`;
    enqueue(host, own.draw);
  };
  const text = new TextDecoder().decode(data), told = text === own.text ? own.told : JSON.parse(text);
  const now = asked(told);
  // What was drawn ahead for the address as it is now is newer than a run for what it was.
  if (told.asked === now || own.told?.asked !== now) own.take(text, told);
  if (told.asked === now) line.asked = now;
  line.path = location.pathname;
  line.pictures.set(told.key, own);
  listen(told.token);
  own.watcher ??= new ResizeObserver(() => {
    const width = host.clientWidth;
    if (!width || (width === own.width && room(host, own.told) === own.height)) return;
    // It may stand in the line in place of a drawing that is still due.
    enqueue(host, async () => own.due || !host.layout ? own.draw() : window.Plotly.relayout(host, own.fit()));
  });
  own.watcher.observe(host);
  // What takes room from it: the window, and all else on the page.
  for (const part of told.lowest ? [host.closest(".stMain"), host.closest(".stMainBlockContainer")] : []) {
    own.watcher.observe(part);
  }
  return leave;
}
"""
_STYLE = ".picture { width: 100%; overflow: hidden; }"
_picture = st.components.v2.component(
    "picture",
    html='<div class="picture" role="figure"><div></div></div>',
    css=_STYLE,
    js=_DRAW.replace("FILE", PLOTLY).replace("SEEN", ahead.SEEN),
    isolate_styles=False,
)

# Seconds between two deliveries from Streamlit's server to a browser, and what a delivery takes.
FLUSH, DELIVERY = 0.01, 0.002
# The most seconds for which a visit's first run waits until its first picture is on the screen: a browser that has all
# the rest of the page to set up as well shows it a third of a bare page's time later.
FIRST = 3.0
# When the run of the page began, until its first picture has left.
_begun: ContextVar[float | None] = ContextVar("begun", default=None)


def begin() -> None:
    """Note that a run of a page begins: its first picture leaves as soon as it is drawn."""
    _begun.set(time.perf_counter())


def _let_go(line: ahead.Line) -> None:
    """Rest until the server has delivered what the run has drawn: the browser shows it while the rest is made.

    On a visit's first picture, until it is seen. Where others wait for their turn, a rest would only make them later.
    """
    begun = _begun.get()
    if begun is None:
        return
    _begun.set(None)
    first = line.await_first()
    turns.rest(FIRST if first else max(FLUSH - (time.perf_counter() - begun), 0) + DELIVERY, until=first)


def packed(
    line: ahead.Line,
    asked: str,
    figure: Picture,
    key: str,
    alt: str,
    *,
    save_as: str = "",
    clicks: bool = False,
    lowest: int = 0,
) -> bytes:
    """Return all the browser is told of a chart, as bytes: Streamlit would write a mapping as JSON twice.

    `asked` is what the chart is drawn for, as the session's `line` says it.
    """
    camera = {
        "displaylogo": False,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": "png", "filename": save_as, "scale": 3},
    }
    told = {
        "config": camera if save_as else {"displayModeBar": False},
        "alt": alt,
        "clicks": clicks,
        "lowest": lowest,
        "key": key,
        "token": line.token,
        "page": line.page,
        "parameters": line.parameters,
        "asked": asked,
    }
    return f'{{"figure":{figure.to_text()},{json.dumps(told, ensure_ascii=False)[1:]}'.encode()


def draw(
    figure: Picture,
    key: str,
    alt: str,
    *,
    save_as: str = "",
    picked: Callable[[], None] | None = None,
    lowest: int = 0,
) -> None:
    """Draw one chart in its own colours, with the numbers it shows as its accessible name.

    `save_as` names the file that the camera saves; without it there is no camera. `picked` is called when a visitor
    clicks a point: the state under `key` then holds it as "picked", {"x": ..., "y": ...}, in a browser's own words.
    With `lowest` it is as high as the window leaves room for beside all else on the page, but no lower than these
    pixels; without, as high as the figure says.
    """
    line = ahead.line()
    line.drawn = line.place(st.query_params.to_dict())
    data = packed(line, line.drawn, figure, key, alt, save_as=save_as, clicks=picked is not None, lowest=lowest)
    _picture(key=key, data=data, on_picked_change=picked)
    deliveries.deliver()
    _let_go(line)
