import assert from "node:assert/strict";
import { test } from "node:test";
import { connect } from "../../../src/duologue/web/client/connection.js";
import * as errors from "../../../src/duologue/web/client/errors.js";
import { CONNECTED, chat, JOINED, RESUMED, Stage } from "./support/stage.js";

/** @param {Promise<unknown>} promise */
function outcome(promise) {
  return promise.then(
    (value) => value,
    (error) => `${error.name} ${error.code ?? error.reason ?? ""}`.trim(),
  );
}

test("a client cannot be made of what makes no sense", () => {
  const saved = /** @type {any} */ ({});
  assert.throws(() => connect({ name: "Ann", url: "http://[" }), errors.AddressError);
  assert.throws(() => connect({ name: " ", url: "ws://server" }), errors.InvalidUsername);
  assert.throws(() => connect({ name: "Ann", url: "ws://server", saved }), errors.OutboxError);
});

test("a client connects at once, and asks for a room once the server has greeted", async (t) => {
  const stage = new Stage(t);
  const { client, socket } = stage;
  const code = client.createRoom();
  const before = [socket.url, socket.asked, client.link, client.isTrying, client.isAsking];
  socket.open();
  await stage.rest();
  const opened = [stage.said(), client.link, client.isTrying];
  socket.hear(CONNECTED);
  await stage.rest();
  assert.deepEqual(
    [before, opened, stage.said()],
    [
      ["ws://server/ws", "duologue.v1", "offline", true, true],
      [[], "greeting", false],
      [{ type: "set_username", username: "Ann" }, { type: "create_room" }],
    ],
  );
  socket.hear({ type: "room_created", room_code: "ABC123", pairing: 0, ticket: "t0" });
  assert.deepEqual(
    [await code, client.roomCode, client.partner, client.isAsking, stage.happened()],
    ["ABC123", "ABC123", null, false, ["online", "room_created"]],
  );
});

test("a client shows how things are", async (t) => {
  const stage = new Stage(t);
  const { client } = stage;
  const look = () => [
    [client.name, client.link, client.maxContentBytes],
    [client.roomCode, client.pairing, client.partner, client.partnerIsHere],
    client.waiting.map(({ content }) => content),
  ];
  const before = look();
  await stage.seated();
  client.send("one");
  client.rename(" Anna ");
  assert.deepEqual(
    [before, look()],
    [
      [["Ann", "offline", 16_384], [null, 0, null, false], []],
      [["Anna", "online", 99], ["ABC123", 1, "Ben", true], ["one"]],
    ],
  );
});

test("what follows from the inputs of one turn follows once: told, kept, said", async (t) => {
  /** @type {string[]} */
  const order = [];
  const stage = new Stage(t, { keep: (saved) => order.push(`keep ${saved?.last}`) });
  await stage.seated();
  order.length = 0;
  const { client, socket } = stage;
  client.addEventListener("chat", ({ type }) => order.push(type));
  socket.send = (text) => order.push(`say ${JSON.parse(text).type}`);
  socket.hear(chat(1), chat(2));
  client.send("one");
  client.send("two");
  order.push("end of input");
  await stage.rest();
  assert.deepEqual(order, [
    "end of input",
    "chat",
    "chat",
    "keep 2",
    "say received",
    "say chat",
    "say chat",
  ]);
});

test("a chat counts as received when its listeners have run, unless one takes it", async (t) => {
  const stage = new Stage(t);
  await stage.seated();
  const { client, socket } = stage;
  const later = new AbortController();
  client.addEventListener("chat", (event) => event.preventDefault(), later);
  socket.hear(chat(1));
  await stage.rest();
  const untaken = stage.said();
  client.take(stage.events[0]);
  await stage.rest();
  const taken = stage.said();
  later.abort();
  socket.hear(chat(2));
  await stage.rest();
  const byItself = stage.said();
  client.markRead({ room_code: "ABC123", pairing: 1, id: 2 });
  client.markRead({ room_code: "ABC123", pairing: 7, id: 9 });
  await stage.rest();
  assert.deepEqual(
    [untaken, taken, byItself, stage.said()],
    [
      [],
      [{ type: "received", pairing: 1, id: 1 }],
      [{ type: "received", pairing: 1, id: 2 }],
      [{ type: "read", pairing: 1, id: 2 }],
    ],
  );
});

test("typing is said seldom, and ends by itself", async (t) => {
  const stage = new Stage(t);
  await stage.seated();
  stage.client.typing();
  await stage.rest();
  stage.client.typing();
  await stage.rest();
  const first = stage.said();
  await stage.pass(4000);
  const idle = stage.said();
  stage.client.typing();
  stage.client.stopTyping();
  await stage.rest();
  assert.deepEqual(
    [first, idle, stage.said()],
    [[{ type: "typing" }], [{ type: "stop_typing" }], [{ type: "stop_typing" }]],
  );
});

