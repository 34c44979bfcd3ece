/**
 * Keeps a conversation connected, for as long as there is any sense in it.
 *
 * One connection at a time: it hears, says what is due, and when one is gone sees to the
 * next. It never gives up because a server cannot be reached.
 */

import { LiveLink } from "./link.js";
import { Pulse } from "./pulse.js";
import { read, Unreadable } from "./reading.js";
import { after, Backoff } from "./reconnecting.js";

/** @import { Driver } from "./driver.js" */
/** @import { Timing } from "./reconnecting.js" */

/** @typedef {{ code: number | null, isBroken?: boolean }} Loss */

const GONE = Object.freeze({ code: null });
const BROKEN = Object.freeze({ code: null, isBroken: true });

/** Connects, and connects again. */
export class Keeper {
  #driver;
  #url;
  #timing;
  #backoff;
  #pulse;
  /** @type {LiveLink | null} */
  #link = null;
  /** @type {number | null} */
  #openedAt = null;
  #wasOnline = false;
  #failures = 0;
  /**
   * Ends the wait for the next connection, or the patience with this one.
   *
   * @type {ReturnType<typeof setTimeout> | undefined}
   */
  #timer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #draining;

  /**
   * @param {Driver} driver what to keep connected
   * @param {string} url where the server is
   * @param {Timing} timing how patient to be
   */
  constructor(driver, url, timing) {
    this.#driver = driver;
    this.#url = url;
    this.#timing = timing;
    this.#backoff = new Backoff(timing.random);
    this.#pulse = new Pulse(timing, {
      ask: () => this.#link?.say([{ type: "ping" }]),
      waitingBytes: () => this.#link?.waitingBytes ?? 0,
      dead: () => this.#lost(GONE),
    });
  }

  /** Whether an attempt to connect is under way, and not open yet. */
  get isTrying() {
    return this.#link !== null && this.#openedAt === null;
  }

  /** Connect, now. */
  connect() {
    clearTimeout(this.#timer);
    this.#wasOnline = false;
    this.#link = new LiveLink(this.#url, {
      opened: () => this.#opened(),
      heard: (said) => this.#heard(said),
      closed: (code) => this.#lost({ code }),
    });
    this.#timer = setTimeout(() => this.#lost(GONE), this.#timing.connectTimeoutMs);
  }

  /** Something may have changed: don't wait, and don't believe that all is well. */
  wake() {
    if (this.#driver.isOver) return;
    if (this.#link === null) this.connect();
    else this.#pulse.wake();
  }

  /**
   * Let go of the connection, and don't connect before `wake`.
   *
   * @param {number} [code] a reason for the server
   */
  rest(code) {
    clearTimeout(this.#timer);
    clearTimeout(this.#draining);
    this.#draining = undefined;
    this.#pulse.stop();
    this.#link?.drop(code);
    this.#link = null;
    this.#openedAt = null;
    this.#driver.conversation.closed();
    this.#driver.stir();
  }

  /** Say what is due, unless too much is on its way already. */
  flush() {
    const link = this.#link;
    if (link === null || this.#openedAt === null || this.#draining !== undefined) return;
    if (!link.isFull) {
      link.say(this.#driver.conversation.toSay());
      return;
    }
    this.#draining = setTimeout(() => {
      this.#draining = undefined;
      this.flush();
    }, this.#timing.drainMs);
  }

  #opened() {
    this.#openedAt = this.#driver.now;
    this.#driver.conversation.opened();
    this.#driver.stir();
  }

  /** @param {unknown} said */
  #heard(said) {
    const driver = this.#driver;
    this.#pulse.heard();
    try {
      const message = read(said);
      if (message !== null) driver.conversation.hear(message, driver.now);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      this.#lost(BROKEN);
      return;
    }
    const { link } = driver.conversation;
    if (!this.#wasOnline && (link === "online" || link === "broken")) this.#online();
    if (link === "broken") this.#lost(BROKEN);
    driver.stir();
  }

  #online() {
    this.#wasOnline = true;
    this.#failures = 0;
    clearTimeout(this.#timer);
    this.#pulse.start();
  }

  /** @param {Loss} loss */
  #lost({ code, isBroken = false }) {
    const requestedMs = this.#driver.conversation.reconnectAfterMs;
    const openedAt = this.#openedAt ?? Number.POSITIVE_INFINITY;
    if (this.#driver.now - openedAt >= this.#timing.provenMs) this.#backoff.succeeded();
    this.rest();
    const next = isBroken ? "back_off" : after(code);
    switch (next) {
      case "end":
        this.#driver.end("closed");
        break;
      case "replaced":
      case "rejected":
        this.#driver.end(next);
        break;
      default:
        this.#connectLater(this.#backoff.delayMs(next === "reconnect", requestedMs));
    }
  }

  /** @param {number} delayMs */
  #connectLater(delayMs) {
    this.#timer = setTimeout(() => this.connect(), delayMs);
    if (!this.#wasOnline) {
      this.#failures += 1;
      this.#driver.tell({ event: "unreachable", attempts: this.#failures });
    }
  }
}
