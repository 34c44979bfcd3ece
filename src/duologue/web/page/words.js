/** What the page says, in the person's language. The words themselves are in words/. */

import { en } from "../words/en.js";
import { ko } from "../words/ko.js";
import { visibleName } from "./names.js";

/** @typedef {import("../words/en.js").Word} Word */
/** @typedef {"en" | "ko"} Language */

/** @type {Record<Language, import("../words/en.js").Words>} */
const LANGUAGES = { en, ko };

/** @type {Language} */
let language = "en";

let locale = "en";

/** The language that the page speaks now. */
export function currentLanguage() {
  return language;
}

/** How times and dates are written: the person's own way of that language, such as en-GB. */
export function currentLocale() {
  return locale;
}

/**
 * Choose the language.
 *
 * @param {"auto" | Language} preference
 * @param {readonly string[]} offered  what the browser prefers, the best first
 */
export function chooseLanguage(preference, offered) {
  language = preference === "auto" ? best(offered) : preference;
  locale = offered.find((tag) => primary(tag) === language) ?? language;
}

/** @param {string} tag  such as en-GB */
function primary(tag) {
  return tag.toLowerCase().split("-", 1)[0];
}

/**
 * @param {readonly string[]} offered
 * @returns {Language}
 */
function best(offered) {
  for (const tag of offered) {
    const known = primary(tag);
    if (known === "en" || known === "ko") {
      return known;
    }
  }
  return "en";
}

/**
 * Say something.
 *
 * @param {Word} word
 * @param {Record<string, string>} [values]  for the places in braces
 */
export function say(word, values = {}) {
  // A tab may keep a word of another version of the page: better strange than blank.
  return (LANGUAGES[language][word] ?? word).replace(
    /\{(\w+)\}/g,
    (place, name) => values[name] ?? place,
  );
}

/**
 * A time to wait: in seconds, or in minutes if nobody would count the seconds.
 *
 * @param {number} seconds
 * @returns {string} such as "60 seconds" or "60초"
 */
export function waitOf(seconds) {
  const unit = seconds > 120 ? "minute" : "second";
  const count = unit === "minute" ? Math.ceil(seconds / 60) : seconds;
  const style = /** @type {const} */ ({ style: "unit", unit, unitDisplay: "long" });
  return new Intl.NumberFormat(locale, style).format(count);
}

/** @type {ReadonlyArray<[string, (element: Element, text: string) => void]>} */
const FILLED = [
  ["data-word", (element, text) => element.replaceChildren(text)],
  ["data-label", (element, text) => element.setAttribute("aria-label", text)],
  ["data-placeholder", (element, text) => element.setAttribute("placeholder", text)],
];

/**
 * Put words where the document wants them.
 *
 * @param {ParentNode} root
 */
export function fill(root) {
  for (const [attribute, put] of FILLED) {
    for (const element of root.querySelectorAll(`[${attribute}]`)) {
      put(element, say(/** @type {Word} */ (element.getAttribute(attribute))));
    }
  }
  for (const element of root.querySelectorAll("button.icon-button, .send")) {
    element.setAttribute("title", element.getAttribute("aria-label") ?? "");
  }
}

/**
 * Change a text only if it changes: screen readers would say it again.
 *
 * @param {Element} shown
 * @param {string} text
 */
export function setText(shown, text) {
  if (shown.textContent !== text) {
    shown.textContent = text;
  }
}

/**
 * A partner's name, for showing.
 *
 * @param {string | null} name
 */
export function nameOf(name) {
  return visibleName(name ?? "", say("chat.nameless"));
}
