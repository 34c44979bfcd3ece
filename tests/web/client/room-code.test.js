import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  ALPHABET,
  CODE_LENGTH,
  MOST_CODE_LENGTH,
  roomCodeOf,
} from "../../../src/duologue/web/client/room-code.js";

describe("a code is understood however a person writes it", () => {
  const written = [
    "8RZ0MQ",
    "8rz0mq",
    "8rz-OMQ",
    " 8rz 0mq\n",
    "8\u00adRZ\u200b0MQ\ufeff",
    "8RZ—0MQ",
    "8RZ−0MQ",
    "８ＲＺ０ＭＱ",
    "8ｒｚ　0ｍｑ",
    "\u202a8RZ0MQ\u202c",
    "8\u0000RZ0MQ",
    "https://example.org/#8RZ0MQ",
    "https://example.org/?a#b#8rz-0mq ",
    "#8RZ0MQ",
  ];
  for (const typed of written) {
    test(JSON.stringify(typed), () => assert.equal(roomCodeOf(typed), "8RZ0MQ"));
  }
});

test("a code may have up to ten characters", () => {
  const codes = ["8RZ0MQ8", "8RZ0MQ8R", "8RZ0MQ8RZ", "8RZ0MQ8RZ0"];
  assert.equal(codes.at(-1)?.length, MOST_CODE_LENGTH);
  assert.deepEqual(
    codes.map((code) => roomCodeOf(`${code.slice(0, 5)}-${code.slice(5)}`)),
    codes,
  );
});

test("look-alikes are read as what they stand for", () => {
  assert.deepEqual(["ilILoO", "1101l0"].map(roomCodeOf), ["111100", "110110"]);
});

test("what cannot be a code is none", () => {
  const typed = [
    "",
    "#",
    "8RZ0M",
    "8RZ0MQ8RZ0M",
    "8RZ0MU",
    "8RZ0M!",
    "8RZ0Mß",
    "٨RZ0MQ",
    "https://x/",
  ];
  assert.deepEqual(
    typed.map(roomCodeOf),
    typed.map(() => null),
  );
});

test("each letter of the alphabet stands for itself", () => {
  const codes = [...ALPHABET].map((letter) => letter.repeat(CODE_LENGTH));
  assert.deepEqual(codes.map(roomCodeOf), codes);
});
