import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { ErrorCode } from "../../../src/duologue/web/client/messages.js";
import { read, Unreadable } from "../../../src/duologue/web/client/reading.js";

const PROTOCOL = readFileSync(new URL("../../../PROTOCOL.md", import.meta.url), "utf8");

/** @param {unknown} text */
function outcome(text) {
  try {
    return read(text);
  } catch (error) {
    if (error instanceof Unreadable) return "unreadable";
    throw error;
  }
}

test("each message that PROTOCOL.md shows to a client of v1 is read as it stands", () => {
  const [, shown = ""] = /Server to v1:\n```json\n(.*?)```/s.exec(PROTOCOL) ?? [];
  const lines = shown.trim().split("\n");
  assert.deepEqual(
    lines.map(outcome),
    lines.map((line) => JSON.parse(line)),
  );
  assert.equal(lines.length, 18);
});

test("each error of PROTOCOL.md has a code, and there are no others", () => {
  const section = PROTOCOL.slice(PROTOCOL.indexOf("\n## Errors"));
  const codes = [...section.matchAll(/^\| `(\w+)` \| `[^`]+` \|/gm)].map(([, code]) => code);
  assert.deepEqual(codes.sort(), Object.values(ErrorCode).sort());
});

test("what a later server adds to a message is no hindrance", () => {
  assert.deepEqual(outcome('{"type":"sent","pairing":1,"id":7,"new":true}'), {
    type: "sent",
    pairing: 1,
    id: 7,
    new: true,
  });
});

test("what only a later server can mean is passed over", () => {
  const later = [
    '{"type":"reaction","id":7}',
    '{"type":"constructor"}',
    '{"type":"error","code":"rate_limited","message":"Slow down"}',
  ];
  assert.deepEqual(later.map(outcome), [null, null, null]);
});

describe("nonsense is not passed over", () => {
  const nonsense = [
    "",
    "{",
    "null",
    "[]",
    "7",
    '"pong"',
    '{"id":7}',
    '{"type":7}',
    '{"type":"sent","pairing":1}',
    '{"type":"sent","pairing":1,"id":"7"}',
    '{"type":"sent","pairing":1,"id":1.5}',
    '{"type":"sent","pairing":1,"id":9007199254740992}',
    '{"type":"sent","pairing":null,"id":1}',
    '{"type":"ticket"}',
    '{"type":"error","code":7,"message":"no"}',
    '{"type":"error","code":"no_partner","message":7}',
    '{"type":"error","code":"no_partner","message":"no","pairing":"1"}',
    '{"type":"room_joined","room_code":"ABC123","pairing":1,"ticket":"t"}',
    '{"type":"connected","client_id":"c","protocol":"p","max_content_bytes":1,"heartbeat_s":"1"}',
    "[".repeat(100_000),
  ];
  for (const text of nonsense) {
    test(text.slice(0, 70) || "(nothing)", () => assert.equal(outcome(text), "unreadable"));
  }
  test("a binary message", () => assert.equal(outcome(new ArrayBuffer(2)), "unreadable"));
});

test("a field is right as the server means it, and no other way", () => {
  const resumed = {
    type: "resumed",
    client_id: "c",
    room_code: "ABC123",
    ticket: "t",
    pairing: 1,
    partner: null,
    partner_here: false,
    accepted: 0,
    delivered: 0,
    partner_read: 0,
  };
  const wrong = { partner: 7, partner_here: 0, accepted: true };
  const outcomes = Object.entries(wrong).map(([name, value]) =>
    outcome(JSON.stringify({ ...resumed, [name]: value })),
  );
  assert.deepEqual(
    [outcome(JSON.stringify(resumed)), ...outcomes],
    [resumed, "unreadable", "unreadable", "unreadable"],
  );
});
