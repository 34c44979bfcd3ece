/**
 * What a client raises: a caller's misuse, or why something asked for will not come.
 */

/** @import { Code } from "./messages.js" */
/** @import { Failure } from "./outgoing.js" */

/** The base of every error that Duologue raises on purpose. */
export class DuologueError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = new.target.name;
  }
}

/** A program asked a conversation for what it cannot do now. */
export class ConversationError extends DuologueError {}

/** Nothing of the name is left once it is trimmed. */
export class InvalidUsername extends ConversationError {}

/** Leave the room first, or wait for the answer to what was asked. */
export class AlreadyInRoom extends ConversationError {}

/** Create or join a room first. */
export class NotInRoom extends ConversationError {}

/** Nobody has joined yet, or the partner has left. */
export class NoPartner extends ConversationError {}

/** A message has to say something. */
export class EmptyMessage extends ConversationError {}

/** A message is longer than the server takes; both sizes are bytes of UTF-8. */
export class MessageTooLong extends ConversationError {
  /**
   * @param {number} sizeBytes
   * @param {number} limitBytes
   */
  constructor(sizeBytes, limitBytes) {
    super(`${sizeBytes} bytes are more than ${limitBytes}`);
    this.sizeBytes = sizeBytes;
    this.limitBytes = limitBytes;
  }
}

/** There will be no other connection. */
export class ConversationEnded extends ConversationError {}

/** What should say where the server is cannot be used; the text says why. */
export class AddressError extends DuologueError {}

/** What was kept of an earlier run makes no sense. */
export class OutboxError extends DuologueError {}

/** The server does not do what it was asked for; `code` tells why. */
export class RequestRefused extends DuologueError {
  /**
   * @param {Code} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** No room has this code. */
export class RoomNotFound extends RequestRefused {}

/** Two people are in that room already. */
export class RoomFull extends RequestRefused {}

/** Too much was asked for: too many wrong codes, or rooms. Later it may be done. */
export class SlowDown extends RequestRefused {
  /**
   * @param {Code} code
   * @param {string} message
   * @param {number} retryAfterS after how many seconds to ask again
   */
  constructor(code, message, retryAfterS) {
    super(code, message);
    this.retryAfterS = retryAfterS;
  }
}

/** A message will not reach the partner's program; `reason` is its `failure`. */
export class NotDelivered extends DuologueError {
  /** @param {Failure} reason */
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

/** The partner has the message, but has left without a word of having seen it. */
export class NotRead extends DuologueError {}
