/** The texts of the page: whole in each language, and all of them in use. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";
import {
  chooseLanguage,
  currentLanguage,
  currentLocale,
  say,
  waitOf,
} from "../../src/duologue/web/page/words.js";
import { en } from "../../src/duologue/web/words/en.js";
import { ko } from "../../src/duologue/web/words/ko.js";

const WEB = new URL("../../src/duologue/web/", import.meta.url);
const PAGE = readFileSync(new URL("index.html", WEB), "utf8");
const MODULES = readdirSync(new URL("page/", WEB))
  .map((name) => readFileSync(new URL(`page/${name}`, WEB), "utf8"))
  .join("\n");

/** Words that are put together of a kind and of what the client library says. */
const COMPOSED = /^(failure|progress|note|settings\.notifications_)/;

/** @param {string} text */
function places(text) {
  return [...new Set(text.match(/\{\w+\}/g))].sort();
}

test("every language has the same words", () => {
  assert.deepEqual(Object.keys(ko).sort(), Object.keys(en).sort());
});

test("no word is empty, and Korean is not English", () => {
  for (const word of /** @type {import("../../src/duologue/web/words/en.js").Word[]} */ (
    Object.keys(en)
  )) {
    assert.notEqual(en[word].trim(), "", word);
    assert.match(ko[word], word === "home.code_example" ? /./ : /[가-힣]/, word);
  }
});

test("a word takes the same values in every language", () => {
  for (const word of /** @type {import("../../src/duologue/web/words/en.js").Word[]} */ (
    Object.keys(en)
  )) {
    assert.deepEqual(places(ko[word]), places(en[word]), word);
  }
});

test("the page asks for no word that there is not", () => {
  const asked = [...PAGE.matchAll(/data-(?:word|label|placeholder)="([^"]+)"/g)].map(
    ([, word]) => word ?? "",
  );
  assert.ok(asked.length > 20);
  assert.deepEqual(
    asked.filter((word) => !(word in en)),
    [],
  );
});

test("no word is left that nobody says", () => {
  const unused = Object.keys(en).filter(
    (word) =>
      !(COMPOSED.test(word) || PAGE.includes(`"${word}"`) || MODULES.includes(`"${word}"`)),
  );
  assert.deepEqual(unused, []);
});

test("the first language that the browser prefers and the page knows is chosen", () => {
  chooseLanguage("auto", ["fr-CA", "ko-KR", "en-US"]);
  assert.equal(currentLanguage(), "ko");
  chooseLanguage("auto", ["fr", "de"]);
  assert.equal(currentLanguage(), "en");
  chooseLanguage("ko", ["en"]);
  assert.equal(currentLanguage(), "ko");
});

test("what a person is called is put in as it is, whatever it is", () => {
  chooseLanguage("en", []);
  assert.equal(say("note.partner_joined", { name: "$& {name} <b>" }), "$& {name} <b> came in");
  assert.equal(say("note.partner_joined"), "{name} came in");
});

test("times are written as people write them where they are", () => {
  chooseLanguage("auto", ["fr", "en-GB", "en-US"]);
  assert.equal(currentLocale(), "en-GB");
  chooseLanguage("ko", ["en-GB"]);
  assert.equal(currentLocale(), "ko");
});

test("a time to wait is told in seconds, or in minutes where it is long", () => {
  const told = ["en", "ko"].map((language) => {
    chooseLanguage("auto", [language]);
    return [1, 60, 120, 121, 1800].map(waitOf);
  });
  assert.deepEqual(told, [
    ["1 second", "60 seconds", "120 seconds", "3 minutes", "30 minutes"],
    ["1초", "60초", "120초", "3분", "30분"],
  ]);
});
