import assert from "node:assert/strict";
import { test } from "node:test";

import { History } from "../../../src/duologue/web/page/history.js";
import { FakeStorage } from "./fake-storage.js";

/** @typedef {import("../../../src/duologue/web/page/history.js").Entry} Entry */

/**
 * @param {number} id
 * @param {string} [content]
 * @returns {Entry & { kind: "chat" }}
 */
function chat(id, content = `chat ${id}`) {
  return { kind: "chat", mine: id % 2 === 0, pairing: 1, id, content, at: 1000 + id };
}

/**
 * @param {History} history
 * @param {number} count
 * @param {string} [content]
 * @returns {number} how many entries had to go
 */
function fill(history, count, content) {
  let dropped = 0;
  for (let id = 1; id <= count; id += 1) {
    dropped += history.append(chat(id, content));
  }
  return dropped;
}

/** @param {History} history */
function idsOf(history) {
  return history.entries.map((entry) => (entry.kind === "chat" ? entry.id : entry.word));
}

/**
 * @param {number} first
 * @param {number} last
 */
function range(first, last) {
  return Array.from({ length: last - first + 1 }, (_, place) => first + place);
}

test("what was said is there again after a reload, in order", () => {
  const storage = new FakeStorage();
  const history = new History(storage);
  /** @type {Entry[]} */
  const entries = [
    chat(1),
    { ...chat(2), failure: "partner_left" },
    { kind: "note", word: "partnerLeft", name: "Bob", at: 5 },
    { kind: "note", word: "away", at: 6 },
  ];
  const dropped = entries.map((entry) => history.append(entry));
  assert.deepEqual(
    [history.entries, new History(storage).entries, dropped, history.isKept],
    [entries, entries, [0, 0, 0, 0], true],
  );
});

test("a chunk has 64 entries, and an append rewrites the last one only", () => {
  const storage = new FakeStorage();
  fill(new History(storage), 130);
  const reloaded = new History(storage);
  storage.writes.length = 0;
  reloaded.append(chat(131));
  assert.deepEqual(
    [storage.keys, storage.writes, idsOf(new History(storage))],
    [
      ["duologue.history.1", "duologue.history.2", "duologue.history.3"],
      ["duologue.history.3"],
      range(1, 131),
    ],
  );
});

test("long chats make shorter chunks, so that each is written quickly", () => {
  const storage = new FakeStorage();
  fill(new History(storage), 6, "x".repeat(16 * 1024));
  const lengths = Object.values(storage.kept).map((entries) => entries.length);
  assert.deepEqual(lengths, [2, 2, 2]);
});

test("chunks are read by number, not by spelling", () => {
  const storage = new FakeStorage({
    items: { "duologue.history.10": [chat(10)], "duologue.history.9": [chat(9)] },
  });
  const history = new History(storage);
  history.append(chat(11));
  assert.deepEqual(
    [idsOf(history), storage.kept["duologue.history.10"]],
    [
      [9, 10, 11],
      [chat(10), chat(11)],
    ],
  );
});

test("the oldest entries beyond the bounds go, from the storage by whole chunks", () => {
  const storage = new FakeStorage();
  const history = new History(storage, { mostEntries: 100 });
  const dropped = fill(history, 200);
  assert.deepEqual(
    [dropped, idsOf(history), storage.keys, idsOf(new History(storage, { mostEntries: 100 }))],
    [
      100,
      range(101, 200),
      ["duologue.history.2", "duologue.history.3", "duologue.history.4"],
      range(101, 200),
    ],
  );
});

test("long chats count by their characters, but the newest always stays", () => {
  const history = new History(null, { mostChars: 10 });
  const dropped = ["aaaa", "bbbb", "cc", "ddddd", "e".repeat(50), "f"].map((content, id) =>
    history.append(chat(id, content)),
  );
  const named = new History(null, { mostChars: 10 });
  named.append({ kind: "note", word: "left", name: "Alexandra", at: 1 });
  const droppedNotes = named.append({ kind: "note", word: "came", at: 2 });
  assert.deepEqual([dropped, idsOf(history), droppedNotes], [[0, 0, 0, 2, 2, 1], [5], 1]);
});

test("an entry that was altered is kept as it is now", () => {
  const storage = new FakeStorage();
  const history = new History(storage);
  fill(history, 70);
  const entry = /** @type {Entry & { kind: "chat" }} */ (history.entries[3]);
  entry.failure = "refused";
  storage.writes.length = 0;
  history.changed(entry);
  history.changed(chat(999));
  assert.deepEqual(
    [storage.writes, new History(storage).entries[3]],
    [["duologue.history.1"], { ...chat(4), failure: "refused" }],
  );
});

