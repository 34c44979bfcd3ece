/** Which of the screens is up, and how it is dressed. */

import { part } from "./dom.js";

/** @typedef {"home" | "waiting" | "chat"} Screen */

const SCREENS = /** @type {const} */ (["home", "waiting", "chat"]);

/** What has the focus when a screen comes up: for those with a keyboard, and for others. */
const FIRST = {
  home: { keyboard: "name", touch: "home-title" },
  waiting: { keyboard: "waiting-title", touch: "waiting-title" },
  chat: { keyboard: "draft", touch: "partner" },
};

export class Stage {
  /** @type {Screen | null} */
  screen = null;

  /**
   * Show a screen.
   *
   * @param {Screen} screen
   * @returns {boolean} whether another was up before
   */
  show(screen) {
    if (screen === this.screen) {
      return false;
    }
    this.screen = screen;
    for (const name of SCREENS) {
      part(name, HTMLElement).hidden = name !== screen;
    }
    // On a phone a field with the focus would bring up the keyboard, over half of the screen.
    const hasKeyboard = matchMedia("(hover: hover) and (pointer: fine)").matches;
    part(FIRST[screen][hasKeyboard ? "keyboard" : "touch"], HTMLElement).focus();
    return true;
  }
}

/**
 * Put on a theme.
 *
 * @param {"system" | "light" | "dark"} theme
 */
export function dress(theme) {
  const root = document.documentElement;
  if (theme === "system") {
    delete root.dataset["theme"];
  } else {
    root.dataset["theme"] = theme;
  }
  // The browser's own bars take the colour of the paper.
  const { backgroundColor } = getComputedStyle(root);
  document.querySelector('meta[name="theme-color"]')?.setAttribute("content", backgroundColor);
}
