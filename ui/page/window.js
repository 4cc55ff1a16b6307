// What the window tells the server: the theme the visitor chose. It says that the page has begun (connection.js waits for
// it), and writes the address for paper.

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
  window.navigation?.addEventListener("currententrychange", paper);
  window.addEventListener("beforeprint", paper);
  look();
  paper();
  return () => {
    watcher.disconnect();
    media.removeEventListener("change", later);
    window.navigation?.removeEventListener("currententrychange", paper);
    window.removeEventListener("beforeprint", paper);
  };
}
