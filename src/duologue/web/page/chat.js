/** The screen of a conversation: who is there, what was said, what to say next. */

import { Banners } from "./banners.js";
import { button, element, part } from "./dom.js";
import { initialOf, isolated } from "./names.js";
import { nameOf, say, setText } from "./words.js";

/** @typedef {import("./words.js").Word} Word */

/** So long it stays told that someone types, or that nobody does: who hears the page gets no flood. */
const TYPING_MS = 1_500;

/**
 * @typedef {object} Partner  who sits opposite, as far as it is known
 * @property {string | null} name  null for nobody
 * @property {boolean} [wasThere]  whether somebody was there before
 * @property {boolean | null} isHere  null where this page cannot know
 * @property {string} since  time of day since when they are away; "" if unknown
 */

/** @typedef {{text: Word, action: Word, act: () => void}} Ending */

export class ChatScreen {
  banners = new Banners();
  #partner = part("partner", HTMLElement);
  #presence = part("presence", HTMLElement);
  #typing = part("typing", HTMLElement);
  /** @type {string | null} */
  #typist = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #typingStays;
  #over = part("over", HTMLElement);
  #composer = part("composer", HTMLFormElement);
  /** @type {Ending | null} */
  #ending = null;

  /** @param {Partner} partner */
  meet({ name, wasThere = false, isHere, since }) {
    const nobody = say(wasThere ? "chat.alone" : "chat.nobody");
    setText(this.#partner, name === null ? nobody : nameOf(name));
    const avatar = part("avatar", HTMLElement);
    avatar.textContent = name === null ? "" : initialOf(nameOf(name));
    avatar.classList.toggle("empty", name === null);
    const isKnown = name !== null && isHere !== null;
    setText(this.#presence, isKnown ? presence(isHere, since) : "");
    if (!isKnown) {
      delete this.#presence.dataset["presence"];
    } else {
      this.#presence.dataset["presence"] = isHere ? "here" : "away";
    }
  }

  /** @param {string | null} name  who is typing, if anyone is */
  typing(name) {
    this.#typist = name;
    if (this.#typingStays === undefined) {
      this.#renderTyping();
    }
  }

  /**
   * Nothing can be said here any more: tell why, and what to do; null if it can.
   *
   * @param {Ending | null} ending
   */
  end(ending) {
    this.#ending = ending;
    this.#composer.hidden = ending !== null;
    this.#over.hidden = ending === null;
    this.#renderEnding();
  }

  /** Show nothing of a conversation any more. */
  clear() {
    this.banners.clear();
    this.#typist = null;
    this.#renderTyping();
    this.end(null);
  }

  /** Show in another language what is shown. */
  render() {
    this.banners.render();
    this.#renderTyping();
    this.#renderEnding();
  }

  #renderTyping() {
    const name = this.#typist;
    const text = name === null ? "" : say("chat.is_typing", { name: isolated(nameOf(name)) });
    clearTimeout(this.#typingStays);
    this.#typingStays = undefined;
    if (this.#typing.textContent !== text) {
      this.#typing.textContent = text;
      this.#typingStays = setTimeout(() => this.#renderTyping(), TYPING_MS);
    }
  }

  #renderEnding() {
    const ending = this.#ending;
    this.#over.replaceChildren();
    if (ending !== null) {
      this.#over.append(
        element("p", {}, say(ending.text)),
        button("button primary", say(ending.action), ending.act),
      );
    }
  }
}

/**
 * @param {boolean} isHere
 * @param {string} since
 */
function presence(isHere, since) {
  if (isHere) {
    return say("chat.here");
  }
  return since === "" ? say("chat.away") : say("chat.away_since", { time: since });
}
