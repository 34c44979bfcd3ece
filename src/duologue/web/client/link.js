/**
 * One WebSocket connection to a server. Decides nothing.
 *
 * The only file that names `WebSocket`.
 */

import { SUBPROTOCOL } from "./messages.js";

/** @import { ClientMessage } from "./messages.js" */

/** More than this is not left to the browser at once: it could not be taken back. */
const MOST_WAITING_BYTES = 1024 * 1024;

/**
 * @typedef {object} Ear What is told of a connection, until it is dropped.
 * @property {() => void} opened it is open, for our protocol
 * @property {(said: unknown) => void} heard the server says this
 * @property {(code: number | null) => void} closed it is gone, or did not come about; with
 *   what CLOSE gave as the reason, null if there was none
 */

/** A connection on its way, open, or gone. */
export class LiveLink {
  /** @type {WebSocket | null} */
  #socket = null;

  /**
   * @param {string} url
   * @param {Ear} ear
   */
  constructor(url, ear) {
    try {
      this.#socket = new WebSocket(url, SUBPROTOCOL);
    } catch {
      // A browser may forbid it at once, such as `ws:` to a page that came by `https:`.
      queueMicrotask(() => ear.closed(null));
      return;
    }
    const socket = this.#socket;
    socket.onopen = () => {
      if (socket.protocol === SUBPROTOCOL) ear.opened();
      else ear.closed(null); // What answers there is another kind of server.
    };
    socket.onmessage = ({ data }) => ear.heard(data);
    socket.onclose = ({ code }) => ear.closed(code);
  }

  /** How much of what was said has not left yet. */
  get waitingBytes() {
    return this.#socket?.bufferedAmount ?? 0;
  }

  /** Whether what is said now would only pile up. */
  get isFull() {
    return this.waitingBytes > MOST_WAITING_BYTES;
  }

  /**
   * Send messages.
   *
   * @param {readonly ClientMessage[]} messages
   */
  say(messages) {
    for (const message of messages) this.#socket?.send(JSON.stringify(message));
  }

  /**
   * Let go of it: nothing of it is heard any more, however long it takes to close.
   *
   * @param {number} [code] a reason for the server
   */
  drop(code) {
    const socket = this.#socket;
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close(code);
  }
}
