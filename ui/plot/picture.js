// The element that shows one picture: it asks the server for it by address, again for every value under the hand.
//
// What a picture shows is in the address: the settings of the page, what is under the hand in their place, and what the
// run of the page adds (whether the answer is drawn, the language). One request at a time for each picture, always for
// the newest settings; the first picture of the page goes before the others.

import { save } from "./export.js";
import { Handles, plain } from "./handles.js";

// Milliseconds: of rest after which a change is read out; after which the hand rests; after which a wait is said; between
// two turns of the other pictures while the hand moves, of which those that take too long have none.
const HEARD = 700, REST = 180, LONG = 1000, TURN = 300, QUICK = 150;
// Pixels of the screen for which type is set where a picture fills the window: on a larger one all of it grows.
const WIDE = 960, TALL = 720;
// Pixels that the button which saves a picture takes above it, where it is always there: without a mouse.
const CAMERA = 34;
// Pixels between the margins of a sheet of A4.
const PAPER = 690;
export const enlarged = (width, height) => Math.max(1, Math.min(width / WIDE, height / TALL));

// The settings a picture is asked for. `names` says how each is known: what it usually is (left out then), and for a
// slider over a list its options, for the browser's own slider holds the place in the list.
export const query = ({ names, state, moves }, address, hand, moving, theme) => {
  const asked = new URLSearchParams();
  let away = false; // whether the hand holds another value of what takes long to compute for
  for (const [name, { usual, options }] of Object.entries(names)) {
    const place = hand.get(name), said = address.get(name) ?? usual;
    const text = place === undefined ? said : options ? options[place] : plain(place);
    away ||= text !== said && moves.includes(name);
    if (text !== usual && text !== undefined) asked.set(name, text);
  }
  for (const [name, text] of Object.entries(state)) asked.set(name, text);
  if (theme === "dark") asked.set("theme", theme);
  if (moving && away) asked.set("moving", "1");
  return asked.toString();
};

// Where the app starts, from the address of one of its pages: figures are found from there, behind a prefix, too.
export const start = (path, stem) => {
  const parts = path.replace(/\/+$/, "").split("/");
  if (parts.at(-1) === stem) parts.pop();
  return `${parts.join("/")}/`;
};

// A part of a figure with a copy of what a frame says of it: plotly.js writes the next frame into what it was given.
const simple = (part) => part && typeof part === "object" && !Array.isArray(part);
export const merged = (part, said) => {
  const found = { ...part };
  for (const [key, value] of Object.entries(said ?? {})) {
    found[key] = simple(part?.[key]) && simple(value) ? merged(part[key], value) : structuredClone(value);
  }
  return found;
};

// The line in which pictures are drawn, resized and taken away: one at a time, in order, and the screen in between.
// plotly.js draws in steps of its own, and what it is drawing must not lose its ground half-way.
export class Line {
  waiting = new Map();
  busy = false;
  constructor(pause) { this.pause = pause; }
  // `ahead` puts it before what waits: the picture that is under the reader's eyes.
  enqueue(place, work, ahead = false) {
    if (ahead && !this.waiting.has(place)) this.waiting = new Map([[place, work], ...this.waiting]);
    this.waiting.set(place, work);
    if (!this.busy) this.next();
  }
  next() {
    const [first] = this.waiting;
    this.busy = Boolean(first);
    if (!first) return;
    this.waiting.delete(first[0]);
    Promise.resolve().then(first[1]).catch(console.error).finally(() => this.pause(() => this.next()));
  }
}
const later = (go) => {
  const after = new MessageChannel();
  after.port1.onmessage = go;
  after.port2.postMessage(0);
};
const painted = (go) => (document.hidden ? setTimeout(go) : requestAnimationFrame(() => later(go)));

