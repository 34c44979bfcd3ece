import assert from "node:assert/strict";
import { test } from "node:test";
import { MessageTooLong } from "../../../src/duologue/web/client/errors.js";
import { Seat } from "../../../src/duologue/web/client/seat.js";

/** @import { Event } from "../../../src/duologue/web/client/events.js" */

function seatOppositeBen() {
  /** @type {Event[]} */
  const told = [];
  const seat = new Seat("ABC123", "t1", 1, "Ben", (event) => told.push(event));
  return { seat, told };
}

test("a seat wakes when the first of the two is to stop typing", () => {
  const { seat } = seatOppositeBen();
  const moments = [seat.wakesAt];
  seat.press(1000);
  moments.push(seat.wakesAt);
  seat.hear({ type: "partner_typing" }, 0);
  moments.push(seat.wakesAt);
  seat.press(9000);
  moments.push(seat.wakesAt);
  seat.tick(6000);
  moments.push(seat.wakesAt);
  seat.hear({ type: "partner_typing" }, 0);
  seat.ownTyping.stop();
  moments.push(seat.wakesAt);
  assert.deepEqual(moments, [null, 5000, 5000, 6000, 13_000, 6000]);
});

test("a chat that is refused for a reason of its own has failed, its number has not", () => {
  const { seat, told } = seatOppositeBen();
  const message = seat.send("one");
  seat.toSay();
  seat.refused({ type: "error", code: "invalid_message", message: "no", pairing: 1, id: 1 }, 1);
  assert.deepEqual(
    [message.failure, told, seat.toSay()],
    [
      "refused",
      [{ event: "not_delivered", messages: [message] }],
      [{ type: "chat", pairing: 1, id: 1, content: "" }],
    ],
  );
});

test("a chat that is out of order by nobody knows how much has failed too", () => {
  const { seat } = seatOppositeBen();
  const message = seat.send("one");
  seat.refused({ type: "error", code: "out_of_order", message: "no", pairing: 1, id: 1 }, 1);
  assert.equal(message.failure, "refused");
});

test("half a character is said as one that the server can read, and counts as such", () => {
  const { seat } = seatOppositeBen();
  seat.limitBytes = 4;
  const message = seat.send("\ud83da");
  assert.throws(() => seat.send("\ud83dab"), { sizeBytes: 5, limitBytes: 4 });
  assert.throws(() => seat.send("\ud83dab"), MessageTooLong);
  assert.deepEqual(
    [message.content, seat.toSay()],
    ["\ufffda", [{ type: "chat", pairing: 1, id: 1, content: "\ufffda" }]],
  );
});

test("a seat that has nothing to say says nothing", () => {
  const { seat } = seatOppositeBen();
  assert.deepEqual([seat.toSay(), seat.toSay()], [[], []]);
});

test("a pairing begins once", () => {
  const { seat, told } = seatOppositeBen();
  const message = seat.send("one");
  for (const pairing of [0, 1]) {
    seat.hear({ type: "partner_joined", username: "Eve", pairing, ticket: "t0" }, 0);
  }
  assert.deepEqual(
    [seat.partner, seat.ticket, seat.outbox.waiting, told],
    ["Ben", "t1", [message], []],
  );
});
