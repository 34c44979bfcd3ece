/** What a program keeps of a conversation, as often as it changes, to go on in its next run. */

import { OutboxError } from "./errors.js";
import { Seat } from "./seat.js";

/** @import { Conversation } from "./conversation.js" */
/** @import { Tell } from "./events.js" */

/**
 * @typedef {object} Counted A seat and its counts; the ticket in it is a secret.
 * @property {string} username
 * @property {string} room_code
 * @property {string} ticket
 * @property {number} pairing
 * @property {string | null} partner
 * @property {number} received the partner's last chat that the program has taken
 * @property {number} read the partner's last chat that the person has seen
 * @property {number} last the highest number given to a message
 * @property {number} sent my last message that the server is known to have held
 * @property {number} delivered my last message that the partner's program has
 * @property {number} partner_read my last message that the partner has seen
 */
/**
 * @typedef {Counted & { outbox: Record<number, string> }} Saved
 * And, by its number, what is not known to be delivered. It can be written as JSON.
 */

/**
 * Return all but the contents. Where this is as it was, and the outbox has as many
 * messages, the contents are as they were.
 *
 * @param {string} username
 * @param {Seat} seat
 * @returns {Counted}
 */
export function counted(username, seat) {
  const { counts } = seat.outbox;
  return {
    username,
    room_code: seat.roomCode,
    ticket: seat.ticket,
    pairing: seat.pairing,
    partner: seat.partner,
    received: seat.inbox.received,
    read: seat.inbox.read,
    last: seat.outbox.last,
    sent: counts.sent,
    delivered: counts.delivered,
    partner_read: counts.read,
  };
}

/**
 * Return what there is to keep now.
 *
 * @param {string} username
 * @param {Seat} seat
 * @returns {Saved}
 */
export function savedOf(username, seat) {
  const contents = seat.outbox.waiting.map(({ id, content }) => [id, content]);
  return { ...counted(username, seat), outbox: Object.fromEntries(contents) };
}

/**
 * Return the seat as it was; what had come but was not taken will come again.
 *
 * @param {Saved} saved
 * @param {Tell} tell
 */
export function restoredSeat(saved, tell) {
  const { room_code, ticket, pairing, partner, outbox, last } = saved;
  const seat = new Seat(room_code, ticket, pairing, partner, tell);
  seat.inbox.restore(saved.received, saved.read);
  const { sent, delivered, partner_read: read } = saved;
  seat.outbox.restore(outbox, last, { sent, delivered, read });
  return seat;
}

/**
 * Return what was saved, if it is whole: storage outlives programs that wrote into it.
 *
 * @param {Saved} saved
 * @throws {OutboxError} It is not.
 */
export function checked(saved) {
  const { username, room_code, ticket, partner, outbox } = saved;
  const { pairing, received, read, last, sent, delivered, partner_read } = saved;
  const texts = [username, room_code, ticket, partner ?? ""];
  const counts = [pairing, received, read, last, sent, delivered, partner_read];
  const contents = Object.entries(outbox ?? { "": "" });
  const isWhole =
    texts.every((text) => typeof text === "string") &&
    counts.every((count) => Number.isSafeInteger(count)) &&
    contents.every(([id, content]) => Number(id) >= 1 && typeof content === "string");
  if (!isWhole) throw new OutboxError("what was kept makes no sense");
  return saved;
}

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
