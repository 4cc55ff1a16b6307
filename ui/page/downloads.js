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

const button = (text, act) => {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.onclick = act;
  return made;
};

export default function ({ parentElement, data: { page, pictures, tables } }) {
  const row = parentElement.querySelector(".row");
  row.replaceChildren(...Object.entries(pictures).flatMap(([key, name]) => {
    const table = document.createElement("a");
    table.textContent = `${name} (CSV)`;
    table.download = `${page}-${key}.csv`;
    table.href = "#";
    // The picture knows the address of what it shows.
    const point = () => {
      const own = document.querySelector(`.st-key-${key} .picture`)?.own;
      table.href = own?.table() ?? "#";
    };
    for (const event of ["pointerdown", "focus", "click"]) table.addEventListener(event, point);
    return [...["svg", "png"].map((format) => button(`${name} (${format.toUpperCase()})`, () => save(page, key, format))),
      ...(tables ? [table] : [])];
  }));
}
