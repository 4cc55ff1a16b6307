// Says in words when the connection to the server is refused or lost: it holds a line of its own, which carries nothing.
//
// It is loaded with the page itself, for without a connection Streamlit runs nothing of ours. That a page has begun is
// what its own element says (window.js): data-begun at the root.

// Milliseconds: until a page has to have begun; between two tries; after which a line that is gone is called lost.
const PATIENCE = 9000, AGAIN = 1500, GONE = 5000;

// What to say: nothing; that the device is offline; that lines are refused; that the connection is lost; that the page is slow.
export const verdict = ({ now, since, open, ever, begun, online, answers }) => {
  if (open) return begun || now - since < PATIENCE ? "" : "slow";
  if (!online) return "offline";
  if (now - since < (ever ? GONE : PATIENCE)) return "";
  return answers && !ever ? "refused" : "lost";
};

const watch = ({ start, words }) => {
  const said = JSON.parse(words), root = document.documentElement, place = document.createElement("div");
  place.setAttribute("role", "alert");
  place.className = "connection";
  place.style.cssText = "position:fixed;left:50%;bottom:1rem;transform:translateX(-50%);width:min(40rem,calc(100vw - 2rem));" +
    "box-sizing:border-box;z-index:1000000;padding:1rem 1.25rem;border:2px solid #fff;border-radius:.5rem;" +
    "background:#1b1f24;color:#fff;font:1rem/1.5 'Source Sans',sans-serif;display:none";
  const text = document.createElement("span"), button = document.createElement("button");
  button.type = "button";
  button.textContent = said.reload;
  button.style.cssText = "display:block;margin-top:.6rem;padding:.4rem .9rem;min-height:2.5rem;font:inherit;cursor:pointer;" +
    "background:#fff;color:#1b1f24;border:2px solid #fff;border-radius:.25rem";
  button.onclick = () => location.reload();
  place.append(text, button);
  const state = { since: performance.now(), open: false, ever: false, answers: false };
  const look = () => {
    const what = verdict({
      ...state, now: performance.now(), begun: root.dataset.begun === "1", online: navigator.onLine,
    });
    if (text.dataset.what === what) return;
    text.dataset.what = what;
    text.textContent = said[what] ?? "";
    place.style.display = what ? "block" : "none";
  };
  const ask = async () => {
    try {
      state.answers = (await fetch(`${start}connection.js`, { cache: "no-store" })).ok;
    } catch { state.answers = false; }
  };
  const call = () => {
    const address = new URL(`${start}connection`, location);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    const line = new WebSocket(address);
    line.onopen = () => {
      Object.assign(state, { open: true, ever: true, answers: true });
      if (root.dataset.begun !== "1") state.since = performance.now();
      look();
    };
    line.onclose = () => {
      if (state.open) state.since = performance.now();
      state.open = false;
      ask().finally(() => { look(); setTimeout(call, AGAIN); });
    };
  };
  document.body.append(place);
  setInterval(look, 500);
  for (const name of ["online", "offline"]) addEventListener(name, look);
  call();
};
// Streamlit opens its side as it was left, which on a phone covers the page: there it begins closed.
const close = () => {
  if (!matchMedia("(max-width: 640px)").matches) return;
  for (const name of Object.keys(localStorage)) if (name.startsWith("stSidebarCollapsed")) localStorage.removeItem(name);
};
const own = globalThis.document?.getElementById("connection-script");
if (own) {
  watch(own.dataset);
  try { close(); } catch { /* a browser that keeps nothing has nothing to close */ }
  addEventListener("pagehide", () => { try { close(); } catch { /* the same */ } });
}
