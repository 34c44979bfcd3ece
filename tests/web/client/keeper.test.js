import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CONNECTED, chat, RESUMED, Stage } from "./support/stage.js";

test("a connection that is lost is followed by the next at once, and the seat resumed", async (t) => {
  const stage = new Stage(t);
  await stage.seated();
  stage.client.send("one");
  await stage.rest();
  await stage.pass(5000);
  stage.said();
  stage.socket.end(1006);
  await stage.pass(1);
  stage.socket.open();
  await stage.rest();
  const resuming = [stage.said(), stage.client.link];
  stage.socket.hear(CONNECTED, RESUMED);
  await stage.rest();
  assert.deepEqual(
    [stage.sockets.length, resuming, stage.said(), stage.happened()],
    [
      2,
      [[{ type: "resume", ticket: "t1", received: 0, read: 0, delivered: 0 }], "resuming"],
      [{ type: "chat", pairing: 1, id: 1, content: "one" }],
      ["offline", "online"],
    ],
  );
});

test("who cannot reach the server tries for ever, later and later, and says so", async (t) => {
  const stage = new Stage(t);
  const delays = [];
  for (let attempt = 1; attempt <= 9; attempt += 1) {
    const { length } = stage.sockets;
    stage.socket.end(1006);
    let waited = 0;
    for (; stage.sockets.length === length; waited += 125) await stage.pass(125);
    delays.push(waited);
  }
  assert.deepEqual(delays, [125, 500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000]);
  assert.deepEqual(
    stage.events.map(({ event, attempts }) => [event, attempts]),
    [1, 2, 3, 4, 5, 6, 7, 8, 9].map((attempts) => ["unreachable", attempts]),
  );
  await stage.online();
  stage.socket.end(1006);
  await stage.pass(10_000);
  stage.socket.end(1006);
  await stage.rest();
  assert.deepEqual(
    stage.events.slice(9).map(({ event, attempts }) => [event, attempts]),
    [
      ["online", undefined],
      ["offline", undefined],
      ["unreachable", 1],
    ],
  );
});

describe("a server that takes too long is given up", () => {
  for (const [what, open] of /** @type {const} */ ([
    ["to accept", () => {}],
    ["to greet", (/** @type {Stage} */ stage) => stage.socket.open()],
  ])) {
    test(what, async (t) => {
      const stage = new Stage(t);
      open(stage);
      const [first] = stage.sockets;
      await stage.pass(7900);
      const before = stage.sockets.length;
      await stage.pass(250);
      first?.open();
      first?.hear(CONNECTED);
      await stage.rest();
      assert.deepEqual(
        [before, stage.sockets.length, first?.closedWith, stage.happened(), stage.client.link],
        [1, 2, "no code", ["unreachable"], "offline"],
      );
    });
  }
});

test("what speaks another protocol, or may not be opened, is not reached", async (t) => {
  const stage = new Stage(t);
  stage.socket.open("");
  await stage.rest();
  const Fake = globalThis.WebSocket;
  globalThis.WebSocket = /** @type {any} */ (
    class {
      constructor() {
        throw new Error("forbidden");
      }
    }
  );
  await stage.pass(125);
  const forbidden = stage.happened();
  globalThis.WebSocket = Fake;
  await stage.pass(1000);
  await stage.online();
  assert.deepEqual(
    [forbidden, stage.happened(), stage.client.link],
    [["unreachable", "unreachable"], ["online"], "online"],
  );
});

describe("after a close code", () => {
  for (const [code, expected] of /** @type {const} */ ([
    [1000, [["offline", "ended"], "closed", false]],
    [1001, [["offline"], undefined, true]],
    [1002, [["offline", "ended"], "rejected", false]],
    [4001, [["offline", "ended"], "replaced", false]],
    [4008, [["offline"], undefined, false]],
  ])) {
    test(String(code), async (t) => {
      const stage = new Stage(t);
      await stage.online();
      stage.happened();
      stage.socket.end(code);
      await stage.pass(125);
      const { reason } = stage.events.at(-1);
      assert.deepEqual([stage.happened(), reason, stage.sockets.length === 2], expected);
    });
  }
});

test("who asked for too much waits, and then comes back", async (t) => {
  const stage = new Stage(t);
  await stage.online();
  stage.socket.end(4008);
  await stage.pass(250);
  assert.equal(stage.sockets.length, 2);
});

test("who was replaced keeps nothing any more: it is another's", async (t) => {
  /** @type {unknown[]} */
  const kept = [];
  const stage = new Stage(t, { keep: (saved) => kept.push(saved?.received) });
  await stage.seated();
  const message = stage.client.send("one");
  stage.socket.hear(chat(1));
  stage.socket.end(4001);
  await stage.pass(60_000);
  assert.deepEqual(
    [kept, message.failure, stage.happened(), stage.sockets.length],
    [[0], null, ["offline", "ended"], 1],
  );
});

test("a server that stops says when to come back", async (t) => {
  const stage = new Stage(t);
  await stage.online();
  stage.socket.hear({ type: "reconnect", after_ms: 3000 });
  stage.socket.end(1012);
  await stage.pass(2900);
  const before = stage.sockets.length;
  await stage.pass(125);
  assert.deepEqual([before, stage.sockets.length], [1, 2]);
});

describe("what cannot be right ends the connection, and the next waits a little", () => {
  for (const [what, data] of [
    ["no message", "{"],
    ["a gap", JSON.stringify(chat(2))],
  ]) {
    test(String(what), async (t) => {
      const stage = new Stage(t);
      await stage.seated();
      const [first] = stage.sockets;
      first?.onmessage?.({ data });
      await stage.pass(125);
      const before = stage.sockets.length;
      await stage.pass(125);
      assert.deepEqual(
        [first?.closedWith, before, stage.sockets.length, stage.happened()],
        ["no code", 1, 2, ["offline"]],
      );
    });
  }
});

test("what only a later server can mean changes nothing", async (t) => {
  const stage = new Stage(t);
  await stage.seated();
  stage.socket.hear({ type: "reaction", id: 7 });
  await stage.rest();
  assert.deepEqual([stage.client.link, stage.happened()], ["online", []]);
});

test("a fault in the library is no fault of the server's", async (t) => {
  const stage = new Stage(t);
  await stage.seated();
  const fault = new Error("a fault");
  t.mock.method(JSON, "parse", () => ({
    get type() {
      throw fault;
    },
  }));
  assert.throws(() => stage.socket.onmessage?.({ data: "{}" }), fault);
  t.mock.restoreAll();
  assert.deepEqual([stage.client.link, stage.happened()], ["online", []]);
});

test("while much waits to leave, no more is said", async (t) => {
  const stage = new Stage(t);
  await stage.seated();
  const { client, socket } = stage;
  socket.bufferedAmount = 2 ** 20 + 1;
  client.send("one");
  await stage.pass(125);
  client.send("two");
  await stage.pass(125);
  const before = stage.said();
  socket.bufferedAmount = 2 ** 20;
  await stage.pass(125);
  assert.deepEqual([before, stage.said().map(({ id }) => id)], [[], [1, 2]]);
});

test("what waited to leave a lost connection is said on the next", async (t) => {
  const stage = new Stage(t);
  await stage.seated();
  stage.socket.bufferedAmount = 2 ** 20 + 1;
  stage.client.send("one");
  await stage.rest();
  stage.socket.end(1006);
  await stage.pass(1);
  stage.socket.open();
  stage.socket.hear(CONNECTED, RESUMED);
  await stage.rest();
  assert.deepEqual(
    stage.said().map(({ type }) => type),
    ["chat"],
  );
});
