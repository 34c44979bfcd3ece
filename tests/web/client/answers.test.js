import assert from "node:assert/strict";
import { test } from "node:test";
import { SlowDown } from "../../../src/duologue/web/client/errors.js";
import { Stage } from "./support/stage.js";

test("who asks too often is told when to ask again", async (t) => {
  const stage = new Stage(t);
  await stage.online();
  const told = [];
  for (const wait of [{ retry_after_s: 7 }, {}]) {
    const answer = stage.client.createRoom().catch((error) => error);
    await stage.rest();
    stage.socket.hear({ type: "error", code: "slow_down", message: "no", ...wait });
    const error = /** @type {unknown} */ (await answer);
    told.push(error instanceof SlowDown && [error.code, error.retryAfterS]);
  }
  assert.deepEqual(told, [
    ["slow_down", 7],
    ["slow_down", 60],
  ]);
});
