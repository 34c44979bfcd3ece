/**
 * What was said in this tab, bounded, and kept so that a reload shows it again.
 *
 * Entries lie in the storage in chunks, so that one more entry rewrites one small
 * chunk. Where the storage is full its oldest chunks go; where there is none, or
 * it refuses everything, the history lives as long as the page.
 */

/**
 * @typedef {{ kind: "chat", mine: boolean, pairing: number, id: number, content: string,
 *   at: number, failure?: string }} ChatEntry
 * @typedef {{ kind: "note", word: string, name?: string, at: number }} NoteEntry
 * @typedef {ChatEntry | NoteEntry} Entry
 */

/**
 * @typedef {object} Chunk
 * @property {number} number
 * @property {Entry[]} entries
 * @property {number} chars
 * @property {"due" | "stored" | "given up"} state  given up: other things need its room
 */

const KEY = "duologue.history.";
const IS_KEY = /^duologue\.history\.[1-9]\d{0,14}$/;
const MOST_CHUNK_ENTRIES = 64;
const MOST_CHUNK_CHARS = 32 * 1024;

export class History {
  #storage;
  #mostEntries;
  #mostChars;
  /** @type {Entry[]} */
  #entries = [];
  #chars = 0;
  /** @type {Chunk[]} the oldest first; none of them is empty */
  #chunks = [];
  /** @type {WeakMap<Entry, Chunk>} */
  #chunkOf = new WeakMap();
  #isKept = true;

  /**
   * Takes up what the storage holds; what is damaged there is left out.
   *
   * @param {Storage | null} storage
   * @param {{ mostEntries?: number, mostChars?: number }} [bounds]
   */
  constructor(storage, { mostEntries = 10_000, mostChars = 2_000_000 } = {}) {
    this.#storage = storage;
    this.#mostEntries = mostEntries;
    this.#mostChars = mostChars;
    this.#isKept = storage !== null;
    for (const key of this.#keys()) {
      this.#restore(key);
    }
    this.#bound();
  }

  /** @returns {readonly Entry[]} the oldest first */
  get entries() {
    return this.#entries;
  }

  /** Whether a reload would show the newest entries again. */
  get isKept() {
    return this.#isKept;
  }

  /**
   * @param {Entry} entry
   * @returns {number} how many of the oldest entries had to go for it
   */
  append(entry) {
    const chunk = this.#openChunk();
    this.#place(entry, chunk);
    const dropped = this.#bound();
    this.#store(chunk);
    return dropped;
  }

  /**
   * Keeps an entry that was altered in place; its text stays as it was.
   *
   * @param {Entry} entry
   */
  changed(entry) {
    const chunk = this.#chunkOf.get(entry);
    if (chunk !== undefined && chunk.state !== "given up") {
      this.#store(chunk);
    }
  }

  /** Forgets everything, in the storage too. */
  clear() {
    this.#entries.length = 0;
    this.#chunks.length = 0;
    this.#chunkOf = new WeakMap();
    this.#chars = 0;
    for (const key of this.#keys()) {
      this.#remove(key);
    }
  }

  /**
   * Gives the room of the oldest chunk in the storage to what matters more.
   *
   * @returns {boolean} whether there was any to give
   */
  giveRoom() {
    const oldest = this.#chunks.find(({ state }) => state === "stored");
    if (oldest === undefined || !this.#remove(KEY + oldest.number)) {
      return false;
    }
    oldest.state = "given up";
    return true;
  }