// What all pictures of the window share.
const house = () => (window.pictureHouse ??= makeHouse());
function makeHouse() {
  const made = {
    line: new Line(painted), pictures: new Set(), hand: new Map(), moved: 0, turned: 0, again: 0, theme: look(), resting: 0,
    id: Array.from(crypto.getRandomValues(new Uint32Array(3)), (n) => n.toString(36)).join(""),
  };
  made.all = () => { for (const picture of inOrder(made.pictures)) picture.ask(); };
  made.moving = () => made.hand.size > 0 && performance.now() - made.moved < REST;
  // What a move did is said once to those who hear the page, when the hand has rested for a while.
  made.tell = (text) => {
    clearTimeout(made.telling);
    made.telling = setTimeout(() => {
      if (made.hand.size && performance.now() - made.moved < HEARD) return made.tell(text);
      if (inOrder(made.pictures)[0]?.coming) return made.tell(text); // on a slow machine what comes says more
      made.voice ??= voice();
      if (made.voice.textContent !== text) made.voice.textContent = text;
    }, HEARD);
  };
  // Whether a motion is still to be started. Said here, for a rule of `body:has(.picture...)` has the browser look through
  // the whole page again for every text that plotly.js measures.
  made.begin = () => document.documentElement.toggleAttribute("data-still",
    [...made.pictures].some(({ told, frame }) => told?.begins && !Number(frame.dataset.at)));
  made.hold = (name, text) => made.hand.get(name) !== text && Boolean(made.hand.set(name, text));
  made.move = () => {
    if (!made.moving()) made.turned = performance.now();
    made.moved = performance.now();
    clearTimeout(made.resting);
    made.resting = setTimeout(made.all, REST + 10);
    made.all();
  };
  // The browser's own sliders say every value while the thumb is moved; the address follows when it is let go. A slider
  // that has not the focus is moved by the page, which puts into the address what it means.
  const sliders = new MutationObserver((changes) => {
    let news = false;
    for (const { target } of changes) {
      const name = document.activeElement === target && target.matches("input[type=range]") && control(target);
      if (name) news = made.hold(name, target.value) || news;
    }
    if (news) made.move();
  });
  sliders.observe(document.body, { subtree: true, attributes: true, attributeFilter: ["value", "aria-valuetext"] });
  // Said by window.js. Where the page's run puts a slider into the address, the hand may have gone on.
  document.addEventListener("address", () => {
    for (const name of made.hand.keys()) if (name !== control(document.activeElement)) made.hand.delete(name);
    made.all();
  });
  // Streamlit writes the colours of a theme where its app begins.
  const themes = () => {
    const now = look();
    if (now !== made.theme) { made.theme = now; made.all(); }
  };
  const app = document.querySelector(".stApp");
  if (app) new MutationObserver(themes).observe(app, { attributes: true, attributeFilter: ["class", "style"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => setTimeout(themes, 100));
  return made;
}
// A place that screen readers read out when its text changes, and nobody sees.
function voice() {
  const made = document.createElement("div");
  made.setAttribute("role", "status");
  made.className = "picture-voice";
  document.body.append(made);
  return made;
}
const control = (slider) =>
  [...(slider.closest("[class*=st-key-]")?.classList ?? [])].find((name) => name.startsWith("st-key-"))?.slice(7);
const inOrder = (pictures) => [...pictures].sort((a, b) =>
  a.frame.compareDocumentPosition(b.frame) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1);
function look() {
  const app = document.querySelector(".stApp");
  const [r, g, b] = (app ? getComputedStyle(app).backgroundColor : "").match(/[0-9.]+/g)?.map(Number) ?? [255, 255, 255];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b < 128 ? "dark" : "light";
}
const load = (base, file) => window.Plotly ? Promise.resolve(window.Plotly) :
  (window.plotlyComing ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = base + file;
    script.onload = () => done(window.Plotly);
    script.onerror = () => { window.plotlyComing = null; failed(new Error(`${script.src} cannot be loaded`)); };
    document.head.append(script);
  }));

