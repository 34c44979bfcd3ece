/** Makes messages of what a server says, of today or later. */

import { ErrorCode } from "./messages.js";

/** @import { ServerMessage } from "./messages.js" */

/** @typedef {(value: unknown) => boolean} Check */

/** @type {Check} */
const text = (value) => typeof value === "string";
/** @type {Check} */
const textOrNull = (value) => value === null || text(value);
/** @type {Check} */
const count = Number.isSafeInteger;
/** @type {Check} */
const countOrNothing = (value) => value === undefined || count(value);
/** @type {Check} */
const number = Number.isFinite;
/** @type {Check} */
const truth = (value) => typeof value === "boolean";

const chatUpTo = { pairing: count, id: count };

/**
 * The messages of a server, and what each has to have.
 *
 * @type {ReadonlyMap<unknown, Readonly<Record<string, Check>>>}
 */
const FIELDS = new Map(
  Object.entries({
    connected: {
      client_id: text,
      protocol: text,
      max_content_bytes: count,
      heartbeat_s: number,
    },
    username_set: { username: text },
    room_created: { room_code: text, pairing: count, ticket: text },
    room_joined: { room_code: text, partner: textOrNull, pairing: count, ticket: text },
    partner_joined: { username: text, pairing: count, ticket: text },
    resumed: {
      client_id: text,
      room_code: text,
      ticket: text,
      pairing: count,
      partner: textOrNull,
      partner_here: truth,
      accepted: count,
      delivered: count,
      partner_read: count,
    },
    ticket: { ticket: text },
    chat: { from: text, pairing: count, id: count, content: text, at: count },
    sent: chatUpTo,
    delivered: chatUpTo,
    partner_read: chatUpTo,
    partner_typing: {},
    partner_stop_typing: {},
    partner_away: {},
    partner_back: { accepted: count },
    partner_renamed: { username: text },
    partner_left: {},
    knock: { username: text },
    room_left: { client_id: text },
    pong: {},
    reconnect: { after_ms: count },
    error: {
      code: text,
      message: text,
      retry_after_s: countOrNothing,
      pairing: countOrNothing,
      id: countOrNothing,
      expected: countOrNothing,
    },
  }),
);

/** @type {ReadonlySet<unknown>} */
const CODES = new Set(Object.values(ErrorCode));

/** The server said what no server may say. */
export class Unreadable extends Error {}

/**
 * Return the message, or null if only a later server can mean something by it.
 *
 * @param {unknown} said what came over the connection
 * @returns {ServerMessage | null}
 * @throws {Unreadable} It is no message.
 */
export function read(said) {
  const message = parsed(said);
  const fields = FIELDS.get(message.type);
  if (fields === undefined) {
    if (text(message.type)) return null;
    throw new Unreadable("it has no type");
  }
  // A later server may give other reasons, and say other things with them.
  if (message.type === "error" && text(message.code) && !CODES.has(message.code)) return null;
  for (const [name, isRight] of Object.entries(fields)) {
    if (!isRight(message[name])) throw new Unreadable(`${message.type}: ${name}`);
  }
  return /** @type {ServerMessage} */ (/** @type {unknown} */ (message));
}

/**
 * @param {unknown} said
 * @returns {Record<string, unknown>}
 */
function parsed(said) {
  let value;
  try {
    value = typeof said === "string" ? JSON.parse(said) : null;
  } catch {
    value = null;
  }
  if (typeof value !== "object" || value === null) throw new Unreadable("it is no object");
  return value;
}