test("nothing is left when it is cleared, and it goes on from there", () => {
  const storage = new FakeStorage({ items: { "duologue.seat": {} } });
  const history = new History(storage);
  fill(history, 130);
  const forgotten = history.entries[0];
  history.clear();
  const left = [history.entries.length, storage.keys];
  history.append(chat(1));
  history.changed(/** @type {Entry} */ (forgotten));
  assert.deepEqual(
    [left, storage.keys, idsOf(new History(storage))],
    [[0, ["duologue.seat"]], ["duologue.seat", "duologue.history.1"], [1]],
  );
});

test("what is damaged is left out, and the rest is read", () => {
  const good = chat(1);
  const damaged = [
    null,
    7,
    "text",
    {},
    { ...good, at: "1" },
    { ...good, at: null },
    { ...good, kind: "picture" },
    { ...good, mine: 1 },
    { ...good, pairing: 0.5 },
    { ...good, id: "1" },
    { ...good, content: undefined },
    { ...good, failure: 1 },
    { kind: "note", at: 1 },
    { kind: "note", word: "left", name: 1, at: 1 },
  ];
  const storage = new FakeStorage({
    items: {
      "duologue.history.1": [...damaged, good, ...damaged],
      "duologue.history.2": '[{"kind":"chat"',
      "duologue.history.3": { length: 1 },
      "duologue.history.4": [chat(2)],
      "duologue.history.x": "mine",
      "duologue.history.": "mine",
      "other.history.5": "not ours",
    },
  });
  assert.deepEqual(new History(storage).entries, [good, chat(2)]);
  assert.deepEqual(storage.keys, [
    "duologue.history.1",
    "duologue.history.4",
    "duologue.history.x",
    "duologue.history.",
    "other.history.5",
  ]);
});

test("a full storage keeps the newest, while the page still has all", () => {
  const storage = new FakeStorage({ room: 20_000 });
  const history = new History(storage);
  const dropped = fill(history, 1000);
  const kept = idsOf(new History(storage));
  assert.deepEqual(
    [dropped, history.entries.length, history.isKept, kept],
    [0, 1000, true, range(1001 - kept.length, 1000)],
  );
  assert.ok(kept.length > 64);
});

test("an old entry that had to leave the storage does not come back to it", () => {
  const storage = new FakeStorage({ room: 20_000 });
  const history = new History(storage);
  fill(history, 1000);
  storage.writes.length = 0;
  history.changed(/** @type {Entry} */ (history.entries[0]));
  assert.deepEqual(storage.writes, []);
});

test("what is too long for the storage alone is not kept, what follows is", () => {
  const storage = new FakeStorage({ room: 40_000 });
  const history = new History(storage);
  const kept = [chat(1), chat(2, "x".repeat(50_000)), chat(3)].map((entry) => {
    history.append(entry);
    return history.isKept;
  });
  const reloaded = idsOf(new History(storage));
  fill(history, 70);
  assert.deepEqual([kept, reloaded, history.isKept], [[true, false, true], [1, 3], true]);
});

test("room is given away chunk by chunk, the oldest first, until there is none", () => {
  const storage = new FakeStorage();
  const history = new History(storage);
  fill(history, 130);
  const steps = [1, 2, 3, 4].map(() => [history.giveRoom(), ...storage.keys]);
  history.append(chat(131));
  assert.deepEqual(
    [steps, storage.keys, history.entries.length],
    [
      [
        [true, "duologue.history.2", "duologue.history.3"],
        [true, "duologue.history.3"],
        [true],
        [false],
      ],
      ["duologue.history.4"],
      131,
    ],
  );
});

test("without a storage, or with one that forbids all, it lives in memory", () => {
  const forbidden = new FakeStorage({ items: { "duologue.history.1": [chat(1)] } });
  forbidden.isForbidden = true;
  const outcomes = [null, forbidden].map((storage) => {
    const history = new History(storage, { mostEntries: 100 });
    const isKeptAtFirst = history.isKept && storage === null;
    const dropped = fill(history, 150);
    history.changed(/** @type {Entry} */ (history.entries[0]));
    const before = [
      isKeptAtFirst,
      dropped,
      history.entries.length,
      history.isKept,
      history.giveRoom(),
    ];
    history.clear();
    return [...before, history.entries.length];
  });
  const expected = [false, 50, 100, false, false, 0];
  assert.deepEqual(outcomes, [expected, expected]);
});

test("a storage that forbids all later on costs nothing that is in memory", () => {
  const storage = new FakeStorage();
  const history = new History(storage);
  fill(history, 65);
  storage.isForbidden = true;
  history.append(chat(66));
  const before = [history.isKept, history.giveRoom(), history.entries.length];
  storage.isForbidden = false;
  history.append(chat(67));
  assert.deepEqual(
    [before, history.isKept, idsOf(new History(storage))],
    [[false, false, 66], true, range(1, 67)],
  );
});
