/**
 * What a program sees of a conversation: a tagged union on `event`, one event a change.
 *
 * Words are those of the wire where both mean the same. What is cumulative says so: it
 * speaks of every message up to its `id`.
 */

/** @import { Code } from "./messages.js" */
/** @import { Outgoing } from "./outgoing.js" */

/** The names of all events. */
export const EVENTS = Object.freeze(
  /** @type {const} */ ([
    "online",
    "offline",
    "unreachable",
    "ended",
    "room_created",
    "room_joined",
    "room_left",
    "ticket_refused",
    "room_expired",
    "refused",
    "partner_joined",
    "partner_left",
    "partner_away",
    "partner_back",
    "partner_renamed",
    "partner_typing",
    "partner_stopped_typing",
    "partner_behind",
    "partner_caught_up",
    "knock",
    "chat",
    "sent",
    "delivered",
    "read",
    "not_delivered",
  ]),
);

// The connection

/**
 * @typedef {"offline" | "greeting" | "resuming" | "online" | "broken" | "ended"} Link
 * What the connection is good for. `offline`: there is none. `greeting`: it is open; the
 * server has not said `connected` yet. `resuming`: it is open; the ticket was shown, and
 * nothing else may be said. `online`: anything may be said. `broken`: what came over it
 * cannot be right; drop it, wait a little, open another. `ended`: there will be no other.
 */
/**
 * @typedef {{ event: "online" }} Online
 * The server is there and knows who you are; a held seat is yours again.
 */
/**
 * @typedef {{ event: "offline" }} Offline
 * The connection is gone. What you send waits; the partner sees you as away.
 */
/**
 * @typedef {{ event: "unreachable", attempts: number }} Unreachable
 * So many attempts to connect have failed, one after another; there will be more.
 */
/**
 * @typedef {{ event: "ended", reason: string }} Ended
 * This was the last event: there will be no other connection. `reason` is a word for
 * programs: `closed`, `replaced` (a newer connection has the seat) or `rejected`.
 */

// The room

/**
 * @typedef {{ event: "room_created", room_code: string }} RoomCreated
 * Your room is open; say this code to your partner.
 */
/**
 * @typedef {object} RoomJoined
 * You have a seat; `partner` is who sits opposite, null if nobody does.
 * @property {"room_joined"} event
 * @property {string} room_code
 * @property {number} pairing
 * @property {string | null} partner
 */
/**
 * @typedef {{ event: "room_left" }} RoomLeft
 * You have left, as you wished, and may create or join again.
 */
/**
 * @typedef {{ event: "ticket_refused" }} TicketRefused
 * Your seat is lost: given up meanwhile, or expired. You may create or join again.
 */
/**
 * @typedef {{ event: "room_expired" }} RoomExpired
 * Nobody came for so long that your room was closed. You may create or join again.
 */
/**
 * @typedef {{ event: "refused", code: Code, message: string, retry_after_s?: number }} Refused
 * What you asked for was not done: create, join, rename or free the seat. `code` is for
 * programs, `message` for people, in English. `slow_down` says after how many seconds to ask
 * again.
 */

// The partner

/**
 * @typedef {{ event: "partner_joined", username: string, pairing: number }} PartnerJoined
 * Someone sat down opposite: a new pairing begins, with numbers from 1.
 */
/**
 * @typedef {{ event: "partner_left" }} PartnerLeft
 * The seat opposite is free. The room stays yours, its code good.
 */
/**
 * @typedef {{ event: "partner_away" }} PartnerAway
 * The partner's connection is gone. What you send waits for its return.
 */
/** @typedef {{ event: "partner_back" }} PartnerBack The partner is there again. */
/**
 * @typedef {{ event: "partner_renamed", username: string }} PartnerRenamed
 * The partner has another name now.
 */
/**
 * @typedef {{ event: "partner_typing" }} PartnerTyping
 * The partner is writing something; said once, until it stops.
 */
/**
 * @typedef {{ event: "partner_stopped_typing" }} PartnerStoppedTyping
 * The partner writes no more, or was not heard of for too long.
 */
/**
 * @typedef {{ event: "partner_behind" }} PartnerBehind
 * The partner has too much to catch up on. What you send waits here.
 */
/**
 * @typedef {{ event: "partner_caught_up" }} PartnerCaughtUp
 * What waited for the partner to catch up is on its way again.
 */
/**
 * @typedef {{ event: "knock", username: string }} Knock
 * Someone tried your code while your partner is away; see `freeSeat`.
 */

// Messages

/**
 * @typedef {object} Chat
 * The partner said this. Pass it to `markRead` once it was seen.
 * @property {"chat"} event
 * @property {string} room_code
 * @property {number} pairing
 * @property {number} id
 * @property {string} sender
 * @property {string} content
 * @property {number} at when, in milliseconds since 1970, by the server's clock
 */
/**
 * @typedef {Pick<Chat, "room_code" | "pairing" | "id">} ChatReference
 * Which chat is meant.
 */
/**
 * @typedef {{ event: "sent", pairing: number, id: number }} Sent
 * The server holds all of yours up to `id`: a lower one if it was restarted.
 */
/**
 * @typedef {{ event: "delivered", pairing: number, id: number }} Delivered
 * The partner's program has all of yours up to `id`.
 */
/**
 * @typedef {{ event: "read", pairing: number, id: number }} Read
 * The partner has seen all of yours up to `id`.
 */
/**
 * @typedef {{ event: "not_delivered", messages: readonly Outgoing[] }} NotDelivered
 * These messages of yours will not be delivered; each says why in `failure`.
 */

/**
 * @typedef {Online | Offline | Unreachable | Ended | RoomCreated | RoomJoined | RoomLeft
 *   | TicketRefused | RoomExpired | Refused | PartnerJoined | PartnerLeft | PartnerAway
 *   | PartnerBack | PartnerRenamed | PartnerTyping | PartnerStoppedTyping | PartnerBehind
 *   | PartnerCaughtUp | Knock | Chat | Sent | Delivered | Read | NotDelivered} Event
 */
/**
 * @typedef {{ [Name in Event["event"]]: CustomEvent<Extract<Event, { event: Name }>> }} Heard
 * What a listener for each of them gets.
 */
/** @typedef {(event: Event) => void} Tell Takes note of what the program has to be told. */
