import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Conversation } from "../../../src/duologue/web/client/conversation.js";
import { OutboxError } from "../../../src/duologue/web/client/errors.js";
import { checked } from "../../../src/duologue/web/client/saved.js";

/** @import { Connected, RoomJoined, Said } from "../../../src/duologue/web/client/messages.js" */

const SAVED = Object.freeze({
  username: "Ann",
  room_code: "ABC123",
  ticket: "t1",
  pairing: 1,
  partner: "Ben",
  received: 1,
  read: 1,
  last: 3,
  sent: 2,
  delivered: 1,
  partner_read: 1,
  outbox: { 2: "two", 3: "three" },
});

/** @type {Connected} */
const CONNECTED = {
  type: "connected",
  client_id: "c1",
  protocol: "duologue.v1",
  max_content_bytes: 99,
  heartbeat_s: 25,
};
/** @type {RoomJoined} */
const JOINED = {
  type: "room_joined",
  room_code: "ABC123",
  partner: "Ben",
  pairing: 1,
  ticket: "t1",
};

/**
 * @param {number} id
 * @returns {Said}
 */
function said(id) {
  return { type: "chat", from: "Ben", pairing: 1, id, content: "hi", at: 0 };
}

function seated() {
  const conversation = new Conversation("Ann");
  conversation.joinRoom("ABC123");
  conversation.opened();
  conversation.hear(CONNECTED, 0);
  conversation.toSay();
  conversation.hear(JOINED, 0);
  return conversation;
}

test("a conversation comes back from JSON as it was but for what nobody took", () => {
  const before = seated();
  for (const content of ["one", "two", "three"]) before.send(content);
  before.toSay();
  before.hear({ type: "sent", pairing: 1, id: 2 }, 0);
  before.hear({ type: "partner_read", pairing: 1, id: 1 }, 0);
  before.hear(said(1), 0);
  before.hear(said(2), 0);
  before.markRead({ room_code: "ABC123", pairing: 1, id: 1 });
  const text = JSON.stringify(before.saved());
  const after = Conversation.restored(checked(JSON.parse(text)));
  after.opened();
  assert.deepEqual(
    [JSON.parse(text), after.saved(), after.toSay()],
    [SAVED, SAVED, [{ type: "resume", ticket: "t1", received: 1, read: 1, delivered: 1 }]],
  );
});

test("there is nothing to save without a seat or while leaving", () => {
  const conversation = seated();
  conversation.leave();
  const leaving = conversation.saved();
  conversation.hear({ type: "room_left", client_id: "c2" }, 0);
  assert.deepEqual([leaving, conversation.saved()], [null, null]);
});

test("what was saved for the next run has not failed", () => {
  const outcomes = [true, false].map((isSaved) => {
    const conversation = seated();
    const message = conversation.send("one");
    conversation.happened();
    conversation.end("closed", isSaved);
    conversation.end("again");
    conversation.opened();
    const happened = conversation.happened().map(({ event }) => event);
    return [message.failure, happened, conversation.saved()?.outbox, conversation.link];
  });
  assert.deepEqual(outcomes, [
    [null, ["ended"], { 1: "one" }, "ended"],
    ["ended", ["not_delivered", "ended"], undefined, "ended"],
  ]);
});

describe("what storage has spoiled is not taken", () => {
  const spoiled = {
    ticket: 7,
    partner: {},
    pairing: "1",
    received: -0.5,
    outbox: { 2: null },
  };
  for (const [name, value] of Object.entries({ ...spoiled, last: undefined })) {
    test(name, () => {
      const saved = /** @type {any} */ ({ ...SAVED, [name]: value });
      assert.throws(() => checked(saved), OutboxError);
    });
  }
  test("no outbox", () => {
    assert.throws(
      () => checked(/** @type {any} */ ({ ...SAVED, outbox: undefined })),
      OutboxError,
    );
  });
  test("no number", () => {
    const saved = { ...SAVED, outbox: /** @type {any} */ ({ two: "two" }) };
    assert.throws(() => checked(saved), OutboxError);
  });
});

test("a seat opposite nobody is whole too", () => {
  const saved = { ...SAVED, partner: null };
  assert.equal(checked(saved), saved);
});
