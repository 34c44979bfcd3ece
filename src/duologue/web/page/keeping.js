/**
 * What a browser keeps for this page, beside what was said: preferences, the seat
 * of this tab, and the tickets of rooms that one may come back to.
 *
 * A storage may be absent, full or forbidden, and anyone may have written to it:
 * nothing here throws, and nothing that is read is believed unchecked.
 */

/** @typedef {import("../client/saved.js").Saved} Saved */
/** @typedef {Saved & { at: number }} Remembered  with when it was, in ms since 1970 */

/**
 * @typedef {object} Chosen
 * @property {string} name
 * @property {"system" | "light" | "dark"} theme
 * @property {"auto" | "en" | "ko"} language
 * @property {boolean} sound
 * @property {boolean} notifications
 */

const PREFERENCES = "duologue.preferences";
const SEAT = "duologue.seat";
const REPLACED = "duologue.replaced";
const TICKET = "duologue.ticket.";

const MOST_TICKETS = 20;

/** No server lets a ticket live longer. */
const MOST_TICKET_LIFE_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * @param {"localStorage" | "sessionStorage"} kind
 * @returns {Storage | null} null where the browser forbids even to look
 */
export function browserStorage(kind) {
  try {
    return globalThis[kind] ?? null;
  } catch {
    return null;
  }
}

/** What a person has chosen; where nothing can be kept it holds as long as the page. */
export class Preferences {
  #shelf;

  /** @param {Storage | null} [storage] */
  constructor(storage = browserStorage("localStorage")) {
    this.#shelf = new Shelf(storage);
  }

  get name() {
    const { name } = this.#read();
    return typeof name === "string" ? name : "";
  }

  set name(name) {
    this.#choose({ name });
  }

  /** @returns {Chosen["theme"]} */
  get theme() {
    const { theme } = this.#read();
    return theme === "light" || theme === "dark" ? theme : "system";
  }

  set theme(theme) {
    this.#choose({ theme });
  }

  /** @returns {Chosen["language"]} */
  get language() {
    const { language } = this.#read();
    return language === "en" || language === "ko" ? language : "auto";
  }

  set language(language) {
    this.#choose({ language });
  }

  get sound() {
    return this.#read().sound !== false;
  }

  set sound(sound) {
    this.#choose({ sound });
  }

  get notifications() {
    return this.#read().notifications === true;
  }

  set notifications(notifications) {
    this.#choose({ notifications });
  }

  /** @returns {Partial<Record<keyof Chosen, unknown>>} */
  #read() {
    const value = this.#shelf.read(PREFERENCES);
    return isRecord(value) ? value : {};
  }

  /** @param {Partial<Chosen>} chosen */
  #choose(chosen) {
    // Another tab may have chosen something since: only this changes.
    this.#shelf.write(PREFERENCES, { ...this.#read(), ...chosen });
  }
}

/** The seat that this tab has, with all that is needed to take it again after a reload. */
export class TabSeat {
  #shelf;
  #giveRoom;

  /**
   * @param {Storage | null} [storage]
   * @param {() => boolean} [giveRoom]  asks something that matters less to free some of the
   *   storage; false when there is nothing more to free
   */
  constructor(storage = browserStorage("sessionStorage"), giveRoom = () => false) {
    this.#shelf = new Shelf(storage);
    this.#giveRoom = giveRoom;
  }

  /** @returns {Saved | null} */
  load() {
    const value = this.#shelf.read(SEAT);
    return isSaved(value) ? value : null;
  }

  /**
   * @param {Saved} saved
   * @returns {boolean} whether a reload will find it
   */
  save(saved) {
    let isWritten = this.#shelf.write(SEAT, saved);
    while (!isWritten && this.#giveRoom()) {
      isWritten = this.#shelf.write(SEAT, saved);
    }
    return isWritten;
  }

  clear() {
    this.#shelf.remove(SEAT);
  }

  /** Whether another tab or device has taken this seat over. */
  get isReplaced() {
    return this.#shelf.read(REPLACED) === true;
  }

  set isReplaced(isReplaced) {
    if (isReplaced) {
      this.#shelf.write(REPLACED, true);
    } else {
      this.#shelf.remove(REPLACED);
    }
  }
}

/** The tickets that outlive a tab. Of what was said nothing is among them. */
export class Tickets {
  #shelf;
  #now;

