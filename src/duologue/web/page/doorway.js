/** The way into a room: from the address, from a code, from what the browser remembers. */

import { roomCodeOf } from "../client/room-code.js";
import { Home } from "./home.js";
import { refusalOf, tooMany } from "./problems.js";
import { say } from "./words.js";

/** @typedef {import("../client/saved.js").Saved} Saved */
/** @typedef {import("./room.js").Room} Room */

/** @typedef {{room: Room | null}} Asking  for a seat; there may be no room yet to be let into */

/** @typedef {Error & {code?: string, retryAfterS?: number}} Refusal */

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
  /** @type {Asking | null} */
  #asking = null;

  /**
   * @param {import("./memory.js").Memory} memory
   * @param {object} does
   * @param {() => Promise<Room>} does.inside  what is behind this door, once it is there
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

  /** Whether a seat was asked for, and there is no answer yet. */
  get isAsking() {
    return this.#asking !== null;
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
    if (this.#asking !== null) {
      const isUnreachable = this.#asking.room?.talk?.isUnreachable ?? false;
      const trouble = navigator.onLine ? "home.unreachable" : "home.offline";
      this.#home.ask(say(isUnreachable ? trouble : "home.connecting"));
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
    /** @type {Asking} */
    const asking = { room: null };
    this.#asking = asking;
    this.tellProgress();
    try {
      asking.room = await this.#does.inside();
      if (this.#asking !== asking) {
        return; // Someone has thought better of it.
      }
      const { client } = asking.room.begin(name);
      await (code === null ? client.createRoom() : client.joinRoom(code));
      this.#asked(asking);
    } catch (error) {
      if (this.#asked(asking)) {
        asking.room?.giveUp();
        this.#explain(error, code);
      }
    }
  }

  /**
   * The answer is here, unless nobody waits for it any more.
   *
   * @param {Asking} asking
   */
  #asked(asking) {
    const isCurrent = this.#asking === asking;
    if (isCurrent) {
      this.#asking = null;
    }
    return isCurrent;
  }

  /**
   * @param {unknown} error  why there is no seat
   * @param {string | null} [asked]  the code of the room that was asked for; null for a new one
   */
  #explain(error, asked = null) {
    const { name, code, message, retryAfterS } = /** @type {Refusal} */ (error);
    if (code === "invalid_message" || name === "InvalidUsername") {
      this.#home.show({ invitedTo: codeInAddress() });
      this.#home.refuseName(say("problem.name_refused"));
    } else if (retryAfterS !== undefined) {
      const word = asked === null ? "problem.too_many_rooms" : "problem.too_many_codes";
      this.#home.show({ invitedTo: codeInAddress(), notice: tooMany(word, retryAfterS) });
    } else {
      // A full room may have a free seat soon: one tap tries again.
      const invitedTo = code === "room_full" ? codeInAddress() : null;
      this.#home.show({ invitedTo, notice: refusalOf(code ?? name, message) });
    }
  }

  #cancel() {
    this.#asking?.room?.giveUp();
    this.#asking = null;
    this.arrive();
  }

  /** @param {Saved} saved */
  #goOn(saved) {
    this.#asking = null;
    this.comeBack((room) => room.goOn(saved));
  }

  /**
   * Go in where there is a seat already.
   *
   * @param {(room: Room) => void} enter
   */
  async comeBack(enter) {
    try {
      enter(await this.#does.inside());
    } catch (error) {
      this.#explain(error);
      this.#does.show();
    }
  }

  /** @param {string} code */
  #forget(code) {
    this.#memory.tickets.forget(code);
    this.#home.offer(this.#memory.tickets.all());
  }
}
