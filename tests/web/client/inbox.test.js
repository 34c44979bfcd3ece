import assert from "node:assert/strict";
import { test } from "node:test";
import { Inbox } from "../../../src/duologue/web/client/inbox.js";

/** @param {Inbox} inbox */
function said(inbox) {
  return inbox.toSay().map(({ type, id }) => `${type} ${id}`);
}

/** @param {number[]} numbers */
function inboxWith(...numbers) {
  const inbox = new Inbox(1);
  for (const number of numbers) inbox.arrive(number, false);
  return inbox;
}

test("what is taken or seen is said once and merged", () => {
  const inbox = inboxWith(1, 2, 3);
  const steps = [inbox.toSay()];
  inbox.take(1);
  inbox.take(2);
  steps.push(inbox.toSay());
  inbox.see(9);
  steps.push(inbox.toSay(), inbox.toSay());
  assert.deepEqual(steps, [
    [],
    [{ type: "received", pairing: 1, id: 2 }],
    [
      { type: "received", pairing: 1, id: 3 },
      { type: "read", pairing: 1, id: 3 },
    ],
    [],
  ]);
});

test("a repeat is acknowledged again as far as it was taken", () => {
  const inbox = inboxWith(1, 2, 3);
  inbox.see(2);
  inbox.toSay();
  inbox.repeated(3);
  const beyond = said(inbox);
  inbox.repeated(2);
  assert.deepEqual([beyond, said(inbox)], [[], ["received 2", "read 2"]]);
});

test("an empty chat waits only for those before it", () => {
  const inbox = inboxWith(1);
  inbox.arrive(2, true);
  const before = inbox.received;
  inbox.take(1);
  assert.deepEqual([before, inbox.received], [0, 2]);
});

test("what was seen before is not unseen", () => {
  const inbox = inboxWith(1, 2);
  inbox.see(2);
  inbox.see(1);
  assert.equal(inbox.read, 2);
});

test("a restored inbox goes on after what was taken", () => {
  const inbox = new Inbox(1);
  inbox.restore(7, 5);
  assert.deepEqual([inbox.arrived, inbox.received, inbox.read], [7, 7, 5]);
});