test("the partner's typing is believed for a while only", async (t) => {
  const stage = new Stage(t);
  await stage.seated();
  stage.socket.hear({ type: "partner_typing" });
  await stage.pass(5000);
  const before = stage.happened();
  await stage.pass(1000);
  assert.deepEqual(
    [before, stage.happened()],
    [["partner_typing"], ["partner_stopped_typing"]],
  );
});

test("why there is no seat is told to who asked for it", async (t) => {
  const stage = new Stage(t);
  await stage.online();
  const answers = [];
  for (const code of ["room_not_found", "room_full", "username_required", "already_in_room"]) {
    const joined = outcome(stage.client.joinRoom("abc123"));
    await stage.rest();
    stage.socket.hear({ type: "error", code, message: "no" });
    answers.push(await joined);
  }
  const created = outcome(stage.client.createRoom());
  const twice = await outcome(stage.client.createRoom());
  await stage.rest();
  stage.socket.hear({ type: "error", code: "invalid_message", message: "no" });
  assert.deepEqual(
    [...answers, twice, await created],
    [
      "RoomNotFound room_not_found",
      "RoomFull room_full",
      "RequestRefused username_required",
      "RequestRefused already_in_room",
      "AlreadyInRoom",
      "RequestRefused invalid_message",
    ],
  );
});

test("what is refused to nobody's question is an event only", async (t) => {
  const stage = new Stage(t);
  await stage.online();
  const joined = outcome(stage.client.joinRoom("abc123"));
  await stage.rest();
  const refusal = { type: "error", message: "no" };
  stage.socket.hear({ type: "username_set", username: "Ann" });
  stage.client.rename("Ann\0");
  stage.socket.hear({ ...refusal, code: "invalid_message" }, JOINED);
  const { partner } = /** @type {any} */ (await joined);
  stage.socket.hear({ ...refusal, code: "not_away" });
  await stage.rest();
  assert.deepEqual(
    [partner, stage.happened()],
    ["Ben", ["online", "refused", "room_joined", "refused"]],
  );
});

test("a wish that is taken back is gone, said or not", async (t) => {
  const stage = new Stage(t);
  const { client } = stage;
  const unsaid = outcome(client.createRoom());
  await client.leave();
  await stage.online();
  const said = outcome(client.joinRoom("ABC123"));
  await stage.rest();
  stage.said();
  const left = client.leave();
  const next = outcome(client.createRoom());
  await stage.rest();
  const leaving = stage.said();
  stage.socket.hear(JOINED, { type: "room_left", client_id: "c2" });
  await left;
  await stage.rest();
  const asked = stage.said();
  stage.socket.hear({ type: "room_created", room_code: "DEF456", pairing: 0, ticket: "t9" });
  assert.deepEqual(
    [await unsaid, await said, leaving, asked, await next],
    ["NotInRoom", "NotInRoom", [{ type: "leave_room" }], [{ type: "create_room" }], "DEF456"],
  );
});

test("who leaves has left when the server has heard of it", async (t) => {
  /** @type {unknown[]} */
  const kept = [];
  const stage = new Stage(t, { keep: (saved) => kept.push(saved?.ticket) });
  await stage.seated();
  const message = stage.client.send("one");
  let hasLeft = false;
  const left = stage.client.leave().then(() => {
    hasLeft = true;
  });
  const twice = await outcome(stage.client.leave());
  await stage.rest();
  const said = [...stage.said().map(({ type }) => type), hasLeft];
  stage.socket.hear({ type: "room_left", client_id: "c2" });
  await left;
  assert.deepEqual(
    [twice, said, kept, message.failure, stage.client.roomCode],
    ["NotInRoom", ["chat", "leave_room", false], ["t1", undefined], "you_left", null],
  );
});

test("who is away need not be waited for", async (t) => {
  const stage = new Stage(t);
  assert.throws(() => stage.client.freeSeat(), errors.NotInRoom);
  await stage.seated();
  stage.socket.hear({ type: "partner_away" });
  stage.client.freeSeat();
  await stage.rest();
  assert.deepEqual(
    [stage.client.partnerIsHere, stage.said()],
    [false, [{ type: "free_seat" }]],
  );
});

