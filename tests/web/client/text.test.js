import assert from "node:assert/strict";
import { test } from "node:test";
import { trimmed } from "../../../src/duologue/web/client/entrance.js";
import { InvalidUsername } from "../../../src/duologue/web/client/errors.js";
import { sizeBytes, stripped, wellFormed } from "../../../src/duologue/web/client/text.js";

// What str.isspace of Python says is white space, and str.strip cuts off.
const SPACES = [
  ...[0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1c, 0x1d, 0x1e, 0x1f, 0x20, 0x85, 0xa0, 0x1680],
  ...[0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a],
  ...[0x2028, 0x2029, 0x202f, 0x205f, 0x3000],
];

test("white space is what the server takes for it, at both ends only", () => {
  const cut = Array.from({ length: 0x10000 }, (_, code) => code).filter((code) => {
    const space = String.fromCharCode(code);
    return stripped(`${space}a${space}b${space}`) === `a${space}b`;
  });
  assert.deepEqual(cut, SPACES);
});

test("a name is trimmed, and has something in it that everyone can read", () => {
  assert.deepEqual([trimmed("  Ann Lee\u0085"), trimmed("\ud83d")], ["Ann Lee", "\ufffd"]);
  assert.throws(() => trimmed(" \x1f\n"), InvalidUsername);
});

test("half a character is replaced, a whole one stays", () => {
  assert.equal(wellFormed("\ud800a😀\udc00\ud83d😀"), "\ufffda😀\ufffd\ufffd😀");
});

test("a text has as many bytes as its UTF-8", () => {
  assert.deepEqual(["", "a", "é", "안", "😀"].map(sizeBytes), [0, 1, 2, 3, 4]);
});
