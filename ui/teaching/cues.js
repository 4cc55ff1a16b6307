// The bar of cues at the foot of a lecture, its keys, and what it tells the notes in a second window and hears of them.

// When the talk began, in milliseconds, for the clock of the notes; and where to a lecture is left that has chosen light or
// dark for its window: it was opened anew for that.
const BEGAN = "lecture-began", THEMED = "lecture-themed";
// Milliseconds after which a clock is one of another day; and after which a move that nobody answered is given up.
const LONGEST = 3 * 3600 * 1000, PATIENCE = 4000;

export default function ({ parentElement, data, setTriggerValue }) {
  // One for the window: the bar is made anew with every page, the strokes that wait are not.
  const own = (window.lectureCues ??= { queue: [], sent: 0, since: 0, blank: false });
  const bar = parentElement.querySelector(".lecture-cues"), blank = parentElement.querySelector(".lecture-blank");
  const code = parentElement.querySelector(".lecture-code");
  const cover = (on) => { own.blank = on; blank.hidden = !on; };
  const scan = (on) => { own.scan = on && Boolean(data.code); code.hidden = !own.scan; };
  const flush = () => {
    if (!own.queue.length || (own.since && performance.now() - own.since < PATIENCE)) return;
    own.since = performance.now();
    own.sent = data.made;
    setTriggerValue("move", own.queue.shift());
  };
  // Streamlit reads from the address of a page that is embedded whether it is light or dark, once, when it is opened.
  const repaint = () => {
    const address = new URL(location);
    address.searchParams.set("embed", "true");
    address.searchParams.set("embed_options", data.theme);
    const bare = new URL(location);
    for (const name of ["lecture", "reveal", "figure", "embed", "embed_options"]) bare.searchParams.delete(name);
    if (!sessionStorage.getItem(THEMED)) sessionStorage.setItem(THEMED, data.home ? new URL(data.home, location) : bare);
    location.assign(address);
  };
  const act = (move) => {
    if (move === "blank") return cover(!own.blank);
    if (move === "code") return scan(!own.scan);
    if (move === "leave" && (own.blank || own.scan)) return scan(cover(false));
    scan(cover(false));
    if (move === "theme") return repaint();
    const home = move === "leave" && sessionStorage.getItem(THEMED);
    if (home) {
      sessionStorage.removeItem(THEMED);
      return location.assign(home);
    }
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
    bar.append(document.createElement("output"));
  }
  bar.onclick = (event) => { const button = event.target.closest("button"); if (button) act(button.dataset.move); };
  for (const [move, text] of data.buttons) bar.querySelector(`[data-move=${move}]`).textContent = text;
  for (const button of bar.querySelectorAll("button")) button.disabled = data.idle.includes(button.dataset.move);
  bar.querySelector("output").textContent = data.position;
  bar.querySelector("output").dataset.place = data.place;
  cover(own.blank);
  scan(own.scan);
  if (data.code) {
    code.querySelector("img").src = data.code.picture;
    code.querySelector("p").textContent = data.code.address;
  }

  if (own.handler) window.removeEventListener("keydown", own.handler, true);
  const handler = own.handler = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const target = event.composedPath()[0];
    if (target.isContentEditable || target.matches?.("textarea, select, input:not([type=range])")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key, move = data.keys[key];
    const slides = target.matches?.("input[type=range]") && /^(Arrow|Home)/.test(key);
    if (!move || slides) return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat) act(move);
  };
  window.addEventListener("keydown", handler, true);
  if (own.sent !== data.made) own.since = 0;
  flush();

  // The page ends above the bar, however many lines its words take.
  own.measure?.disconnect();
  own.measure = new ResizeObserver(() =>
    document.documentElement.style.setProperty("--cues", `${Math.ceil(bar.getBoundingClientRect().height)}px`));
  own.measure.observe(bar);

  const runs = Date.now() - Number(localStorage.getItem(BEGAN)) < LONGEST;
  if (data.place === "1") localStorage.removeItem(BEGAN);
  else if (data.talk && own.place && own.place !== data.place && !runs) localStorage.setItem(BEGAN, Date.now());
  own.place = data.place;
  own.channel?.close(); // of the run before
  const channel = own.channel = new BroadcastChannel("lecture");
  const report = () => { if (data.talk) channel.postMessage({ place: data.place }); };
  channel.onmessage = ({ data: said }) => {
    if (said === "where") report();
    if (said?.move) act(said.move);
  };
  report();
  return () => {
    channel.close();
    own.measure.disconnect();
    if (own.handler === handler) { window.removeEventListener("keydown", handler, true); own.handler = null; }
  };
}
