import assert from "node:assert/strict";
import { test } from "node:test";

import {
  browserStorage,
  Preferences,
  TabSeat,
  Tickets,
} from "../../../src/duologue/web/page/keeping.js";
import { FakeStorage } from "./fake-storage.js";

const DAY_MS = 24 * 60 * 60 * 1000;

const SAVED = {
  username: "Alice",
  room_code: "8RZ0MQ",
  ticket: "Zm9y",
  pairing: 2,
  partner: "Bob",
  received: 4,
  read: 3,
  last: 12,
  sent: 11,
  delivered: 10,
  partner_read: 9,
  outbox: { 11: "secret", 12: "still" },
};

const DEFAULTS = {
  name: "",
  theme: "system",
  language: "auto",
  sound: true,
  notifications: false,
};

/** @param {Preferences} preferences */
function chosen({ name, theme, language, sound, notifications }) {
  return { name, theme, language, sound, notifications };
}

/** @param {string[]} codes */
function ticketsOf(...codes) {
  return Object.fromEntries(
    codes.map((code, at) => [
      `duologue.ticket.${code}`,
      { ...SAVED, room_code: code, outbox: {}, at },
    ]),
  );
}

/** @returns {(Storage | null)[]} storages that take nothing */
function uselessStorages() {
  const forbidden = new FakeStorage();
  forbidden.isForbidden = true;
  return [null, forbidden, new FakeStorage({ room: 0 })];
}

/** Values of which none is a seat, each for another reason. */
const DAMAGED = [
  "{",
  "null",
  "7",
  "[]",
  ...[
    { username: 1 },
    { room_code: "8RZ0M" },
    { room_code: "8RZ0MU" },
    { room_code: "8RZ0MQ8RZ0M" },
    { room_code: ["8RZ0MQ"] },
    { ticket: "" },
    { ticket: null },
    { partner: undefined },
    { partner: 1 },
    { pairing: -1 },
    { received: "4" },
    { read: 0.5 },
    { last: 2 ** 53 },
    { last: null },
    { sent: null },
    { delivered: undefined },
    { partner_read: [] },
    { outbox: null },
    { outbox: [] },
    { outbox: { 11: 1 } },
    { outbox: { 0: "zero" } },
    { outbox: { 13: "beyond the last" } },
    { outbox: { "1e1": "odd" } },
  ].map((damage) => JSON.stringify({ ...SAVED, ...damage })),
];

test("preferences have defaults, and keep what is chosen under one key", () => {
  const storage = new FakeStorage();
  const preferences = new Preferences(storage);
  const before = chosen(preferences);
  const choice = {
    name: "Ann",
    theme: "dark",
    language: "ko",
    sound: false,
    notifications: true,
  };
  Object.assign(preferences, choice);
  assert.deepEqual(
    [before, chosen(preferences), chosen(new Preferences(storage)), storage.kept],
    [DEFAULTS, choice, choice, { "duologue.preferences": choice }],
  );
});

test("each preference that makes no sense is its default, and the others stay", () => {
  const outcomes = [
    { name: 1, theme: "pink", language: "fr", sound: "no", notifications: 1 },
    { name: "Ann", theme: null },
    { theme: "light", language: "en" },
    { theme: "system", language: "auto", sound: true, notifications: false },
    [],
    "{",
    "null",
  ].map((value) =>
    chosen(new Preferences(new FakeStorage({ items: { "duologue.preferences": value } }))),
  );
  assert.deepEqual(outcomes, [
    DEFAULTS,
    { ...DEFAULTS, name: "Ann" },
    { ...DEFAULTS, theme: "light", language: "en" },
    DEFAULTS,
    DEFAULTS,
    DEFAULTS,
    DEFAULTS,
  ]);
});

test("two tabs do not undo each other's choices", () => {
  const storage = new FakeStorage();
  const [one, other] = [new Preferences(storage), new Preferences(storage)];
  one.theme = "dark";
  other.name = "Ann";
  assert.deepEqual(chosen(one), { ...DEFAULTS, theme: "dark", name: "Ann" });
});

