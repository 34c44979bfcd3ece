import assert from "node:assert/strict";
import { test } from "node:test";
import { Stage } from "./support/stage.js";

/** @import { TestContext } from "node:test" */

/**
 * Be in a page, for the time of a test.
 *
 * @param {TestContext} t
 */
function page(t) {
  const window = new EventTarget();
  const document = Object.assign(new EventTarget(), { visibilityState: "visible" });
  Object.assign(globalThis, { window, document });
  t.after(() => {
    Reflect.deleteProperty(globalThis, "window");
    Reflect.deleteProperty(globalThis, "document");
  });
  return { window, document };
}

test("a page that is shown again, or has a network again, asks for the server", async (t) => {
  const { window, document } = page(t);
  const stage = new Stage(t);
  await stage.online();
  const asked = [];
  document.visibilityState = "hidden";
  document.dispatchEvent(new Event("visibilitychange"));
  asked.push(stage.said().length);
  document.visibilityState = "visible";
  document.dispatchEvent(new Event("visibilitychange"));
  asked.push(stage.said().length);
  for (const name of ["online", "pageshow"]) {
    stage.socket.hear({ type: "pong" });
    window.dispatchEvent(new Event(name));
    asked.push(stage.said().length);
  }
  assert.deepEqual(asked, [0, 1, 1, 1]);
});

test("a page that is put aside lets go of its connection, and takes it up again", async (t) => {
  const { window } = page(t);
  const stage = new Stage(t);
  await stage.seated();
  const [first] = stage.sockets;
  window.dispatchEvent(new Event("pagehide"));
  await stage.pass(60_000);
  const aside = [stage.sockets.length, first?.closedWith, first?.said, stage.client.link];
  const isTrying = [stage.client.isTrying];
  window.dispatchEvent(new Event("pageshow"));
  isTrying.push(stage.client.isTrying);
  stage.socket.open();
  await stage.rest();
  assert.deepEqual(
    [aside, isTrying, stage.sockets.length, stage.client.link, stage.happened()],
    [[1, "no code", [], "offline"], [false, true], 2, "resuming", ["offline"]],
  );
});

test("a client that has ended watches over no page", async (t) => {
  const { window } = page(t);
  const stage = new Stage(t);
  await stage.online();
  stage.client.close();
  await stage.rest();
  const removed = t.mock.method(stage.client, "wake");
  for (const name of ["pagehide", "pageshow", "online"]) window.dispatchEvent(new Event(name));
  await stage.rest();
  assert.deepEqual(
    [stage.sockets.length, stage.happened(), removed.mock.callCount()],
    [1, ["online", "offline", "ended"], 0],
  );
});
