/** The field where a message is written. It never locks: what cannot be sent stays in it. */

import { part } from "./dom.js";
import { isSendable } from "./names.js";

export class Composer {
  #draft = part("draft", HTMLTextAreaElement);
  #error = part("composer-error", HTMLElement);
  /** @type {Storage | null} */
  #storage;

  /**
   * @param {object} does
   * @param {(text: string) => string} does.send  returns why not, or ""
   * @param {() => void} does.typing
   * @param {() => void} does.stopTyping
   * @param {Storage | null} storage  where a draft outlives a reload
   */
  constructor(does, storage) {
    this.#storage = storage;
    this.does = does;
    part("composer", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
    });
    this.#draft.addEventListener("keydown", (event) => this.#pressed(event));
    this.#draft.addEventListener("input", () => this.#changed());
    this.#draft.addEventListener("blur", () => this.does.stopTyping());
    const send = part("send", HTMLButtonElement);
    // Not by submitting: the browser would look for the form's fields in the whole log.
    send.addEventListener("click", () => this.#send());
    // A tap on it must not take the focus: the keyboard of a phone would go away.
    send.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  /** Begin with what was written before a reload, if anything was. */
  restore() {
    this.text = kept(() => this.#storage?.getItem("duologue.draft")) ?? "";
  }

  get text() {
    return this.#draft.value;
  }

  set text(text) {
    this.#draft.value = text;
    this.#fit();
    this.#keep();
    this.#complain("");
  }

  focus() {
    this.#draft.focus();
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    // Where a key ends the composition of a syllable, it means nothing else (229: Safari).
    const isComposing = event.isComposing || event.keyCode === 229;
    if (event.key === "Enter" && !event.shiftKey && !isComposing) {
      event.preventDefault();
      this.#send();
    } else if (event.key === "Escape") {
      this.#complain("");
    }
  }

  #changed() {
    this.#fit();
    this.#keep();
    this.#complain("");
    if (this.text === "") {
      this.does.stopTyping();
    } else {
      this.does.typing();
    }
  }

  #send() {
    if (!isSendable(this.text)) {
      return;
    }
    const problem = this.does.send(this.text);
    if (problem === "") {
      this.text = "";
    } else {
      this.#complain(problem);
    }
    this.focus();
  }

  /** @param {string} problem */
  #complain(problem) {
    this.#error.textContent = problem;
    this.#error.hidden = problem === "";
  }

  #fit() {
    const { style } = this.#draft;
    style.removeProperty("height");
    if (this.text !== "") {
      // Two pixels for the border, which scrollHeight leaves out.
      style.setProperty("height", `${this.#draft.scrollHeight + 2}px`);
    }
  }

  #keep() {
    kept(() => this.#storage?.setItem("duologue.draft", this.text));
  }
}

/**
 * Do something with a storage that may be full or forbidden.
 *
 * @template Value
 * @param {() => Value} act
 */
function kept(act) {
  try {
    return act();
  } catch {
    return undefined;
  }
}
