/** Text as the server will have it: what it trims, what it can read, how long it is. */

// Python's white space, which is not that of `String.prototype.trim`.
const SPACE =
  "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const SPACE_AT_ENDS = new RegExp(`^${SPACE}+|${SPACE}+$`, "g");

const encoder = new TextEncoder();

/**
 * Cut off the white space at both ends, as the server does.
 *
 * @param {string} text
 */
export function stripped(text) {
  return text.replace(SPACE_AT_ENDS, "");
}

/**
 * Replace halves of surrogate pairs, which no UTF-8 can have: the server would refuse them.
 *
 * @param {string} text
 */
export function wellFormed(text) {
  return text.replace(/\p{Surrogate}/gu, "\ufffd");
}

/**
 * Say how many bytes a text has in UTF-8.
 *
 * @param {string} text
 */
export function sizeBytes(text) {
  return encoder.encode(text).length;
}
