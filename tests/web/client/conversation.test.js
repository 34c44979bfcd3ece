import assert from "node:assert/strict";
import { test } from "node:test";
import { Conversation } from "../../../src/duologue/web/client/conversation.js";

/** @import { ServerMessage } from "../../../src/duologue/web/client/messages.js" */

/** @type {ServerMessage} */
const CONNECTED = {
  type: "connected",
  client_id: "c1",
  protocol: "duologue.v1",
  max_content_bytes: 99,
  heartbeat_s: 25,
};

function online() {
  const conversation = new Conversation("Ann");
  conversation.opened();
  conversation.hear(CONNECTED, 0);
  conversation.happened();
  return conversation;
}

test("who has no seat has nothing to lose, to wake for or to say", () => {
  const conversation = online();
  conversation.hear({ type: "error", code: "ticket_refused", message: "no" }, 0);
  conversation.hear({ type: "room_left", client_id: "c2" }, 0);
  conversation.hear({ type: "error", code: "no_partner", message: "", pairing: 1, id: 1 }, 0);
  conversation.hear({ type: "partner_back", accepted: 1 }, 0);
  conversation.hear({ type: "partner_typing" }, 0);
  conversation.hear({ type: "chat", from: "Ben", pairing: 1, id: 2, content: "", at: 0 }, 0);
  conversation.tick(0);
  conversation.typing(0);
  conversation.stopTyping();
  conversation.take({ room_code: "ABC123", pairing: 1, id: 1 });
  const { link, wakesAt, seat } = conversation;
  assert.deepEqual(
    [link, wakesAt, seat, conversation.toSay(), conversation.happened()],
    ["online", null, null, [], []],
  );
});

test("a code is said as one that the server can read", () => {
  const conversation = online();
  conversation.joinRoom("\ud83d8rz");
  assert.deepEqual(conversation.toSay().at(-1), { type: "join_room", room_code: "\ufffd8rz" });
});

test("of two seats that the server gives, the first counts", () => {
  const conversation = online();
  conversation.createRoom();
  conversation.toSay();
  for (const room_code of ["ABC123", "DEF456"]) {
    conversation.hear({ type: "room_created", room_code, pairing: 0, ticket: "t" }, 0);
  }
  assert.deepEqual(
    [conversation.seat?.roomCode, conversation.happened().length],
    ["ABC123", 1],
  );
});

test("who was leaving has left, when the ticket is no good any more", () => {
  const conversation = online();
  conversation.createRoom();
  conversation.toSay();
  conversation.hear({ type: "room_created", room_code: "ABC123", pairing: 0, ticket: "t" }, 0);
  conversation.closed();
  conversation.leave();
  conversation.happened();
  conversation.opened();
  const said = [conversation.toSay(), conversation.toSay()];
  conversation.hear({ type: "error", code: "ticket_refused", message: "no" }, 0);
  conversation.hear(CONNECTED, 0);
  assert.deepEqual(
    [said.flat().length, conversation.happened(), conversation.seat, conversation.toSay()],
    [1, [{ event: "room_left" }, { event: "online" }], null, []],
  );
});
