/** What a person should know above the conversation, each thing once, as long as it holds. */

import { button, element, part } from "./dom.js";

/** @typedef {"trouble" | "away" | "knock" | "behind" | "left" | "other_room"} Topic */

/**
 * @typedef {object} Banner
 * @property {() => string} text  made when shown, in the language of then
 * @property {{word: () => string, act: () => void}} [action]
 * @property {boolean} [alarms]
 */

export class Banners {
  /** On each screen where a conversation may be; only one of them is up. */
  #places = [part("banners", HTMLElement), part("waiting-banners", HTMLElement)];
  /** @type {Map<Topic, Banner>} */
  #banners = new Map();

  /**
   * @param {Topic} topic
   * @param {Banner} banner
   */
  show(topic, banner) {
    this.#banners.set(topic, banner);
    this.render();
  }

  /** @param {...Topic} topics */
  hide(...topics) {
    const changes = topics.map((topic) => this.#banners.delete(topic));
    if (changes.includes(true)) {
      this.render();
    }
  }

  clear() {
    this.#banners.clear();
    this.render();
  }

  /** Show all anew, as after a change of language. */
  render() {
    for (const place of this.#places) {
      place.replaceChildren(...[...this.#banners.values()].map(made));
    }
  }
}

/** @param {Banner} banner */
function made({ text, action, alarms = false }) {
  const kind = alarms ? "banner alarm" : "banner";
  const shown = element("div", { class: kind, role: "status" }, element("p", {}, text()));
  if (action !== undefined) {
    shown.append(button("button small", action.word(), action.act));
  }
  return shown;
}
