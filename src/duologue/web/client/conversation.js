/**
 * A conversation as one of its two people has it, whatever its connections do.
 *
 * Inputs are what the person does, what the server says, and connections that come and go.
 * `toSay` and `happened` return, once, what follows from them. Laws: nothing is said before
 * the server knows who speaks; a seat is asked for until there is an answer; what cannot be
 * right breaks the connection, not this. Moments are milliseconds.
 */

import { Entrance, trimmed } from "./entrance.js";
import { AlreadyInRoom, ConversationEnded, NotInRoom } from "./errors.js";
import { ErrorCode } from "./messages.js";
import { Failure } from "./outgoing.js";
import { restoredSeat, savedOf } from "./saved.js";
import { USUAL_LIMIT_BYTES } from "./seat.js";
import { Stay } from "./stay.js";
import { wellFormed } from "./text.js";

/** @import { Wish } from "./entrance.js" */
/** @import { ChatReference, Event, Link } from "./events.js" */
/** @import { ClientMessage, Connected, Refusal, ServerMessage } from "./messages.js" */
/** @import { Saved } from "./saved.js" */

/** One person's side. It never does anything by itself. */
export class Conversation {
  /** The longest message that the server takes, as UTF-8. */
  maxContentBytes = USUAL_LIMIT_BYTES;

  /**
   * Set while a server that stops wants us back so late.
   *
   * @type {number | null}
   */
  reconnectAfterMs = null;

  /** @type {Link} */
  #link = "offline";
  #entrance;
  /** @type {Event[]} */
  #events = [];
  #stay = new Stay((event) => this.#tell(event));

  /** @param {string} username */
  constructor(username) {
    this.#entrance = new Entrance(username);
  }

  /**
   * Go on where an earlier run of the program was; it begins offline.
   *
   * @param {Saved} saved
   */
  static restored(saved) {
    const conversation = new Conversation(saved.username);
    conversation.#entrance.known(saved.username);
    conversation.#stay.seat = restoredSeat(saved, (event) => conversation.#tell(event));
    return conversation;
  }

  /** Return what `restored` takes; null while there is no seat to come back to. */
  saved() {
    const seat = this.seatToKeep;
    return seat && savedOf(this.username, seat);
  }

  /** What the present connection is good for. */
  get link() {
    return this.#link;
  }

  /** The place in a room; null while there is none. */
  get seat() {
    return this.#stay.seat;
  }

  /** The same, but null while it is being left. */
  get seatToKeep() {
    return this.#stay.seatToKeep;
  }

  /** What the partner sees. */
  get username() {
    return this.#entrance.username;
  }

  /** Whether a room was asked for, and there is no answer yet. */
  get hasWish() {
    return this.#entrance.wish !== null;
  }

  /** When `tick` has something to do; null for never. */
  get wakesAt() {
    return this.seat?.wakesAt ?? null;
  }

  // What follows