class Picture {
  width = 0; by = 1; shown = null; since = null; coming = null; due = false; took = 0;
  constructor(frame, parent) {
    this.frame = frame;
    this.host = frame.querySelector(".plot");
    this.refusal = parent.querySelector(".refusal");
    this.caption = parent.querySelector(".caption");
    this.home = house();
    this.home.pictures.add(this);
    this.handles = new Handles(this);
    // What takes room from it: the window, and all else on the page where it is as high as there is room.
    this.watcher = new ResizeObserver(() => this.resized());
    // Its scrubber says which frame it shows: once the motion has begun, its name may tell where that ends.
    this.turns = new MutationObserver(() => { this.name(); this.home.begin(); });
    this.turns.observe(frame, { attributes: true, attributeFilter: ["data-at"] });
  }
  take(told, send) {
    Object.assign(this, { told, send, path: location.pathname, base: start(location.pathname, told.page) });
    this.frame.toggleAttribute("data-begins", Boolean(told.begins));
    this.home.begin();
    load(this.base, told.plotly).catch(() => {});
    if (!this.shown) this.host.style.height = `${told.lowest || told.height}px`;
    this.watcher.observe(this.host);
    for (const part of told.lowest ? [this.host.closest(".stMain"), this.host.closest(".stMainBlockContainer")] : []) {
      this.watcher.observe(part);
    }
    this.ask();
  }
  // What is heard in its place.
  name() {
    if (!this.said) return;
    const { alt, before } = this.said, name = before && !Number(this.frame.dataset.at) ? before : alt;
    if (this.frame.ariaLabel !== name) this.frame.ariaLabel = name;
  }
  // What is to be shown now; null on a page that is being left.
  wanted() {
    if (location.pathname !== this.path) return null;
    return this.at(query(this.told, this.address, this.home.hand, this.home.moving(), this.home.theme));
  }
  get address() { return new URLSearchParams(location.search); }
  // The picture that is first on the page goes before the others. These follow one at a time, whoever waits longest first,
  // when the first has what it shows; while the hand gives it no rest, one of them has a turn now and then.
  yields() {
    const { home } = this, now = performance.now(), pictures = inOrder(home.pictures), [first, ...others] = pictures;
    if (!home.hand.size || !this.shown || this === first) return false;
    this.since ??= now;
    const busy = first.coming || first.wanted() !== first.shown;
    if (!home.moving()) return busy && now - this.since < TURN;
    if (this.took > QUICK || (busy && now - home.turned < TURN)) return true;
    if (others.some((other) => other.coming || (other.since && other.since < this.since && other.took <= QUICK))) return true;
    home.turned = now;
    return false;
  }
  get first() { return inOrder(this.home.pictures)[0] === this; }
  ask() {
    const wanted = this.told && this.wanted();
    if (wanted === null || wanted === undefined || this.coming) return;
    if (wanted === this.shown && !this.stale) { this.since = null; this.wait(false); return; }
    if (this.yields()) {
      this.wait(true);
      this.home.again ||= setTimeout(() => { this.home.again = 0; this.home.all(); }, TURN);
      return;
    }
    this.stale = false;
    this.since = null;
    this.coming = wanted;
    this.wait(true);
    const asked = performance.now();
    this.fetch(wanted).catch((error) => console.error(error)).finally(() => {
      this.took = performance.now() - asked;
      if (this.coming === wanted) this.coming = null;
      if (this.told) this.ask();
    });
  }
  at(asked) { return `${this.base}figures/${this.told.page}/${this.told.key}?${asked}`; }
  // Where the numbers of what is shown are.
  table(form) { return this.shown?.replace("?", `.${form}?`); }
  // Where the page is at the settings of what is shown.
  link() {
    const { names, state: { told, lang } } = this.told;
    const settings = query({ names, state: lang ? { lang } : {}, moves: [] }, this.address, new Map(), false, "light");
    return `${location.origin}${location.pathname}?guess=${told === "0" ? 1 : 0}${settings && "&"}${settings}`;
  }
  // Saves what is shown as "svg" or "png", for light paper where that is asked for.
  async save(format, light = false) {
    const { host, told: { page, key }, shown } = this, { width, height } = this;
    let figure = host;
    if (light) {
      const asked = new URL(shown, location.href);
      asked.searchParams.delete("theme");
      const { layout, ...said } = this.composed(await (await this.get(asked.href)).json());
      figure = { ...said, layout: merged(layout, { width, height }) };
    }
    const file = `${page}-${key}${light ? "-light" : ""}.${format}`;
    await save(figure, { file, format, width, height, told: this.frame.ariaLabel, address: this.link() });
  }
  get(address) {
    // A visitor's own table has a name that stands in no address.
    const own = this.told.table ? { "X-Table": this.told.table } : {};
    return fetch(address, { headers: { "X-Window": this.home.id, ...own } });
  }
  // What is drawn of an answer: its figure as its scrubber stands.
  composed({ data, layout, frames }) {
    const still = frames[this.frame.dataset.at], series = [...data];
    still?.traces.forEach((place, i) => { series[place] = merged(series[place], still.data[i]); });
    return { data: series, layout: merged({ ...structuredClone(layout), uirevision: "kept" }, still?.layout) };
  }
  async fetch(wanted) {
    try {
      const answer = await this.get(wanted);
      if (answer.status === 429) throw new Error("too many pictures are asked for at once");
      const said = await answer.json();
      this.answered = 0;
      if (!this.told) return;
      this.shown = wanted;
      if (said.refusal) return this.refuse(said.refusal);
      this.received(said);
    } catch {
      // The way is broken or full: the picture before stays, and it is tried again, ever more slowly.
      this.answered = Math.min((this.answered || 250) * 2, 10000);
      await new Promise((go) => setTimeout(go, this.answered));
    }
  }
  received(said) {
    this.said = said;
    this.refusal.hidden = true;
    this.host.hidden = false;
    this.due = true;
    this.home.line.enqueue(this.host, () => this.draw(), this.first);
  }
  refuse(sentence) {
    this.due = false; // what was still to be drawn is not asked for any more
    this.wait(false);
    this.refusal.textContent = sentence;
    this.refusal.hidden = false;
    this.host.hidden = true;
    this.caption.hidden = true;
  }
  // Says to those who hear the page, and to whoever tests it, that the picture is not yet the one that is asked for.
  wait(on) {
    this.frame.ariaBusy = String(Boolean(on || this.due));
    if (!on) { clearTimeout(this.long); this.long = 0; delete this.frame.dataset.waits; return; }
    this.long ||= setTimeout(() => { this.frame.dataset.waits = this.told?.working ?? ""; }, LONG);
  }
  async draw() {
    // Out of sight it has no width; the watcher draws it when it has one.
    if (!this.told || !this.host.isConnected || !this.host.clientWidth) return;
    const Plotly = await load(this.base, this.told.plotly);
    if (!this.told || !this.host.isConnected || !this.host.clientWidth) return;
    const { frames, steps, at, caption, grab } = this.said, { camera, clicks } = this.told, host = this.host;
    this.caption.innerHTML = caption;
    this.caption.hidden = !caption || !this.told.captioned;
    this.steady();
    this.due = host.ready = false;
    Object.assign(host, { frames, steps });
    // Drawn as its scrubber stands, which then finds it in place; a setting that asks for another frame goes before.
    if (at !== null && at !== this.placed) this.placed = this.frame.dataset.at = this.frame.dataset.asked = at;
    this.name();
    host.still = frames[this.frame.dataset.at];
    const { data, layout } = this.composed(this.said);
    this.config ??= config(camera, () => this.save("png")); // plotly.js builds all anew where it is another object
    await Plotly.react(host, data, merged(merged(layout, this.fit()), this.headroom(layout, grab)), this.config);
    host.ready = true;
    const words = this.caption.clientHeight ? this.caption.textContent : this.frame.ariaLabel; // as it is seen
    if (this.first && this.words && this.words !== words) this.home.tell(words);
    this.words = words;
    this.handles.draw(grab);
    if (clicks) {
      host.removeAllListeners("plotly_click");
      host.on("plotly_click", ({ points: [{ x, y, data: { meta } }] }) =>
        this.send("picked", { x, y, row: meta?.rows?.[y] }));
    }
    this.wait(false);
    if (this.coming) this.wait(true);
    host.dispatchEvent(new Event("drawn", { bubbles: true }));
    later(this.home.all);
  }
  // What stands below keeps its place while words come and go under the hand.
  steady() {
    const { caption, home: { hand } } = this;
    if (!hand.size || caption.clientWidth !== this.across) caption.style.minHeight = "";
    this.across = caption.clientWidth;
    if (hand.size) caption.style.minHeight = `${caption.getBoundingClientRect().height}px`;
  }
  // How high a picture may be for all of the page to be in the window, where it is not as high as its figure says.
  room() {
    const main = this.host.closest(".stMain"), all = main?.querySelector(".stMainBlockContainer");
    if (!this.told.lowest || !all) return this.said?.layout.height ?? this.told.height;
    const below = all.firstElementChild.getBoundingClientRect().bottom + parseFloat(getComputedStyle(all).paddingBottom);
    const free = main.getBoundingClientRect().bottom - below - main.scrollTop;
    return Math.max(this.told.lowest, Math.floor((this.frame.clientHeight + free) / this.scale()));
  }
  // What keeps the button that saves it off what is drawn; what can be dragged has margins of its own.
  headroom({ margin }, grab) {
    const free = !this.told.camera || grab.length || !(margin?.t < CAMERA);
    return free || !matchMedia("(hover: none)").matches ? {} : { margin: { t: CAMERA } };
  }
  // By how much it is drawn larger than its figure says: where it fills the window it is read from the back of a room.
  scale() { return this.told.lowest ? enlarged(window.innerWidth, window.innerHeight) : 1; }
  fit() {
    const { host } = this, by = this.by = this.scale();
    if (this.told.lowest) Object.assign(host.style, { transform: `scale(${by})`, width: `${100 / by}%` });
    this.width = host.clientWidth;
    this.height = this.room();
    host.style.height = `${this.height}px`;
    // Paper is narrower than most windows: by how much it is printed smaller (window.css).
    this.frame.style.setProperty("--paper", String(Math.min(1, PAPER / (this.width * by))));
    this.frame.style.height = this.told.lowest ? `${this.height * by}px` : "";
    return { width: this.width, height: this.height };
  }
  resized() {
    // On paper it stays as it was drawn: made smaller it would measure itself anew without end.
    if (!this.told || !this.host.clientWidth || matchMedia("print").matches) return;
    const { width, height, by } = this, same = this.host.clientWidth === width && by === this.scale();
    if (!this.due && same && (!this.shown || this.room() === height)) return;
    if (!this.said) return;
    // It may stand in the line in place of a drawing that is still due.
    // Drawn anew from what was said: plotly.js writes into its layout what a narrower place makes of axes of one scale.
    this.home.line.enqueue(this.host, () => this.draw());
  }
  leave() {
    this.watcher.disconnect();
    this.turns.disconnect();
    this.home.pictures.delete(this);
    this.home.begin();
    this.told = null;
    clearTimeout(this.long);
    const host = this.host;
    this.home.line.enqueue(host, () => {
      window.Plotly?.purge(host);
      host.ready = false; // whoever shows a picture here next draws it before it is resized
      host.emit = () => {}; // an animation that was under way goes on asking to tell of its end
    });
  }
}
const config = (title, click) => (title
  ? { displaylogo: false, modeBarButtons: [[{ name: "save", title, icon: window.Plotly.Icons.camera, click }]] }
  : { displayModeBar: false });

export default function ({ parentElement, data, setTriggerValue }) {
  const frame = parentElement.querySelector(".picture");
  const own = (frame.own ??= new Picture(frame, parentElement));
  const grown = data.grown !== own.told?.grown;
  own.stale ||= grown;
  own.take(data, setTriggerValue);
  return () => {
    own.leave();
    delete frame.own;
  };
}
