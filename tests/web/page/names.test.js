import assert from "node:assert/strict";
import { test } from "node:test";

import { initialOf, isSendable, visibleName } from "../../../src/duologue/web/page/names.js";

const UNSEEN = [
  "",
  " \t\n\u00A0\u2003\u3000",
  "\u0000\u0007\u007F\u0085",
  "\u200B\u200C\u200D\u2060\uFEFF\u00AD",
  "\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069\u200E\u200F\u061C",
  "\u115F\u1160\u3164\uFFA0",
  "\uFE0E\uFE0F\u{E0100}\u034F\u180E",
  "\u{E0001}\u{E0061}\u{E007F}",
  "\u17B4\u17B5",
  "\uFFF9\uFFFA\uFFFB",
  "\u2800",
  "\u{1D159}\u{1D173}",
];

const MARKS = ["\u0301", "\u20DD", "ि", "\u3099", " \u0301\u200B"];

const SEEN = [
  "A",
  "영희",
  ".",
  "😀",
  "\u202EA",
  "\u200B김\u200B",
  "e\u0301",
  "\u0600",
  "👨‍👩‍👧",
  "\uD800",
];

test("a name that can be seen is shown as it is", () => {
  const shown = SEEN.map((name) => visibleName(name, "Someone"));
  assert.deepEqual(shown, SEEN);
});

test("a name of which nothing can be seen gives way to the fallback", () => {
  const shown = [...UNSEEN, ...MARKS].map((name) => visibleName(name, "Someone"));
  assert.deepEqual(shown, Array(UNSEEN.length + MARKS.length).fill("Someone"));
});

test("a draft is sent if anything of it can be seen, be it a mark", () => {
  assert.deepEqual(
    [UNSEEN, MARKS, SEEN].map((drafts) => drafts.filter(isSendable)),
    [[], MARKS, SEEN],
  );
});

test("the initial of a name is one character, whatever that is made of", () => {
  const names = [" ada", "안나", "e\u0301va", "👨‍👩‍👧 Kim", "ßen", " "];
  const initials = names.map(initialOf);
  assert.deepEqual(initials, ["A", "안", "E\u0301", "👨‍👩‍👧", "SS", ""]);
});

test("where the browser does not know characters, a letter will do", (t) => {
  t.mock.property(Intl, "Segmenter", undefined);
  assert.deepEqual([" ada", "e\u0301va", "👨‍👩‍👧 Kim", ""].map(initialOf), [
    "A",
    "E",
    "👨",
    "",
  ]);
});
