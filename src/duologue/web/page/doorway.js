/** The way into a room: from the address, from a code, from what the browser remembers. */

import { roomCodeOf } from "../client/room-code.js";
import { Home } from "./home.js";
import { refusalOf } from "./problems.js";
import { say } from "./words.js";

/** @typedef {import("../client/saved.js").Saved} Saved */
/** @typedef {import("./talk.js").Talk} Talk */

/** The room that the address leads to, if it does. */
export function codeInAddress() {
  return roomCodeOf(location.hash.slice(1));
}

/**
 * Let the address lead to a room, or to none, from now on.
 *
 * @param {string | null} code
 */
export function setAddress(code) {
  if (codeInAddress() !== code) {
    history.replaceState(null, "", code === null ? location.pathname : `#${code}`);
  }
}

export class Doorway {
  #memory;
  #does;
  #home;
  /** @type {Talk | null} */
  #asking = null;

  /**
   * @param {import("./memory.js").Memory} memory
   * @param {object} does
   * @param {(name: string) => Promise<Talk>} does.begin  a conversation without a seat
   * @param {(saved: Saved) => void} does.goOn  with one that has a seat
   * @param {() => void} does.giveUp  the conversation that was begun
   * @param {() => void} does.show  this screen
   */
  constructor(memory, does) {
    this.#memory = memory;
    this.#does = does;
    this.#home = new Home({
      create: (name) => this.#open(name, null),
      join: (name, code) => this.#open(name, code),
      comeBack: (saved) => this.#goOn(saved),
      forget: (code) => this.#forget(code),
      cancel: () => this.#cancel(),
    });
    for (const type of ["offline", "online"]) {
      addEventListener(type, () => this.tellProgress());
    }
  }

  /** @param {string} name  of the person */
  set name(name) {
    this.#home.name = name;
  }

  /**
   * Show how to get in; or go in, where there is a seat already.
   *
   * @param {string} [notice]  what a person should know first
   */
  arrive(notice = "") {
    const code = codeInAddress();
    const seat = code === null ? null : this.#memory.tickets.find(code);
    if (seat !== null && notice === "") {
      this.#goOn(seat);
    } else {
      this.render(notice);
      this.#does.show();
    }
  }

  /**
   * Show it in the language of now.
   *
   * @param {string} [notice]
   */
  render(notice = "") {
    this.#home.offer(this.#memory.tickets.all());
    this.#home.show({ invitedTo: codeInAddress(), notice });
    this.tellProgress();
  }

  /** Tell how far it has come with a room that was asked for. */
  tellProgress() {
    const talk = this.#asking;
    if (talk !== null) {
      const trouble = navigator.onLine ? "home.unreachable" : "home.offline";
      this.#home.ask(say(talk.isUnreachable ? trouble : "home.connecting"));
    }
  }

  /**
   * Ask for a seat: in a new room, or in that of a code.
   *
   * @param {string} name
   * @param {string | null} code
   */
  async #open(name, code) {
    this.#memory.preferences.name = name;
    const talk = await this.#does.begin(name);
    this.#asking = talk;
    this.tellProgress();
    try {
      await (code === null ? talk.client.createRoom() : talk.client.joinRoom(code));
      this.#asked(talk);
    } catch (error) {
      if (this.#asked(talk)) {
        this.#does.giveUp();
        this.#explain(/** @type {Error & {code?: string}} */ (error));
      }
    }
  }

  /**
   * The answer is here, unless nobody waits for it any more.
   *
   * @param {Talk} talk
   */
  #asked(talk) {
    const isCurrent = this.#asking === talk;
    if (isCurrent) {
      this.#asking = null;
    }
    return isCurrent;
  }

  /** @param {Error & {code?: string}} error  why there is no seat */
  #explain({ name, code, message }) {
    if (code === "invalid_message" || name === "InvalidUsername") {
      this.#home.show({ invitedTo: codeInAddress() });
      this.#home.refuseName(say("problem.name_refused"));
    } else {
      // A full room may have a free seat soon: one tap tries again.
      const invitedTo = code === "room_full" ? codeInAddress() : null;
      this.#home.show({ invitedTo, notice: refusalOf(code ?? name, message) });
    }
  }

  #cancel() {
    this.#asking = null;
    this.#does.giveUp();
    this.arrive();
  }

  /** @param {Saved} saved */
  #goOn(saved) {
    this.#asking = null;
    this.#does.goOn(saved);
  }

  /** @param {string} code */
  #forget(code) {
    this.#memory.tickets.forget(code);
    this.#home.offer(this.#memory.tickets.all());
  }
}