test("how far a message comes can be waited for", async (t) => {
  const stage = new Stage(t);
  await stage.seated();
  const { client, socket } = stage;
  const [one, two, three] = ["one", "two", "three"].map((content) => client.send(content));
  if (!one || !two || !three) throw new Error("there are three");
  const waits = [client.until(one, "read"), client.until(two), client.until(two, "read")];
  waits.push(client.until(three));
  const outcomes = Promise.all(waits.map(outcome));
  await stage.rest();
  socket.hear({ type: "partner_read", pairing: 1, id: 1 });
  socket.hear({ type: "delivered", pairing: 1, id: 2 });
  socket.hear({ type: "partner_left" });
  const answered = await outcomes;
  const later = [client.until(one, "read"), client.until(two, "read"), client.until(three)];
  assert.deepEqual(
    [answered, await Promise.all(later.map(outcome))],
    [
      [undefined, undefined, "NotRead", "NotDelivered partner_left"],
      [undefined, "NotRead", "NotDelivered partner_left"],
    ],
  );
});

test("a client that is closed keeps its seat, says so to nobody, and hears no more", async (t) => {
  /** @type {unknown[]} */
  const kept = [];
  const stage = new Stage(t, { keep: (saved) => kept.push(saved?.last ?? null) });
  await stage.seated();
  const { client, socket } = stage;
  const message = client.send("one");
  socket.hear(chat(1));
  const waiting = outcome(client.until(message));
  client.close();
  client.close();
  await stage.rest();
  socket.hear(chat(2));
  client.markRead({ room_code: "ABC123", pairing: 1, id: 1 });
  client.wake();
  await stage.pass(60_000);
  const later = [client.createRoom(), client.leave(), client.until(message)];
  assert.deepEqual(
    [
      [socket.closedWith, stage.said(), stage.sockets.length, client.link],
      [stage.happened(), kept, await waiting],
      await Promise.all(later.map(outcome)),
    ],
    [
      [1000, [], 1, "ended"],
      [["offline", "ended"], [0, 1], "ConversationEnded"],
      ["ConversationEnded", "ConversationEnded", "ConversationEnded"],
    ],
  );
  assert.throws(() => client.send("two"), errors.ConversationEnded);
});

test("without anything that keeps it, what is not delivered at the end has failed", async (t) => {
  const stage = new Stage(t);
  await stage.seated();
  const [one, two] = [stage.client.send("one"), stage.client.send("two")];
  await stage.rest();
  stage.socket.hear({ type: "delivered", pairing: 1, id: 1 });
  const waits = Promise.all([outcome(stage.client.until(two))]);
  stage.client.close();
  const later = [stage.client.until(one), stage.client.until(one, "read")];
  assert.deepEqual(
    [await waits, await Promise.all(later.map(outcome)), stage.client.roomCode],
    [["NotDelivered ended"], [undefined, "NotRead"], null],
  );
});

test("a later run goes on where an earlier one was", async (t) => {
  /** @type {any[]} */
  const kept = [];
  const first = { username: "Ann", room_code: "ABC123", ticket: "t1", pairing: 1 };
  const counts = { received: 4, read: 3, last: 2, sent: 1, delivered: 1, partner_read: 0 };
  const saved = { ...first, partner: "Ben", ...counts, outbox: { 2: "two" } };
  const stage = new Stage(t, { saved, name: "Anna", keep: (now) => kept.push(now) });
  await stage.rest();
  const renamed = kept.splice(0);
  stage.socket.open();
  await stage.rest();
  const said = stage.said();
  stage.socket.hear(CONNECTED, { ...RESUMED, accepted: 1, delivered: 1 });
  await stage.rest();
  assert.deepEqual(
    [renamed, said, stage.said(), kept, stage.client.waiting.length],
    [
      [{ ...saved, username: "Anna" }],
      [{ type: "resume", ticket: "t1", received: 4, read: 3, delivered: 1 }],
      [
        { type: "set_username", username: "Anna" },
        { type: "chat", pairing: 1, id: 2, content: "two" },
      ],
      [{ ...saved, username: "Anna", ticket: "t2" }],
      1,
    ],
  );
});

test("storage that fails is tried again, and stops nothing", async (t) => {
  /** @type {unknown[]} */
  const thrown = [];
  const soon = globalThis.queueMicrotask;
  t.mock.method(globalThis, "queueMicrotask", (/** @type {() => void} */ run) =>
    soon(() => {
      try {
        run();
      } catch (error) {
        thrown.push(error);
      }
    }),
  );
  const full = new Error("full");
  let isFull = true;
  /** @type {unknown[]} */
  const kept = [];
  const stage = new Stage(t, {
    keep: (saved) => {
      if (isFull) throw full;
      kept.push(saved?.last);
    },
  });
  await stage.seated();
  stage.client.send("one");
  await stage.rest();
  const said = stage.said();
  isFull = false;
  stage.client.stopTyping();
  await stage.rest();
  assert.deepEqual(
    [said, kept, new Set(thrown)],
    [[{ type: "chat", pairing: 1, id: 1, content: "one" }], [1], new Set([full])],
  );
});
