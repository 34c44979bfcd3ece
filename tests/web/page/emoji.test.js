import assert from "node:assert/strict";
import { test } from "node:test";

import { isEmojiAlone } from "../../../src/duologue/web/page/emoji.js";

/**
 * @param {string[]} contents
 * @param {boolean} expected
 */
function assertAlone(contents, expected) {
  const others = contents.filter((content) => isEmojiAlone(content) !== expected);
  assert.deepEqual(others, []);
}

test("a few emoji of any kind are emoji alone", () => {
  const tones = ["👍🏽", "☝🏿", "🧑🏿‍❤️‍💋‍🧑🏻", "🤦🏾‍♀️"];
  const flags = ["🇰🇷", "🇰🇷🇬🇧", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏳️‍🌈", "🏴‍☠️"];
  const joined = ["👨‍👩‍👧‍👦", "❤️‍🔥", "👁️‍🗨️", "🧑‍💻"];
  const others = ["😀", "❤️", "☺️", "1️⃣", "#️⃣", "⌚", "©️", "🫠", "😀 👍🏽\n❤️", " 😀 "];
  assertAlone([...tones, ...flags, ...joined, ...others], true);
});

test("text, also such as may be an emoji elsewhere, is not emoji alone", () => {
  const text = ["", " ", "a", "😀a", "a😀", "😀.", "안녕😀", ":-)", "ㅋㅋ"];
  const digits = ["1", "#", "*", "12", "1\uFE0F", "#\uFE0F", "1\u20E3"];
  const symbols = ["☺", "❤", "©", "™", "↔", "⌚\uFE0E", "♀"];
  const fragments = ["\u200D", "\uFE0F", "🇰", "🇰🇷🇬", "😀\u200D", "\u200D😀", "\uD83D"];
  assertAlone([...text, ...digits, ...symbols, ...fragments], false);
});

test("eight are a few, nine are a text", () => {
  const outcomes = ["😀", "👨‍👩‍👧‍👦", "🇰🇷", "👍🏽", "😀 "].map((emoji) => [
    isEmojiAlone(emoji.repeat(8)),
    isEmojiAlone(emoji.repeat(9)),
  ]);
  assert.deepEqual(outcomes, Array(5).fill([true, false]));
});

test("emoji without end, joined or not, are a text", () => {
  assertAlone([`😀${"\u200D😀".repeat(50)}`, "😀".repeat(8000), `😀${" ".repeat(200)}`], false);
});

test("what counts as one emoji is one character for the eye", () => {
  const emoji = ["👍🏽", "🇰🇷", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👨‍👩‍👧‍👦", "1️⃣", "🧑🏿‍❤️‍💋‍🧑🏻"];
  const segmenter = new Intl.Segmenter("en");
  const outcomes = emoji.map((one) => [
    [...segmenter.segment(one.repeat(8))].length,
    isEmojiAlone(one.repeat(8)),
  ]);
  assert.deepEqual(outcomes, Array(emoji.length).fill([8, true]));
});
