// What the window tells the server: the theme the visitor chose. It says that the page has begun (connection.js waits for
// it), writes the address for paper, keeps the keyboard where it was, and tells the page when the address changes.

// What a keyboard reaches, in order; a part with styles of its own hides it from the page.
const REACHED = "a[href], button:not(:disabled), input:not(:disabled), summary, [tabindex='0']";
const stops = () => [...document.querySelectorAll(".stMain *")].filter((e) => e.shadowRoot || e.matches(REACHED));
// Milliseconds: without a change, after which a run is over; after which a key is not what took a part away.
const QUIET = 250, LATE = 10000;

// Where a run takes away what had the keyboard, such as a guess that has been made, the next thing in its place gets it. On
// another page that is the first thing, also where a link of the page before has become one of the new page.
function keepFocus() {
  let before = [], lost = null, quiet = 0, pressed = 0, path = "";
  const take = () => {
    const left = location.pathname !== path, held = document.activeElement, all = stops();
    const place = left ? null : before.findLast((stop) => stop.isConnected);
    const next = all.slice(all.indexOf(place) + 1).find((e) => e.checkVisibility());
    const free = held === document.body || (left && held === lost);
    lost = null;
    if (free) (next?.shadowRoot?.querySelector(REACHED) ?? next)?.focus();
  };
  const watcher = new MutationObserver(() => {
    if (!lost || (lost.isConnected && location.pathname === path)) return;
    clearTimeout(quiet);
    quiet = performance.now() - pressed < LATE ? setTimeout(take, QUIET) : 0;
  });
  const press = ({ key }) => {
    const here = document.activeElement;
    if (key === "Tab" && location.pathname !== path) return;  // too early on a new page: it still gets its first thing
    clearTimeout(quiet);
    if ((key !== "Enter" && key !== " ") || !here.closest(".stMain")) { if (key === "Tab") lost = null; return; }
    const all = stops();
    [lost, before, pressed, path] = [here, all.slice(0, all.indexOf(here)), performance.now(), location.pathname];
  };
  watcher.observe(document.body, { childList: true, subtree: true });
  document.addEventListener("keydown", press, true);
  return () => {
    clearTimeout(quiet);
    watcher.disconnect();
    document.removeEventListener("keydown", press, true);
  };
}

// Tells the page when its address has changed: a browser without the Navigation API does not say so, and is looked at.
const LOOK = 200;
function tellAddress() {
  const tell = () => document.dispatchEvent(new Event("address"));
  if (window.navigation) {
    window.navigation.addEventListener("currententrychange", tell);
    return () => window.navigation.removeEventListener("currententrychange", tell);
  }
  let last = location.href;
  const looking = setInterval(() => { if (location.href !== last) { last = location.href; tell(); } }, LOOK);
  return () => clearInterval(looking);
}

export default function ({ parentElement, setStateValue, data }) {
  const root = document.documentElement, address = parentElement.querySelector(".paper-address");
  root.dataset.begun = "1";
  root.toggleAttribute("data-compact", data.compact);
  root.style.setProperty("--word-menu", JSON.stringify(data.menu));
  root.style.setProperty("--word-settings", JSON.stringify(data.settings));
  const app = document.querySelector(".stApp");
  if (!app) return;
  let last = data.theme;
  const look = () => {
    const paint = getComputedStyle(app).backgroundColor;
    root.style.setProperty("--page", paint);
    const [r, g, b] = paint.match(/[0-9.]+/g).map(Number);
    const now = 0.2126 * r + 0.7152 * g + 0.0722 * b < 128 ? "dark" : "light";
    root.dataset.look = now;
    if (now !== last) { last = now; setStateValue("theme", now); }
  };
  const paper = () => { address.textContent = location.href; };
  const watcher = new MutationObserver(look);
  watcher.observe(app, { attributes: true, attributeFilter: ["class", "style"] });
  const media = matchMedia("(prefers-color-scheme: dark)");
  const later = () => setTimeout(look, 100);
  media.addEventListener("change", later);
  document.addEventListener("address", paper);
  window.addEventListener("beforeprint", paper);
  const forget = keepFocus(), silent = tellAddress();
  look();
  paper();
  return () => {
    forget();
    silent();
    watcher.disconnect();
    media.removeEventListener("change", later);
    document.removeEventListener("address", paper);
    window.removeEventListener("beforeprint", paper);
  };
}
