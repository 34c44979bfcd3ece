import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { websocketUrl } from "../../../src/duologue/web/client/address.js";
import { AddressError } from "../../../src/duologue/web/client/errors.js";

const HERE = "https://chat.example.org/client/connection.js";

test("an address may be written in many ways", () => {
  const meant = {
    "/ws": "wss://chat.example.org/ws",
    "http://other:8080": "ws://other:8080/ws",
    "https://other/": "wss://other/ws",
    "ws://other/chat?key=1": "ws://other/chat?key=1",
    "//other/ws": "wss://other/ws",
  };
  assert.deepEqual(
    Object.keys(meant).map((url) => websocketUrl(url, HERE)),
    Object.values(meant),
  );
  assert.equal(websocketUrl(new URL("wss://other/ws"), "file:///x"), "wss://other/ws");
});

describe("what no WebSocket can be opened for is refused", () => {
  for (const [url, base] of [
    ["http://[", HERE],
    ["/ws", "file:///lib/connection.js"],
    ["localhost:8080", HERE],
    ["wss://other/#here", HERE],
  ]) {
    test(`${url} from ${base}`, () => {
      assert.throws(() => websocketUrl(String(url), String(base)), AddressError);
    });
  }
});
