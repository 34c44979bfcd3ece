/**
 * Who is typing: what to say of my own, how long to believe the partner's.
 *
 * A lost `stop_typing` must never leave anyone typing for ever, so both sides let it
 * expire. Moments are milliseconds of any clock that only goes forward.
 */

/** @import { SayStopTyping, SayTyping } from "./messages.js" */

/** While I type, it is said at most this often. */
const RENEW_MS = 4000;

/** So long after the last key I have stopped. */
const IDLE_MS = 4000;

/** So long after it was last said the partner has stopped. */
const EXPIRE_MS = 6000;

/** My own typing. */
export class OwnTyping {
  /**
   * When I shall have stopped; null while I don't type.
   *
   * @type {number | null}
   */
  idleAt = null;
  #renewAt = 0;
  /** @type {SayTyping | SayStopTyping | null} */
  #due = null;

  /**
   * A key was pressed.
   *
   * @param {number} now
   */
  press(now) {
    if (this.idleAt === null || now >= this.#renewAt) {
      this.#due = { type: "typing" };
      this.#renewAt = now + RENEW_MS;
    }
    this.idleAt = now + IDLE_MS;
  }

  /** The text was sent, cleared or left alone. */
  stop() {
    if (this.idleAt !== null) {
      this.idleAt = null;
      this.#due = { type: "stop_typing" };
    }
  }

  /**
   * Stop when no key was pressed for a while.
   *
   * @param {number} now
   */
  tick(now) {
    if (this.idleAt !== null && now >= this.idleAt) this.stop();
  }

  /** Nobody is there any more who would want to know. */
  forget() {
    this.idleAt = this.#due = null;
  }

  /** Return what is due. */
  toSay() {
    const due = this.#due;
    this.#due = null;
    return due === null ? [] : [due];
  }
}

/** The partner's typing; each change is answered with true. */
export class PartnerTyping {
  /**
   * When it is believed no longer; null while nobody types.
   *
   * @type {number | null}
   */
  expiresAt = null;

  /**
   * It types, or still does.
   *
   * @param {number} now
   */
  start(now) {
    const wasIdle = this.expiresAt === null;
    this.expiresAt = now + EXPIRE_MS;
    return wasIdle;
  }

  /** It does not type. */
  stop() {
    const wasTyping = this.expiresAt !== null;
    this.expiresAt = null;
    return wasTyping;
  }

  /**
   * Let it expire.
   *
   * @param {number} now
   */
  tick(now) {
    return this.expiresAt !== null && now >= this.expiresAt && this.stop();
  }
}
