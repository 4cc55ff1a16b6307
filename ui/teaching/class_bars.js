// The guesses of a class as bars, the right one marked by a word and a colour.

const cell = (tag, content, more = {}) => {
  const made = Object.assign(document.createElement(tag), more);
  made.append(content);
  return made;
};

export default function ({ parentElement, data: { title, rows, right, short } }) {
  parentElement.querySelector("caption").textContent = title;
  parentElement.querySelector("tbody").replaceChildren(...rows.flatMap((row) => {
    const bar = Object.assign(document.createElement("i"), { style: `width: ${100 * row.share}%` });
    const name = document.createElement("tr"), line = document.createElement("tr");
    if (short) {
      line.className = row.right ? "right" : "";
      line.append(cell("th", row.right ? `${row.text}\u00a0\u2713` : row.text, { scope: "row", title: row.right ? right : "" }));
      line.append(cell("td", bar), cell("td", String(row.count)));
      return [line];
    }
    name.className = line.className = row.right ? "right" : "";
    name.append(cell("th", row.right ? `${row.text} (${right})` : row.text, { colSpan: 2, scope: "row" }));
    line.append(cell("td", bar), cell("td", String(row.count)));
    return [name, line];
  }));
}
