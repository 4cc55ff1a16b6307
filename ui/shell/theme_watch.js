// Tells the server when the visitor switches the theme: formulas on the page have colours of their own.

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
