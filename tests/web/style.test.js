/** What the style sheets promise to browsers that do not know all of them. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

const WEB = new URL("../../src/duologue/web/", import.meta.url);
const SHEETS = ["style", "home", "chat", "dialogs"].map((name) =>
  readFileSync(new URL(`${name}.css`, WEB), "utf8"),
);

/** What only browsers read that know light-dark(). */
const NEWER = /@supports \(color: light-dark\(#000, #fff\)\) \{.*?\n\}/s;

test("who does not know light-dark() gets every colour all the same", () => {
  const css = SHEETS.join("\n")
    .replace(NEWER, "")
    .replaceAll(/\/\*.*?\*\//gs, "");
  const named = new Set([...css.matchAll(/var\((--[\w-]+)\)/g)].map(([, name]) => name));
  const missing = [...named].filter((name) => !css.includes(`  ${name}:`));
  assert.ok(named.size > 20);
  assert.deepEqual([missing, css.includes("light-dark")], [[], false]);
});

test("light is the same for who knows light-dark() and who does not", () => {
  const [style = ""] = SHEETS;
  const newer = NEWER.exec(style)?.[0] ?? "";
  const light = newer.replaceAll(/light-dark\(([^,]+), [^)]+\)/g, "$1");
  const lines = light.split("\n").filter((line) => line.startsWith("    --"));
  assert.ok(lines.length > 20);
  assert.deepEqual(
    lines.filter((line) => !style.includes(`\n${line.slice(2)}\n`)),
    [],
  );
});
