import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { after, Backoff, USUAL_TIMING } from "../../../src/duologue/web/client/reconnecting.js";

test("each close code of PROTOCOL.md is taken as it is meant", () => {
  const page = readFileSync(new URL("../../../PROTOCOL.md", import.meta.url), "utf8");
  const codes = [...page.matchAll(/^\| (\d{4}) \|/gm)].map(([, code]) => Number(code));
  assert.deepEqual(Object.fromEntries(codes.map((code) => [code, after(code)])), {
    1000: "end",
    1001: "reconnect",
    1002: "rejected",
    1007: "rejected",
    1009: "rejected",
    1011: "reconnect",
    1012: "back_off",
    4001: "replaced",
    4002: "reconnect",
    4003: "reconnect",
    4008: "back_off",
  });
});

test("codes that no server of ours says are dealt with too", () => {
  assert.deepEqual([null, 1003, 1005, 1006, 1008, 1010, 1013, 1014, 4321].map(after), [
    "reconnect",
    "rejected",
    "reconnect",
    "reconnect",
    "rejected",
    "rejected",
    "back_off",
    "reconnect",
    "reconnect",
  ]);
});

/**
 * @param {number} random
 * @param {number} count
 * @param {boolean} [atOnce]
 */
function delays(random, count, atOnce = true) {
  const backoff = new Backoff(() => random);
  return Array.from({ length: count }, () => backoff.delayMs(atOnce));
}

test("the first attempt is made at once and the next ones later and later", () => {
  assert.deepEqual(delays(1, 9), [0, 500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000]);
});

test("chance takes up to half of a delay, and no number of failures is too many", () => {
  assert.deepEqual(delays(0, 7), [0, 250, 500, 1000, 2000, 4000, 5000]);
  assert.equal(delays(0, 2000).at(-1), 5000);
});

test("who asked for too much waits at first too", () => {
  assert.deepEqual(delays(1, 3, false), [250, 500, 1000]);
});

test("a good connection ends the waiting", () => {
  const backoff = new Backoff(() => 1);
  const waits = [1, 2, 3].map(() => backoff.delayMs(true));
  backoff.succeeded();
  assert.deepEqual([...waits, backoff.delayMs(true)], [0, 500, 1000, 0]);
});

test("the server may say when, within reason", () => {
  const backoff = new Backoff(() => 1);
  const waits = [0, 1500, 10 ** 9].map((ms) => backoff.delayMs(true, ms));
  assert.deepEqual([...waits, backoff.delayMs(true)], [0, 1500, 300_000, 2000]);
});

test("a dead connection is noticed within fifteen seconds", () => {
  const { pingIntervalMs, pingTimeoutMs, connectTimeoutMs, random, now } = USUAL_TIMING;
  assert.deepEqual([pingIntervalMs + pingTimeoutMs, connectTimeoutMs], [15_000, 8000]);
  assert.deepEqual([random() < 1, now() > 0], [true, true]);
});
