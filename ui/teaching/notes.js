// The notes follow the lecture in another window of the same browser, send it their keys, and hold the talk's clock.

// When the talk began, in milliseconds: both windows know it.
const BEGAN = "lecture-began";
export const minutes = (seconds) =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

export default function ({ parentElement, data, setStateValue }) {
  parentElement.leaveNotes?.(); // what the run before has left
  const channel = new BroadcastChannel("lecture");
  channel.onmessage = ({ data: said }) => {
    if (said?.place && said.place !== data.place) setStateValue("place", said.place);
  };
  channel.postMessage("where");

  const keys = (event) => {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (event.ctrlKey || event.altKey || event.metaKey || !data.keys[key]) return;
    event.preventDefault();
    event.stopPropagation();
    if (!event.repeat) channel.postMessage({ move: data.keys[key] });
  };
  window.addEventListener("keydown", keys, true);

  const clock = parentElement.querySelector("time"), plan = parentElement.querySelector("span");
  const again = parentElement.querySelector("button");
  const tick = () => {
    const began = Number(localStorage.getItem(BEGAN));
    clock.textContent = minutes(began ? (Date.now() - began) / 1000 : 0);
  };
  plan.textContent = data.until
    ? data.words.plan.replace("{until}", minutes(60 * data.until)).replace("{all}", minutes(60 * data.all)) : "";
  again.textContent = data.words.again;
  again.onclick = () => { localStorage.setItem(BEGAN, Date.now()); tick(); };
  tick();
  const ticking = setInterval(tick, 500);
  return parentElement.leaveNotes = () => {
    channel.close();
    clearInterval(ticking);
    window.removeEventListener("keydown", keys, true);
  };
}
