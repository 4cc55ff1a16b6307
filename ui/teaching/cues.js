// The bar of cues at the foot of a lecture, its keys, and what it tells the notes in a second window.
// A remote for presenters sends PageUp, PageDown and "." or "b". None of these keys is Streamlit's (r, c, Escape).

const KEYS = { PageDown: "next", ArrowRight: "next", PageUp: "back", ArrowLeft: "back", a: "reveal", Home: "reset",
  b: "blank", ".": "blank" };
// Milliseconds after which a move that nobody answered is given up.
const PATIENCE = 4000;

export default function ({ parentElement, data, setTriggerValue }) {
  // One for the window: the bar is made anew with every page, the strokes that wait are not.
  const own = (window.lectureCues ??= { queue: [], sent: 0, since: 0, blank: false });
  const bar = parentElement.querySelector(".lecture-cues"), blank = parentElement.querySelector(".lecture-blank");
  const cover = (on) => { own.blank = on; blank.hidden = !on; };
  const flush = () => {
    if (!own.queue.length || (own.since && performance.now() - own.since < PATIENCE)) return;
    own.since = performance.now();
    own.sent = data.made;
    setTriggerValue("move", own.queue.shift());
  };
  const act = (move) => {
    if (move === "blank") return cover(!own.blank);
    cover(false);
    own.queue.push(move);
    flush();
  };
  bar.setAttribute("aria-label", data.label);
  if (bar.dataset.made !== "1") {
    bar.dataset.made = "1";
    for (const [move, text, hint] of data.buttons) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = text;
      button.title = hint;
      button.dataset.move = move;
      bar.append(button);
    }
    bar.append(document.createElement("p"), document.createElement("output"));
  }
  bar.onclick = (event) => { const button = event.target.closest("button"); if (button) act(button.dataset.move); };
  for (const button of bar.querySelectorAll("button")) button.disabled = data.idle.includes(button.dataset.move);
  bar.querySelector("p").textContent = data.cue;
  bar.querySelector("output").textContent = data.position;
  bar.querySelector("output").dataset.place = data.place;
  cover(own.blank);

  if (own.handler) window.removeEventListener("keydown", own.handler, true);
  const handler = own.handler = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const target = event.composedPath()[0];
    if (target.isContentEditable || target.matches?.("textarea, select, input:not([type=range])")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key, move = KEYS[key];
    const slides = target.matches?.("input[type=range]") && /^(Arrow|Home)/.test(key);
    if (!move || slides) return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat) act(move);
  };
  window.addEventListener("keydown", handler, true);
  if (own.sent !== data.made) own.since = 0;
  flush();

  const channel = new BroadcastChannel("lecture");
  const report = () => channel.postMessage({ at: data.at, reveal: data.reveal });
  channel.onmessage = (event) => { if (event.data === "where") report(); };
  if (data.at) report();
  return () => {
    channel.close();
    if (own.handler === handler) { window.removeEventListener("keydown", handler, true); own.handler = null; }
  };
}
