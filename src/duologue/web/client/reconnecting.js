/**
 * Whether to connect again once a connection is gone, and when.
 *
 * Decides only. See PROTOCOL.md, Close codes.
 */

const FIRST_MS = 250;
const LONGEST_MS = 10_000;
const LONGEST_REQUESTED_MS = 300_000;

/**
 * @typedef {object} Timing How patient a client is; times are in milliseconds.
 * @property {number} connectTimeoutMs a connection that takes longer until it may be used
 *   is given up
 * @property {number} pingIntervalMs after so much silence the server is asked whether it
 *   is there
 * @property {number} pingTimeoutMs how long it may take to answer. With the interval, this
 *   is how long a dead connection may go unnoticed
 * @property {number} wakeTimeoutMs the same, when the page has just been shown again
 * @property {number} provenMs a connection that was good for so long is followed at once by
 *   the next
 * @property {number} drainMs how often it is looked at whether there is room to say more
 * @property {() => number} random a number from 0 to 1, to keep many clients from coming
 *   at once
 * @property {() => number} now a clock that only goes forward
 */

/** @type {Readonly<Timing>} */
export const USUAL_TIMING = Object.freeze({
  connectTimeoutMs: 8000,
  pingIntervalMs: 5000,
  pingTimeoutMs: 10_000,
  wakeTimeoutMs: 5000,
  provenMs: 5000,
  drainMs: 50,
  random: () => Math.random(),
  now: () => performance.now(),
});

/**
 * What to do when a connection is gone. `reconnect`: at once, if it was good for a while.
 * `back_off`: not at once. `end`: not at all, the server has said goodbye. `replaced`: not
 * at all, a newer connection has the seat. `rejected`: not at all, something is wrong with
 * this program or its settings.
 *
 * @typedef {"reconnect" | "back_off" | "end" | "replaced" | "rejected"} Next
 */

/** @type {ReadonlyMap<number | null, Next>} */
const AFTER = new Map(
  /** @type {const} */ ([
    [1000, "end"],
    [1002, "rejected"],
    [1003, "rejected"], // It takes no message of that kind.
    [1007, "rejected"],
    [1008, "rejected"], // Against its policy.
    [1009, "rejected"],
    [1010, "rejected"], // An extension is missing.
    [1012, "back_off"], // When it did not say when: many are sent off.
    [1013, "back_off"], // Try again later.
    [4001, "replaced"],
    [4008, "back_off"],
  ]),
);

/**
 * Say what to do after a close code; null means that there was no CLOSE.
 *
 * @param {number | null} code
 */
export function after(code) {
  return AFTER.get(code) ?? "reconnect";
}

/** Spreads attempts: at once, then after longer and longer times, with jitter. */
export class Backoff {
  #random;
  #failures = 0;

  /** @param {() => number} random returns a number from 0 to 1 */
  constructor(random) {
    this.#random = random;
  }

  /** A connection was good for a while. */
  succeeded() {
    this.#failures = 0;
  }

  /**
   * Return how long to wait before the next attempt, in milliseconds.
   *
   * @param {boolean} atOnce whether the first attempt need not wait
   * @param {number | null} [requestedMs] what the server has asked for
   */
  delayMs(atOnce, requestedMs = null) {
    const failures = this.#failures;
    this.#failures += 1;
    if (requestedMs !== null) return Math.min(requestedMs, LONGEST_REQUESTED_MS);
    if (atOnce && failures === 0) return 0;
    const longest = Math.min(FIRST_MS * 2 ** failures, LONGEST_MS);
    return longest * (0.5 + this.#random() / 2);
  }
}
