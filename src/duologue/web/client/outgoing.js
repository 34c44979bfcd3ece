/** One message of mine, and how far it has come. The outbox moves it on. */

/**
 * How far a message has come; each step implies those before it. `queued`: only this
 * program has it. `sent`: the server holds it, in memory. `delivered`: the partner's
 * program has it. `read`: the partner has seen it.
 */
export const PROGRESS = Object.freeze(
  /** @type {const} */ (["queued", "sent", "delivered", "read"]),
);

/** @typedef {typeof PROGRESS[number]} Progress */

/** Why a message is not delivered, and will not be. */
export const Failure = Object.freeze({
  PARTNER_LEFT: "partner_left",
  YOU_LEFT: "you_left",
  TICKET_REFUSED: "ticket_refused",
  TOO_LONG: "message_too_long",
  REFUSED: "refused",
  ENDED: "ended",
});

/** @typedef {typeof Failure[keyof typeof Failure]} Failure */

/**
 * @typedef {{ sent: number, delivered: number, read: number }} Counts
 * How far the messages of one pairing have come: each up to this number.
 */

/** A message of mine. */
export class Outgoing {
  #counts;
  /** @type {Progress | null} */
  #final = null;
  /** @type {Failure | null} */
  #failure = null;

  /**
   * @param {number} pairing the meeting that it belongs to; nobody else will ever get it
   * @param {number} id its number in there: 1, 2, 3 and so on
   * @param {string} content what it says
   * @param {Counts} counts those of its pairing
   */
  constructor(pairing, id, content, counts) {
    this.pairing = pairing;
    this.id = id;
    this.content = content;
    this.#counts = counts;
  }

  /** How far it has come, or had come when it failed. */
  get progress() {
    return this.#final ?? this.#counted();
  }

  /** Why it is not delivered; null as long as it may be. */
  get failure() {
    return this.#failure;
  }

  /** Whether it is known to be delivered, or known not to be. */
  get isSettled() {
    return this.#failure !== null || this.hasCome("delivered");
  }

  /**
   * Say whether it has come so far, or further.
   *
   * @param {Progress} progress
   */
  hasCome(progress) {
    return PROGRESS.indexOf(this.progress) >= PROGRESS.indexOf(progress);
  }

  /**
   * Take note that it goes no further.
   *
   * @param {Failure} reason
   */
  fail(reason) {
    this.#final = this.progress;
    this.#failure = reason;
  }

  /** @returns {Progress} */
  #counted() {
    if (this.id <= this.#counts.read) return "read";
    if (this.id <= this.#counts.delivered) return "delivered";
    return this.id <= this.#counts.sent ? "sent" : "queued";
  }
}
