/**
 * Notices a server that is gone without a word: asks after a silence, and waits a while.
 *
 * A page sees no WebSocket pings, so it is `ping` and `pong`; but whatever is heard is a
 * sign of life. Timers of a page that was suspended come late: then the server is asked
 * once more before it is given up.
 */

/** @import { Timing } from "./reconnecting.js" */

/** A timer that is so late tells more of this page than of the server. */
const LATE_MS = 1000;

/** Watches over one connection after the other. */
export class Pulse {
  #timing;
  #link;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #dueAt = 0;
  #heardAt = 0;
  /** @type {"once" | "again" | "woken" | null} Null while no answer is waited for. */
  #asked = null;
  #waitingBytes = 0;

  /**
   * @param {Timing} timing
   * @param {{ ask: () => void, waitingBytes: () => number, dead: () => void }} link how to
   *   ask, how much has not left yet, and whom to tell that there is no answer
   */
  constructor(timing, link) {
    this.#timing = timing;
    this.#link = link;
  }

  /** The connection is good from now on. */
  start() {
    this.#heardAt = this.#timing.now();
    this.#wait(this.#timing.pingIntervalMs);
  }

  /** There is none to watch over. */
  stop() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#asked = null;
  }

  /** Something came. */
  heard() {
    this.#heardAt = this.#timing.now();
    if (this.#asked === null) return;
    this.#asked = null;
    this.#wait(this.#timing.pingIntervalMs);
  }

  /** The page was away, or the network: don't wait for a silence. */
  wake() {
    if (this.#timer === undefined || this.#asked === "woken") return;
    this.#ask("woken", this.#timing.wakeTimeoutMs);
  }

  /**
   * @param {"once" | "again" | "woken"} asked
   * @param {number} patienceMs
   */
  #ask(asked, patienceMs) {
    this.#asked = asked;
    this.#waitingBytes = this.#link.waitingBytes(); // Before the question adds to it.
    this.#link.ask();
    this.#wait(patienceMs);
  }

  /** @param {number} delayMs */
  #wait(delayMs) {
    clearTimeout(this.#timer);
    this.#dueAt = this.#timing.now() + delayMs;
    this.#timer = setTimeout(() => this.#ring(), delayMs);
  }

  #ring() {
    const { pingIntervalMs, pingTimeoutMs, now } = this.#timing;
    const silenceMs = now() - this.#heardAt;
    if (this.#asked === null) {
      if (silenceMs >= pingIntervalMs) this.#ask("once", pingTimeoutMs);
      else this.#wait(pingIntervalMs - silenceMs);
    } else if (this.#link.waitingBytes() < this.#waitingBytes) {
      this.#ask(this.#asked, pingTimeoutMs); // Much is on its way, and it moves.
    } else if (now() - this.#dueAt >= LATE_MS && this.#asked !== "again") {
      this.#ask("again", pingTimeoutMs);
    } else {
      this.#link.dead();
    }
  }
}
