// What a picture asks for, and in which order pictures are drawn: the parts of ui/plot/picture.js that need no browser.

import assert from "node:assert/strict";
import { test } from "node:test";

import { enlarged, Line, merged, query, start } from "../../ui/plot/picture.js";

const told = (more = {}) => ({
  names: { overlap: { usual: "0.4" }, noise: { usual: "0" }, alpha: { usual: "1", options: ["0", "0.1", "1"] } },
  state: {},
  moves: ["noise"],
  ...more,
});
const asked = (address, hand = {}, { moving = false, theme = "light", page = told() } = {}) =>
  query(page, new URLSearchParams(address), new Map(Object.entries(hand)), moving, theme);

test("what is usual is left out, and what no picture follows is not asked for", () => {
  assert.equal(asked(""), "");
  assert.equal(asked("overlap=0.4&guess=0&foo=1"), "");
  assert.equal(asked("overlap=0.5&noise=0"), "overlap=0.5");
});

test("what is under the hand goes before the address", () => {
  assert.equal(asked("overlap=0.5", { overlap: "0.6" }), "overlap=0.6");
  assert.equal(asked("overlap=0.5", { overlap: "0.4" }), "");
  assert.equal(asked("", { other: "3" }), "");
});

test("a slider over a list holds the place of its value", () => {
  assert.equal(asked("", { alpha: "1" }), "alpha=0.1");
  assert.equal(asked("alpha=0", { alpha: "2" }), "");
  assert.equal(asked("", { alpha: "7" }), "");
});

test("what the hand holds is written as the address writes it", () => {
  assert.equal(asked("", { overlap: "0.15000000000000002" }), "overlap=0.15");
});

test("a draft is asked for only while something moves that takes long to compute for", () => {
  assert.equal(asked("", { noise: "0.5" }, { moving: true }), "noise=0.5&moving=1");
  assert.equal(asked("", { noise: "0.5" }), "noise=0.5");
  assert.equal(asked("", { overlap: "0.5" }, { moving: true }), "overlap=0.5");
  assert.equal(asked("noise=0.5", { noise: "0.5" }, { moving: true }), "noise=0.5");
});

test("the run adds what the address does not say, and the browser its theme", () => {
  assert.equal(asked("", {}, { page: told({ state: { told: "0", lang: "xx" } }) }), "told=0&lang=xx");
  assert.equal(asked("", {}, { theme: "dark" }), "theme=dark");
});

test("the app starts where its page's own name begins, behind a prefix, too", () => {
  assert.equal(start("/overlap", "overlap"), "/");
  assert.equal(start("/overlap/", "overlap"), "/");
  assert.equal(start("/", "start"), "/");
  assert.equal(start("/school/app/overlap", "overlap"), "/school/app/");
  assert.equal(start("/school/app/", "start"), "/school/app/");
  assert.equal(start("/school/app", "start"), "/school/app/");
});

test("a frame is merged into a copy of a part, arrays whole", () => {
  const part = { line: { width: 2, color: "red" }, x: [1, 2, 3] }, said = { line: { width: 4 }, x: [9] };
  const found = merged(part, said);
  assert.deepEqual(found, { line: { width: 4, color: "red" }, x: [9] });
  said.x.push(10);
  assert.deepEqual(found.x, [9]);
  assert.deepEqual(part.x, [1, 2, 3]);
  assert.deepEqual(merged(part, undefined), part);
});

test("pictures are drawn one at a time, in order, and the newest drawing of a place alone", async () => {
  const pauses = [], log = [];
  const line = new Line((go) => pauses.push(go));
  const rest = () => new Promise((done) => setTimeout(done));
  let release;
  line.enqueue("a", () => new Promise((done) => { log.push("a begins"); release = done; }));
  line.enqueue("b", () => { log.push("b, old"); });
  line.enqueue("b", () => { log.push("b"); });
  line.enqueue("c", () => { log.push("c"); throw new Error("a drawing that fails stops no other"); });
  line.enqueue("d", () => { log.push("d"); });
  line.enqueue("first", () => { log.push("first, old"); }, true);
  line.enqueue("first", () => { log.push("first"); }, true);
  await rest();
  assert.deepEqual(log, ["a begins"]);
  release();
  await rest();
  const said = console.error;
  console.error = () => {};
  while (pauses.length) {
    pauses.shift()();
    await rest();
  }
  console.error = said;
  assert.deepEqual(log, ["a begins", "first", "b", "c", "d"]);
  assert.equal(line.busy, false);
});

test("a picture that fills the window grows with it, and is no smaller than its figure", () => {
  assert.equal(enlarged(1280, 720), 1);
  assert.equal(enlarged(1920, 1080), 1.5);
  assert.equal(enlarged(3840, 2160), 3);
  assert.equal(enlarged(390, 844), 1);
});
