// A number for this window of the browser, until it is closed: a reload of the page is no second visitor.

export default function ({ data, setStateValue }) {
  const known = sessionStorage.getItem("class-window");
  const drawn = crypto.getRandomValues(new Uint32Array(5));
  const id = known ?? Array.from(drawn, (n) => n.toString(36).padStart(7, "0")).join("");
  if (!known) sessionStorage.setItem("class-window", id);
  if (data !== id) setStateValue("id", id);
}
