// Asks for a run of the part of the page it stands in, once the sliders have rested at other values than that was drawn for.
// Meanwhile html[data-following] says that its numbers are still those of the settings before.

// Milliseconds: pictures that a move asks for go before.
const REST = 250;

export default function ({ parentElement, data: { names, heard }, setTriggerValue }) {
  const own = (parentElement.follow ??= {}), root = document.documentElement;
  const values = (said) => JSON.stringify(names.map((name) => said(name) ?? null));
  own.leave?.(); // what the run before has left
  const known = values((name) => heard[name]);
  if (known !== own.known) Object.assign(own, { known, asked: null });
  let resting = 0;
  const look = () => {
    clearTimeout(resting);
    const address = new URLSearchParams(location.search), now = values((name) => address.getAll(name).at(-1));
    root.toggleAttribute("data-following", now !== known);
    if (now === known || now === own.asked) return;
    resting = setTimeout(() => {
      own.asked = now;
      setTriggerValue("rest", now);
    }, REST);
  };
  document.addEventListener("address", look);
  look();
  return own.leave = () => {
    clearTimeout(resting);
    root.removeAttribute("data-following");
    document.removeEventListener("address", look);
  };
}
