/** How a conversation may end here against one's wish, and what a person can do then. */

import { renewed } from "./installing.js";
import { countsOf } from "./marks.js";
import { say } from "./words.js";

/** @typedef {import("../client/saved.js").Saved} Saved */
/** @typedef {keyof typeof ENDINGS} Ending */

const ENDINGS = /** @type {const} */ ({
  lost: { text: "problem.ticket_refused", action: "over.start_anew" },
  expired: { text: "problem.room_expired", action: "over.start_anew" },
  replaced: { text: "over.replaced", action: "over.use_here" },
  rejected: { text: "problem.rejected", action: "over.reload" },
  closed: { text: "over.closed", action: "over.go_on" },
});

/**
 * How it is told that a conversation is over.
 *
 * @param {string} reason
 * @returns {Ending}
 */
export function endingOf(reason) {
  return Object.hasOwn(ENDINGS, reason) ? /** @type {Ending} */ (reason) : "closed";
}

/**
 * @typedef {object} Ways  on from there
 * @property {() => boolean} hasBegun  whether a conversation is to be seen
 * @property {() => void} show  the screen of the conversation
 * @property {(saved: Saved) => void} goOn  in this seat
 * @property {() => void} begin  as after a reload
 * @property {(notice?: string) => void} startAnew  without a seat
 */

export class Endings {
  #memory;
  #chat;
  #log;
  #ways;

  /**
   * @param {import("./memory.js").Memory} memory
   * @param {import("./chat.js").ChatScreen} chat
   * @param {import("./log.js").Log} log
   * @param {Ways} ways
   */
  constructor(memory, chat, log, ways) {
    this.#memory = memory;
    this.#chat = chat;
    this.#log = log;
    this.#ways = ways;
  }

  /** @param {Ending} how */
  tell(how) {
    if (how === "replaced") {
      this.tellReplaced();
    } else if (!this.#ways.hasBegun()) {
      this.#ways.startAnew(say(ENDINGS[how].text));
    } else {
      const acts = {
        lost: () => this.#ways.startAnew(),
        expired: () => this.#ways.startAnew(),
        rejected: () => renewed(),
        closed: () => this.#ways.begin(),
      };
      this.#chat.end({ ...ENDINGS[how], act: acts[how] });
    }
  }

  /** Another tab has the seat: show what was said here, and how to have it here again. */
  tellReplaced() {
    const saved = this.#memory.tab.load();
    if (saved === null) {
      this.#ways.startAnew(); // It never came so far that there was something to keep.
      return;
    }
    const { entries } = this.#memory.history;
    this.#log.show(entries, saved.pairing, countsOf(saved), saved.partner ?? "");
    this.#chat.meet({ name: saved.partner, isHere: null, since: "" });
    this.#chat.end({ ...ENDINGS.replaced, act: () => this.#useHere(saved) });
    this.#ways.show();
  }

  /**
   * Take the seat back from the other tab, which knows best how far things have come.
   *
   * @param {Saved} saved
   */
  #useHere(saved) {
    if (this.#memory.history.entries.length > 0) {
      this.#memory.history.append({ kind: "note", word: "used_here", at: Date.now() });
    }
    this.#ways.goOn(this.#memory.tickets.find(saved.room_code) ?? saved);
  }
}
