/**
 * One person's stay in a room: how a seat is taken, shown again, given up and lost.
 *
 * The conversation says when; `leaving` lasts until the server has heard of it.
 */

import { Failure } from "./outgoing.js";
import { Seat } from "./seat.js";

/** @import { Event, Tell } from "./events.js" */
/** @import { ClientMessage, Resumed, RoomCreated, RoomJoined } from "./messages.js" */

/** The place in a room, if there is one. */
export class Stay {
  /**
   * Null while there is none.
   *
   * @type {Seat | null}
   */
  seat = null;

  /** Whether it is being given up, or the one that may come of a wish. */
  isLeaving = false;

  #isTicketShown = false;
  #isLeaveSaid = false;
  #tell;

  /** @param {Tell} tell */
  constructor(tell) {
    this.#tell = tell;
  }

  /** The seat, unless it is being given up. */
  get seatToKeep() {
    return this.isLeaving ? null : this.seat;
  }

  /** Return what has to be said before anything else on a new connection. */
  sayTicket() {
    if (this.seat === null || this.#isTicketShown) return [];
    this.#isTicketShown = true;
    return [this.seat.resume()];
  }

  /** Return what is due in the room. */
  toSay() {
    /** @type {ClientMessage[]} */
    const due = [];
    if (this.#isLeaveSaid) return due;
    if (this.seat !== null) due.push(...this.seat.toSay());
    if (this.isLeaving) {
      this.#isLeaveSaid = true;
      due.push({ type: "leave_room" });
    }
    return due;
  }

  /** The connection is gone. */
  closed() {
    this.#isTicketShown = this.#isLeaveSaid = false;
    if (this.seat !== null) this.seat.closed();
    else this.left();
  }

  /**
   * Take the seat that the server gives.
   *
   * @param {RoomCreated | RoomJoined | Resumed} message
   * @param {number} limitBytes the longest message that the server takes
   */
  sitDown(message, limitBytes) {
    const { room_code, ticket, pairing } = message;
    const partner = message.type === "room_created" ? null : message.partner;
    const seat = new Seat(room_code, ticket, pairing, partner, this.#tell);
    seat.limitBytes = limitBytes;
    this.seat = seat;
    if (message.type === "room_created") this.#tell({ event: "room_created", room_code });
    else this.#tell({ event: "room_joined", room_code, pairing, partner });
    if (message.type === "resumed") seat.resumed(message);
  }

  /** The server has heard that the seat is given up, or knows of none. */
  left() {
    if (this.seat !== null || this.isLeaving) {
      this.standUp(Failure.YOU_LEFT, { event: "room_left" });
    }
  }

  /**
   * The ticket is no good any more: someone who was leaving has left, then.
   *
   * @param {boolean} [hasExpired] because nobody came, which happens only to who is alone
   */
  lose(hasExpired = false) {
    if (this.isLeaving) this.left();
    else if (this.seat !== null && hasExpired) {
      this.standUp(Failure.PARTNER_LEFT, { event: "room_expired" });
    } else if (this.seat !== null) {
      this.standUp(Failure.TICKET_REFUSED, { event: "ticket_refused" });
    }
  }

  /**
   * End the stay, if there is one.
   *
   * @param {Failure} reason why nothing more is delivered
   * @param {Event} event what the program is told then
   */
  standUp(reason, event) {
    const { seat } = this;
    this.seat = null;
    this.isLeaving = this.#isLeaveSaid = false;
    seat?.giveUp(reason);
    this.#tell(event);
  }
}
