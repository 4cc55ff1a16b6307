// Saves what is on screen: a picture as plotly.js draws it, and its numbers from the address it was asked for.

const picture = (key) => document.querySelector(`.st-key-${key} .picture`)?.own;
const named = (made, name, text) => {
  made.textContent = text;
  made.setAttribute("aria-label", `${name} (${text})`);
  return made;
};
const button = (name, text, act) => {
  const made = named(document.createElement("button"), name, text);
  made.type = "button";
  made.onclick = act;
  return made;
};
const table = (page, key, name, form, text) => {
  const made = named(document.createElement("a"), name, text);
  made.download = `${page}-${key}.${form}`;
  made.href = "#";
  // The picture knows the address of what it shows.
  const point = () => { made.href = picture(key)?.table(form) ?? "#"; };
  for (const event of ["pointerdown", "focus", "click"]) made.addEventListener(event, point);
  return made;
};

export default function ({ parentElement, data: { page, pictures, formats, tables } }) {
  parentElement.querySelector("ul").replaceChildren(...Object.entries(pictures).map(([key, name]) => {
    const row = document.createElement("li"), head = document.createElement("span");
    head.textContent = name;
    row.append(head, ...formats.map(([format, light, text]) => button(name, text, () => picture(key)?.save(format, light))),
      ...Object.entries(tables).map(([form, text]) => table(page, key, name, form, text)));
    return row;
  }));
}