  /**
   * @param {Storage | null} [storage]
   * @param {() => number} [now]
   */
  constructor(storage = browserStorage("localStorage"), now = Date.now) {
    this.#shelf = new Shelf(storage);
    this.#now = now;
  }

  /** @param {Saved} saved */
  remember(saved) {
    this.#shelf.write(TICKET + saved.room_code, { ...saved, outbox: {}, at: this.#now() });
    for (const { room_code } of this.all().slice(MOST_TICKETS)) {
      this.forget(room_code);
    }
  }

  /**
   * @param {string} code
   * @returns {Remembered | null} with nothing in its outbox
   */
  find(code) {
    const key = TICKET + code;
    const value = this.#shelf.read(key);
    if (isRemembered(value) && value.room_code === code && this.#isYoung(value)) {
      return { ...value, outbox: {} };
    }
    this.#shelf.remove(key);
    return null;
  }

  /** @returns {Remembered[]} the newest first */
  all() {
    return this.#shelf
      .keys(TICKET)
      .map((key) => this.find(key.slice(TICKET.length)))
      .filter((remembered) => remembered !== null)
      .sort((one, other) => other.at - one.at);
  }

  /** @param {string} code */
  forget(code) {
    this.#shelf.remove(TICKET + code);
  }

  /** @param {Remembered} remembered */
  #isYoung({ at }) {
    return this.#now() - at < MOST_TICKET_LIFE_MS;
  }
}

/** Values by key in a storage; what that refuses to take is held here instead. */
class Shelf {
  #storage;
  /** @type {Map<string, string>} */
  #refused = new Map();

  /** @param {Storage | null} storage */
  constructor(storage) {
    this.#storage = storage;
  }

  /**
   * @param {string} prefix
   * @returns {string[]}
   */
  keys(prefix) {
    const keys = new Set(this.#refused.keys());
    try {
      for (let place = 0; place < (this.#storage?.length ?? 0); place += 1) {
        keys.add(this.#storage?.key(place) ?? "");
      }
    } catch {
      // Then there is nothing in it for us.
    }
    return [...keys].filter((key) => key.startsWith(prefix));
  }

  /**
   * @param {string} key
   * @returns {unknown} null if there is nothing, or nothing readable
   */
  read(key) {
    try {
      return JSON.parse(this.#refused.get(key) ?? this.#storage?.getItem(key) ?? "null");
    } catch {
      return null;
    }
  }

  /**
   * @param {string} key
   * @param {unknown} value
   * @returns {boolean} whether the storage has it
   */
  write(key, value) {
    const text = JSON.stringify(value);
    try {
      if (this.#storage !== null) {
        this.#storage.setItem(key, text);
        this.#refused.delete(key);
        return true;
      }
    } catch {
      // It is full, or forbids writing.
    }
    this.#refused.set(key, text);
    return false;
  }

  /** @param {string} key */
  remove(key) {
    this.#refused.delete(key);
    try {
      this.#storage?.removeItem(key);
    } catch {
      // What cannot be removed is still checked whenever it is read.
    }
  }
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * @param {unknown} value
 * @returns {value is Remembered}
 */
function isRemembered(value) {
  return isSaved(value) && "at" in value && Number.isFinite(value.at);
}

/**
 * @param {unknown} value
 * @returns {value is Saved}
 */
function isSaved(value) {
  if (!isRecord(value)) {
    return false;
  }
  const { username, room_code, ticket, pairing, partner, last, outbox } = value;
  const { received, read, sent, delivered, partner_read } = value;
  return (
    typeof username === "string" &&
    typeof room_code === "string" &&
    /^[0-9A-HJKMNP-TV-Z]{6,10}$/.test(room_code) &&
    typeof ticket === "string" &&
    ticket !== "" &&
    (partner === null || typeof partner === "string") &&
    [pairing, received, read, last, sent, delivered, partner_read].every(isCount) &&
    isOutbox(outbox, Number(last))
  );
}

/** @param {unknown} value */
function isCount(value) {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

/**
 * @param {unknown} value
 * @param {number} last
 */
function isOutbox(value, last) {
  return (
    isRecord(value) &&
    Object.entries(value).every(
      ([id, content]) =>
        /^[1-9]\d*$/.test(id) && Number(id) <= last && typeof content === "string",
    )
  );
}
