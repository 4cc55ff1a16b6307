// The cases to try: links like any other to whoever opens them elsewhere; a plain click sets the controls of the page.

// The picture a case is about stands far above: into the middle of the window, or with its top where it is too high.
export const bringIntoView = (picture) => picture?.scrollIntoView({
  behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth",
  block: picture.clientHeight < 0.7 * innerHeight ? "center" : "start",
});

export default function ({ parentElement, data, setTriggerValue }) {
  parentElement.querySelector("ul").replaceChildren(...data.map(({ key, address, title, question }) => {
    const row = document.createElement("li"), link = document.createElement("a"), text = document.createElement("span");
    const point = () => {
      const seed = new URLSearchParams(location.search).get("seed");
      link.href = seed ? `${address}&seed=${encodeURIComponent(seed)}` : address;
    };
    for (const event of ["pointerdown", "focus"]) link.addEventListener(event, point);
    point();
    link.textContent = title;
    text.textContent = question;
    link.onclick = (event) => {
      if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      setTriggerValue("case", key);
      bringIntoView(document.querySelector(".picture"));
    };
    row.append(link, text);
    return row;
  }));
}
