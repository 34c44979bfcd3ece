/** A room's code in every form in which one can give it to someone. */

import { element, part, partOf, picture } from "./dom.js";
import { qrPath } from "./qr.js";
import { grouped, spelled } from "./spelling.js";
import { currentLanguage, fill, say } from "./words.js";

/**
 * The address that leads into a room. What is after the # never leaves the browser.
 *
 * @param {string} code
 */
export function linkTo(code) {
  return `${location.origin}${location.pathname}#${code}`;
}

export class Invitation {
  #root;
  #code = "";

  /** @param {HTMLElement} root  an empty element to fill */
  constructor(root) {
    this.#root = root;
    root.append(part("invitation", HTMLTemplateElement).content.cloneNode(true));
    this.#on("copy-code", () => this.#copy(this.#code, "invitation.code_copied"));
    this.#on("copy-link", () => this.#copy(linkTo(this.#code), "invitation.link_copied"));
    this.#on("share", () => this.#share());
  }

  /** @param {string} code */
  show(code) {
    this.#code = code;
    fill(this.#root);
    const words = spelled(code, currentLanguage());
    partOf(this.#root, "code", HTMLElement).replaceChildren(
      element("span", { "aria-hidden": "true" }, grouped(code)),
      element(
        "span",
        { class: "unseen" },
        say("invitation.code", { spelled: words.join(", ") }),
      ),
    );
    partOf(this.#root, "spelled", HTMLElement).textContent = words.join("\u00a0· ");
    partOf(this.#root, "link", HTMLElement).textContent = linkTo(code);
    partOf(this.#root, "copied", HTMLElement).textContent = "";
    partOf(this.#root, "share", HTMLElement).hidden = navigator.share === undefined;
    const drawing = picture(qrPath(linkTo(code)), say("invitation.qr"));
    partOf(this.#root, "qr", HTMLElement).replaceChildren(drawing);
  }

  /**
   * @param {string} name
   * @param {() => void} act
   */
  #on(name, act) {
    partOf(this.#root, name, HTMLButtonElement).addEventListener("click", act);
  }

  /**
   * @param {string} text
   * @param {"invitation.code_copied" | "invitation.link_copied"} word
   */
  async #copy(text, word) {
    const isCopied = await copied(text, this.#root);
    partOf(this.#root, "copied", HTMLElement).textContent = say(
      isCopied ? word : "problem.copy",
    );
  }

  async #share() {
    const text = say("invitation.share_text", { code: grouped(this.#code) });
    try {
      await navigator.share({ title: "Duologue", text, url: linkTo(this.#code) });
    } catch {
      // Whoever closes the sheet has changed their mind; that is no error.
    }
  }
}

/** The dialog that tells the code in the midst of a conversation. */
export class RoomDialog {
  #invitation = new Invitation(part("room-invitation", HTMLElement));

  /** @param {string} code */
  open(code) {
    this.#invitation.show(code);
    part("room", HTMLDialogElement).showModal();
  }
}

/**
 * Copy a text, by whatever way the browser has.
 *
 * @param {string} text
 * @param {HTMLElement} place  in the dialog, if one is open
 * @returns {Promise<boolean>} whether it is on the clipboard now
 */
export async function copied(text, place) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedByCommand(text, place);
  }
}

/**
 * Copy where the page has no clipboard: over plain HTTP, on a network of one's own.
 *
 * @param {string} text
 * @param {HTMLElement} place
 */
function copiedByCommand(text, place) {
  const focused = document.activeElement;
  const field = element("textarea", { class: "unseen", readonly: "" });
  field.value = text;
  place.append(field);
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  if (focused instanceof HTMLElement) {
    focused.focus();
  }
  return isCopied;
}
