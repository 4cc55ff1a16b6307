// Saves a picture as a file that looks as on screen wherever it is opened: it carries the font it is drawn with, and names
// the page it is from. A browser draws no image with the fonts of the page around it, so a PNG is made from that very SVG.

const FONTS = { normal: "picture-font.woff2", italic: "picture-font-italic.woff2" };
// Pixels of a PNG for each of the screen.
const SCALE = 3;

const inBase64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
let coming = null;
const load = async (file) => {
  const answer = await fetch(new URL(file, import.meta.url));
  if (!answer.ok) throw new Error(`${file} cannot be loaded`);
  return inBase64(new Uint8Array(await answer.arrayBuffer()));
};
const faces = () => (coming ??= Promise.all(Object.entries(FONTS).map(async ([style, file]) =>
  `@font-face{font-family:"Source Sans";font-style:${style};font-weight:400 700;` +
  `src:url(data:font/woff2;base64,${await load(file)}) format("woff2")}`)).then((found) => found.join(""),
  (error) => { coming = null; throw error; }));

// The SVG that plotly.js makes, with a name, what it shows and where it is from, and with rules for its fonts.
export const completed = (svg, rules, name, told, address) => svg.replace(/<svg[^>]*>/, (head) =>
  `${head}<title>${escaped(name)}</title><desc>${escaped(`${told} ${address}`)}</desc>` +
  `<metadata><source xmlns="http://purl.org/dc/elements/1.1/">${escaped(address)}</source></metadata>` +
  `<style>${rules}</style>`);

const crc = (bytes) => {
  let found = ~0;
  for (const byte of bytes) {
    found ^= byte;
    for (let bit = 0; bit < 8; bit++) found = found & 1 ? (found >>> 1) ^ 0xedb88320 : found >>> 1;
  }
  return ~found >>> 0;
};
// A PNG with the address it is from as its text "Source", behind the 33 bytes of its signature and its first chunk.
export const sourced = (png, address) => {
  const text = new TextEncoder().encode(`tEXtSource\0${address}`), chunk = new Uint8Array(text.length + 8);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, text.length - 4);
  chunk.set(text, 4);
  view.setUint32(text.length + 4, crc(text));
  return [png.slice(0, 33), chunk, png.slice(33)];
};

const painted = async (svg, width, height) => {
  const image = new Image(), place = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    image.src = place;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: SCALE * width, height: SCALE * height });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => { canvas.toBlob(done, "image/png"); });
    return new Uint8Array(await blob.arrayBuffer());
  } finally { URL.revokeObjectURL(place); }
};

// `figure` is what plotly.js draws: a chart on the page, or its data and layout.
export const save = async (figure, { file, format, width, height, told, address }) => {
  const made = await window.Plotly.toImage(figure, { format: "svg", width, height });
  const plain = decodeURIComponent(made.slice(made.indexOf(",") + 1));
  const svg = completed(plain, await faces(), document.title, told, address);
  const parts = format === "png" ? sourced(await painted(svg, width, height), address) : [svg];
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(parts, { type: format === "png" ? "image/png" : "image/svg+xml" }));
  link.download = file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
};