test("preferences hold as long as the page where nothing can be kept", () => {
  const names = uselessStorages().map((storage) => {
    const preferences = new Preferences(storage);
    preferences.name = "Ann";
    preferences.theme = "light";
    return [preferences.name, preferences.theme];
  });
  assert.deepEqual(names, Array(3).fill(["Ann", "light"]));
});

test("the seat of a tab is there again after a reload, whole", () => {
  const storage = new FakeStorage();
  const alone = { ...SAVED, partner: null, outbox: {} };
  const outcomes = [SAVED, alone].map((saved) => [
    new TabSeat(storage).save(saved),
    new TabSeat(storage).load(),
  ]);
  const seat = new TabSeat(storage);
  seat.clear();
  assert.deepEqual(
    [outcomes, seat.load(), storage.keys],
    [
      [
        [true, SAVED],
        [true, alone],
      ],
      null,
      [],
    ],
  );
});

test("a damaged seat is none", () => {
  const seats = DAMAGED.map((text) =>
    new TabSeat(new FakeStorage({ items: { "duologue.seat": text } })).load(),
  );
  assert.deepEqual(seats, Array(DAMAGED.length).fill(null));
});

test("a tab remembers that it was replaced, until it is told otherwise", () => {
  const storage = new FakeStorage();
  const seat = new TabSeat(storage);
  const before = seat.isReplaced;
  seat.isReplaced = true;
  seat.save(SAVED);
  seat.clear();
  const after = [new TabSeat(storage).isReplaced, storage.kept];
  seat.isReplaced = false;
  const odd = new TabSeat(new FakeStorage({ items: { "duologue.replaced": '"yes"' } }));
  assert.deepEqual(
    [before, after, seat.isReplaced, storage.keys, odd.isReplaced],
    [false, [true, { "duologue.replaced": true }], false, [], false],
  );
});

test("a seat gets room from what matters less", () => {
  const storage = new FakeStorage({
    room: 400,
    items: { a: "x".repeat(150), b: "y".repeat(150) },
  });
  const given = /** @type {string[]} */ ([]);
  const giveRoom = () => {
    const key = storage.keys.find((name) => name.length === 1);
    storage.removeItem(key ?? "");
    given.push(key ?? "nothing");
    return key !== undefined;
  };
  const seat = new TabSeat(storage, giveRoom);
  const kept = [seat.save(SAVED), seat.save({ ...SAVED, username: "x".repeat(500) })];
  assert.deepEqual(
    [kept, given, storage.kept],
    [[true, false], ["a", "b", "nothing"], { "duologue.seat": SAVED }],
  );
});

test("a seat holds as long as the page where nothing can be kept", () => {
  const outcomes = uselessStorages().map((storage) => {
    const seat = new TabSeat(storage);
    const isKept = seat.save(SAVED);
    const loaded = seat.load();
    seat.clear();
    seat.isReplaced = true;
    return [isKept, loaded, seat.load(), seat.isReplaced];
  });
  assert.deepEqual(outcomes, Array(3).fill([false, SAVED, null, true]));
});

test("a seat that could not be kept is kept as soon as it can be", () => {
  const storage = new FakeStorage();
  const seat = new TabSeat(storage);
  storage.isForbidden = true;
  const before = seat.save({ ...SAVED, read: 1 });
  storage.isForbidden = false;
  const after = seat.save({ ...SAVED, read: 2 });
  assert.deepEqual([before, after, seat.load()?.read], [false, true, 2]);
});

test("a ticket is remembered with its time, and without a word of what was said", () => {
  const storage = new FakeStorage();
  const tickets = new Tickets(storage, () => 5000);
  tickets.remember(SAVED);
  const remembered = { ...SAVED, outbox: {}, at: 5000 };
  assert.deepEqual(
    [storage.kept, tickets.find("8RZ0MQ"), tickets.find("000000"), tickets.all()],
    [{ "duologue.ticket.8RZ0MQ": remembered }, remembered, null, [remembered]],
  );
});

test("a code may be longer than six characters", () => {
  const storage = new FakeStorage();
  new TabSeat(storage).save({ ...SAVED, room_code: "8RZ0MQ8RZ0" });
  assert.equal(new TabSeat(storage).load()?.room_code, "8RZ0MQ8RZ0");
});

