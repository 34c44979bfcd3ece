import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CONNECTED, Stage } from "./support/stage.js";

const PING = { type: "ping" };
const PONG = { type: "pong" };

test("after five seconds of silence the server is asked, and whatever it says will do", async (t) => {
  const stage = new Stage(t);
  await stage.online();
  const said = [];
  for (const answer of [PONG, { type: "username_set", username: "Ann" }, PONG]) {
    await stage.pass(4875);
    said.push(stage.said());
    await stage.pass(125);
    said.push(stage.said());
    stage.socket.hear(answer);
  }
  assert.deepEqual(said, [[], [PING], [], [PING], [], [PING]]);
});

test("an answer may take just under ten seconds", async (t) => {
  const stage = new Stage(t);
  await stage.online();
  await stage.pass(14_875);
  stage.socket.hear(PONG);
  await stage.pass(4875);
  const before = stage.said();
  await stage.pass(125);
  assert.deepEqual([before, stage.said(), stage.sockets.length], [[PING], [PING], 1]);
});

test("who speaks is not asked", async (t) => {
  const stage = new Stage(t);
  await stage.online();
  for (let time = 0; time < 10; time += 1) {
    await stage.pass(3000);
    stage.socket.hear(PONG);
  }
  assert.deepEqual(stage.said(), []);
});

test("who does not answer for ten seconds is gone, and nothing more of it heard", async (t) => {
  const stage = new Stage(t);
  await stage.online();
  const [first] = stage.sockets;
  await stage.pass(14_875);
  const before = stage.sockets.length;
  await stage.pass(250);
  first?.end(4001);
  await stage.rest();
  assert.deepEqual(
    [before, stage.sockets.length, first?.closedWith, stage.happened()],
    [1, 2, "no code", ["online", "offline"]],
  );
});

test("a timer that comes late asks once more before the server is given up", async (t) => {
  let asleepMs = 0;
  const stage = new Stage(t, { timing: { now: () => Date.now() + asleepMs } });
  await stage.online();
  await stage.pass(5000);
  const asked = [stage.said()];
  await stage.pass(9875);
  asleepMs += 60_000;
  await stage.pass(125);
  asked.push(stage.said());
  await stage.pass(9875);
  const before = stage.sockets.length;
  asleepMs += 60_000;
  await stage.pass(250);
  assert.deepEqual([asked, before, stage.sockets.length], [[[PING], [PING]], 1, 2]);
});

test("who reads what was said is there, however slowly", async (t) => {
  const stage = new Stage(t);
  await stage.online();
  const { socket } = stage;
  socket.bufferedAmount = 3000;
  await stage.pass(5000);
  for (const waiting of [2000, 1000]) {
    socket.bufferedAmount = waiting;
    await stage.pass(10_000);
  }
  const before = stage.sockets.length;
  await stage.pass(10_125);
  assert.deepEqual([before, stage.sockets.length], [1, 2]);
});

describe("waking", () => {
  test("connects at once instead of waiting, and only once", async (t) => {
    const stage = new Stage(t);
    stage.socket.end(1006);
    await stage.pass(1);
    stage.socket.end(1006);
    stage.client.wake();
    stage.client.wake();
    const woken = stage.sockets.length;
    await stage.pass(7000);
    assert.deepEqual([woken, stage.sockets.length], [3, 3]);
  });

  test("asks who was there whether it still is, for five seconds", async (t) => {
    const stage = new Stage(t);
    await stage.online();
    stage.client.wake();
    await stage.pass(3000);
    stage.client.wake();
    await stage.pass(1875);
    const [said, before] = [stage.said(), stage.sockets.length];
    await stage.pass(250);
    assert.deepEqual([said, before, stage.sockets.length], [[PING], 1, 2]);
  });

  test("is no harm to who answers", async (t) => {
    const stage = new Stage(t);
    await stage.online();
    stage.client.wake();
    stage.socket.hear(PONG);
    await stage.pass(4875);
    const first = stage.said();
    stage.client.wake();
    stage.socket.hear(PONG);
    await stage.pass(4875);
    assert.deepEqual([first, stage.said(), stage.sockets.length], [[PING], [PING], 1]);
  });

  test("is no harm while the ticket is shown", async (t) => {
    const stage = new Stage(t);
    await stage.seated();
    stage.socket.end(1006);
    await stage.pass(1);
    stage.socket.open();
    stage.socket.hear(CONNECTED);
    stage.client.wake();
    await stage.rest();
    const said = stage.said().map(({ type }) => type);
    assert.deepEqual([said, stage.sockets.length], [["resume"], 2]);
  });
});
