/** Makes the elements of one entry of the log. */

import { dayOf, timeOfDay } from "./clock.js";
import { button, element, icon } from "./dom.js";
import { isEmojiAlone } from "./emoji.js";
import { linked } from "./links.js";
import { isolated, visibleName } from "./names.js";
import { currentLocale, say } from "./words.js";

const COPIED_MS = 2_000;

/** Each is a stop on the way of who has only keys: nobody is to be kept by a thousand. */
const MOST_LINKS = 50;

/** @typedef {import("./history.js").Entry} Entry */
/** @typedef {Extract<Entry, {kind: "chat"}>} ChatEntry */
/** @typedef {Extract<Entry, {kind: "note"}>} NoteEntry */
/** @typedef {import("./words.js").Word} Word */
/** @typedef {(text: string) => unknown} WriteAgain  may tell "copied", at once or later */

/**
 * Make the line of a chat.
 *
 * @param {ChatEntry} entry
 * @param {object} how
 * @param {string} how.sender  who has said it, for those who hear the page
 * @param {boolean} how.follows  whether the line before is of the same person
 * @param {WriteAgain} how.writeAgain
 * @returns {HTMLElement}
 */
export function chatLine(entry, { sender, follows, writeAgain }) {
  const large = isEmojiAlone(entry.content);
  const classes = [
    "line",
    entry.mine ? "mine" : "",
    follows ? "same" : "",
    large ? "large" : "",
  ];
  const line = element(
    "div",
    { class: classes.filter(Boolean).join(" ") },
    element(
      "div",
      { class: "bubble" },
      element("span", { class: "unseen" }, `${sender}: `),
      element("span", { class: "text", dir: "auto" }, ...textNodes(entry.content)),
      meta(entry),
    ),
  );
  if (entry.failure !== undefined) {
    line.append(failure(entry, writeAgain));
  }
  return line;
}

/** @param {string} content */
function textNodes(content) {
  let links = 0;
  return linked(content).map(({ text, href }) =>
    href === null || ++links > MOST_LINKS
      ? text
      : element("a", { href, target: "_blank", rel: "noopener noreferrer nofollow" }, text),
  );
}

/** @param {ChatEntry} entry */
function meta(entry) {
  const time = element(
    "time",
    { datetime: new Date(entry.at).toISOString() },
    timeOfDay(entry.at, currentLocale()),
  );
  const made = element("span", { class: "meta" }, time);
  if (entry.mine) {
    const mark = element("span", { class: "mark", role: "img" });
    made.append(mark);
    if (entry.failure !== undefined) {
      showMark(mark, "failed"); // The log follows the others.
    }
  }
  return made;
}

/**
 * Show how far a message of one's own has come.
 *
 * @param {Element | null} mark
 * @param {"queued" | "sent" | "delivered" | "read" | "failed"} progress
 */
export function showMark(mark, progress) {
  if (mark instanceof HTMLElement && mark.dataset["progress"] !== progress) {
    mark.dataset["progress"] = progress;
    // An attribute, since a change of text would be read aloud each time.
    mark.setAttribute("aria-label", say(`progress.${progress}`));
    mark.replaceChildren(icon(progress === "read" ? "delivered" : progress));
  }
}

/**
 * @param {ChatEntry} entry
 * @param {WriteAgain} writeAgain
 */
function failure(entry, writeAgain) {
  const again = button("button small", say("chat.write_again"), async () => {
    if ((await writeAgain(entry.content)) === "copied") {
      again.textContent = say("chat.copied");
      setTimeout(() => {
        again.textContent = say("chat.write_again");
      }, COPIED_MS);
    }
  });
  return element(
    "div",
    { class: "failure" },
    element("span", {}, say(/** @type {Word} */ (`failure.${entry.failure}`))),
    again,
  );
}

/**
 * Make the line of something that has happened.
 *
 * @param {NoteEntry} entry
 */
export function noteLine(entry) {
  const name = visibleName(entry.name ?? "", say("chat.nameless"));
  const text = say(/** @type {Word} */ (`note.${entry.word}`), { name: isolated(name) });
  return element("div", { class: "line note", dir: "auto" }, text);
}

/**
 * Make the line above the first entry of a day.
 *
 * @param {number} at
 */
export function dayLine(at) {
  return element("div", { class: "line note day" }, dayOf(at, currentLocale(), Date.now()));
}
