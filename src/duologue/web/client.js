/**
 * The client library: a conversation between two people that survives its connections.
 *
 *     import { connect } from "/client.js";
 *
 *     const client = connect({ name: "Alice" });
 *     client.addEventListener("chat", ({ detail }) => console.log(detail.sender, detail.content));
 *     client.addEventListener("partner_joined", () => client.send("hi"));
 *     console.log(await client.createRoom());
 *
 * From elsewhere than the server's own pages, `connect({ name, url })`. See `connect` and
 * `Client`; the events are described in `client/events.js`, and the protocol in PROTOCOL.md.
 */

export { Client, connect } from "./client/connection.js";
export {
  AddressError,
  AlreadyInRoom,
  ConversationEnded,
  ConversationError,
  DuologueError,
  EmptyMessage,
  InvalidUsername,
  MessageTooLong,
  NoPartner,
  NotDelivered,
  NotInRoom,
  NotRead,
  OutboxError,
  RequestRefused,
  RoomFull,
  RoomNotFound,
  SlowDown,
} from "./client/errors.js";
export { EVENTS } from "./client/events.js";
export { ErrorCode } from "./client/messages.js";
export { Failure, Outgoing, PROGRESS } from "./client/outgoing.js";
export { ALPHABET, CODE_LENGTH, MOST_CODE_LENGTH, roomCodeOf } from "./client/room-code.js";
