import assert from "node:assert/strict";
import { test } from "node:test";
import { Entrance } from "../../../src/duologue/web/client/entrance.js";
import { ErrorCode } from "../../../src/duologue/web/client/messages.js";

/** @import { Wish } from "../../../src/duologue/web/client/entrance.js" */

/** @type {Wish} */
const CREATE = { type: "create_room" };
/** @type {Wish} */
const JOIN = { type: "join_room", room_code: "ABC123" };
const ANN = { type: "set_username", username: "Ann" };

/**
 * @param {string} username
 * @param {Wish | null} [wish]
 */
function entranceOf(username, wish = null) {
  const entrance = new Entrance(username);
  entrance.wish = wish;
  return entrance;
}

test("name and wish are said once a connection", () => {
  const entrance = entranceOf("Ann", CREATE);
  const said = [entrance.toSay(false, false), entrance.toSay(false, true)];
  said.push(entrance.toSay(false, true));
  entrance.closed();
  said.push(entrance.toSay(false, true));
  assert.deepEqual(said, [[], [ANN, CREATE], [], [ANN, CREATE]]);
});

test("a join names the first attempt since the last answer", () => {
  const entrance = entranceOf("Ann");
  const joins = ["a", "b", "c", "d"].map((clientId) => {
    entrance.clientId = clientId;
    entrance.wish = JOIN;
    const join = entrance.toSay(false, true).at(-1);
    if (clientId === "c") entrance.forgetWish();
    entrance.closed();
    return join;
  });
  const again = { ...JOIN, client_id: "a" };
  assert.deepEqual(joins, [JOIN, again, again, JOIN]);
});

test("an error is heard by who still waits for the answer", () => {
  const entrance = entranceOf("Ann");
  const heard = [entrance.refused(ErrorCode.ROOM_FULL)];
  entrance.wish = CREATE;
  entrance.toSay(false, true);
  heard.push(entrance.refused(ErrorCode.ROOM_FULL), entrance.wish === null);
  heard.push(entrance.refused(ErrorCode.NOT_AWAY));
  assert.deepEqual(heard, [false, true, true, true]);
});

test("a refused name gives way to the one before but not to a newer one", () => {
  const entrance = entranceOf("Ann");
  const names = ["Ann\0", "Anna"].map((newer) => {
    entrance.known("Ann");
    entrance.username = "Ann\0";
    entrance.toSay(true, false);
    entrance.username = newer;
    entrance.refused(ErrorCode.INVALID_MESSAGE);
    return entrance.username;
  });
  assert.deepEqual(names, ["Ann", "Anna"]);
  assert.deepEqual(entrance.toSay(true, false), [{ type: "set_username", username: "Anna" }]);
});

test("a refused name ends a wish only if there is none to ask by", () => {
  const wishes = [true, false].map((isKnown) => {
    const entrance = entranceOf("Ann\0", CREATE);
    if (isKnown) entrance.known("Ann");
    entrance.toSay(false, true);
    entrance.refused(ErrorCode.INVALID_MESSAGE);
    return entrance.wish;
  });
  assert.deepEqual(wishes, [CREATE, null]);
});

test("who is known by its ticket need not say its name", () => {
  const entrance = entranceOf("Ann");
  entrance.known("Ann");
  entrance.recognized();
  const known = entrance.toSay(true, false);
  entrance.forgotten();
  entrance.closed();
  entrance.recognized();
  assert.deepEqual([known, entrance.toSay(true, false)], [[], [ANN]]);
});

test("who has left asks by its new id for a seat that was lost", () => {
  const entrance = entranceOf("Ann", JOIN);
  entrance.clientId = "id";
  entrance.left("new id");
  entrance.toSay(false, true);
  entrance.closed();
  assert.deepEqual(entrance.toSay(false, true), [ANN, { ...JOIN, client_id: "new id" }]);
});
