import assert from "node:assert/strict";
import { test } from "node:test";

import { grouped, spelled } from "../../../src/duologue/web/page/spelling.js";

const CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

test("a code is said in the words of each language", () => {
  assert.deepEqual(
    [spelled("8RZ0MQ", "en"), spelled("2E5XAB", "ko")],
    [
      ["Eight", "Romeo", "Zulu", "Zero", "Mike", "Quebec"],
      ["둘", "이", "오", "엑스", "에이", "비"],
    ],
  );
});

test("the whole alphabet has its words, in order", () => {
  const ends = [spelled("09AMNZ", "en"), spelled("09AMNZ", "ko")];
  assert.deepEqual(ends, [
    ["Zero", "Nine", "Alfa", "Mike", "November", "Zulu"],
    ["공", "아홉", "에이", "엠", "엔", "제트"],
  ]);
});

test("no two characters of a code sound the same", () => {
  const counts = [spelled(CODE_ALPHABET, "en"), spelled(CODE_ALPHABET, "ko")].map(
    (words) => new Set(words).size,
  );
  assert.deepEqual(counts, [32, 32]);
});

test("lower case is said alike, and what has no word stands for itself", () => {
  assert.deepEqual(spelled("a-😀", "en"), ["Alfa", "-", "😀"]);
});

test("a code is written in groups of about one length", () => {
  const codes = ["ABC123", "", "AB", "ABCD123", "ABCD1234", "ABC123DEF", "ABCD123DEF"];
  assert.deepEqual(codes.map(grouped), [
    "ABC 123",
    "",
    "AB",
    "ABCD 123",
    "ABCD 1234",
    "ABC 123 DEF",
    "ABCD 123 DEF",
  ]);
});
