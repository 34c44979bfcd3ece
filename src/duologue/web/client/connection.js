/**
 * What a program talks to: `connect`, and the `Client` that it returns.
 */

import { websocketUrl } from "./address.js";
import { Answers } from "./answers.js";
import { Conversation } from "./conversation.js";
import { Driver } from "./driver.js";
import { NotDelivered, NotRead } from "./errors.js";
import { Keeper } from "./keeper.js";
import { watchPage } from "./page-watch.js";
import { USUAL_TIMING } from "./reconnecting.js";
import { checked, Keeping } from "./saved.js";

/** @import { ChatReference, Event, Heard, RoomJoined } from "./events.js" */
/** @import { Outgoing, Progress } from "./outgoing.js" */
/** @import { Timing } from "./reconnecting.js" */
/** @import { Keep, Saved } from "./saved.js" */

/**
 * @typedef {object} Options
 * @property {string} name what the partner sees
 * @property {string | URL} [url] where the server is: ws, wss, http or https, or relative to
 *   where this library came from, where it is `/ws` if left out
 * @property {Saved | null} [saved] what `keep` was given in an earlier run: go on there
 * @property {Keep} [keep] called whenever what must survive this program has changed: after
 *   its events, before anything that depends on it is said to the server; with null when
 *   there is nothing (left) to come back to. It has to be kept when this returns, if nothing
 *   is to get lost or come twice. With it, what is not delivered at the end has not failed
 * @property {Partial<Timing>} [timing] how patient to be with the network
 */

/**
 * @typedef {object} Listened
 * @property {<Name extends keyof Heard>(name: Name, listener: (event: Heard[Name]) => void,
 *   options?: AddEventListenerOptions | boolean) => void} addEventListener
 */

const Target = /** @type {new () => Listened & EventTarget} */ (EventTarget);

/**
 * Connect to a server, and stay connected until `close`.
 *
 * A connection that is lost, or does not come about, is followed by the next: at once, then
 * after 0.25 to 10 seconds, until it works. What was sent neither gets lost with it nor comes
 * twice. All methods may be called at once, online or not.
 *
 * @param {Options} options
 * @throws {AddressError} The URL cannot be used.
 * @throws {InvalidUsername} There is nothing in the name.
 * @throws {OutboxError} What was kept makes no sense.
 */
export function connect(options) {
  const { name, url = "/ws", saved = null, keep, timing } = options;
  const address = websocketUrl(url, import.meta.url);
  const isNew = saved === null;
  const conversation = isNew ? new Conversation(name) : Conversation.restored(checked(saved));
  const keeping = new Keeping(keep, conversation);
  conversation.rename(name);
  return new Client(address, conversation, keeping, { ...USUAL_TIMING, ...timing });
}

/**
 * One of the two people in a conversation. Made by `connect`.
 *
 * What happens is dispatched as a `CustomEvent`: its `type` is the name of the event, one of
 * `EVENTS`, its `detail` the event. A chat counts as received, and its sender is told so, once
 * its listeners have run; one that calls `preventDefault` calls `take` itself, later.
 */
export class Client extends Target {
  #conversation;
  #driver;
  #answers;
  #keeper;

  /**
   * @param {string} url
   * @param {Conversation} conversation
   * @param {Keeping} keeping
   * @param {Timing} timing
   */
  constructor(url, conversation, keeping, timing) {
    super();
    const driver = new Driver(conversation, keeping, timing);
    const keeper = new Keeper(driver, url, timing);
    this.#conversation = conversation;
    this.#driver = driver;
    this.#keeper = keeper;
    this.#answers = new Answers(driver);
    const unwatch = watchPage({ wake: () => keeper.wake(), rest: () => keeper.rest() });
    driver.notice = (event) => {
      this.#answers.notice(event);
      if (event.event === "ended") unwatch();
    };
    driver.dispatch = (event) => this.#dispatch(event);
    driver.flush = () => keeper.flush();
    driver.stir();
    keeper.connect();
  }

  // How things are

  /** What the partner sees of you. */
  get name() {
    return this.#conversation.username;
  }

  /** What the present connection is good for: see `Link`. */
  get link() {
    return this.#conversation.link;
  }

  /** Whether an attempt to connect is under way, rather than waiting for the next. */
  get isTrying() {
    return this.#keeper.isTrying;
  }

  /** Whether a room was asked for, and there is no answer yet. */
  get isAsking() {
    return this.#conversation.hasWish;
  }

  /** The code of the room that you are in; null if you are in none. */
  get roomCode() {
    return this.#conversation.seat?.roomCode ?? null;
  }

  /** Which meeting in this room it is: 0 until somebody has joined. */
  get pairing() {
    return this.#conversation.seat?.pairing ?? 0;
  }

  /** The name of who sits opposite, present or away; null if nobody does. */
  get partner() {
    return this.#conversation.seat?.partner ?? null;
  }

  /** Whether the partner was connected when last heard of. */
  get partnerIsHere() {
    return this.#conversation.seat?.partnerIsHere ?? false;
  }

  /**
   * What you sent that is not known to be delivered, of an earlier run as well, in order.
   *
   * @returns {readonly Outgoing[]}
   */
  get waiting() {
    return this.#conversation.seat?.outbox.waiting ?? [];
  }

