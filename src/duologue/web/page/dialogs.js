/** What all dialogs have in common, and the one that asks before something cannot be undone. */

import { part } from "./dom.js";
import { say } from "./words.js";

/** Let every dialog be closed by its buttons and by a click beside it; Esc does it anyway. */
export function letDialogsClose() {
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.addEventListener("click", ({ target }) => {
      // The backdrop belongs to the dialog.
      const isClosing = target instanceof Element && target.closest("[data-close]") !== null;
      if (isClosing || target === dialog) {
        dialog.close();
      }
    });
  }
}

/**
 * Ask whether something is really meant.
 *
 * @param {{title: string, text: string, yes: string, no: string}} words
 * @returns {Promise<boolean>}
 */
export function confirmed(words) {
  const dialog = part("confirm", HTMLDialogElement);
  part("confirm-title", HTMLElement).textContent = words.title;
  part("confirm-text", HTMLElement).textContent = words.text;
  part("confirm-no", HTMLElement).textContent = words.no;
  const yes = part("confirm-yes", HTMLButtonElement);
  yes.textContent = words.yes;
  yes.onclick = () => dialog.close("yes");
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), {
      once: true,
    });
  });
}

/**
 * Ask whether someone means to leave.
 *
 * @param {string | null} name  of the partner; null for nobody
 * @param {boolean} isUndelivered  whether something is still on its way
 */
export function meansToLeave(name, isUndelivered) {
  const text = name === null ? say("leave.text_alone") : say("leave.text", { name });
  return confirmed({
    title: say("leave.title"),
    text: isUndelivered ? say("leave.text_undelivered") : text,
    yes: say("leave.yes"),
    no: say("leave.no"),
  });
}
