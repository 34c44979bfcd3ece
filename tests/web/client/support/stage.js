// A client on a stage: its sockets are fakes, its time passes when a test says so.

import { connect } from "../../../../src/duologue/web/client/connection.js";
import { EVENTS } from "../../../../src/duologue/web/client/events.js";

/** @import { TestContext } from "node:test" */
/** @import { Options } from "../../../../src/duologue/web/client/connection.js" */

export const CONNECTED = {
  type: "connected",
  client_id: "c1",
  protocol: "duologue.v1",
  max_content_bytes: 99,
  heartbeat_s: 25,
};
export const JOINED = {
  type: "room_joined",
  room_code: "ABC123",
  partner: "Ben",
  pairing: 1,
  ticket: "t1",
};
export const RESUMED = {
  type: "resumed",
  client_id: "c1",
  room_code: "ABC123",
  ticket: "t2",
  pairing: 1,
  partner: "Ben",
  partner_here: true,
  accepted: 0,
  delivered: 0,
  partner_read: 0,
};

/** @param {number} id */
export function chat(id) {
  return { type: "chat", from: "Ben", pairing: 1, id, content: `no. ${id}`, at: id };
}

/** The server's end of a connection, too. */
class FakeSocket {
  protocol = "";
  bufferedAmount = 0;
  /** @type {any[]} */
  said = [];
  /** @type {unknown} */
  closedWith = null;
  /** @type {(() => void) | null} */
  onopen = null;
  /** @type {((event: { data: unknown }) => void) | null} */
  onmessage = null;
  /** @type {((event: { code: number }) => void) | null} */
  onclose = null;

  /**
   * @param {string} url
   * @param {string} asked
   */
  constructor(url, asked) {
    this.url = url;
    this.asked = asked;
  }

  /** @param {string} text */
  send(text) {
    this.said.push(JSON.parse(text));
  }

  /** @param {number} [code] */
  close(code) {
    this.closedWith = code ?? "no code";
  }

  /** @param {string} [protocol] */
  open(protocol = "duologue.v1") {
    this.protocol = protocol;
    this.onopen?.();
  }

  /** @param {object[]} messages */
  hear(...messages) {
    for (const message of messages) this.onmessage?.({ data: JSON.stringify(message) });
  }

  /** @param {number} code */
  end(code) {
    this.onclose?.({ code });
  }
}

/** What a test sees and does. */
export class Stage {
  /** @type {FakeSocket[]} */
  sockets = [];
  /** @type {any[]} */
  events = [];

  /**
   * @param {TestContext} t
   * @param {Partial<Options>} [options]
   */
  constructor(t, options) {
    this.timers = t.mock.timers;
    this.timers.enable({ apis: ["setTimeout", "Date"] });
    const original = globalThis.WebSocket;
    const opened = this.sockets;
    // What it constructs is a fake.
    globalThis.WebSocket = /** @type {any} */ (
      class {
        /**
         * @param {string} url
         * @param {string} asked
         */
        constructor(url, asked) {
          const socket = new FakeSocket(url, asked);
          opened.push(socket);
          // biome-ignore lint/correctness/noConstructorReturn: the fake is the socket
          return socket;
        }
      }
    );
    this.client = connect({
      name: "Ann",
      url: "ws://server/ws",
      ...options,
      timing: { random: () => 1, now: () => Date.now(), ...options?.timing },
    });
    for (const name of EVENTS) {
      this.client.addEventListener(name, (event) => {
        this.events.push(/** @type {CustomEvent} */ (event).detail);
      });
    }
    t.after(() => {
      this.client.close();
      globalThis.WebSocket = original;
    });
  }

  /** The newest connection. */
  get socket() {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error("there is none");
    return socket;
  }

  /** What was said over the newest connection, since the last look at it. */
  said() {
    return this.socket.said.splice(0);
  }

  /** What has happened since the last look at it, in words. */
  happened() {
    return this.events.splice(0).map(({ event }) => event);
  }

  /** Let all turns come to their end. */
  async rest() {
    await new Promise((resolve) => setImmediate(resolve));
  }

  /**
   * Let time pass, with all that follows from it on the way.
   *
   * @param {number} ms
   */
  async pass(ms) {
    for (let left = ms; left > 0; left -= 125) {
      this.timers.tick(Math.min(left, 125));
      await this.rest();
    }
  }

  /** Be online, without a room. */
  async online() {
    this.socket.open();
    this.socket.hear(CONNECTED);
    await this.rest();
  }

  /** Be online, in a room, opposite Ben, with nothing left to look at. */
  async seated() {
    await this.online();
    const joined = this.client.joinRoom("ABC123");
    await this.rest();
    this.socket.hear({ type: "username_set", username: "Ann" }, JOINED);
    await joined;
    this.said();
    this.happened();
  }
}
