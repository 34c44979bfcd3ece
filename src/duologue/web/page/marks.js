/**
 * How far one's messages have come, for whatever shows it.
 * Confirmations count everything up to a number, so only what has changed is touched.
 */

/** @typedef {"queued" | "sent" | "delivered" | "read"} Progress */
/** @typedef {{sent: number, delivered: number, read: number}} Counts */

/** @template Shown */
export class Marks {
  /** @type {Map<number, Shown>} */
  #marks = new Map();
  /** @type {Counts} */
  #counts = { sent: 0, delivered: 0, read: 0 };
  /** @type {(shown: Shown, progress: Progress) => void} */
  #show;

  /** @param {(shown: Shown, progress: Progress) => void} show */
  constructor(show) {
    this.#show = show;
  }

  /**
   * Show how far a message has come, from now on.
   *
   * @param {number} id
   * @param {Shown} shown
   */
  add(id, shown) {
    this.#marks.set(id, shown);
    this.#show(shown, this.#progress(id));
  }

  /**
   * Follow a message no longer.
   *
   * @param {number} id
   */
  remove(id) {
    this.#marks.delete(id);
  }

  /**
   * Take note of how far they all have come; `sent` falls when a server was restarted.
   *
   * @param {Partial<Counts>} news
   */
  count(news) {
    const before = this.#counts;
    this.#counts = { ...before, ...news };
    for (const kind of /** @type {const} */ (["sent", "delivered", "read"])) {
      const first = Math.min(before[kind], this.#counts[kind]) + 1;
      const last = Math.max(before[kind], this.#counts[kind]);
      for (let id = first; id <= last; id++) {
        this.#update(id);
      }
    }
  }

  /** @param {number} id */
  #update(id) {
    const shown = this.#marks.get(id);
    if (shown !== undefined) {
      this.#show(shown, this.#progress(id));
    }
  }

  /**
   * @param {number} id
   * @returns {Progress}
   */
  #progress(id) {
    if (id <= this.#counts.read) {
      return "read";
    }
    if (id <= this.#counts.delivered) {
      return "delivered";
    }
    return id <= this.#counts.sent ? "sent" : "queued";
  }
}

/**
 * How far one's own messages have come.
 *
 * @param {import("../client/saved.js").Saved | null} saved
 * @returns {Counts}
 */
export function countsOf(saved) {
  return {
    sent: saved?.sent ?? 0,
    delivered: saved?.delivered ?? 0,
    read: saved?.partner_read ?? 0,
  };
}
