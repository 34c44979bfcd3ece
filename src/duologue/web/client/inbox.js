/**
 * The partner's chats of one pairing: what has come, was taken, was seen.
 *
 * Laws: a chat is passed on once and in order, never past a gap; it counts as received
 * only when the program has taken it.
 */

/** @import { SayRead, SayReceived } from "./messages.js" */

/** Counts; it keeps no content. */
export class Inbox {
  /** The last chat that has come, without a gap before it. */
  arrived = 0;

  /** The last chat that the person has seen. */
  read = 0;

  #pairing;
  #saidReceived = 0;
  #saidRead = 0;

  /**
   * What has come and was not taken, in order.
   *
   * @type {Set<number>}
   */
  #untaken = new Set();

  /** @param {number} pairing */
  constructor(pairing) {
    this.#pairing = pairing;
  }

  /** The last chat that the program has; an empty one is not for it to take. */
  get received() {
    const [first] = this.#untaken;
    return first === undefined ? this.arrived : first - 1;
  }

  /**
   * Take over what an earlier run of the program has saved.
   *
   * @param {number} received
   * @param {number} read
   */
  restore(received, read) {
    this.arrived = received;
    this.read = read;
  }

  /**
   * Count the next chat.
   *
   * @param {number} id
   * @param {boolean} isEmpty
   */
  arrive(id, isEmpty) {
    this.arrived = id;
    if (!isEmpty) this.#untaken.add(id);
  }

  /**
   * Who says a chat again has not heard that it was received: say that again too.
   *
   * @param {number} id
   */
  repeated(id) {
    this.#saidReceived = Math.min(this.#saidReceived, id - 1);
    this.#saidRead = Math.min(this.#saidRead, id - 1);
  }

  /**
   * The program has everything up to `id`.
   *
   * @param {number} id
   */
  take(id) {
    for (const untaken of this.#untaken) {
      if (untaken > id) break;
      this.#untaken.delete(untaken);
    }
  }

  /**
   * The person has seen everything up to `id`, so the program has it too.
   *
   * @param {number} id
   */
  see(id) {
    this.take(id);
    this.read = Math.max(this.read, Math.min(id, this.received));
  }

  /** Return the receipts that are due, merged into one of each kind. */
  toSay() {
    /** @type {(SayReceived | SayRead)[]} */
    const due = [];
    const pairing = this.#pairing;
    if (this.received > this.#saidReceived) {
      due.push({ type: "received", pairing, id: this.received });
    }
    if (this.read > this.#saidRead) due.push({ type: "read", pairing, id: this.read });
    this.countAsSaid();
    return due;
  }

  /** Take note that the server has been told all this. */
  countAsSaid() {
    this.#saidReceived = this.received;
    this.#saidRead = this.read;
  }
}
