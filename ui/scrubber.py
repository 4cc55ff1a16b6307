"""The scrubber: a slider that moves charts through their frames in the visitor's browser, without asking the server."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from ui import ahead, lecture
from ui.controls import Control, Scrub
from ui.language import say

# A chart comes and goes with the runs of the page; whenever it has been drawn anew it is taken to where
# the slider stands. A frame of traces alone is put in place without redrawing the layout, which
# halves its cost.
_SCRUB = """
// Milliseconds between two frames of a run, and after the last move before the address follows.
const BRISK = 40, REST = 250;
const show = (chart, frame) => window.Plotly.animate(chart, [frame],
  { mode: "immediate", frame: { duration: 0, redraw: Boolean(frame.layout) }, transition: { duration: 0 } });

export default function ({ parentElement, data }) {
  const find = (selector) => parentElement.querySelector(selector);
  const range = find("input"), button = find("button"), said = find("output"), name = find("label");
  // `known` is what the server last heard through the address. Another start than that is asked for if the address says
  // so, too; if not, the run had read the address before.
  const { start: index, wish } = data, own = (parentElement.scrub ??= { index, wish, known: index, drawn: new Map() });
  const playing = own.leave?.(); // what the run before has left
  const last = data.texts.length - 1;
  const asked = () => {
    const found = data.values.indexOf(new URL(location).searchParams.get(data.parameter) ?? data.usual);
    return data.parameter && found >= 0 ? found : data.start;
  };
  const late = own.wish === wish && (own.known === index || asked() !== index);
  if (!late) Object.assign(own, { wish, index, known: index });
  own.index = Math.min(own.index, last);
  name.textContent = data.label;
  range.max = last;
  range.setAttribute("aria-label", data.label);

  let waiting = 0, again = false, timer = 0, resting = 0;
  const chartOf = (key) => document.querySelector(`.st-key-${key} .js-plotly-plot`);
  const paint = () => {
    for (const key of data.charts) {
      const chart = chartOf(key), frame = chart?.frames?.[own.index], before = own.drawn.get(key), index = own.index;
      const place = document.querySelector(`.st-key-${key} .picture`);
      if (place) place.dataset.at = index; // where the next one is drawn
      if (!frame || !chart._fullLayout?._size || (before?.data === chart.data && before.frame === frame)) continue;
      own.drawn.set(key, { data: chart.data, frame });
      const there = chart.still === frame;
      delete chart.still;
      if (there) chart.dataset.frame = index;
      else show(chart, frame).then(() => { chart.dataset.frame = index; }, () => {}); // refused: a later one came first
    }
  };
  // At once, but no more than once a frame of the browser.
  const soon = () => {
    again = Boolean(waiting);
    if (waiting) return;
    paint();
    waiting = requestAnimationFrame(() => { waiting = 0; if (again) soon(); });
  };
  // The address follows once the hand rests or turns to something else, so that the picture as it stands is a link.
  // Where it asks for something else than it was left at, the server has changed it since, and its run is coming.
  const note = () => {
    clearTimeout(resting);
    if (!data.parameter || own.index === own.known || asked() !== own.known) return;
    const address = new URL(location), value = data.values[own.index];
    own.known = own.index;
    if (value === data.usual) address.searchParams.delete(data.parameter);
    else address.searchParams.set(data.parameter, value);
    history.replaceState(history.state, "", address);
  };
  const say = () => {
    const text = data.texts[own.index];
    said.textContent = text;
    range.value = own.index;
    range.setAttribute("aria-valuetext", text);
    range.style.setProperty("--part", `${last ? (100 * own.index) / last : 0}%`);
  };
  const rest = () => {
    clearTimeout(resting);
    resting = setTimeout(note, REST);
  };
  const to = (index) => {
    own.index = Math.max(0, Math.min(last, index));
    say();
    soon();
    rest();
  };

  // Whoever wants less motion gets a tenth of the way at a click in place of a run.
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    button.textContent = still ? data.words.step : data.words.play;
    button.setAttribute("aria-label", `${button.textContent}: ${data.label}`);
  };
  button.onclick = () => {
    if (timer) return stop();
    const from = own.index >= last ? 0 : own.index;
    if (still) return to(own.index >= last ? 0 : own.index + Math.ceil(last / 10));
    to(from);
    play();
  };
  const play = () => {
    timer = setInterval(() => (own.index >= last ? stop() : to(own.index + 1)), BRISK);
    button.textContent = data.words.pause;
    button.setAttribute("aria-label", `${button.textContent}: ${data.label}`);
  };
  range.oninput = () => { stop(); to(Number(range.value)); };

  // A picture says when it has been drawn, by whomever.
  document.addEventListener("drawn", paint);
  document.addEventListener("pointerdown", note, true);
  document.addEventListener("focusout", note, true);
  stop();
  say();
  paint();
  if (playing) play();
  rest();
  return own.leave = () => {
    const going = Boolean(timer);
    stop();
    document.removeEventListener("drawn", paint);
    document.removeEventListener("pointerdown", note, true);
    document.removeEventListener("focusout", note, true);
    clearTimeout(resting);
    cancelAnimationFrame(waiting);
    return going;
  };
}
"""
_HTML = (
    '<div class="row"><button type="button"></button><label></label><input type="range" min="0"><output></output></div>'
)
_STYLE = """
.row {
  display: grid; grid-template-columns: auto 1fr auto; align-items: center; column-gap: 0.75rem;
  font: inherit; font-size: 0.9375rem; color: var(--st-text-color); padding: 0.125rem 0;
}
button {
  grid-row: 1 / span 2; font: inherit; color: var(--st-text-color); background: transparent; cursor: pointer;
  border: 1px solid var(--st-border-color); border-radius: var(--st-base-radius); min-width: 4.5rem;
  min-height: 2.5rem; padding: 0 0.75rem;
}
button:hover, button:focus-visible { border-color: var(--st-primary-color); color: var(--st-primary-color); }
label { grid-column: 2; grid-row: 1; }
output { grid-column: 3; grid-row: 1; font-variant-numeric: tabular-nums; font-weight: 600; text-align: right; }
input {
  grid-column: 2 / span 2; grid-row: 2; width: 100%; min-height: 1.75rem; margin: 0; cursor: pointer;
  accent-color: var(--st-primary-color);
}
@media (max-width: 500px) { button { min-width: 3.5rem; } }
"""
_scrub = st.components.v2.component("scrub_chart", html=_HTML, css=_STYLE, js=_SCRUB)

# How often the session has asked for values: a case that is chosen again is asked for again.
_WISHES = "wishes"


def wish() -> None:
    """Note that the session's scrubbers are asked for a value, whatever has been done with them since the last time."""
    st.session_state[_WISHES] = st.session_state.get(_WISHES, 0) + 1


def scrub(
    charts: str | Sequence[str],
    control: Control,
    texts: Sequence[str],
    value: float,
    *,
    play: str | None = None,
    linked: bool = True,
) -> None:
    """Offer a slider over the frames of the charts drawn under these keys: in each one frame a value, and one text.

    It stands at `value` at first, and again whenever the address asks for another; between runs of the page it stays
    where the visitor left it. `texts` says what each frame shows, on screen and to those who hear it; `play` is the
    word on the button that runs through the frames. One that is not `linked` is no part of the address.
    """
    if not isinstance(control, Scrub):
        raise TypeError(f"{control.key} is no scrubber: declare it as a Scrub")
    values = [control.shown(v) for v in control.values]
    keys = [charts] if isinstance(charts, str) else list(charts)
    data = {
        "charts": keys,
        "label": say(control.label),
        "words": {"play": play or say("Play"), "pause": say("Pause"), "step": play or say("Step")},
        "texts": list(texts),
        "start": control.values.index(value),
        "wish": ahead.session().get(_WISHES, 0),
        "parameter": control.key if linked else "",
        "values": values,
        "usual": control.shown(control.usual),
    }
    lecture.beside(keys, partial(_scrub, key=f"scrub_{control.key}", data=data))
