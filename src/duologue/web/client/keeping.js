/** Keeps what must survive the program, as often as it changes. */

import { counted } from "./saved.js";

/** @import { Conversation } from "./conversation.js" */
/** @import { Saved } from "./saved.js" */

/**
 * @typedef {(saved: Saved | null) => void} Keep
 * Keeps this for the next run; null if there is nothing (left) to come back to.
 */

/** Knows what was kept last. */
export class Keeping {
  #keep;
  #kept;

  /**
   * @param {Keep | undefined} keep
   * @param {Conversation} conversation as it was kept by an earlier run, if it was
   */
  constructor(keep, conversation) {
    this.#keep = keep;
    this.#kept = mark(conversation);
  }

  /** Whether anything is kept at all. */
  get isKept() {
    return this.#keep !== undefined;
  }

  /** Keep nothing more: it belongs to someone else by now. */
  stop() {
    this.#keep = undefined;
  }

  /**
   * Keep the conversation as it is, if that is new.
   *
   * @param {Conversation} conversation
   */
  record(conversation) {
    const now = mark(conversation);
    if (this.#keep === undefined || now === this.#kept) return;
    try {
      this.#keep(conversation.saved());
      this.#kept = now;
    } catch (error) {
      // The storage is full, perhaps. All goes on, and it is tried again with the next change.
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}

/**
 * Return what differs whenever `saved` does, without its contents.
 *
 * @param {Conversation} conversation
 */
function mark({ seatToKeep: seat, username }) {
  return seat && JSON.stringify([counted(username, seat), seat.outbox.size]);
}
