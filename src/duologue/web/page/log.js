/**
 * What was said, as a list that keeps to its end unless someone reads further up.
 * Its box counts from below (`column-reverse`), so the browser itself keeps the end in
 * view: whatever comes, and however a phone's keyboard changes the room.
 */

import { isSameDay } from "./clock.js";
import { element, part } from "./dom.js";
import { chatLine, dayLine, noteLine, showMark } from "./line.js";
import { Marks } from "./marks.js";
import { nameOf, say } from "./words.js";

/** @typedef {import("./history.js").Entry} Entry */
/** @typedef {import("./line.js").ChatEntry} ChatEntry */
/** @typedef {import("./marks.js").Counts} Counts */

const NEAR_END_PX = 48;
const GROUP_MS = 5 * 60_000;

/** Lines are laid out by groups: those out of sight cost nothing, however many there are. */
const GROUP_LINES = 64;

/** Notes that tell what the partner is called from then on. */
const NAMING = new Set(["room_joined", "partner_joined", "partner_renamed"]);

/** So many lines are shown at once when there are many; those before come in idle time. */
const FIRST_LINES = 2 * GROUP_LINES;

/**
 * @typedef {object} Place  of an entry among the others
 * @property {Entry} entry
 * @property {boolean} beginsDay
 * @property {boolean} follows  another of the same person
 * @property {string} partner  what the partner was called then
 */

export class Log {
  #log = part("log", HTMLElement);
  #list = part("lines", HTMLElement);
  #toBottom = part("to-bottom", HTMLButtonElement);
  /** @type {Map<Entry, HTMLElement>} */
  #lines = new Map();
  /** @type {Map<Element, Entry>} */
  #entries = new Map();
  /** @type {Place[]} Entries whose lines are not made yet: the oldest. */
  #older = [];
  /** @type {Entry | null} */
  #last = null;
  /** @type {HTMLElement | null} */
  #group = null;
  /** @type {Marks<Element | null>} */
  #marks = new Marks(showMark);
  /** @type {HTMLElement | null} */
  #dropped = null;
  #pairing = 0;
  #partner = "";
  /** @type {number | null} The day that the last line of a day tells. */
  #day = null;
  #isAtEnd = true;
  #does;

