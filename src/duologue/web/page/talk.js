/**
 * One conversation in a room, as this page has it: what the client library tells
 * is kept in the browser and shown. Which screen is up is not decided here.
 */

import { connect } from "../client/connection.js";
import { EVENTS } from "../client/events.js";
import { timeOfDay } from "./clock.js";
import { endingOf } from "./endings.js";
import { countsOf, markFailed, markLost } from "./marks.js";
import { undirected } from "./names.js";
import { Noticing } from "./noticing.js";
import { sendingProblem } from "./problems.js";
import { currentLocale, nameOf } from "./words.js";

/** @typedef {import("../client/events.js").Event} ClientEvent */
/** @typedef {import("../client/saved.js").Saved} Saved */
/** @typedef {import("./history.js").Entry} Entry */

/**
 * @typedef {object} Surroundings  what a conversation needs of the page
 * @property {import("./memory.js").Memory} memory
 * @property {import("./chat.js").ChatScreen} screen
 * @property {import("./log.js").Log} log
 * @property {import("./attention.js").Attention} attention
 * @property {(talk: Talk) => void} changed  the seat or the partner did
 * @property {(how: import("./endings.js").Ending) => void} ended
 * @property {(talk: Talk, code: string, reason: string) => void} refused
 */

export class Talk {
  client;
  /** Whether the server cannot be reached, as far as is known. */
  isUnreachable = false;
  /** Who sits opposite, or did at last. */
  lastPartner = "";
  #around;
  #noticing;
  #code = "";
  #isLeaving = false;
  /** The pairing that is shown, and how far one's own messages of it have come. */
  #pairing;
  #counts;
  /** @type {{pairing: number, id: number} | null} The partner's last chat that is kept here. */
  #lastHeard = null;

  /**
   * @param {Surroundings} around
   * @param {string} name
   * @param {Saved | null} saved  where to go on
   */
  constructor(around, name, saved) {
    this.#around = around;
    this.#counts = countsOf(saved);
    this.#pairing = saved?.pairing ?? 0;
    this.client = connect({ name, saved, keep: (news) => this.#keep(news) });
    this.#noticing = new Noticing(around.screen.banners, this.client, () => this.render());
    for (const type of EVENTS) {
      this.client.addEventListener(type, (event) => {
        this.#happened(/** @type {CustomEvent<ClientEvent>} */ (event).detail);
      });
    }
    if (saved !== null) {
      this.lastPartner = saved.partner ?? "";
      this.#code = saved.room_code;
      markLost(around.memory.history, saved);
      around.memory.history.entries.forEach((entry) => {
        this.#remember(entry);
      });
      this.renderLog();
      this.render();
    }
  }

  /** Show who is there, in the language of now. */
  render() {
    const { client } = this;
    const { awaySince } = this.#noticing;
    const partner = {
      name: client.partner,
      isHere: this.#noticing.isTroubled ? null : client.partnerIsHere,
      since: awaySince === null ? "" : timeOfDay(awaySince, currentLocale()),
      wasThere: this.lastPartner !== "",
    };
    this.#around.screen.meet(partner);
    const title = client.partner === null ? "" : undirected(nameOf(client.partner));
    this.#around.attention.talkWith(title);
  }

  /** Show all that was said anew. */
  renderLog() {
    const { log, memory } = this.#around;
    log.show(memory.history.entries, this.#pairing, this.#counts, this.lastPartner);
  }

  /**
   * Say something.
   *
   * @param {string} text
   * @returns {string} why not; "" if it was said
   */
  send(text) {
    try {
      const { pairing, id, content } = this.client.send(text);
      this.#append({ kind: "chat", mine: true, pairing, id, content, at: Date.now() });
      return "";
    } catch (error) {
      return sendingProblem(error);
    }
  }

  /** The newest is in view, and someone looks at it. */
  seen() {
    this.#around.attention.seen();
    const { roomCode: room_code } = this.client;
    if (this.#lastHeard !== null && room_code !== null) {
      this.client.markRead({ room_code, ...this.#lastHeard });
    }
  }

  /** Give up the seat; what is on its way may still arrive. */
  leave() {
    this.#isLeaving = true;
    this.#forget();
    const gone = this.client.leave();
    const patience = setTimeout(() => this.client.close(), 60_000);
    gone
      .catch(() => {})
      .finally(() => {
        clearTimeout(patience);
        this.client.close();
      });
  }

  /** Go, and be heard of no more; the seat is kept, a mere wish for one is taken back. */
  abandon() {
    if (this.#isLeaving) {
      return; // The goodbye takes its time.
    }
    if (this.client.roomCode === null) {
      this.leave();
    } else {
      this.#isLeaving = true;
      this.#noticing.stop();
      this.client.close();
    }
  }

  /** @param {ClientEvent} event */
  #happened(event) {
    if (this.#isLeaving) {
      return;
    }
    this.#noticing.notice(event);
    switch (event.event) {
      case "online":
        this.isUnreachable = false;
        break;
      case "unreachable":
        this.isUnreachable = true;
        this.#around.changed(this);
        break;
      case "chat":
        this.#heard(event);
        break;
      case "sent":
      case "delivered":
      case "read":
        this.#count(event);
        break;
      case "not_delivered":
        markFailed(this.#around, event.messages);
        break;
      case "refused":
        this.#around.refused(this, event.code, event.message);
        break;
      case "partner_typing":
      case "partner_stopped_typing":
        this.#around.screen.typing(
          event.event === "partner_typing" ? this.client.partner : null,
        );
        break;
      case "ticket_refused":
        this.#over("lost");
        break;
      case "room_expired":
        this.#over("expired");
        break;
      case "ended":
        this.#over(event.reason);
        break;
      default:
        this.#moved(event);
    }
  }

  /**
   * The seat, or who sits opposite, has changed.
   *
   * @param {ClientEvent} event
   */
  #moved(event) {
    switch (event.event) {
      case "room_created":
        this.#meet(0);
        this.#around.log.show([], 0, this.#counts);
        break;
      case "room_joined":
        this.#meet(event.pairing);
        this.#around.log.show([], event.pairing, this.#counts);
        if (event.partner !== null) {
          this.#note("room_joined", event.partner);
        }
        break;
      case "partner_joined":
        this.#meet(event.pairing);
        this.#around.log.meet(event.pairing);
        this.#note("partner_joined", event.username);
        this.render();
        this.#around.attention.call("notification.joined");
        break;
      case "partner_left":
        this.#note("partner_left", this.lastPartner);
        break;
      case "partner_renamed":
        this.#renamed(event.username);
        break;
      case "partner_away":
      case "partner_back":
        break; // Noticing has taken note of when.
      default:
        return;
    }
    this.lastPartner = this.client.partner ?? this.lastPartner;
    this.render();
    this.#around.changed(this);
  }

  /** @param {Extract<ClientEvent, {event: "chat"}>} chat */
  #heard({ pairing, id, content, at }) {
    const { attention, log } = this.#around;
    if (this.#lastHeard?.pairing === pairing && id <= this.#lastHeard.id) {
      return; // It was kept, but the browser ended before the server was told.
    }
    this.#append({ kind: "chat", mine: false, pairing, id, content, at });
    if (attention.isLooking && log.isAtEnd) {
      this.seen();
    } else {
      attention.call("notification.message");
    }
  }

  /** @param {Entry} entry */
  #remember(entry) {
    if (entry.kind === "chat" && !entry.mine) {
      this.#lastHeard = { pairing: entry.pairing, id: entry.id };
    }
  }

  /**
   * Numbers begin anew.
   *
   * @param {number} pairing
   */
  #meet(pairing) {
    this.#pairing = pairing;
    this.#counts = countsOf(null);
  }

