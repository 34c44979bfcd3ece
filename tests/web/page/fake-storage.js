/**
 * A storage as browsers have it, in memory: with room for so many characters, or
 * one that forbids everything.
 */

/** @implements {Storage} */
export class FakeStorage {
  /** @type {Map<string, string>} */
  #items;
  #room;
  /** @type {string[]} the keys that were written, in order */
  writes = [];
  isForbidden = false;

  /**
   * @param {{ room?: number, items?: Record<string, unknown> }} [options]  items are written
   *   as JSON, but texts as they are
   */
  constructor({ room = Number.POSITIVE_INFINITY, items = {} } = {}) {
    this.#room = room;
    this.#items = new Map(
      Object.entries(items).map(([key, value]) => [
        key,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    );
  }

  /** @returns {Record<string, any>} all that is kept, read as JSON */
  get kept() {
    return Object.fromEntries([...this.#items].map(([key, text]) => [key, JSON.parse(text)]));
  }

  /** @returns {string[]} */
  get keys() {
    return [...this.#items.keys()];
  }

  get length() {
    this.#check();
    return this.#items.size;
  }

  /** @param {number} place */
  key(place) {
    this.#check();
    return this.keys[place] ?? null;
  }

  /** @param {string} key */
  getItem(key) {
    this.#check();
    return this.#items.get(key) ?? null;
  }

  /**
   * @param {string} key
   * @param {string} text
   */
  setItem(key, text) {
    this.#check();
    const others = [...this.#items].filter(([other]) => other !== key);
    const used = others.reduce((sum, [other, held]) => sum + other.length + held.length, 0);
    if (used + key.length + text.length > this.#room) {
      throw new DOMException("There is no more room", "QuotaExceededError");
    }
    this.writes.push(key);
    this.#items.set(key, text);
  }

  /** @param {string} key */
  removeItem(key) {
    this.#check();
    this.#items.delete(key);
  }

  clear() {
    this.#items.clear();
  }

  #check() {
    if (this.isForbidden) {
      throw new DOMException("This is forbidden here", "SecurityError");
    }
  }
}
