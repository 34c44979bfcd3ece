/**
 * My messages of one pairing, kept until the partner's program has them.
 *
 * Laws: numbers are given once and said in order; a number whose message is gone is said
 * as an empty chat, so that those after it keep theirs; a message leaves the outbox only
 * as delivered or as failed, and never without a word.
 */

import { Failure, Outgoing } from "./outgoing.js";
import { sizeBytes } from "./text.js";

/** @import { Tell } from "./events.js" */
/** @import { SayChat } from "./messages.js" */
/** @import { Counts } from "./outgoing.js" */

/** So many chats may be on their way to the server before it confirms one. */
export const WINDOW = 256;

/** Numbers messages, says them, says them again where the server wants. */
export class Outbox {
  /** The highest number given so far. */
  last = 0;

  /**
   * How far the messages have come, as told by server and partner.
   *
   * @type {Counts}
   */
  counts = { sent: 0, delivered: 0, read: 0 };

  /** Whether the partner is behind: nothing is said for now. */
  isHeld = false;

  #pairing;
  #tell;
  #next = 1;
  #said = 0;
  /** @type {Map<number, Outgoing>} */
  #waiting = new Map();

  /**
   * @param {number} pairing
   * @param {Tell} tell
   */
  constructor(pairing, tell) {
    this.#pairing = pairing;
    this.#tell = tell;
  }

  /** What is not known to be delivered, in order. */
  get waiting() {
    return Object.freeze([...this.#waiting.values()]);
  }

  /** How many those are. */
  get size() {
    return this.#waiting.size;
  }

  /**
   * Give a message its number.
   *
   * @param {string} content
   */
  add(content) {
    this.last += 1;
    const message = new Outgoing(this.#pairing, this.last, content, this.counts);
    this.#waiting.set(message.id, message);
    return message;
  }

  /**
   * Take over what an earlier run of the program has saved.
   *
   * @param {Readonly<Record<number, string>>} contents
   * @param {number} last
   * @param {Counts} counts
   */
  restore(contents, last, counts) {
    this.last = last;
    this.counts = counts;
    this.#next = counts.sent + 1;
    this.#said = last; // By an earlier run, for all that is known here.
    for (const [key, content] of Object.entries(contents)) {
      const id = Number(key);
      this.#waiting.set(id, new Outgoing(this.#pairing, id, content, counts));
    }
  }

  /** Return the chats that may be said now; they count as said. */
  toSay() {
    /** @type {SayChat[]} */
    const due = [];
    if (this.isHeld) return due;
    const last = Math.min(this.last, this.counts.sent + WINDOW);
    for (; this.#next <= last; this.#next += 1) {
      const content = this.#waiting.get(this.#next)?.content ?? "";
      due.push({ type: "chat", pairing: this.#pairing, id: this.#next, content });
    }
    this.#said = Math.max(this.#said, last);
    return due;
  }

  // What comes back

  /**
   * The server holds everything up to `id`.
   *
   * @param {number} id
   */
  sent(id) {
    const known = Math.min(id, this.#said);
    if (known > this.counts.sent) {
      this.counts.sent = known;
      this.#next = Math.max(this.#next, known + 1);
      this.#tell({ event: "sent", pairing: this.#pairing, id: known });
    }
  }

  /**
   * The partner's program has everything up to `id`.
   *
   * @param {number} id
   */
  delivered(id) {
    const known = Math.min(id, this.#said);
    if (known > this.counts.delivered) {
      this.sent(known);
      this.counts.delivered = known;
      for (const waiting of this.#waiting.keys()) {
        if (waiting > known) break;
        this.#waiting.delete(waiting);
      }
      this.#tell({ event: "delivered", pairing: this.#pairing, id: known });
    }
  }

  /**
   * The partner has seen everything up to `id`.
   *
   * @param {number} id
   */
  read(id) {
    const known = Math.min(id, this.#said);
    if (known > this.counts.read) {
      this.delivered(known);
      this.counts.read = known;
      this.#tell({ event: "read", pairing: this.#pairing, id: known });
    }
  }

  /**
   * Say whether others have said what the server holds, as nobody but a copy of me can.
   *
   * Nothing that waits here may then be taken for delivered. More than I ever gave out may
   * have been said by an earlier run of this program, but that can be told only if no
   * message is in doubt.
   *
   * @param {number} accepted the last number that the server holds
   */
  isOfAnother(accepted) {
    // It was given to a message that no connection has seen.
    if (accepted > this.#said && this.last > this.#said) return true;
    const isInDoubt = [...this.#waiting.keys()].some((id) => id > this.counts.sent);
    return accepted > this.last && isInDoubt;
  }

  /**
   * Say everything beyond `id`, even if it was said before.
   *
   * @param {number} id
   */
  goOnAfter(id) {
    const known = Math.max(id, 0);
    this.last = Math.max(this.last, known);
    this.#said = Math.max(this.#said, known);
    this.#next = known + 1;
    if (known !== this.counts.sent) {
      this.counts.sent = known;
      this.#tell({ event: "sent", pairing: this.#pairing, id: known });
    }
    if (this.isHeld) {
      this.isHeld = false;
      this.#tell({ event: "partner_caught_up" });
    }
  }

  /** Say nothing until `goOnAfter`. */
  hold() {
    if (!this.isHeld) {
      this.isHeld = true;
      this.#tell({ event: "partner_behind" });
    }
  }

  // What goes no further

  /**
   * Give up one message that the server will not take; its number stays open.
   *
   * @param {number} id
   * @param {Failure} reason
   */
  refuse(id, reason) {
    const message = this.#waiting.get(id);
    if (message !== undefined) {
      this.#waiting.delete(id);
      message.fail(reason);
      this.#next = Math.min(this.#next, id);
      this.#tell({ event: "not_delivered", messages: Object.freeze([message]) });
    }
  }

  /**
   * Give up what the server does not hold, and is too long for it.
   *
   * @param {number} limitBytes
   */
  refuseLonger(limitBytes) {
    for (const { id, content } of this.waiting) {
      if (id > this.counts.sent && sizeBytes(content) > limitBytes) {
        this.refuse(id, Failure.TOO_LONG);
      }
    }
  }

  /**
   * Give up everything that is not delivered: the pairing is over.
   *
   * @param {Failure} reason
   */
  fail(reason) {
    const failed = this.waiting;
    this.#waiting.clear();
    for (const message of failed) message.fail(reason);
    if (failed.length > 0) this.#tell({ event: "not_delivered", messages: failed });
  }
}
