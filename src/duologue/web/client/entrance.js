/**
 * How a client gets in: its name, and the wish for a room, on each connection.
 *
 * Laws: nobody asks for a room without a name; a wish is said once a connection until
 * there is an answer.
 */

import { InvalidUsername } from "./errors.js";
import { ErrorCode } from "./messages.js";
import { stripped, wellFormed } from "./text.js";

/** @import { ClientMessage, Code, CreateRoom, JoinRoom } from "./messages.js" */

/** @typedef {CreateRoom | JoinRoom} Wish */

/** @type {ReadonlySet<Code>} */
const ANSWERS_TO_WISHES = new Set([
  ErrorCode.USERNAME_REQUIRED,
  ErrorCode.ALREADY_IN_ROOM,
  ErrorCode.SLOW_DOWN,
  ErrorCode.ROOM_NOT_FOUND,
  ErrorCode.ROOM_FULL,
]);

/** What the server has to know before anyone can sit down. */
export class Entrance {
  /** What the partner sees. */
  username;

  /**
   * What the server calls this connection; null before it says so.
   *
   * @type {string | null}
   */
  clientId = null;

  /**
   * What was asked for and not answered yet.
   *
   * @type {Wish | null}
   */
  wish = null;

  /** Whether the wish was said on this connection. */
  isAsked = false;

  /** @type {string | null} */
  #saidUsername = null;
  /** @type {string | null} */
  #confirmedUsername = null;
  /** @type {string | null} */
  #askedAs = null;

  /** @param {string} username */
  constructor(username) {
    this.username = trimmed(username);
  }

  /**
   * Return the name if it is new to the server, and the wish if it may be said.
   *
   * @param {boolean} isSeated
   * @param {boolean} mayAsk
   */
  toSay(isSeated, mayAsk) {
    const wish = mayAsk && !this.isAsked ? this.wish : null;
    /** @type {ClientMessage[]} */
    const due = [];
    if ((isSeated || wish !== null) && this.username !== this.#saidUsername) {
      this.#saidUsername = this.username;
      due.push({ type: "set_username", username: this.username });
    }
    if (wish !== null) due.push(this.#ask(wish));
    return due;
  }

  /**
   * @param {Wish} wish
   * @returns {Wish}
   */
  #ask(wish) {
    this.isAsked = true;
    if (wish.type === "create_room") return wish;
    // Should the answer be lost, the seat is held for who asked first.
    const askedAs = this.#askedAs;
    this.#askedAs ??= this.clientId;
    return askedAs === null ? wish : { ...wish, client_id: askedAs };
  }

  /** It is fulfilled, refused or taken back. */
  forgetWish() {
    this.wish = null;
    this.isAsked = false;
    this.#askedAs = null;
  }

  /** The connection is gone, and with it what was said over it. */
  closed() {
    this.clientId = null;
    this.isAsked = false;
    this.#saidUsername = null;
  }

  /**
   * Who gives up a seat is someone new to the server.
   *
   * @param {string} clientId
   */
  left(clientId) {
    this.clientId = clientId;
  }

  /**
   * The server calls me this, and the ticket says so too.
   *
   * @param {string} username
   */
  known(username) {
    this.#confirmedUsername = username;
  }

  /** The server knows my name from the ticket. */
  recognized() {
    this.#saidUsername = this.#confirmedUsername;
  }

  /** The server knows nothing of me. */
  forgotten() {
    this.#confirmedUsername = null;
  }

  /**
   * Deal with an error; false if it answers what nobody wishes any more.
   *
   * @param {Code} code
   */
  refused(code) {
    if (ANSWERS_TO_WISHES.has(code) && !this.isAsked) return false;
    if (code === ErrorCode.INVALID_MESSAGE) {
      this.#takeBackUsername();
      if (this.#confirmedUsername !== null) return true; // The wish is answered under that name.
    }
    if (this.isAsked) this.forgetWish();
    return true;
  }

  /** Of all that a client says only a name can make an invalid message. */
  #takeBackUsername() {
    if (this.#confirmedUsername !== null && this.username === this.#saidUsername) {
      this.username = this.#confirmedUsername;
    }
    this.#saidUsername = this.#confirmedUsername;
  }
}

/**
 * Return the name as the server will have it, or throw if nothing is left of it.
 *
 * @param {string} typed
 */
export function trimmed(typed) {
  const username = stripped(wellFormed(typed));
  if (username === "") {
    throw new InvalidUsername("nothing is left of the name once it is trimmed");
  }
  return username;
}
