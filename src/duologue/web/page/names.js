/**
 * How a name is shown, and whether there is anything to see in it, or in a chat.
 *
 * A name of nothing but invisible characters would let someone pass as nobody,
 * or as the page itself. Nothing is ever stripped: what is shown is what was said.
 */

// White space, controls, what Unicode says to draw as nothing (zero-width and
// bidi characters, Hangul fillers, selectors), and what is blank all the same:
// interlinear marks, the empty braille cell, the null notehead.
const SEEN =
  /[^\p{White_Space}\p{Cc}\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB\u2800\u{1D159}]/u;

const SEEN_BESIDE_MARKS =
  /[^\p{White_Space}\p{Cc}\p{M}\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB\u2800\u{1D159}]/u;

/**
 * The name as it is shown, or the fallback where nobody would see a name.
 *
 * Marks that combine with a letter are no name without one: alone they would
 * settle on whatever text stands before them.
 *
 * @param {string} name
 * @param {string} fallback
 * @returns {string}
 */
export function visibleName(name, fallback) {
  return SEEN_BESIDE_MARKS.test(name) ? name : fallback;
}

/**
 * The first character of a name, for where there is room for no more.
 *
 * @param {string} name
 */
export function initialOf(name) {
  return firstCharacter(name.trim()).toLocaleUpperCase();
}

/** @param {string} text */
function firstCharacter(text) {
  if (Intl.Segmenter === undefined) {
    return Array.from(text)[0] ?? ""; // Not every browser in use knows what makes one character.
  }
  const [first] = new Intl.Segmenter().segment(text);
  return first?.segment ?? "";
}

/**
 * Whether a draft says anything: one that would be an empty bubble is not sent.
 *
 * A combining mark alone is fine here, as when a vowel sign is explained.
 *
 * @param {string} content
 * @returns {boolean}
 */
export function isSendable(content) {
  return SEEN.test(content);
}

/**
 * Keep the direction of a name from spilling into the words around it.
 *
 * @param {string} name
 */
export function isolated(name) {
  return `\u2068${undirected(name)}\u2069`;
}

/**
 * Leave out a name's own controls of direction: one of them could end its isolation.
 *
 * @param {string} name
 */
export function undirected(name) {
  return name.replace(/[\u202A-\u202E\u2066-\u2069]/g, "");
}
