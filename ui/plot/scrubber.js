// A slider over the frames of pictures that are on screen: it moves them without asking the server.

// Milliseconds between two frames of a run, and after the last move before the address follows.
const BRISK = 40, REST = 250;
const show = (chart, frame) => window.Plotly.animate(chart, [frame],
  { mode: "immediate", frame: { duration: 0, redraw: Boolean(frame.layout) }, transition: { duration: 0 } });

export default function ({ parentElement, data }) {
  const find = (selector) => parentElement.querySelector(selector);
  const range = find("input"), button = find("button"), said = find("output"), name = find("label");
  // `known` is what the server last heard through the address. Another start than that is asked for if the address says
  // so, too; if not, the run had read the address before.
  const { start: first, request } = data;
  const own = (parentElement.scrub ??= { index: first, request, known: first, drawn: new Map() });
  const playing = own.leave?.(); // what the run before has left
  const last = data.values.length - 1;
  const asked = () => {
    const found = data.values.indexOf(new URL(location).searchParams.get(data.parameter) ?? data.usual);
    return data.parameter && found >= 0 ? found : data.start;
  };
  const late = own.request === request && (own.known === first || asked() !== first);
  if (!late) Object.assign(own, { request, index: first, known: first });
  own.index = Math.min(own.index, last);
  name.textContent = data.label;
  range.max = last;
  range.setAttribute("aria-label", data.label);

  let waiting = 0, again = false, timer = 0, resting = 0;
  // The pictures say what their frames show.
  const texts = () => chartOf(data.charts[0])?.steps ?? [];
  const chartOf = (key) => document.querySelector(`.st-key-${key} .js-plotly-plot`);
  const paint = () => {
    for (const key of data.charts) {
      const index = own.index, chart = chartOf(key), frame = chart?.frames?.[index], before = own.drawn.get(key);
      const place = document.querySelector(`.st-key-${key} .picture`);
      if (place) place.dataset.at = index; // where the next one is drawn
      if (!frame || !chart.ready || (before?.data === chart.data && before.frame === frame)) continue;
      own.drawn.set(key, { data: chart.data, frame });
      const there = chart.still === frame;
      delete chart.still;
      if (there) chart.dataset.frame = index;
      else show(chart, frame).then(() => { chart.dataset.frame = index; }, () => {}); // refused: a later one came first
    }
  };
  const drawn = () => {
    const asks = chartOf(data.charts[0])?.closest(".picture").dataset;
    if (asks?.asked) own.index = Number(asks.asked);
    delete asks?.asked;
    paint();
    say();
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
    const text = texts()[own.index] ?? data.values[own.index];
    said.textContent = text;
    range.value = own.index;
    button.toggleAttribute("data-first", own.index === 0); // to be pressed now
    range.setAttribute("aria-valuetext", text);
    range.style.setProperty("--part", `${last ? (100 * own.index) / last : 0}%`);
  };
  const rest = () => {
    clearTimeout(resting);
    resting = setTimeout(note, REST);
  };
  const to = (place) => {
    own.index = Math.max(0, Math.min(last, place));
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

  // One over the values of a control that stands elsewhere is taken along where that is moved.
  const follow = () => {
    const place = data.values.indexOf(new URL(location).searchParams.get(data.follows) ?? data.usual);
    if (!data.follows || place < 0 || place === own.known) return;
    own.known = place;
    stop();
    to(place);
  };
  // A picture says when it has been drawn, by whomever.
  document.addEventListener("drawn", drawn);
  document.addEventListener("address", follow);
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
    document.removeEventListener("drawn", drawn);
    document.removeEventListener("address", follow);
    document.removeEventListener("pointerdown", note, true);
    document.removeEventListener("focusout", note, true);
    clearTimeout(resting);
    cancelAnimationFrame(waiting);
    return going;
  };
}
