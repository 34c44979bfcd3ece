/**
 * My place in a room: the ticket for it, who sits opposite, and our messages.
 *
 * It outlives connections, and each pairing in it begins anew. Hears what the server says
 * to someone who is seated; the conversation deals with the rest.
 */

import { EmptyMessage, MessageTooLong, NoPartner } from "./errors.js";
import { Inbox } from "./inbox.js";
import { ErrorCode } from "./messages.js";
import { Outbox } from "./outbox.js";
import { Failure } from "./outgoing.js";
import { sizeBytes, wellFormed } from "./text.js";
import { OwnTyping, PartnerTyping } from "./typing-state.js";

/** @import { Tell } from "./events.js" */
/** @import { ClientMessage, PartnerBack, PartnerJoined, Refusal, Resume } from "./messages.js" */
/** @import { Resumed, Said, ToSeated } from "./messages.js" */

/** How long a message may be where the server has not said. */
export const USUAL_LIMIT_BYTES = 16 * 1024;

/** A place in a room, and the present pairing. */
export class Seat {
  /** What the partner types. */
  roomCode;

  /** The newest that the server gave; it brings the seat back. */
  ticket;

  /** The longest message that the server takes, as UTF-8. */
  limitBytes = USUAL_LIMIT_BYTES;

  ownTyping = new OwnTyping();
  partnerTyping = new PartnerTyping();
  #tell;
  #freesSeat = false;
  #isFreeSaid = false;

  /**
   * @param {string} roomCode
   * @param {string} ticket
   * @param {number} pairing 0 until somebody sits opposite
   * @param {string | null} partner who sits opposite; null if nobody does
   * @param {Tell} tell
   */
  constructor(roomCode, ticket, pairing, partner, tell) {
    this.roomCode = roomCode;
    this.ticket = ticket;
    this.#tell = tell;
    this.pairing = pairing;
    this.partner = partner;
    /** Whether the partner was connected when last heard of. */
    this.partnerIsHere = partner !== null;
    this.outbox = new Outbox(pairing, tell);
    this.inbox = new Inbox(pairing);
  }

  // What to say

  /**
   * Return what brings the seat back on a new connection.
   *
   * @returns {Resume}
   */
  resume() {
    this.inbox.countAsSaid();
    return {
      type: "resume",
      ticket: this.ticket,
      received: this.inbox.received,
      read: this.inbox.read,
      delivered: this.outbox.counts.delivered,
    };
  }

  /**
   * Return what is due on a connection that has this seat.
   *
   * @returns {ClientMessage[]}
   */
  toSay() {
    if (this.partner === null) return [];
    /** @type {ClientMessage[]} */
    const due = [...this.inbox.toSay(), ...this.ownTyping.toSay(), ...this.outbox.toSay()];
    if (this.#freesSeat && !this.#isFreeSaid) {
      this.#isFreeSaid = true;
      due.push({ type: "free_seat" });
    }
    return due;
  }

  // What the person does

  /**
   * Put a message into the outbox, or throw what it is that forbids it.
   *
   * @param {string} typed
   */
  send(typed) {
    if (this.partner === null) throw new NoPartner("nobody is here to read this");
    const content = wellFormed(typed);
    if (content === "") throw new EmptyMessage("a message has to say something");
    const size = sizeBytes(content);
    if (size > this.limitBytes) throw new MessageTooLong(size, this.limitBytes);
    this.ownTyping.stop();
    return this.outbox.add(content);
  }

  /**
   * A key was pressed; only a partner who is here would want to know.
   *
   * @param {number} now
   */
  press(now) {
    if (this.partnerIsHere) this.ownTyping.press(now);
  }

  /** The partner, who is away, need not come back. */
  free() {
    if (this.partner === null) throw new NoPartner("nobody sits opposite");
    this.#freesSeat = true;
    this.#isFreeSaid = false;
  }

  /** When `tick` has something to do; null for never. */
  get wakesAt() {
    const { idleAt } = this.ownTyping;
    const { expiresAt } = this.partnerTyping;
    if (idleAt === null || expiresAt === null) return idleAt ?? expiresAt;
    return Math.min(idleAt, expiresAt);
  }

  /**
   * Let typing expire.
   *
   * @param {number} now
   */
  tick(now) {
    this.ownTyping.tick(now);
    if (this.partnerTyping.tick(now)) this.#tell({ event: "partner_stopped_typing" });
  }

  /** The connection is gone; nobody types over none. */
  closed() {
    this.#quiet();
    if (this.#isFreeSaid) {
      // It may have been lost; to who is here it was refused.
      this.#freesSeat = !this.partnerIsHere;
      this.#isFreeSaid = false;
    }
  }

  /**
   * The seat is lost, and with it what was not delivered.
   *
   * @param {Failure} reason
   */
  giveUp(reason) {
    this.#quiet();
    this.outbox.fail(reason);
  }

  // What the server says

  /**
   * Say whether the server has heard chats in this seat that are not of this program.
   *
   * @param {Resumed | PartnerBack} message
   */
  isOfAnother(message) {
    if (message.type === "resumed" && message.pairing !== this.pairing) return false;
    return this.outbox.isOfAnother(message.accepted);
  }