  /** The longest message that the server takes, as bytes of UTF-8. */
  get maxContentBytes() {
    return this.#conversation.maxContentBytes;
  }

  // The room

  /**
   * Open a room; resolves with its code once the server has answered.
   *
   * Rejects with `AlreadyInRoom`, `SlowDown` (there are too many rooms; its `retryAfterS` says
   * when to ask again), `RequestRefused` (the server does not take your name), `NotInRoom` (you
   * took it back with `leave`) or `ConversationEnded`.
   */
  async createRoom() {
    this.#conversation.createRoom();
    const { room_code } = await this.#answers.seated();
    return room_code;
  }

  /**
   * Sit down opposite somebody; resolves once the server has answered.
   *
   * Rejects with `RoomNotFound`, `RoomFull`, `SlowDown` (too many codes were wrong), and as
   * `createRoom` does.
   *
   * @param {string} code as a person types it: any case, with spaces or hyphens
   * @returns {Promise<RoomJoined>}
   */
  async joinRoom(code) {
    this.#conversation.joinRoom(code);
    return /** @type {RoomJoined} */ (await this.#answers.seated());
  }

  /**
   * Give up your seat, or the wish for one; resolves once the server has heard of it, which
   * while offline may take long. What is not delivered by then is reported as such.
   *
   * Rejects with `NotInRoom` or `ConversationEnded`.
   */
  async leave() {
    this.#conversation.leave();
    await this.#answers.departed();
  }

  /**
   * Wait no longer for a partner who is away: the seat opposite becomes free.
   *
   * Throws `NotInRoom`, `NoPartner` or `ConversationEnded`.
   */
  freeSeat() {
    this.#conversation.freeSeat();
    this.#driver.stir();
  }

  /**
   * Take another name; `refused` follows if the server does not take it.
   *
   * @param {string} name
   * @throws {InvalidUsername} There is nothing in it.
   */
  rename(name) {
    this.#conversation.rename(name);
    this.#driver.stir();
  }

  // Messages

  /**
   * Send a message to the present partner, who may be away. What it returns tells how far it
   * comes, as the events `sent`, `delivered`, `read` and `not_delivered` do.
   *
   * Throws `NotInRoom`, `NoPartner`, `EmptyMessage`, `MessageTooLong` or `ConversationEnded`.
   *
   * @param {string} content
   */
  send(content) {
    const outgoing = this.#conversation.send(content);
    this.#driver.stir();
    return outgoing;
  }

  /**
   * Wait until a message has come so far.
   *
   * Rejects with `NotDelivered` (its `reason` says why), `NotRead` (the partner has it, but
   * is gone and cannot tell any more) or `ConversationEnded` (it goes on in the next run).
   *
   * @param {Outgoing} outgoing
   * @param {Progress} [progress]
   */
  async until(outgoing, progress = "delivered") {
    const hasCome = () => outgoing.hasCome(progress) || this.#isFinal(outgoing);
    if (!hasCome()) await this.#driver.until(hasCome);
    if (outgoing.hasCome(progress)) return;
    if (outgoing.failure !== null) throw new NotDelivered(outgoing.failure);
    throw new NotRead("the partner has it, but nobody will say that it was seen");
  }

  /**
   * Let this chat, and all before it, count as received. Only for chats whose listener has
   * called `preventDefault`.
   *
   * @param {ChatReference} chat
   */
  take(chat) {
    this.#conversation.take(chat);
    this.#driver.stir();
  }

  /**
   * Tell the partner that a person has seen this chat, and all before it.
   *
   * @param {ChatReference} chat
   */
  markRead(chat) {
    this.#conversation.markRead(chat);
    this.#driver.stir();
  }

  /** Tell the partner that you are writing. Call it for each key: it is said seldom. */
  typing() {
    this.#conversation.typing(this.#driver.now);
    this.#driver.stir();
  }

  /** Tell the partner that you write no more; sending, or waiting 4 s, does it too. */
  stopTyping() {
    this.#conversation.stopTyping();
    this.#driver.stir();
  }

  // The connection

  /**
   * Something may have changed, such as the network: connect now if there is no connection,
   * else see whether the server still answers. In a page this happens by itself.
   */
  wake() {
    this.#keeper.wake();
  }

  /**
   * End the conversation on this side; `ended` follows, with the reason `closed`. The seat is
   * kept, and can be come back to with what `keep` was given.
   */
  close() {
    if (this.#driver.isOver) return;
    this.#keeper.rest(1000);
    this.#driver.end("closed");
  }

  /**
   * Whether no more will be heard of a message.
   *
   * @param {Outgoing} outgoing
   */
  #isFinal(outgoing) {
    if (outgoing.failure !== null || outgoing.hasCome("read")) return true;
    if (this.#driver.isOver && outgoing.isSettled) return true;
    return this.partner === null || this.pairing !== outgoing.pairing;
  }

  /** @param {Event} event */
  #dispatch(event) {
    const cancelable = event.event === "chat";
    return this.dispatchEvent(new CustomEvent(event.event, { detail: event, cancelable }));
  }
}
