/**
 * Every message of `duologue.v1`, as PROTOCOL.md describes it: tagged unions on `type`.
 *
 * What a client says is an imperative, what the server says is what happened. Fields are
 * named as on the wire. There is little to run here: types, and the codes of errors.
 */

export const SUBPROTOCOL = "duologue.v1";

/** What a program can tell errors apart by. */
export const ErrorCode = Object.freeze({
  USERNAME_REQUIRED: "username_required",
  ALREADY_IN_ROOM: "already_in_room",
  ROOM_NOT_FOUND: "room_not_found",
  ROOM_FULL: "room_full",
  NOT_IN_ROOM: "not_in_room",
  NO_PARTNER: "no_partner",
  MESSAGE_TOO_LONG: "message_too_long",
  INVALID_MESSAGE: "invalid_message",
  SLOW_DOWN: "slow_down",
  ROOM_EXPIRED: "room_expired",
  OUT_OF_ORDER: "out_of_order",
  PARTNER_BEHIND: "partner_behind",
  TICKET_REFUSED: "ticket_refused",
  NOT_AWAY: "not_away",
});

/** @typedef {typeof ErrorCode[keyof typeof ErrorCode]} Code */

// What a client says

/** @typedef {{ type: "set_username", username: string }} SetUsername Call me this. */
/** @typedef {{ type: "create_room" }} CreateRoom Open a room and tell me its code. */
/**
 * @typedef {{ type: "join_room", room_code: string, client_id?: string }} JoinRoom
 * Seat me; I am who asked before as `client_id`, if I lost the answer.
 */
/**
 * @typedef {{ type: "chat", pairing: number, id: number, content: string }} SayChat
 * Pass this on to my partner of this pairing: my chat number `id`.
 */
/** @typedef {{ type: "typing" }} SayTyping I am writing something. */
/** @typedef {{ type: "stop_typing" }} SayStopTyping I am not writing any more. */
/** @typedef {{ type: "leave_room" }} LeaveRoom Give up my seat. */
/**
 * @typedef {object} Resume Give me my seat back; this is how far I know that things have come.
 * @property {"resume"} type
 * @property {string} ticket the newest that I was given
 * @property {number} received the partner's last chat that my program has
 * @property {number} read the partner's last chat that a person has seen
 * @property {number} delivered my last chat that the partner's program is known to have
 */
/** @typedef {{ type: "received", pairing: number, id: number }} SayReceived I have up to `id`. */
/** @typedef {{ type: "read", pairing: number, id: number }} SayRead I have seen up to `id`. */
/** @typedef {{ type: "free_seat" }} FreeSeat My partner need not come back. */
/** @typedef {{ type: "ping" }} Ping Are you there? */

/**
 * @typedef {SetUsername | CreateRoom | JoinRoom | SayChat | SayTyping | SayStopTyping
 *   | LeaveRoom | Resume | SayReceived | SayRead | FreeSeat | Ping} ClientMessage
 */

// What the server says

/**
 * @typedef {object} Connected The first message on every connection.
 * @property {"connected"} type
 * @property {string} client_id
 * @property {string} protocol
 * @property {number} max_content_bytes
 * @property {number} heartbeat_s
 */
/** @typedef {{ type: "username_set", username: string }} UsernameSet Your name. */
/**
 * @typedef {{ type: "room_created", room_code: string, pairing: number, ticket: string }}
 *   RoomCreated Your room is open; say this code to your partner.
 */
/**
 * @typedef {object} RoomJoined You have a seat; `partner` is who sits opposite.
 * @property {"room_joined"} type
 * @property {string} room_code
 * @property {string | null} partner
 * @property {number} pairing
 * @property {string} ticket
 */
/**
 * @typedef {{ type: "partner_joined", username: string, pairing: number, ticket: string }}
 *   PartnerJoined Someone took the seat opposite: a new pairing begins.
 */
/**
 * @typedef {object} Resumed You have your seat back; then come the chats that you missed.
 * @property {"resumed"} type
 * @property {string} client_id what you were called when you took the seat
 * @property {string} room_code
 * @property {string} ticket
 * @property {number} pairing
 * @property {string | null} partner who sits opposite; null if the seat there is free
 * @property {boolean} partner_here whether they are connected now
 * @property {number} accepted go on with your chat after this one
 * @property {number} delivered your last chat that the partner's program has
 * @property {number} partner_read your last chat that the partner has seen
 */
/** @typedef {{ type: "ticket", ticket: string }} Ticket Keep it in place of the one you have. */
/**
 * @typedef {object} Said Your partner said this, `at` so many milliseconds since 1970.
 * @property {"chat"} type
 * @property {string} from
 * @property {number} pairing
 * @property {number} id
 * @property {string} content
 * @property {number} at
 */
/** @typedef {{ type: "sent", pairing: number, id: number }} Sent The server holds up to `id`. */
/**
 * @typedef {{ type: "delivered", pairing: number, id: number }} Delivered
 * The partner's program has everything of yours up to `id`.
 */
/**
 * @typedef {{ type: "partner_read", pairing: number, id: number }} PartnerRead
 * The partner has seen everything of yours up to `id`.
 */
/** @typedef {{ type: "partner_typing" }} PartnerTyping Your partner is writing. */
/** @typedef {{ type: "partner_stop_typing" }} PartnerStopTyping And is not any more. */
/** @typedef {{ type: "partner_away" }} PartnerAway The connection is gone, the seat is kept. */
/**
 * @typedef {{ type: "partner_back", accepted: number }} PartnerBack
 * Your partner is back; go on with your chat after `accepted`.
 */
/** @typedef {{ type: "partner_renamed", username: string }} PartnerRenamed A new name. */
/** @typedef {{ type: "partner_left" }} PartnerLeft The seat opposite is free again. */
/** @typedef {{ type: "knock", username: string }} Knock Someone else tried your code. */
/**
 * @typedef {{ type: "room_left", client_id: string }} RoomLeft
 * You have given up your seat, and are `client_id` from now on.
 */
/** @typedef {{ type: "pong" }} Pong I am there. */
/**
 * @typedef {{ type: "reconnect", after_ms: number }} Reconnect
 * The server is about to stop: come back after that many milliseconds.
 */
/**
 * @typedef {object} Refusal What you asked for was not done; if it was a chat, which one.
 * @property {"error"} type
 * @property {Code} code
 * @property {string} message
 * @property {number} [retry_after_s] when to ask again, with `slow_down`
 * @property {number} [pairing]
 * @property {number} [id]
 * @property {number} [expected] the number that has to come next, with `out_of_order`
 */

/**
 * @typedef {PartnerJoined | Ticket | Sent | Delivered | PartnerRead | PartnerTyping
 *   | PartnerStopTyping | PartnerAway | PartnerBack | PartnerRenamed | PartnerLeft
 *   | Knock} ToSeated
 * What only someone who is seated is told, but for chats and errors.
 */
/**
 * @typedef {ToSeated | Connected | UsernameSet | RoomCreated | RoomJoined | Resumed | Said
 *   | RoomLeft | Pong | Reconnect | Refusal} ServerMessage
 */
