/** The dialog in which a person makes the page their own. */

import { complain, part } from "./dom.js";
import { visibleName } from "./names.js";
import { say } from "./words.js";

/** @typedef {import("./keeping.js").Preferences} Preferences */

export class SettingsDialog {
  #dialog = part("settings", HTMLDialogElement);
  #name = part("rename", HTMLInputElement);
  #nameError = part("rename-error", HTMLElement);
  #note = part("notifications-note", HTMLElement);
  #preferences;
  #does;

  /**
   * @param {Preferences} preferences
   * @param {object} does
   * @param {(name: string) => void} does.rename
   * @param {() => void} does.appearanceChanged
   * @param {() => void} does.languageChanged
   */
  constructor(preferences, does) {
    this.#preferences = preferences;
    this.#does = does;
    part("rename-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#rename();
    });
    this.#name.addEventListener("input", () => this.refuseName(""));
    this.#choose("theme", (value) => {
      preferences.theme = /** @type {Preferences["theme"]} */ (value);
      does.appearanceChanged();
    });
    this.#choose("language", (value) => {
      preferences.language = /** @type {Preferences["language"]} */ (value);
      does.languageChanged();
    });
    part("sound", HTMLInputElement).addEventListener("change", ({ target }) => {
      preferences.sound = isChecked(target);
    });
    part("notifications", HTMLInputElement).addEventListener("change", ({ target }) => {
      this.#notify(isChecked(target));
    });
  }

  /** @param {string} name  as it is now */
  open(name) {
    this.#name.value = name;
    this.refuseName("");
    this.#check("theme", this.#preferences.theme);
    this.#check("language", this.#preferences.language);
    part("sound", HTMLInputElement).checked = this.#preferences.sound;
    part("notifications", HTMLInputElement).checked = this.#preferences.notifications;
    this.#note.hidden = true;
    this.#dialog.showModal();
  }

  /** @param {string} problem  with the name; "" for none */
  refuseName(problem) {
    complain(this.#name, this.#nameError, problem);
  }

  #rename() {
    const name = visibleName(this.#name.value.trim(), "");
    if (name === "") {
      this.refuseName(say("problem.name_missing"));
    } else {
      this.#does.rename(name);
      this.#dialog.close();
    }
  }

  /** @param {boolean} isWanted */
  async #notify(isWanted) {
    const answer = isWanted ? await askForNotifications() : "granted";
    const isAllowed = answer === "granted";
    this.#preferences.notifications = isWanted && isAllowed;
    part("notifications", HTMLInputElement).checked = isWanted && isAllowed;
    this.#note.hidden = isAllowed;
    this.#note.textContent = isAllowed ? "" : say(`settings.notifications_${answer}`);
  }

  /**
   * @param {string} group
   * @param {(value: string) => void} act
   */
  #choose(group, act) {
    part(group, HTMLFieldSetElement).addEventListener("change", ({ target }) => {
      if (target instanceof HTMLInputElement) {
        act(target.value);
      }
    });
  }

  /**
   * @param {string} group
   * @param {string} value
   */
  #check(group, value) {
    for (const choice of part(group, HTMLFieldSetElement).querySelectorAll("input")) {
      choice.checked = choice.value === value;
    }
  }
}

/** @param {EventTarget | null} target */
function isChecked(target) {
  return target instanceof HTMLInputElement && target.checked;
}

/**
 * Ask whether notifications may be shown.
 *
 * @returns {Promise<"granted" | "denied" | "missing">}
 */
async function askForNotifications() {
  if (!("Notification" in globalThis)) {
    return "missing";
  }
  return (await Notification.requestPermission()) === "granted" ? "granted" : "denied";
}
