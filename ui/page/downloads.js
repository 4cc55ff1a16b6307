// Saves what is on screen: a picture as plotly.js draws it, and its numbers from the address it was asked for.

const save = async (page, key, format) => {
  const chart = document.querySelector(`.st-key-${key} .js-plotly-plot`);
  if (!chart || !window.Plotly) return;
  const { width, height } = chart.getBoundingClientRect();
  const link = document.createElement("a");
  link.href = await window.Plotly.toImage(chart, { format, width, height, scale: format === "png" ? 3 : 1 });
  link.download = `${page}-${key}.${format}`;
  link.click();
};

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
  const point = () => { made.href = document.querySelector(`.st-key-${key} .picture`)?.own?.table(form) ?? "#"; };
  for (const event of ["pointerdown", "focus", "click"]) made.addEventListener(event, point);
  return made;
};

export default function ({ parentElement, data: { page, pictures, tables } }) {
  parentElement.querySelector("ul").replaceChildren(...Object.entries(pictures).map(([key, name]) => {
    const row = document.createElement("li"), head = document.createElement("span");
    head.textContent = name;
    row.append(head, ...["svg", "png"].map((format) => button(name, format.toUpperCase(), () => save(page, key, format))),
      ...Object.entries(tables).map(([form, text]) => table(page, key, name, form, text)));
    return row;
  }));
}
