/**
 * Whether a chat is nothing but a few emoji, which are then shown large.
 *
 * Follows the grammar of Unicode Technical Standard 51, section 1.4.9, but takes
 * only what is drawn as a picture: no digits, and no ☺ without its selector.
 */

const MOST_EMOJI = 8;

/** No emoji in use is longer; so nobody can make one out of a thousand joined ones. */
const MOST_UNITS_EACH = 16;

const FLAG = String.raw`\p{RI}\p{RI}`;
const KEYCAP = String.raw`[0-9#*]\uFE0F\u20E3`;
const REGION_FLAG = String.raw`\u{1F3F4}[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{3,6}\u{E007F}`;
const TONED = String.raw`\p{Emoji_Modifier_Base}\p{Emoji_Modifier}`;
const PLAIN = String.raw`(?!\p{RI})\p{Emoji_Presentation}\uFE0F?|\p{Extended_Pictographic}\uFE0F`;
const JOINED = String.raw`(?:\u200D(?:${TONED}|\p{Extended_Pictographic}\uFE0F?))*`;

const EMOJI = `(?:${FLAG}|${KEYCAP}|${REGION_FLAG}|(?:${TONED}|${PLAIN})${JOINED})`;
const FEW_EMOJI = new RegExp(String.raw`^\s*(?:${EMOJI}\s*){1,${MOST_EMOJI}}$`, "u");

/**
 * @param {string} content
 * @returns {boolean} whether it is one to eight emoji, with or without spaces
 */
export function isEmojiAlone(content) {
  return content.length <= MOST_EMOJI * MOST_UNITS_EACH && FEW_EMOJI.test(content);
}
