/** Which banners a conversation needs: trouble only when it lasts, and what to do about it. */

import { timeOfDay } from "./clock.js";
import { confirmed } from "./dialogs.js";
import { isolated } from "./names.js";
import { grouped } from "./spelling.js";
import { currentLocale, nameOf, say } from "./words.js";

/** @typedef {import("../client/events.js").Event} ClientEvent */

const LASTING_TROUBLE_MS = 3_000;
const LASTING_ABSENCE_MS = 20_000;

export class Noticing {
  /** Whether there has been no connection for a while: nobody knows what others do. */
  isTroubled = false;
  #changed;
  /** @type {number | null} When the partner went away, in ms since 1970, if that is known. */
  awaySince = null;
  #banners;
  #client;
  #isCatchingUp = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #trouble;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #absence;

  /**
   * @param {import("./banners.js").Banners} banners
   * @param {import("../client/connection.js").Client} client
   * @param {() => void} changed  trouble began to last, or ended
   */
  constructor(banners, client, changed) {
    this.#banners = banners;
    this.#client = client;
    this.#changed = changed;
    this.#worry();
  }

  /** Show none any more. */
  stop() {
    clearTimeout(this.#trouble);
    clearTimeout(this.#absence);
    this.#banners.clear();
  }

  /** @param {ClientEvent} event */
  notice(event) {
    switch (event.event) {
      case "online":
        this.#relax();
        this.#catchUp();
        break;
      case "offline":
        this.#worry();
        break;
      case "partner_away":
        this.#miss();
        break;
      case "partner_back":
      case "partner_joined":
        this.#presentAgain();
        break;
      case "partner_left":
        this.#presentAgain();
        break;
      case "knock":
        this.#knock(event.username);
        break;
      case "partner_behind":
        this.#banners.show("behind", {
          text: () => say("behind.text", { name: this.#name }),
        });
        break;
      case "partner_caught_up":
        this.#banners.hide("behind");
        break;
    }
  }

  get #name() {
    return isolated(nameOf(this.#client.partner));
  }

  #worry() {
    this.#trouble ??= setTimeout(() => {
      /** @param {import("./stage.js").Screen} screen */
      const text = (screen) => {
        const what = say(navigator.onLine ? "trouble.title" : "trouble.offline");
        return screen === "chat" ? `${what} ${say("trouble.waits")}` : what;
      };
      const action = { word: () => say("trouble.try"), act: () => this.#client.wake() };
      this.#banners.show("trouble", { text, action, alarms: true });
      this.isTroubled = true;
      this.#changed();
    }, LASTING_TROUBLE_MS);
  }

  #relax() {
    clearTimeout(this.#trouble);
    this.#trouble = undefined;
    this.#banners.hide("trouble");
    if (this.isTroubled) {
      this.isTroubled = false;
      this.#changed();
    }
  }

  /** What is told in one turn with the connection has happened before, nobody knows when. */
  #catchUp() {
    this.#isCatchingUp = true;
    queueMicrotask(() => {
      this.#isCatchingUp = false;
    });
  }

  #miss() {
    this.awaySince = this.#isCatchingUp ? null : Date.now();
    clearTimeout(this.#absence);
    this.#absence = setTimeout(() => {
      this.#banners.show("away", {
        text: () => this.#absent,
        action: { word: () => say("away.free"), act: () => this.#free() },
      });
    }, LASTING_ABSENCE_MS);
  }

  /** That the partner is away, in words. */
  get #absent() {
    const name = this.#name;
    return this.awaySince === null
      ? say("away.text_unknown", { name })
      : say("away.text", { name, time: timeOfDay(this.awaySince, currentLocale()) });
  }

  #presentAgain() {
    this.awaySince = null;
    clearTimeout(this.#absence);
    this.#banners.hide("away", "knock", "behind");
  }

  /** @param {string} username */
  #knock(username) {
    const knocker = isolated(nameOf(username));
    this.#banners.hide("away");
    this.#banners.show("knock", {
      text: () => say("knock.text", { name: this.#name, knocker }),
      action: { word: () => say("knock.free"), act: () => this.#free() },
    });
  }

  async #free() {
    const name = this.#name;
    const words = {
      title: say("free.title", { name }),
      text: say("free.text", { name }),
      yes: say("free.yes"),
      no: say("free.no"),
    };
    if (
      (await confirmed(words)) &&
      this.#client.partner !== null &&
      !this.#client.partnerIsHere
    ) {
      this.#client.freeSeat();
    }
  }
}

/**
 * Tell that the partner has left, and how someone else may come.
 *
 * @param {import("./banners.js").Banners} banners
 * @param {string} name
 * @param {() => void} invite
 */
export function noticeLeft(banners, name, invite) {
  banners.show("left", {
    text: () => say("left.text", { name: isolated(name) }),
    action: { word: () => say("left.invite"), act: invite },
  });
}

/**
 * Tell that a link leads to another room.
 *
 * @param {import("./banners.js").Banners} banners
 * @param {string} code
 * @param {() => void} go
 */
export function noticeOtherRoom(banners, code, go) {
  banners.show("other_room", {
    text: () => say("other_room.text", { code: grouped(code) }),
    action: { word: () => say("other_room.go"), act: go },
  });
}