test("tickets come newest first, and are forgotten one by one", () => {
  let now = 1000;
  const storage = new FakeStorage({ items: { "duologue.preferences": {} } });
  const tickets = new Tickets(storage, () => now);
  for (const room_code of ["AAAAAA", "BBBBBB", "CCCCCC", "AAAAAA"]) {
    now += 1;
    tickets.remember({ ...SAVED, room_code, last: now });
  }
  tickets.forget("BBBBBB");
  assert.deepEqual(
    tickets.all().map(({ room_code, last, at }) => [room_code, last, at]),
    [
      ["AAAAAA", 1004, 1004],
      ["CCCCCC", 1003, 1003],
    ],
  );
});

test("a ticket is dropped when no server would take it any more", () => {
  const storage = new FakeStorage({ items: ticketsOf("AAAAAA", "BBBBBB") });
  const tickets = new Tickets(storage, () => 30 * DAY_MS);
  assert.deepEqual(
    [tickets.find("AAAAAA"), tickets.find("BBBBBB")?.room_code, storage.keys],
    [null, "BBBBBB", ["duologue.ticket.BBBBBB"]],
  );
});

test("damaged tickets are dropped, and so are those under another code", () => {
  const damaged = [
    ...DAMAGED.map((text) => text.replace(/}$/, ',"at":1}')),
    JSON.stringify(SAVED),
    JSON.stringify({ ...SAVED, at: "1" }),
    JSON.stringify({ ...SAVED, at: 1, room_code: "ZZZZZZ" }),
  ];
  const outcomes = damaged.map((text) => {
    const storage = new FakeStorage({ items: { "duologue.ticket.8RZ0MQ": text } });
    return [new Tickets(storage, () => 2).all(), storage.keys];
  });
  assert.deepEqual(outcomes, Array(damaged.length).fill([[], []]));
});

test("what was said is not in a ticket, even if someone has put it there", () => {
  const items = { "duologue.ticket.8RZ0MQ": { ...SAVED, at: 1 } };
  const tickets = new Tickets(new FakeStorage({ items }), () => 2);
  assert.deepEqual(tickets.find("8RZ0MQ")?.outbox, {});
});

test("of twenty-one tickets the oldest goes", () => {
  const codes = Array.from({ length: 20 }, (_, place) => `AAAA${place + 10}`);
  const storage = new FakeStorage({ items: ticketsOf(...codes) });
  const tickets = new Tickets(storage, () => 100);
  tickets.remember({ ...SAVED, room_code: "AAAA10" });
  const before = storage.keys.length;
  tickets.remember(SAVED);
  const left = tickets.all().map(({ room_code }) => room_code);
  assert.deepEqual(
    [
      before,
      storage.keys.length,
      left.length,
      left.includes("AAAA11"),
      left.includes("AAAA10"),
    ],
    [20, 20, 20, false, true],
  );
});

test("tickets hold as long as the page where nothing can be kept", () => {
  const outcomes = uselessStorages().map((storage) => {
    const tickets = new Tickets(storage, () => 100);
    tickets.remember(SAVED);
    const codes = tickets.all().map(({ room_code }) => room_code);
    tickets.forget("8RZ0MQ");
    return [codes, tickets.all()];
  });
  assert.deepEqual(outcomes, Array(3).fill([["8RZ0MQ"], []]));
});

test("a browser without a storage, or that forbids to look at it, has none", (t) => {
  const had = Object.getOwnPropertyDescriptor(globalThis, "sessionStorage");
  t.after(() => {
    Reflect.deleteProperty(globalThis, "sessionStorage");
    if (had !== undefined) {
      Object.defineProperty(globalThis, "sessionStorage", had);
    }
  });
  const storage = new FakeStorage();
  const outcomes = [
    () => storage,
    () => undefined,
    () => {
      throw new DOMException("This is forbidden here", "SecurityError");
    },
  ].map((get) => {
    Object.defineProperty(globalThis, "sessionStorage", { configurable: true, get });
    return browserStorage("sessionStorage");
  });
  assert.deepEqual(outcomes, [storage, null, null]);
});
