// Handles over the points of a picture that a hand may drag: where they stand, and what they set.

// A number as the address writes it: a slider's own steps leave traces such as 0.30000000000000004.
export const plain = (text) => String(Number(Number(text).toPrecision(12)));

// Where a point of a figure stands in its picture, in pixels, and which point stands at a place: from the sizes, margins
// and ranges that its layout says, and nothing else. Both ways for each of the two axes.
const axes = ({ width, height, margin, xaxis, yaxis }) => [
  [xaxis, margin.l, width - margin.l - margin.r, 0], [yaxis, margin.t, height - margin.t - margin.b, 1],
].map(([{ range: [low, high], domain: [from, to] = [0, 1] }, edge, long, down]) => {
  const begin = edge + long * (down ? 1 - to : from), reach = long * (to - from);
  const share = (part) => (down ? 1 - part : part);
  return {
    pixel: (value) => begin + reach * share((value - low) / (high - low)),
    value: (pixel) => low + (high - low) * share((pixel - begin) / reach),
  };
});
export const placeOf = (layout, point) => axes(layout).map(({ pixel }, i) => pixel(point[i]));
export const pointAt = (layout, place) => axes(layout).map(({ value }, i) => value(place[i]));
// A number as near as its control allows.
export const allowed = (value, { low, high, step }) =>
  Number((step * Math.round(Math.min(high, Math.max(low, value)) / step)).toPrecision(12));

// The handles of one picture: they are dragged by mouse, by finger, or by the arrow keys (with Shift in the
// finest steps). While one is held it stands where the hand is, and the picture follows; the address follows at the end.
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] }, BY_KEY = 5;
export class Handles {
  buttons = new Map();
  held = null;
  constructor(picture) { this.picture = picture; }
  get layout() {
    const { host: { layout }, width, height } = this.picture;
    return { ...layout, width, height };
  }
  draw(grab) {
    const { home, told, address } = this.picture;
    for (const [label, button] of this.buttons) {
      if (grab.some((handle) => handle.label === label)) continue;
      button.remove();
      this.buttons.delete(label);
    }
    for (const handle of grab) {
      const button = this.buttons.get(handle.label) ?? this.make(handle.label);
      button.handle = handle;
      button.setAttribute("aria-label", `${handle.label}, ${handle.at.map(plain).join(" | ")}: ${told.drag}`);
      // What the hand holds, or has put into the address, goes before what has been drawn: the next picture is on its way.
      const stands = (name) => home.hand.get(name) ?? address.get(name) ?? told.names[name].usual;
      this.put(button, [handle.x, handle.y].map((name) => Number(stands(name))));
    }
  }
  put(button, at) {
    button.at = at;
    // On a large screen the picture is enlarged, and its handles stand over it.
    const [left, top] = placeOf(this.layout, at).map((pixel) => pixel * this.picture.by);
    Object.assign(button.style, { left: `${left}px`, top: `${top}px` });
  }
  make(label) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "handle" });
    this.buttons.set(label, button);
    this.picture.frame.append(button);
    let off = [0, 0];
    const pointer = ({ clientX, clientY }) => {
      const { left, top } = this.picture.frame.getBoundingClientRect();
      return [clientX - left, clientY - top].map((pixel) => pixel / this.picture.by);
    };
    button.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      button.setPointerCapture(event.pointerId);
      button.focus({ preventScroll: true });
      const at = pointer(event);
      off = placeOf(this.layout, button.at).map((place, i) => place - at[i]);
      this.held = button;
      event.preventDefault();
    });
    button.addEventListener("pointermove", (event) => {
      if (this.held !== button || !button.hasPointerCapture(event.pointerId)) return;
      this.to(button, pointAt(this.layout, pointer(event).map((place, i) => place + off[i])));
    });
    for (const end of ["pointerup", "pointercancel", "keyup", "blur"]) {
      button.addEventListener(end, () => { this.held = null; this.note(button); });
    }
    button.addEventListener("keydown", (event) => {
      const way = KEYS[event.key];
      if (!way) return;
      event.preventDefault();
      const { x, y } = button.handle, { names } = this.picture.told, by = event.shiftKey ? 1 : BY_KEY;
      this.to(button, [x, y].map((name, i) => button.at[i] + way[i] * by * names[name].step));
    });
    return button;
  }
  to(button, point) {
    const { home, told } = this.picture, { x, y } = button.handle;
    const at = [x, y].map((name, i) => allowed(point[i], told.names[name]));
    this.put(button, at);
    const news = [x, y].map((name, i) => home.hold(name, String(at[i])));
    if (news.some(Boolean)) home.move();
  }
  // What the hand has set goes into the address, so that the picture as it stands is a link.
  note(button) {
    const { home, told } = this.picture, address = new URL(location);
    for (const name of [button.handle.x, button.handle.y]) {
      const text = home.hand.get(name);
      if (text === undefined) continue;
      if (plain(text) === told.names[name].usual) address.searchParams.delete(name);
      else address.searchParams.set(name, plain(text));
    }
    if (address.href !== location.href) history.replaceState(history.state, "", address);
  }
}
