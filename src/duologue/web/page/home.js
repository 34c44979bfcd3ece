/** The first screen: who am I, and where do I want to go? */

import { roomCodeOf } from "../client/room-code.js";
import { button, complain, element, icon, part } from "./dom.js";
import { isolated, visibleName } from "./names.js";
import { grouped } from "./spelling.js";
import { nameOf, say, setText } from "./words.js";

/** @typedef {import("../client/saved.js").Saved} Saved */

/**
 * @typedef {object} Wishes  what someone may want here
 * @property {(name: string) => void} create
 * @property {(name: string, code: string) => void} join
 * @property {(saved: Saved) => void} comeBack
 * @property {(code: string) => void} forget
 * @property {() => void} cancel
 */

export class Home {
  #name = part("name", HTMLInputElement);
  #nameError = part("name-error", HTMLElement);
  #code = part("code", HTMLInputElement);
  #codeError = part("code-error", HTMLElement);
  #notice = part("home-notice", HTMLElement);
  /** @type {string | null} */
  #invitedTo = null;
  #isAsking = false;
  #hasRooms = false;
  /** @type {Wishes} */
  #wishes;

  /** @param {Wishes} wishes */
  constructor(wishes) {
    this.#wishes = wishes;
    this.#on("create", () => this.#withName((name) => this.#wishes.create(name)));
    this.#on("invited-join", () => this.#enter(this.#invitedTo));
    this.#on("invited-other", () => this.show());
    this.#on("asking-cancel", () => this.#wishes.cancel());
    part("join-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#enter(roomCodeOf(this.#code.value));
    });
    part("name-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#next();
    });
    this.#name.addEventListener("input", () => complain(this.#name, this.#nameError, ""));
    this.#code.addEventListener("input", () => complain(this.#code, this.#codeError, ""));
  }

  /** @param {string} name  of the person, as they have written it or will change it */
  set name(name) {
    this.#name.value = name;
  }

  /**
   * Show the screen.
   *
   * @param {{invitedTo?: string | null, notice?: string}} [how]
   */
  show({ invitedTo = null, notice = "" } = {}) {
    this.#invitedTo = invitedTo;
    this.#isAsking = false;
    this.#notice.textContent = notice;
    this.#notice.hidden = notice === "";
    this.#render();
    if (notice !== "") {
      this.#notice.focus(); // What had the focus may be hidden now.
    }
  }

  /**
   * Show that the server is being asked.
   *
   * @param {string} status
   */
  ask(status) {
    const isNews = !this.#isAsking;
    this.#isAsking = true;
    this.#notice.hidden = true;
    this.#render();
    if (isNews) {
      part("asking-cancel", HTMLElement).focus(); // What had the focus is hidden now.
    }
    setText(part("asking-status", HTMLElement), status);
  }

  /** @param {string} problem  with the name */
  refuseName(problem) {
    complain(this.#name, this.#nameError, problem);
  }

  /**
   * Offer the rooms that someone may come back to.
   *
   * @param {readonly Saved[]} rooms
   */
  offer(rooms) {
    this.#hasRooms = rooms.length > 0;
    const items = rooms.map((saved) => this.#returning(saved));
    part("returning-list", HTMLElement).replaceChildren(...items);
    this.#render();
  }

  #render() {
    const isInvited = this.#invitedTo !== null;
    part("asking", HTMLElement).hidden = !this.#isAsking;
    part("invited", HTMLElement).hidden = this.#isAsking || !isInvited;
    part("choices", HTMLElement).hidden = this.#isAsking || isInvited;
    part("name-form", HTMLElement).hidden = this.#isAsking;
    part("returning", HTMLElement).hidden = this.#isAsking || !this.#hasRooms;
    part("invited-code", HTMLElement).textContent = grouped(this.#invitedTo ?? "");
    part("home-title", HTMLElement).textContent = say(
      isInvited ? "home.invited_title" : "home.title",
    );
    part("home-lead", HTMLElement).textContent = say(
      isInvited ? "home.invited_lead" : "home.lead",
    );
  }

  /** @param {Saved} saved */
  #returning(saved) {
    const code = grouped(saved.room_code);
    const partner =
      saved.partner === null
        ? say("home.return_alone")
        : say("home.return_with", { name: isolated(nameOf(saved.partner)) });
    const back = button("button", "", () => this.#wishes.comeBack(saved));
    back.append(element("b", {}, code), element("span", { dir: "auto" }, partner));
    const forget = button("icon-button", "", () => this.#wishes.forget(saved.room_code));
    forget.setAttribute("aria-label", say("home.forget", { code }));
    forget.append(icon("close"));
    return element("li", {}, back, forget);
  }

  /** Enter in the field of the name: what comes next. */
  #next() {
    if (this.#invitedTo !== null) {
      this.#enter(this.#invitedTo);
    } else {
      this.#withName(() => this.#code.focus());
    }
  }

  /** @param {string | null} code */
  #enter(code) {
    this.#withName((name) => {
      if (code === null) {
        complain(this.#code, this.#codeError, say("problem.code_wrong"));
      } else {
        this.#wishes.join(name, code);
      }
    });
  }

  /** @param {(name: string) => void} act */
  #withName(act) {
    const name = visibleName(this.#name.value.trim(), "");
    if (name === "") {
      this.refuseName(say("problem.name_missing"));
    } else {
      act(name);
    }
  }

  /**
   * @param {string} id
   * @param {() => void} act
   */
  #on(id, act) {
    part(id, HTMLButtonElement).addEventListener("click", act);
  }
}
