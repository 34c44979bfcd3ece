import assert from "node:assert/strict";
import { test } from "node:test";
import { Outbox, WINDOW } from "../../../src/duologue/web/client/outbox.js";
import { Failure, PROGRESS } from "../../../src/duologue/web/client/outgoing.js";

/** @param {string[]} contents */
function outboxWith(...contents) {
  /** @type {any[]} */
  const told = [];
  const outbox = new Outbox(1, (event) => told.push(event));
  for (const content of contents) outbox.add(content);
  return { outbox, told };
}

/** @param {Outbox} outbox */
function said(outbox) {
  return outbox.toSay().map(({ id, content }) => [id, content]);
}

test("no more than a window is said before the server confirms", () => {
  const { outbox } = outboxWith(...Array(WINDOW + 9).fill("x"));
  assert.deepEqual([outbox.toSay().length, outbox.toSay().length], [WINDOW, 0]);
  outbox.sent(3);
  assert.deepEqual(said(outbox), [
    [WINDOW + 1, "x"],
    [WINDOW + 2, "x"],
    [WINDOW + 3, "x"],
  ]);
});

test("confirmations are told once and never go back", () => {
  const { outbox, told } = outboxWith("one", "two", "three");
  outbox.toSay();
  outbox.sent(2);
  outbox.sent(1);
  outbox.delivered(1);
  outbox.delivered(1);
  outbox.read(3);
  outbox.read(2);
  assert.deepEqual(told, [
    { event: "sent", pairing: 1, id: 2 },
    { event: "delivered", pairing: 1, id: 1 },
    { event: "sent", pairing: 1, id: 3 },
    { event: "delivered", pairing: 1, id: 3 },
    { event: "read", pairing: 1, id: 3 },
  ]);
  assert.deepEqual([outbox.waiting, outbox.size], [[], 0]);
});

test("nobody can confirm what was never there", () => {
  const { outbox, told } = outboxWith("one");
  outbox.read(2 ** 53);
  assert.deepEqual(told, []);
  outbox.toSay();
  outbox.read(2 ** 53);
  assert.deepEqual(outbox.counts, { sent: 1, delivered: 1, read: 1 });
});

test("what was confirmed before it was said again is not said again", () => {
  const { outbox } = outboxWith("one", "two");
  outbox.toSay();
  outbox.goOnAfter(0);
  outbox.sent(1);
  assert.deepEqual(said(outbox), [[2, "two"]]);
});

test("going on from anywhere says each number once in order", () => {
  const { outbox, told } = outboxWith("one", "two", "three");
  outbox.toSay();
  outbox.delivered(2);
  told.length = 0;
  outbox.goOnAfter(-5);
  const first = said(outbox);
  outbox.goOnAfter(5);
  outbox.add("six");
  assert.deepEqual(
    [first, said(outbox), told.map(({ id }) => id)],
    [
      [
        [1, ""],
        [2, ""],
        [3, "three"],
      ],
      [[6, "six"]],
      [0, 5],
    ],
  );
});

test("what was never said here can only be of another", () => {
  const { outbox } = outboxWith("one", "two");
  const unsaid = [0, 1, 9].map((accepted) => outbox.isOfAnother(accepted));
  outbox.toSay();
  const saidAll = [0, 2, 3].map((accepted) => outbox.isOfAnother(accepted));
  outbox.sent(2);
  const sentAll = outbox.isOfAnother(3);
  outbox.add("three");
  const oneMore = [2, 3].map((accepted) => outbox.isOfAnother(accepted));
  assert.deepEqual(
    [unsaid, saidAll, sentAll, oneMore],
    [[false, true, true], [false, false, true], false, [false, true]],
  );
});

test("more than was saved was said by an earlier run if nothing is in doubt", () => {
  const doubtful = [1, 2].map((sent) => {
    const { outbox } = outboxWith();
    outbox.restore({ 1: "one", 2: "two" }, 2, { sent, delivered: 0, read: 0 });
    return [2, 3].map((accepted) => outbox.isOfAnother(accepted));
  });
  assert.deepEqual(doubtful, [
    [false, true],
    [false, false],
  ]);
});

test("a held outbox says nothing until it may go on", () => {
  const { outbox, told } = outboxWith("one");
  outbox.hold();
  outbox.hold();
  const held = said(outbox);
  outbox.goOnAfter(0);
  assert.deepEqual([held, said(outbox)], [[], [[1, "one"]]]);
  assert.deepEqual(told, [{ event: "partner_behind" }, { event: "partner_caught_up" }]);
});

test("a refused message leaves an empty chat in its place", () => {
  const { outbox, told } = outboxWith("one", "two");
  const [first, second] = outbox.waiting;
  outbox.toSay();
  outbox.refuse(1, Failure.TOO_LONG);
  outbox.refuse(1, Failure.TOO_LONG);
  assert.deepEqual(said(outbox), [
    [1, ""],
    [2, "two"],
  ]);
  assert.deepEqual(told, [{ event: "not_delivered", messages: [first] }]);
  outbox.delivered(2);
  assert.deepEqual(
    [first, second].map((message) => [message?.progress, message?.failure, message?.isSettled]),
    [
      ["queued", "message_too_long", true],
      ["delivered", null, true],
    ],
  );
});

test("when the pairing is over all that waits is reported once", () => {
  const { outbox, told } = outboxWith("one", "two");
  const { waiting } = outbox;
  outbox.fail(Failure.PARTNER_LEFT);
  outbox.fail(Failure.ENDED);
  assert.deepEqual(told, [{ event: "not_delivered", messages: waiting }]);
  assert.deepEqual(
    waiting.map(({ failure }) => failure),
    ["partner_left", "partner_left"],
  );
});

test("a restored outbox says what the server did not confirm", () => {
  const { outbox } = outboxWith();
  outbox.restore({ 4: "four", 6: "six" }, 6, { sent: 4, delivered: 3, read: 2 });
  assert.deepEqual(
    [said(outbox), outbox.waiting.map(({ progress }) => progress)],
    [
      [
        [5, ""],
        [6, "six"],
      ],
      ["sent", "queued"],
    ],
  );
});

test("a message comes step by step, and each step implies those before it", () => {
  const { outbox } = outboxWith("one");
  const [message] = outbox.waiting;
  outbox.toSay();
  /** @type {unknown[]} */
  const steps = [];
  for (const confirm of ["sent", "delivered", "read"]) {
    steps.push([message?.progress, PROGRESS.map((step) => message?.hasCome(step))]);
    outbox[/** @type {"sent" | "delivered" | "read"} */ (confirm)](1);
  }
  steps.push([message?.progress, PROGRESS.map((step) => message?.hasCome(step))]);
  assert.deepEqual(steps, [
    ["queued", [true, false, false, false]],
    ["sent", [true, true, false, false]],
    ["delivered", [true, true, true, false]],
    ["read", [true, true, true, true]],
  ]);
});
