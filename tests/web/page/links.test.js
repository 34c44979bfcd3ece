import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { linked } from "../../../src/duologue/web/page/links.js";

/**
 * @param {string} content
 * @returns {string} the chat with each link in ⟦⟧
 */
function marked(content) {
  return linked(content)
    .map(({ text, href }) => (href === null ? text : `⟦${text}⟧`))
    .join("");
}

/** @param {string[]} expected chats whose links are marked */
function assertMarked(expected) {
  const contents = expected.map((chat) => chat.replace(/[⟦⟧]/g, ""));
  assert.deepEqual(contents.map(marked), expected);
}

test("a chat is split into text and links that say where they go", () => {
  assert.deepEqual(linked("See https://example.com/a?b=c#d or WWW.Example.org, please"), [
    { text: "See ", href: null },
    { text: "https://example.com/a?b=c#d", href: "https://example.com/a?b=c#d" },
    { text: " or ", href: null },
    { text: "WWW.Example.org", href: "https://www.example.org/" },
    { text: ", please", href: null },
  ]);
});

test("a chat that is empty, only text or only a link has no empty pieces", () => {
  assert.deepEqual(["", "Hello", "http://localhost:8080/#ABC123"].map(linked), [
    [],
    [{ text: "Hello", href: null }],
    [{ text: "http://localhost:8080/#ABC123", href: "http://localhost:8080/#ABC123" }],
  ]);
});

test("the punctuation of a sentence is not part of a link", () => {
  assertMarked([
    "Look: ⟦https://example.com⟧.",
    "Really ⟦https://example.com/a⟧?!",
    "⟦https://example.com/a⟧, ⟦https://example.com/b⟧; and so on…",
    "**⟦https://example.com/a⟧** and _⟦https://example.com/b⟧_",
    "'⟦https://example.com/a⟧' \"⟦https://example.com/b⟧\" “⟦https://example.com/c⟧”",
    "⟦https://example.com⟧: yes",
    "⟦https://example.com⟧:/a",
    "⟦https://example.com/a⟧…",
    "「⟦https://example.com/a⟧」、⟦https://example.com/b⟧。",
    "⟦https://example.com⟧,foo",
  ]);
});

test("brackets belong to a link as far as they are opened within it", () => {
  assertMarked([
    "⟦https://en.wikipedia.org/wiki/Actor_(disambiguation)⟧",
    "(see ⟦https://en.wikipedia.org/wiki/Actor_(disambiguation)⟧).",
    "[text](⟦https://example.com/a⟧)",
    "<⟦https://example.com/a⟧>",
    "(⟦https://example.com⟧)",
    "{⟦https://example.com/{id}/[x]⟧}",
    "⟦https://example.com/a⟧)b(",
    "⟦https://example.com/a⟧(",
    "⟦http://[::1]:8080/#ABC123⟧",
    "[⟦http://[::1]⟧]",
  ]);
});

test("a Korean particle ends a link, a Korean page does not", () => {
  assertMarked([
    "⟦https://example.com⟧을 봐",
    "⟦https://example.com⟧에서만 만나요",
    "⟦https://example.com:8080⟧으로",
    "⟦https://example.com/⟧에서 만나",
    "⟦https://example.com/page⟧를 봐",
    "⟦https://example.com/#ABC123⟧이에요.",
    "(⟦https://example.com/a_(b)⟧)을",
    "주소는⟦https://example.com/a⟧입니다",
    "⟦https://ko.wikipedia.org/wiki/대한민국⟧",
    "⟦https://namu.wiki/w/가⟧",
    "⟦https://namu.wiki/w/C언어⟧",
    "⟦https://example.com/?q=을⟧",
    "⟦https://한국.example/가방⟧",
    "⟦https://日本語.example/あ⟧、⟦https://example.com⟧を見て",
  ]);
});

test("what is not seen, or is a picture, ends a link", () => {
  assertMarked([
    "⟦https://example.com/a⟧\u202Egpj.exe",
    "⟦https://example.com/a⟧\u2066b",
    "⟦https://example⟧\u200B.com",
    "⟦https://example.com/a⟧\u3164b",
    "⟦https://example.com/a⟧\u0000b",
    "⟦https://example.com/a⟧\uD800b",
    "⟦https://example.com/a⟧👍",
    "⟦https://example.com⟧🇰🇷",
  ]);
});

test("only http and https are linked, and only where an address begins", () => {
  assertMarked([
    "javascript:alert(1) data:text/html,a ftp://example.com mailto:a@example.com",
    "//example.com example.com",
    "xhttp://example.com awww.example.com",
    "a@www.example.com a.www.example.com",
    "http:// https:///example.com http://. http://?a http:example.com",
    "www. www.example www.a..b www.?.b",
    "https:\\\\example.com",
    "javascript:⟦https://example.com⟧",
  ]);
});

test("what hides its host behind a name is not linked", () => {
  assertMarked([
    "https://user:password@example.com/",
    "https://example.com@evil.example",
    "https://example.com:80@evil.example/a",
    "https://example.com,a@evil.example",
    "www.example.com@evil.example",
    "⟦https://example.com/@user⟧ ⟦https://example.com?a@b⟧",
  ]);
});

test("what cannot be an address is text", () => {
  assertMarked(["http://example.com:99999/ http://[::1 http://[::g] http://256.256.256.256/"]);
});

test("a link goes to the host in its ASCII form", () => {
  const hosts = ["https://bücher.example", "https://한국.example", "HTTP://EXAMPLE.com:80"];
  assert.deepEqual(
    hosts.map((host) => linked(host)[0]?.href),
    ["https://xn--bcher-kva.example/", "https://xn--3e0b707e.example/", "http://example.com/"],
  );
});

test("nothing is lost, and each character is parsed as an address once at most", () => {
  const hostile = [
    "http://".repeat(2400),
    ".".repeat(16384),
    `http://a${".".repeat(16384)}b`,
    `http://a/${"(".repeat(16384)}`,
    `http://a/${")(".repeat(8192)}`,
    `http://a/${"a을".repeat(8192)}b`,
    `http://${"한".repeat(16384)}`,
    `http://[${":".repeat(16384)}`,
    "www.".repeat(4096),
    "www.a.com,".repeat(1600),
    "http://a@".repeat(1800),
    "https://a.com/b,".repeat(1024),
    "https://a.com/b ".repeat(1024),
    "https://a.com\u200B".repeat(1024),
  ];
  const parse = mock.method(globalThis, "URL", globalThis.URL);
  const outcomes = hostile.map((content) => {
    parse.mock.resetCalls();
    const text = linked(content).reduce((whole, piece) => whole + piece.text, "");
    const parsed = parse.mock.calls.reduce(
      (sum, call) => sum + String(call.arguments[0]).length,
      0,
    );
    return text === content && parsed <= content.length + "https://".length;
  });
  parse.mock.restore();
  assert.deepEqual(outcomes, Array(hostile.length).fill(true));
});
