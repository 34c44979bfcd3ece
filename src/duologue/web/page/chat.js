/** The screen of a conversation: who is there, what was said, what to say next. */

import { Banners } from "./banners.js";
import { button, element, part } from "./dom.js";
import { isolated } from "./names.js";
import { nameOf, say } from "./words.js";

/** @typedef {import("./words.js").Word} Word */

/**
 * @typedef {object} Partner  who sits opposite, as far as it is known
 * @property {string | null} name  null for nobody
 * @property {boolean | null} isHere  null where this page cannot know
 * @property {string} since  time of day since when they are away; "" if unknown
 */

/** @typedef {{text: Word, action: Word, act: () => void}} Ending */

export class ChatScreen {
  banners = new Banners();
  #partner = part("partner", HTMLElement);
  #presence = part("presence", HTMLElement);
  #typing = part("typing", HTMLElement);
  #over = part("over", HTMLElement);
  #composer = part("composer", HTMLFormElement);
  /** @type {Ending | null} */
  #ending = null;

  /** @param {Partner} partner */
  meet({ name, isHere, since }) {
    const shown = name === null ? say("chat.nobody") : nameOf(name);
    this.#partner.textContent = shown;
    const avatar = part("avatar", HTMLElement);
    avatar.textContent = name === null ? "" : initial(shown);
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
    setText(
      this.#typing,
      name === null ? "" : say("chat.is_typing", { name: isolated(nameOf(name)) }),
    );
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
    this.typing(null);
    this.end(null);
  }

  /** Show in another language what is shown. */
  render() {
    this.banners.render();
    this.#renderEnding();
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

/** @param {string} name */
function initial(name) {
  const [first] = new Intl.Segmenter().segment(name.trim());
  return first?.segment.toLocaleUpperCase() ?? "";
}

/**
 * Change a text only if it changes: screen readers would say it again.
 *
 * @param {HTMLElement} shown
 * @param {string} text
 */
function setText(shown, text) {
  if (shown.textContent !== text) {
    shown.textContent = text;
  }
}
