// What a saved picture carries: where it is from, and nothing of it is markup.

import assert from "node:assert/strict";
import { test } from "node:test";

import { completed, sourced } from "../../ui/plot/export.js";

test("an SVG says what it is, what it shows and where it is from", () => {
  const made = completed('<svg class="x" width="3"><g/></svg>', "@font-face{}", "A <b>", "0 < 1 & so on.", "http://h/p?a=1&b=2");
  assert.ok(made.startsWith('<svg class="x" width="3"><title>A &lt;b></title>'));
  assert.ok(made.includes("<desc>0 &lt; 1 &amp; so on. http://h/p?a=1&amp;b=2</desc>"));
  assert.ok(made.includes("<style>@font-face{}</style><g/></svg>"));
});

test("a PNG has its address as a text behind its first chunk, whose sum is right", () => {
  const png = Uint8Array.from({ length: 50 }, (_, place) => place);
  const [head, chunk, rest] = sourced(png, "a");
  assert.deepEqual([head.length, rest.length], [33, 17]);
  assert.equal(new TextDecoder("latin1").decode(chunk.slice(4, -4)), "tEXtSource\0a");
  assert.equal(new DataView(chunk.buffer).getUint32(0), 8);
  // The sum of "tEXtSource\0a" by the rule of the format (ISO 3309), as zlib computes it.
  assert.equal(new DataView(chunk.buffer).getUint32(chunk.length - 4), 3751442992);
});