  /** @returns {Chunk} the one that takes the next entry */
  #openChunk() {
    const last = this.#chunks.at(-1);
    const isOpen =
      last !== undefined &&
      last.state !== "given up" &&
      last.entries.length < MOST_CHUNK_ENTRIES &&
      last.chars < MOST_CHUNK_CHARS;
    return isOpen ? last : this.#addChunk((last?.number ?? 0) + 1, "due");
  }

  /**
   * @param {number} number
   * @param {"due" | "stored"} state
   */
  #addChunk(number, state) {
    /** @type {Chunk} */
    const chunk = { number, entries: [], chars: 0, state };
    this.#chunks.push(chunk);
    return chunk;
  }

  /**
   * @param {Entry} entry
   * @param {Chunk} chunk
   */
  #place(entry, chunk) {
    this.#entries.push(entry);
    this.#chars += charsOf(entry);
    chunk.entries.push(entry);
    chunk.chars += charsOf(entry);
    this.#chunkOf.set(entry, chunk);
  }

  /** Drops the oldest entries beyond the bounds, but never the newest one. */
  #bound() {
    let dropped = 0;
    let left = this.#entries.length;
    while (left > 1 && (left > this.#mostEntries || this.#chars > this.#mostChars)) {
      this.#dropOldest();
      dropped += 1;
      left -= 1;
    }
    this.#entries.splice(0, dropped);
    return dropped;
  }

  #dropOldest() {
    const chunk = /** @type {Chunk} */ (this.#chunks[0]);
    const entry = /** @type {Entry} */ (chunk.entries.shift());
    this.#chunkOf.delete(entry);
    this.#chars -= charsOf(entry);
    if (chunk.entries.length === 0) {
      this.#chunks.shift();
      this.#remove(KEY + chunk.number);
    }
  }

  /** @param {string} key */
  #restore(key) {
    const entries = this.#read(key);
    if (entries.length === 0) {
      this.#remove(key);
      return;
    }
    const chunk = this.#addChunk(numberOf(key), "stored");
    for (const entry of entries) {
      this.#place(entry, chunk);
    }
  }

  /** @param {Chunk} chunk */
  #store(chunk) {
    const text = JSON.stringify(chunk.entries);
    let outcome = this.#write(KEY + chunk.number, text);
    while (outcome === "full" && this.#giveRoomTo(chunk)) {
      outcome = this.#write(KEY + chunk.number, text);
    }
    this.#isKept = outcome === "written";
    if (this.#isKept) {
      chunk.state = "stored";
    }
  }

  /** @param {Chunk} chunk */
  #giveRoomTo(chunk) {
    const isOldest = this.#chunks.find(({ state }) => state === "stored") === chunk;
    return !isOldest && this.giveRoom();
  }

  /** @returns {string[]} the keys of all chunks in the storage, the oldest first */
  #keys() {
    try {
      return Array.from({ length: this.#storage?.length ?? 0 }, (_, place) =>
        String(this.#storage?.key(place)),
      )
        .filter((key) => IS_KEY.test(key))
        .sort((one, other) => numberOf(one) - numberOf(other));
    } catch {
      return [];
    }
  }

  /**
   * @param {string} key
   * @returns {Entry[]} those that can be read
   */
  #read(key) {
    try {
      const values = JSON.parse(this.#storage?.getItem(key) ?? "");
      return Array.isArray(values) ? values.filter(isEntry) : [];
    } catch {
      return [];
    }
  }

  /**
   * @param {string} key
   * @param {string} text
   * @returns {"written" | "full" | "refused"}
   */
  #write(key, text) {
    try {
      this.#storage?.setItem(key, text);
      return this.#storage === null ? "refused" : "written";
    } catch (error) {
      return /quota/i.test(String(/** @type {{ name?: unknown }} */ (error).name))
        ? "full"
        : "refused";
    }
  }

  /**
   * @param {string} key
   * @returns {boolean} whether it is gone
   */
  #remove(key) {
    try {
      this.#storage?.removeItem(key);
      return true;
    } catch {
      return false;
    }
  }
}

/** @param {string} key */
function numberOf(key) {
  return Number(key.slice(KEY.length));
}

/** @param {Entry} entry */
function charsOf(entry) {
  return (entry.kind === "chat" ? entry.content : entry.word + (entry.name ?? "")).length;
}

/**
 * @param {any} value
 * @returns {value is Entry}
 */
function isEntry(value) {
  if (!Number.isFinite(value?.at)) {
    return false;
  }
  if (value.kind === "note") {
    return typeof value.word === "string" && isTextOrMissing(value.name);
  }
  return (
    value.kind === "chat" &&
    typeof value.mine === "boolean" &&
    Number.isSafeInteger(value.pairing) &&
    Number.isSafeInteger(value.id) &&
    typeof value.content === "string" &&
    isTextOrMissing(value.failure)
  );
}

/** @param {unknown} value */
function isTextOrMissing(value) {
  return value === undefined || typeof value === "string";
}