  /** @param {{event: "sent" | "delivered" | "read", pairing: number, id: number}} event */
  #count({ event, pairing, id }) {
    if (pairing === this.#pairing) {
      this.#counts[event] = id;
      this.#around.log.count({ [event]: id });
    }
  }

  /** Whether another tab has the seat: its ticket is the newer one. */
  get #isElsewhere() {
    const { tab, tickets } = this.#around.memory;
    const newest = tickets.find(this.#code);
    return newest !== null && newest.ticket !== tab.load()?.ticket;
  }

  /** @param {string} how  a reason of the client's, or how the seat is gone */
  #over(how) {
    const isUnseated = how === "lost" || how === "expired";
    const reason = how === "lost" && this.#isElsewhere ? "replaced" : how;
    this.#noticing.stop();
    this.#around.screen.typing(null);
    if (reason === "replaced") {
      this.#around.memory.tab.isReplaced = true;
      markFailed(this.#around, this.client.waiting, "moved");
    } else if (isUnseated) {
      this.#forget();
    }
    if (isUnseated) {
      this.#isLeaving = true;
      this.client.close();
    }
    this.#around.ended(endingOf(reason));
  }

  /**
   * @param {string} word
   * @param {string} name
   */
  #note(word, name) {
    this.#append({ kind: "note", word, name, at: Date.now() });
  }

  /**
   * The partner has another name; of several in a row only the last is of interest.
   *
   * @param {string} name
   */
  #renamed(name) {
    const { log, memory } = this.#around;
    const last = memory.history.entries.at(-1);
    if (last?.kind === "note" && last.word === "partner_renamed") {
      last.name = name;
      memory.history.changed(last);
      log.changed(last);
    } else {
      this.#note("partner_renamed", name);
    }
  }

  /** @param {Entry} entry */
  #append(entry) {
    const { log, memory } = this.#around;
    const dropped = memory.history.append(entry);
    this.#remember(entry);
    log.append(entry);
    log.drop(dropped);
  }

  /** @param {Saved | null} saved */
  #keep(saved) {
    if (this.#isLeaving || this.#around.memory.tab.isReplaced) {
      return;
    }
    if (saved === null) {
      this.#forget();
    } else {
      this.#code = saved.room_code;
      this.#around.memory.tab.save(saved);
      this.#around.memory.tickets.remember(saved);
    }
  }

  #forget() {
    this.#noticing.stop();
    this.#around.memory.tab.clear();
    if (this.#code !== "") {
      this.#around.memory.tickets.forget(this.#code);
    }
  }
}
