// What is said of a connection: the part of ui/page/connection.js that needs no browser.

import assert from "node:assert/strict";
import { test } from "node:test";

import { verdict } from "../../ui/page/connection.js";

const calm = { now: 0, since: 0, open: true, ever: true, begun: true, online: true, answers: true };

test("a page that has begun on an open line says nothing, ever", () => {
  for (const now of [0, 1e3, 1e6]) assert.equal(verdict({ ...calm, now }), "");
});

test("an open line without a page is slow, and only after a while", () => {
  assert.equal(verdict({ ...calm, begun: false, now: 5000 }), "");
  assert.equal(verdict({ ...calm, begun: false, now: 9500 }), "slow");
});

test("what never opened where the server answers is refused; where it does not, lost", () => {
  const shut = { ...calm, open: false, ever: false, begun: false };
  assert.equal(verdict({ ...shut, now: 5000 }), "");
  assert.equal(verdict({ ...shut, now: 9500 }), "refused");
  assert.equal(verdict({ ...shut, now: 9500, answers: false }), "lost");
});

test("a line that is gone is called lost after some seconds, and at once where the device is offline", () => {
  const gone = { ...calm, open: false };
  assert.equal(verdict({ ...gone, now: 3000 }), "");
  assert.equal(verdict({ ...gone, now: 6000 }), "lost");
  assert.equal(verdict({ ...gone, now: 0, online: false }), "offline");
});