  /**
   * @param {object} does
   * @param {() => void} does.reachedEnd
   * @param {(text: string) => void} does.writeAgain
   */
  constructor(does) {
    this.#does = does;
    this.#log.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.#toBottom.addEventListener("click", () => {
      this.#log.focus(); // The button hides, and would take the focus with it.
      this.toEnd();
    });
  }

  /** Whether the newest is in view. */
  get isAtEnd() {
    return this.#isAtEnd;
  }

  /**
   * Show all of a conversation.
   *
   * @param {readonly Entry[]} entries
   * @param {number} pairing  the present one
   * @param {Counts} counts  how far one's own messages of it have come
   * @param {string} [partner]  who sat opposite at first, if no entry tells
   */
  show(entries, pairing, counts, partner = "") {
    // What was said long ago is not to be read aloud once more.
    this.#log.ariaBusy = "true";
    requestAnimationFrame(() => {
      this.#log.ariaBusy = "false";
    });
    this.#dropped?.remove();
    this.#list.replaceChildren();
    this.#lines.clear();
    this.#entries.clear();
    this.#last = this.#group = this.#day = null;
    this.#partner = partner;
    this.meet(pairing);
    this.#marks.count(counts);
    this.#older = entries.map((entry) => this.#place(entry));
    for (const place of this.#older.splice(-FIRST_LINES)) {
      this.#put(this.#made(place));
    }
    this.#showOlder(this.#older);
    this.toEnd();
  }

  /**
   * A pairing begins: its messages are numbered anew.
   *
   * @param {number} pairing
   */
  meet(pairing) {
    this.#pairing = pairing;
    this.#marks = new Marks(showMark);
  }

  /** @param {Partial<Counts>} news */
  count(news) {
    this.#marks.count(news);
  }

  /** @param {Entry} entry */
  append(entry) {
    const stays = this.#isAtEnd || (entry.kind === "chat" && entry.mine);
    const lines = this.#made(this.#place(entry));
    for (const line of lines) {
      line.classList.add("new");
    }
    this.#put(lines);
    if (stays) {
      this.toEnd();
    } else {
      this.#offerEnd(true);
    }
  }

  /**
   * Show an entry anew: it has changed.
   *
   * @param {Entry} entry
   */
  changed(entry) {
    const line = this.#lines.get(entry);
    if (line !== undefined) {
      const follows = line.classList.contains("same");
      line.replaceWith(this.#lineOf(entry, follows, this.#partner));
      this.#entries.delete(line);
    }
  }

  /**
   * Show the oldest no longer: they are not kept any more.
   *
   * @param {number} count
   */
  drop(count) {
    if (count > 0) {
      this.#tellDropped();
    }
    let left = count - this.#older.splice(0, count).length;
    while (left > 0) {
      const group = this.#list.firstElementChild;
      const line = group?.firstElementChild;
      if (!line) {
        return;
      }
      const entry = this.#entries.get(line);
      if (entry !== undefined) {
        this.#forget(entry);
        left -= 1;
      }
      line.remove();
      if (group?.childElementCount === 0 && group !== this.#group) {
        group.remove();
      }
    }
  }

  /** Tell, above all that is left, that there was more. */
  #tellDropped() {
    // The box counts from below: what comes last in it stands first.
    this.#dropped ??= element("p", { class: "dropped" });
    this.#dropped.textContent = say("note.dropped");
    this.#log.append(this.#dropped);
  }

  toEnd() {
    this.#log.scrollTop = 0;
    this.#isAtEnd = true;
    this.#offerEnd(false);
  }

  /**
   * Find out what an entry is among those before it; they come in order.
   *
   * @param {Entry} entry
   * @returns {Place}
   */
  #place(entry) {
    const before = this.#last;
    this.#last = entry;
    const beginsDay = this.#isNewDay(entry.at);
    if (entry.kind === "note" && NAMING.has(entry.word)) {
      this.#partner = entry.name ?? "";
    }
    return {
      entry,
      beginsDay,
      follows: !beginsDay && follows(before, entry),
      partner: this.#partner,
    };
  }

  /**
   * Make what an entry needs: its line, and a day above it where one begins.
   *
   * @param {Place} place
   */
  #made({ entry, beginsDay, follows, partner }) {
    const line = this.#lineOf(entry, follows, partner);
    return beginsDay ? [dayLine(entry.at), line] : [line];
  }

  /**
   * @param {Entry} entry
   * @param {boolean} follows
   * @param {string} partner
   */
  #lineOf(entry, follows, partner) {
    const line = entry.kind === "note" ? noteLine(entry) : this.#chat(entry, follows, partner);
    this.#lines.set(entry, line);
    this.#entries.set(line, entry);
    return line;
  }

  /**
   * Make the lines before those that are shown, a group at a time.
   *
   * @param {Place[]} older
   */
  #showOlder(older) {
    whenIdle(() => {
      if (older !== this.#older || older.length === 0) {
        return;
      }
      const group = element("div", { class: "group" });
      group.append(...older.splice(-GROUP_LINES).flatMap((place) => this.#made(place)));
      this.#list.prepend(group);
      this.#showOlder(older);
    });
  }

  /** @param {readonly HTMLElement[]} lines */
  #put(lines) {
    if (this.#group === null || this.#group.childElementCount >= GROUP_LINES) {
      this.#group = element("div", { class: "group" });
      this.#list.append(this.#group);
    }
    this.#group.append(...lines);
  }

  /**
   * @param {ChatEntry} entry
   * @param {boolean} follows
   * @param {string} partner
   */
  #chat(entry, follows, partner) {
    const line = chatLine(entry, {
      sender: entry.mine ? say("chat.you") : nameOf(partner),
      follows,
      writeAgain: this.#does.writeAgain,
    });
    if (entry.mine && entry.failure === undefined) {
      const mark = line.querySelector(".mark");
      if (entry.pairing === this.#pairing) {
        this.#marks.add(entry.id, mark);
      } else {
        showMark(mark, "delivered");
      }
    } else {
      this.#unmark(entry);
    }
    return line;
  }

  /** @param {Entry} entry */
  #forget(entry) {
    const line = this.#lines.get(entry);
    if (line !== undefined) {
      this.#entries.delete(line);
    }
    this.#lines.delete(entry);
    this.#unmark(entry);
  }

  /** @param {Entry} entry  that is followed no longer */
  #unmark(entry) {
    if (entry.kind === "chat" && entry.mine && entry.pairing === this.#pairing) {
      this.#marks.remove(entry.id);
    }
  }

  /**
   * Whether a day begins; never an earlier one, since no two clocks agree.
   *
   * @param {number} at
   */
  #isNewDay(at) {
    if (this.#day !== null && (at <= this.#day || isSameDay(at, this.#day))) {
      return false;
    }
    this.#day = at;
    return true;
  }

  #scrolled() {
    this.#isAtEnd = Math.abs(this.#log.scrollTop) < NEAR_END_PX;
    if (this.#isAtEnd) {
      this.#offerEnd(false);
      this.#does.reachedEnd();
    } else if (this.#toBottom.hidden) {
      this.#offerEnd(false, true);
    }
  }

  /**
   * @param {boolean} isNew  whether something new is down there
   * @param {boolean} [isOffered]
   */
  #offerEnd(isNew, isOffered = isNew) {
    this.#toBottom.hidden = !isOffered;
    part("to-bottom-word", HTMLElement).textContent = say(
      isNew ? "chat.new_below" : "chat.to_bottom",
    );
  }
}

/**
 * Do something when the browser has nothing better to do.
 *
 * @param {() => void} act
 */
function whenIdle(act) {
  if (globalThis.requestIdleCallback === undefined) {
    setTimeout(act, 50);
  } else {
    requestIdleCallback(act);
  }
}

/**
 * @param {Entry | null} before
 * @param {Entry} entry
 */
function follows(before, entry) {
  return (
    entry.kind === "chat" &&
    before?.kind === "chat" &&
    before.mine === entry.mine &&
    entry.at - before.at < GROUP_MS
  );
}