  /**
   * Return what to say now, in this order; it counts as said.
   *
   * @returns {ClientMessage[]}
   */
  toSay() {
    const stay = this.#stay;
    if (this.#link === "resuming") return stay.sayTicket();
    if (this.#link !== "online") return [];
    const isSeated = stay.seat !== null;
    const greeting = this.#entrance.toSay(isSeated, !isSeated && !stay.isLeaving);
    return [...greeting, ...stay.toSay()];
  }

  /** Return what the program has not been told yet. */
  happened() {
    return this.#events.splice(0);
  }

  // Connections

  /** A new connection is open; whatever was before it is gone. */
  opened() {
    this.closed();
    if (this.#link === "ended") return;
    if (this.seat === null) {
      this.#entrance.forgotten();
      this.#link = "greeting";
    } else {
      this.#link = "resuming";
    }
  }

  /** The connection is gone, if there was one. */
  closed() {
    if (this.#link === "offline" || this.#link === "ended") return;
    if (this.#link === "online" || this.#link === "broken") this.#tell({ event: "offline" });
    this.#link = "offline";
    this.reconnectAfterMs = null;
    this.#entrance.closed();
    this.#stay.closed();
  }

  /**
   * End for good: what is not delivered is reported, or saved for the next run.
   *
   * @param {string} reason
   * @param {boolean} [isSaved]
   */
  end(reason, isSaved = false) {
    if (this.#link === "ended") return;
    this.#link = "ended";
    this.#entrance.forgetWish();
    if (isSaved && this.seatToKeep !== null) {
      this.seatToKeep.closed();
      this.#tell({ event: "ended", reason });
    } else {
      this.#stay.standUp(Failure.ENDED, { event: "ended", reason });
    }
  }

  /**
   * Some time has passed; see `wakesAt`.
   *
   * @param {number} now
   */
  tick(now) {
    this.seat?.tick(now);
  }

  // What the person does

  /**
   * Open a room, now or once online. Throws `AlreadyInRoom` if there is a room, or one was
   * asked for, and `ConversationEnded`.
   */
  createRoom() {
    this.#want({ type: "create_room" });
  }

  /**
   * Take a seat in a room, now or once online; throws as `createRoom` does.
   *
   * @param {string} code
   */
  joinRoom(code) {
    this.#want({ type: "join_room", room_code: wellFormed(code) });
  }

  /**
   * Queue a message for the present partner, away or not, online or not. Throws
   * `NotInRoom`, `NoPartner`, `EmptyMessage`, `MessageTooLong` or `ConversationEnded`.
   *
   * @param {string} content
   */
  send(content) {
    return this.#seatOrThrow().send(content);
  }

  /**
   * The program has taken this chat, and all before it.
   *
   * @param {ChatReference} chat
   */
  take(chat) {
    this.#seatOf(chat)?.inbox.take(chat.id);
  }

  /**
   * The person has seen this chat, and all before it.
   *
   * @param {ChatReference} chat
   */
  markRead(chat) {
    this.#seatOf(chat)?.inbox.see(chat.id);
  }

  /**
   * A key was pressed; call it for each, it is said seldom.
   *
   * @param {number} now
   */
  typing(now) {
    if (this.#link === "online") this.seat?.press(now);
  }

  /** The text was cleared, or left. */
  stopTyping() {
    this.seat?.ownTyping.stop();
  }

  /**
   * Take another name; throws `InvalidUsername` if there is nothing in it.
   *
   * @param {string} username
   */
  rename(username) {
    this.#entrance.username = trimmed(username);
  }

  /** Don't wait for a partner who is away any longer; throws as `send` does. */
  freeSeat() {
    this.#seatOrThrow().free();
  }

  /**
   * Give up the seat, or the wish for one; `room_left` follows. What is on its way may
   * still be delivered until then. Throws `NotInRoom` and `ConversationEnded`.
   */
  leave() {
    if (!this.hasWish) this.#seatOrThrow();
    const isAsked = this.seat !== null || this.#entrance.isAsked;
    this.#entrance.forgetWish();
    if (isAsked || this.#stay.isLeaving) this.#stay.isLeaving = true;
    else this.#tell({ event: "room_left" });
  }

  // What the server says

  /**
   * Deal with what came over the present connection.
   *
   * @param {ServerMessage} message
   * @param {number} now
   */
  hear(message, now) {
    // Without a connection there is none that it could have come over.
    if (this.#link === "offline" || this.#link === "broken" || this.#link === "ended") return;
    if (message.type === "connected") this.#greeted(message);
    else if (message.type === "reconnect") this.reconnectAfterMs = message.after_ms;
    else if (this.#link === "resuming") this.#hearOfTicket(message);
    else if (this.#link === "online") this.#hearOnline(message, now);
  }

  /** @param {Connected} message */
  #greeted(message) {
    this.#entrance.clientId = message.client_id;
    this.maxContentBytes = message.max_content_bytes;
    if (this.seat !== null) this.seat.limitBytes = message.max_content_bytes;
    if (this.#link === "greeting") this.#goOnline();
  }

  /** @param {ServerMessage} message */
  #hearOfTicket(message) {
    const seat = this.seat;
    if (message.type === "resumed" && seat !== null) {
      this.#entrance.recognized();
      this.#goOnline();
      if (seat.isOfAnother(message)) this.#disown();
      else seat.resumed(message);
    } else if (message.type === "error") {
      this.#entrance.forgotten();
      this.#stay.lose();
      this.#link = "greeting";
      if (this.#entrance.clientId !== null) this.#goOnline();
    }
  }

  /**
   * @param {Exclude<ServerMessage, { type: "connected" | "reconnect" }>} message
   * @param {number} now
   */
  #hearOnline(message, now) {
    const seat = this.seat;
    switch (message.type) {
      case "username_set":
        this.#entrance.known(message.username);
        break;
      case "room_created":
      case "room_joined":
      case "resumed":
        if (seat !== null) break;
        if (!this.#stay.isLeaving) this.#entrance.forgetWish();
        this.#stay.sitDown(message, this.maxContentBytes);
        break;
      case "room_left":
        this.#entrance.left(message.client_id);
        this.#stay.left();
        break;
      case "error":
        this.#hearError(message);
        break;
      case "chat":
        if (seat !== null && !seat.arrive(message)) this.#link = "broken";
        break;
      case "pong":
        break;
      default:
        if (message.type === "partner_back" && seat?.isOfAnother(message)) this.#disown();
        else seat?.hear(message, now);
    }
  }

  /** @param {Refusal} error */
  #hearError(error) {
    const { code, message, pairing, id, retry_after_s } = error;
    if (code === ErrorCode.NOT_IN_ROOM) {
      // The ticket can tell who is right, on another connection.
      if (this.seatToKeep !== null) this.#link = "broken";
      else this.#stay.left();
    } else if (pairing !== undefined && id !== undefined) {
      if (this.seat?.pairing === pairing) this.seat.refused(error, id);
    } else if (code === ErrorCode.TICKET_REFUSED || code === ErrorCode.ROOM_EXPIRED) {
      this.#stay.lose(code === ErrorCode.ROOM_EXPIRED);
    } else if (this.#entrance.refused(code)) {
      const wait = retry_after_s === undefined ? {} : { retry_after_s };
      this.#tell({ event: "refused", code, message, ...wait });
    }
  }

  #goOnline() {
    this.#link = "online";
    this.#tell({ event: "online" });
  }

  // Seats and wishes

  /** @param {Wish} wish */
  #want(wish) {
    this.#checkNotEnded();
    if (this.hasWish || this.seatToKeep !== null) throw new AlreadyInRoom("leave first");
    this.#entrance.wish = wish;
  }

  /** Another copy of this program has the seat: let go of it, but don't free it. */
  #disown() {
    this.#stay.lose();
    this.#link = "broken";
  }

  #seatOrThrow() {
    this.#checkNotEnded();
    const seat = this.seatToKeep;
    if (seat === null) throw new NotInRoom("create or join a room first");
    return seat;
  }

  #checkNotEnded() {
    if (this.#link === "ended") {
      throw new ConversationEnded("there will be no other connection");
    }
  }

  /**
   * Return the seat, if this chat is of its present pairing.
   *
   * @param {ChatReference} chat
   */
  #seatOf(chat) {
    const seat = this.seat;
    const isPresent = seat?.roomCode === chat.room_code && seat.pairing === chat.pairing;
    return isPresent ? seat : null;
  }

  /** @param {Event} event */
  #tell(event) {
    this.#events.push(event);
  }
}
