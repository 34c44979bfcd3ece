/**
 * Room codes: six characters that people can say aloud, or a few more.
 *
 * The alphabet is Crockford's base 32 (https://www.crockford.com/base32.html): digits and
 * upper-case letters without I, L, O and U, which are easily mistaken for others.
 */

export const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** How long a code is where the server was not set to make longer ones. */
export const CODE_LENGTH = 6;

export const MOST_CODE_LENGTH = 10;

const CODE = new RegExp(`^[${ALPHABET}]{${CODE_LENGTH},${MOST_CODE_LENGTH}}$`);

// White space, dashes, and what cannot be seen but comes along when text is copied.
const SEPARATORS = /[\p{White_Space}\p{Dash}\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cc}]/gu;

/**
 * Return the code that a person most likely means, in its one true form.
 *
 * @param {string} typed a code, in any case, with spaces or hyphens or look-alikes, or a
 *   link that ends in `#` and a code
 * @returns {string | null} null if it can be no code
 */
export function roomCodeOf(typed) {
  const afterLink = typed.slice(typed.lastIndexOf("#") + 1);
  const code = afterLink
    .normalize("NFKC")
    .replace(SEPARATORS, "")
    .replace(/[a-z]/g, (letter) => letter.toUpperCase()) // Of ß it would make two.
    .replace(/[IL]/g, "1")
    .replace(/O/g, "0");
  return CODE.test(code) ? code : null;
}
