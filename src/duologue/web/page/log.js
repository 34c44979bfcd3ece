/**
 * What was said, as a list that keeps to its end unless someone reads further up.
 * Its box counts from below (`column-reverse`), so the browser itself keeps the end in
 * view: whatever comes, and however a phone's keyboard changes the room.
 */

import { isSameDay } from "./clock.js";
import { element, part } from "./dom.js";
import { chatLine, dayLine, noteLine, showMark } from "./line.js";
import { Marks } from "./marks.js";
import { visibleName } from "./names.js";
import { say } from "./words.js";

/** @typedef {import("./history.js").Entry} Entry */
/** @typedef {import("./line.js").ChatEntry} ChatEntry */
/** @typedef {import("./marks.js").Counts} Counts */

const NEAR_END_PX = 48;
const GROUP_MS = 5 * 60_000;

/** Lines are laid out by groups: those out of sight cost nothing, however many there are. */
const GROUP_LINES = 64;

/** Notes that tell what the partner is called from then on. */
const NAMING = new Set(["room_joined", "partner_joined", "partner_renamed"]);

export class Log {
  #log = part("log", HTMLElement);
  #list = part("lines", HTMLElement);
  #toBottom = part("to-bottom", HTMLButtonElement);
  /** @type {Map<Entry, HTMLElement[]>} The line of each entry, after that of its day if any. */
  #lines = new Map();
  /** @type {Entry | null} */
  #last = null;
  /** @type {HTMLElement | null} */
  #group = null;
  /** @type {Marks<Element | null>} */
  #marks = new Marks(showMark);
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
    this.#list.replaceChildren();
    this.#lines.clear();
    this.#last = this.#group = this.#day = null;
    this.#partner = partner;
    this.meet(pairing);
    this.#marks.count(counts);
    for (const entry of entries) {
      this.#put(this.#made(entry));
    }
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
    const lines = this.#made(entry);
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
    const lines = this.#lines.get(entry);
    const line = lines?.pop();
    if (line !== undefined && entry.kind === "chat") {
      const anew = this.#chat(entry, line.classList.contains("same"));
      lines?.push(anew);
      line.replaceWith(anew);
    }
  }

  /**
   * Show the oldest no longer: they are not kept any more.
   *
   * @param {number} count
   */
  drop(count) {
    const entries = this.#lines.entries();
    for (let dropped = 0; dropped < count; dropped++) {
      const [entry, lines] = entries.next().value ?? [null, []];
      for (const line of lines) {
        line.remove();
      }
      if (entry !== null) {
        this.#lines.delete(entry);
        this.#unmark(entry);
      }
    }
    const oldest = this.#list.firstElementChild;
    if (oldest?.childElementCount === 0) {
      oldest.remove();
    }
  }

  toEnd() {
    this.#log.scrollTop = 0;
    this.#isAtEnd = true;
    this.#offerEnd(false);
  }

  /**
   * Make what an entry needs: itself, and a day above it where one begins.
   *
   * @param {Entry} entry
   */
  #made(entry) {
    const before = this.#last;
    this.#last = entry;
    const isNewDay = this.#isNewDay(entry.at);
    /** @type {HTMLElement[]} */
    const lines = isNewDay ? [dayLine(entry.at)] : [];
    if (entry.kind === "note") {
      lines.push(noteLine(entry));
      this.#partner = NAMING.has(entry.word) ? (entry.name ?? "") : this.#partner;
    } else {
      lines.push(this.#chat(entry, !isNewDay && follows(before, entry)));
    }
    this.#lines.set(entry, lines);
    return lines;
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
   */
  #chat(entry, follows) {
    const line = chatLine(entry, {
      sender: entry.mine ? say("chat.you") : visibleName(this.#partner, say("chat.nameless")),
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
 * @param {Entry | null} before
 * @param {ChatEntry} entry
 */
function follows(before, entry) {
  return (
    before?.kind === "chat" && before.mine === entry.mine && entry.at - before.at < GROUP_MS
  );
}
