/**
 * How far one's messages have come, for whatever keeps and shows it.
 * Confirmations count everything up to a number, so only what has changed is touched.
 */

/** @typedef {import("../client/outgoing.js").Outgoing} Outgoing */
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

/**
 * Mark messages that have failed.
 *
 * @param {{memory: import("./memory.js").Memory, log: import("./log.js").Log}} where
 * @param {readonly Outgoing[]} messages
 * @param {string} [why]  if that is not what the messages say
 */
export function markFailed({ memory, log }, messages, why) {
  const failures = new Map(
    messages.map(({ pairing, id, failure }) => [`${pairing}/${id}`, why ?? failure ?? "ended"]),
  );
  for (const entry of memory.history.entries) {
    const failure =
      entry.kind === "chat" && entry.mine && failures.get(`${entry.pairing}/${entry.id}`);
    if (failure) {
      entry.failure = failure;
      memory.history.changed(entry);
      log.changed(entry);
    }
  }
}

/**
 * Mark what the outbox does not know, though it has a number: the browser ended
 * between the two, and it was never said.
 *
 * @param {import("./history.js").History} history
 * @param {import("../client/saved.js").Saved} saved
 */
export function markLost(history, saved) {
  for (const entry of history.entries) {
    const isLost =
      entry.kind === "chat" &&
      entry.mine &&
      entry.pairing === saved.pairing &&
      entry.id > saved.delivered &&
      saved.outbox[entry.id] === undefined;
    if (isLost && entry.failure === undefined) {
      entry.failure = "lost";
      history.changed(entry);
    }
  }
}
