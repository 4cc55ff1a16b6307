// How a file of a visitor's own is handed over: the parts of ui/lessons/your_table/table_file.js that need no browser.

import assert from "node:assert/strict";
import { test } from "node:test";

import { bytes, fits } from "../../ui/lessons/your_table/table_file.js";

test("a file is handed over up to the last byte that may be", () => {
  assert.equal(fits({ size: 5_000_000 }, 5_000_000), true);
  assert.equal(fits({ size: 5_000_001 }, 5_000_000), false);
});

test("its bytes stand behind the comma of a data address", () => {
  assert.equal(bytes("data:text/csv;base64,YSxi"), "YSxi");
  assert.equal(bytes("data:"), "");
});
