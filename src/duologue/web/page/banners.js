/** What a person should know above the conversation, each thing once, as long as it holds. */

import { button, element, part } from "./dom.js";
import { focusOn } from "./stage.js";
import { setText } from "./words.js";

/** @typedef {import("./stage.js").Screen} Screen */
/** @typedef {"trouble" | "away" | "knock" | "behind" | "left" | "other_room"} Topic */

/**
 * @typedef {object} Banner
 * @property {(screen: Screen) => string} text  made when shown, in the language of then
 * @property {{word: () => string, act: () => void}} [action]
 * @property {boolean} [alarms]
 */

export class Banners {
  /** On each screen where a conversation may be; only one of them is up. */
  #places = [
    new Place(part("banners", HTMLElement), "chat"),
    new Place(part("waiting-banners", HTMLElement), "waiting"),
  ];
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

  /** Show each as it is now, also after a change of language. */
  render() {
    for (const place of this.#places) {
      place.render(this.#banners);
    }
  }
}

/** A live region of one screen: what stays in it stays as it is, and is not read out again. */
class Place {
  #region;
  #screen;
  /** @type {Map<Topic, Shown>} */
  #shown = new Map();

  /**
   * @param {HTMLElement} region
   * @param {Screen} screen
   */
  constructor(region, screen) {
    this.#region = region;
    this.#screen = screen;
  }

  /** @param {ReadonlyMap<Topic, Banner>} banners */
  render(banners) {
    const hadFocus = this.#hasFocus;
    for (const [topic, { root }] of this.#shown) {
      if (!banners.has(topic)) {
        root.remove();
        this.#shown.delete(topic);
      }
    }
    for (const [topic, banner] of banners) {
      this.#of(topic).render(banner, this.#screen);
    }
    if (hadFocus && !this.#hasFocus) {
      focusOn(this.#screen);
    }
  }

  get #hasFocus() {
    return this.#region.contains(document.activeElement);
  }

  /** @param {Topic} topic */
  #of(topic) {
    let shown = this.#shown.get(topic);
    if (shown === undefined) {
      shown = new Shown();
      this.#shown.set(topic, shown);
      this.#region.append(shown.root);
    }
    return shown;
  }
}

/** The elements of one banner. */
class Shown {
  root = element("div", { class: "banner" });
  #text = element("p");
  #act = () => {};
  #button = button("button small", "", () => this.#act());

  constructor() {
    this.root.append(this.#text, this.#button);
  }

  /**
   * @param {Banner} banner
   * @param {Screen} screen
   */
  render({ text, action, alarms = false }, screen) {
    this.root.classList.toggle("alarm", alarms);
    setText(this.#text, text(screen));
    this.#button.hidden = action === undefined;
    if (action !== undefined) {
      this.#act = action.act;
      setText(this.#button, action.word());
    }
  }
}
