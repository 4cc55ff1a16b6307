// The cases to try: links like any other to whoever opens them elsewhere; a plain click sets the controls of the page.

export default function ({ parentElement, data, setTriggerValue }) {
  parentElement.querySelector("ul").replaceChildren(...data.map(({ key, address, title, question }) => {
    const row = document.createElement("li"), link = document.createElement("a"), text = document.createElement("span");
    link.href = address;
    link.textContent = title;
    text.textContent = question;
    link.onclick = (event) => {
      if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      setTriggerValue("case", key);
    };
    row.append(link, text);
    return row;
  }));
}
