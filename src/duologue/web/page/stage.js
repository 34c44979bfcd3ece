/** Which of the screens is up, how it is dressed, and how high it is. */

import { part } from "./dom.js";

/** @typedef {"home" | "waiting" | "chat"} Screen */

const SCREENS = /** @type {const} */ (["home", "waiting", "chat"]);

/** Where each begins: with its heading, or with a field for those with a keyboard. */
const FIRST = {
  home: { heading: "home-title", field: "name" },
  waiting: { heading: "waiting-title", field: "waiting-title" },
  chat: { heading: "partner", field: "draft" },
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
    focusOn(screen);
    return true;
  }
}

/**
 * Give the focus to what a screen begins with.
 *
 * @param {Screen} screen
 */
export function focusOn(screen) {
  const { heading, field } = FIRST[screen];
  part(heading, HTMLElement).focus();
  // On a phone a field with the focus would bring up the keyboard, over half of the screen.
  if (matchMedia("(hover: hover) and (pointer: fine)").matches) {
    part(field, HTMLElement).focus(); // Where it is hidden, the heading keeps the focus.
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
  for (const scheme of /** @type {const} */ (["light", "dark"])) {
    const chosen = theme === scheme ? "all" : "not all";
    const media = theme === "system" ? `(prefers-color-scheme: ${scheme})` : chosen;
    part(`bars-${scheme}`, HTMLMetaElement).setAttribute("media", media);
  }
}

/** Keep the screen as high as what is seen of it, where a phone's keyboard covers a part. */
export function followKeyboard() {
  const seen = window.visualViewport;
  if (seen === null) {
    return;
  }
  const follow = () => {
    // Zooming in changes the height as well, but covers nothing.
    const isZoomed = seen.scale > 1.01;
    const { style } = document.documentElement;
    if (isZoomed || Math.abs(seen.height - window.innerHeight) < 1) {
      style.removeProperty("--visible-height");
    } else {
      style.setProperty("--visible-height", `${seen.height}px`);
      window.scrollTo(0, 0);
    }
  };
  seen.addEventListener("resize", follow);
}
