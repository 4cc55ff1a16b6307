// Where the handles of a picture stand and what they set: the parts of ui/plot/handles.js that need no browser.

import assert from "node:assert/strict";
import { test } from "node:test";

import { allowed, placeOf, plain, pointAt } from "../../ui/plot/handles.js";

const layout = {
  width: 500, height: 300, margin: { l: 40, r: 10, t: 20, b: 30 },
  xaxis: { range: [-1, 3.5] }, yaxis: { range: [-2, 3], domain: [0, 0.8] },
};

test("a point of a figure stands where its margins, ranges and domains put it, and the other way round", () => {
  assert.deepEqual(placeOf(layout, [-1, -2]).map(Math.round), [40, 270]);
  assert.deepEqual(placeOf(layout, [3.5, 3]).map(Math.round), [490, 70]);
  for (const point of [[0, 0], [1.3, -0.7], [-4, 9]]) {
    pointAt(layout, placeOf(layout, point)).forEach((value, i) => assert.ok(Math.abs(value - point[i]) < 1e-12));
  }
});

test("what a hand sets is a step of the control's, within its ends", () => {
  const control = { low: -1.4, high: 3, step: 0.02 };
  assert.equal(allowed(0.311, control), 0.32);
  assert.equal(allowed(0.3, control), 0.3);
  assert.equal(allowed(-9, control), -1.4);
  assert.equal(allowed(9, control), 3);
});

test("numbers are written as the address writes them", () => {
  assert.equal(plain("0.30000000000000004"), "0.3");
  assert.equal(plain("1990"), "1990");
});