  /**
   * The seat is ours again: compare what the server knows with what we knew.
   *
   * @param {Resumed} message
   */
  resumed(message) {
    this.ticket = message.ticket;
    if (message.pairing !== this.pairing) {
      this.#partnerLeft();
      this.#meet(message.pairing);
    }
    if (message.partner !== null) this.#goOnAfter(message.accepted);
    this.outbox.delivered(message.delivered);
    this.outbox.read(message.partner_read);
    if (message.partner === null) {
      this.#partnerLeft();
      return;
    }
    if (this.partner === null) this.#sitOpposite(message.partner);
    this.#renamePartner(message.partner);
    this.#setPresence(message.partner_here);
  }

  /**
   * Pass on the next chat and drop a repeat; false if there is a gap before it.
   *
   * @param {Said} chat
   */
  arrive(chat) {
    const { pairing, id, content, at } = chat;
    if (this.partner === null || pairing !== this.pairing) return true;
    if (id <= this.inbox.arrived) {
      this.inbox.repeated(id);
      return true;
    }
    if (id > this.inbox.arrived + 1) return false;
    this.inbox.arrive(id, content === "");
    this.#stopPartnerTyping();
    if (content !== "") {
      const { from: sender } = chat;
      const room_code = this.roomCode;
      this.#tell({ event: "chat", room_code, pairing, id, sender, content, at });
    }
    return true;
  }

  /**
   * A chat of this pairing was not passed on.
   *
   * @param {Refusal} error
   * @param {number} chatId
   */
  refused(error, chatId) {
    if (error.code === ErrorCode.OUT_OF_ORDER && error.expected !== undefined) {
      this.#goOnAfter(error.expected - 1);
    } else if (error.code === ErrorCode.PARTNER_BEHIND) {
      this.outbox.hold();
    } else if (error.code === ErrorCode.NO_PARTNER) {
      this.#partnerLeft();
    } else if (error.code === ErrorCode.MESSAGE_TOO_LONG) {
      this.outbox.refuse(chatId, Failure.TOO_LONG);
    } else {
      this.outbox.refuse(chatId, Failure.REFUSED);
    }
  }

  /**
   * Deal with anything else.
   *
   * @param {ToSeated} message
   * @param {number} now
   */
  hear(message, now) {
    switch (message.type) {
      case "sent":
      case "delivered":
      case "partner_read":
        this.#confirm(message.type, message.pairing, message.id);
        break;
      case "partner_joined":
        this.#partnerJoined(message);
        break;
      case "partner_left":
        this.#partnerLeft();
        break;
      case "partner_away":
        this.#setPresence(false);
        break;
      case "partner_back":
        this.#setPresence(true);
        this.#goOnAfter(message.accepted);
        break;
      case "partner_renamed":
        this.#renamePartner(message.username);
        break;
      case "partner_typing":
        if (this.partnerTyping.start(now)) this.#tell({ event: "partner_typing" });
        break;
      case "partner_stop_typing":
        this.#stopPartnerTyping();
        break;
      case "ticket":
        this.ticket = message.ticket;
        break;
      case "knock":
        this.#tell({ event: "knock", username: message.username });
    }
  }

  /**
   * @param {"sent" | "delivered" | "partner_read"} type
   * @param {number} pairing
   * @param {number} id
   */
  #confirm(type, pairing, id) {
    if (pairing !== this.pairing) return;
    if (type === "sent") this.outbox.sent(id);
    else if (type === "delivered") this.outbox.delivered(id);
    else this.outbox.read(id);
  }

  /** @param {number} chatId */
  #goOnAfter(chatId) {
    this.outbox.goOnAfter(chatId);
    this.outbox.refuseLonger(this.limitBytes);
  }

  /** @param {PartnerJoined} message */
  #partnerJoined(message) {
    if (message.pairing > this.pairing) {
      this.ticket = message.ticket;
      this.#partnerLeft();
      this.#meet(message.pairing);
      this.#sitOpposite(message.username);
    }
  }

  /**
   * Begin a pairing: nothing of the one before has a place in it.
   *
   * @param {number} pairing
   */
  #meet(pairing) {
    this.pairing = pairing;
    this.outbox = new Outbox(pairing, this.#tell);
    this.inbox = new Inbox(pairing);
    this.#freesSeat = this.#isFreeSaid = false;
  }

  /** @param {string} username */
  #sitOpposite(username) {
    this.partner = username;
    this.partnerIsHere = true;
    this.#tell({ event: "partner_joined", username, pairing: this.pairing });
  }

  /** The pairing is over, if there was one. */
  #partnerLeft() {
    if (this.partner !== null) {
      this.partner = null;
      this.partnerIsHere = false;
      this.#quiet();
      this.outbox.fail(Failure.PARTNER_LEFT);
      this.#tell({ event: "partner_left" });
    }
  }

  /** @param {boolean} isHere */
  #setPresence(isHere) {
    if (this.partner !== null && isHere !== this.partnerIsHere) {
      this.partnerIsHere = isHere;
      this.#freesSeat = this.#isFreeSaid = false;
      this.#quiet();
      this.#tell({ event: isHere ? "partner_back" : "partner_away" });
    }
  }

  /** @param {string} username */
  #renamePartner(username) {
    if (this.partner !== null && username !== this.partner) {
      this.partner = username;
      this.#tell({ event: "partner_renamed", username });
    }
  }

  #stopPartnerTyping() {
    if (this.partnerTyping.stop()) this.#tell({ event: "partner_stopped_typing" });
  }

  #quiet() {
    this.ownTyping.forget();
    this.#stopPartnerTyping();
  }
}
