/** How far messages have come, as it is shown. */

import assert from "node:assert/strict";
import test from "node:test";
import { Marks } from "../../../src/duologue/web/page/marks.js";

/** @param {number} count */
function marked(count) {
  /** @type {string[]} */
  const shown = [];
  /** @type {string[]} */
  const changes = [];
  const marks = new Marks((/** @type {number} */ id, progress) => {
    shown[id] = progress;
    changes.push(`${id} ${progress}`);
  });
  for (let id = 1; id <= count; id++) {
    marks.add(id, id);
  }
  changes.length = 0;
  return { marks, shown, changes };
}

test("a confirmation counts for everything up to its number, and touches only that", () => {
  const { marks, changes } = marked(4);
  marks.count({ sent: 3 });
  assert.deepEqual(changes.splice(0), ["1 sent", "2 sent", "3 sent"]);
  marks.count({ delivered: 2 });
  assert.deepEqual(changes.splice(0), ["1 delivered", "2 delivered"]);
  marks.count({ read: 1 });
  assert.deepEqual(changes.splice(0), ["1 read"]);
  marks.count({ sent: 4 });
  assert.deepEqual(changes.splice(0), ["4 sent"]);
});

test("what a restarted server has lost is waiting again", () => {
  const { marks, shown } = marked(3);
  marks.count({ sent: 3, delivered: 1 });
  marks.count({ sent: 1 });
  assert.deepEqual(shown.slice(1), ["delivered", "queued", "queued"]);
});

test("a message that comes late is shown as far as it is", () => {
  const { marks, shown } = marked(0);
  marks.count({ sent: 5, delivered: 3, read: 1 });
  for (const id of [1, 3, 5, 6]) {
    marks.add(id, id);
  }
  assert.deepEqual(
    [1, 3, 5, 6].map((id) => shown[id]),
    ["read", "delivered", "sent", "queued"],
  );
});

test("a message that is followed no longer stays as it was", () => {
  const { marks, shown } = marked(2);
  marks.remove(1);
  marks.count({ sent: 2 });
  assert.deepEqual(shown.slice(1), ["queued", "sent"]);
});
