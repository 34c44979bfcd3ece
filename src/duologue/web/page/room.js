/**
 * A room from inside: where somebody waits for a partner, and where two people talk.
 *
 * A tab has one seat at most. It is found again after a reload by what the tab
 * keeps, and after the tab was closed by the ticket that the browser keeps.
 */

import { DuologueError } from "../client/errors.js";
import { Attention } from "./attention.js";
import { ChatScreen } from "./chat.js";
import { Composer } from "./composer.js";
import { meansToLeave } from "./dialogs.js";
import { part } from "./dom.js";
import { setAddress } from "./doorway.js";
import { Endings } from "./endings.js";
import { copied, Invitation, RoomDialog } from "./invitation.js";
import { Log } from "./log.js";
import { countsOf } from "./marks.js";
import { isolated } from "./names.js";
import { noticeLeft, noticeOtherRoom } from "./noticing.js";
import { refusalOf } from "./problems.js";
import { Talk } from "./talk.js";
import { nameOf, say } from "./words.js";

/** @typedef {import("../client/saved.js").Saved} Saved */

/**
 * @typedef {object} Outside  what is around the room
 * @property {import("./memory.js").Memory} memory
 * @property {import("./stage.js").Stage} stage
 * @property {() => void} unseated  how it goes for who has no seat yet has changed
 * @property {(next: string | null, notice?: string) => void} startAnew
 *   who was here is at the door again; perhaps on the way to another room
 * @property {() => void} begin  as after a reload
 * @property {(name: string, problem: string) => void} nameRefused
 */

export class Room {
  /** @type {Talk | null} */
  talk = null;
  #outside;
  #memory;
  #attention;
  #waiting = new Invitation(part("waiting-invitation", HTMLElement));
  #dialog = new RoomDialog();
  #chat = new ChatScreen();
  #log;
  #composer;
  #endings;

  /** @param {Outside} outside */
  constructor(outside) {
    const { memory, stage } = outside;
    this.#outside = outside;
    this.#memory = memory;
    this.#attention = new Attention(memory.preferences);
    this.#log = new Log({
      reachedEnd: () => this.#seen(),
      writeAgain: (text) => this.#writeAgain(text),
    });
    this.#composer = new Composer(
      {
        send: (text) => this.talk?.send(text) ?? say("problem.nobody"),
        typing: () => this.talk?.client.typing(),
        stopTyping: () => this.talk?.client.stopTyping(),
      },
      memory.session,
    );
    this.#endings = new Endings(memory, this.#chat, this.#log, {
      hasBegun: () => stage.screen === "chat" && memory.history.entries.length > 0,
      show: () => this.#show("chat"),
      goOn: (saved) => this.goOn(saved),
      begin: () => outside.begin(),
      startAnew: (notice) => this.#startAnew(null, notice),
    });
    this.#listen();
  }

  #listen() {
    this.#on("waiting-leave", () => this.#leave());
    this.#on("chat-leave", () => this.#leaveIfMeant());
    this.#on("chat-room", () => this.#showRoom());
    for (const type of ["focus", "pageshow"]) {
      addEventListener(type, () => this.#seen());
    }
    document.addEventListener("visibilitychange", () => this.#seen());
  }

  /**
   * @param {string} id
   * @param {() => void} act
   */
  #on(id, act) {
    part(id, HTMLButtonElement).addEventListener("click", act);
  }

  // Coming in

  /**
   * Begin without a seat.
   *
   * @param {string} name
   */
  begin(name) {
    this.#memory.clear();
    this.#composer.text = "";
    return this.#begin(name, null);
  }

  /**
   * Go on in a seat that is ours.
   *
   * @param {Saved} saved
   */
  goOn(saved) {
    this.giveUp();
    this.#memory.comeBack(saved);
    this.#composer.restore();
    try {
      this.#changed(this.#begin(saved.username, saved));
    } catch (error) {
      if (!(error instanceof DuologueError)) {
        throw error;
      }
      this.#memory.tickets.forget(saved.room_code); // Someone has meddled with it.
      this.#startAnew(null);
    }
  }

  /** There is one conversation at most: what begins one gives up the one before. */
  giveUp() {
    this.talk?.abandon();
    this.talk = null;
  }

  /**
   * @param {string} name
   * @param {Saved | null} saved
   */
  #begin(name, saved) {
    this.giveUp();
    this.#chat.clear();
    this.talk = new Talk(
      {
        memory: this.#memory,
        screen: this.#chat,
        log: this.#log,
        attention: this.#attention,
        changed: (talk) => this.#changed(talk),
        ended: (how) => this.#ended(how),
        refused: (talk, code, reason) => this.#refused(talk, code, reason),
      },
      name,
      saved,
    );
    return this.talk;
  }

  /** Tell that another tab has the seat. */
  tellReplaced() {
    this.#endings.tellReplaced();
  }

  /**
   * Offer to go to another room, to which a link leads.
   *
   * @param {string | null} code
   */
  offer(code) {
    const seated = this.talk?.client.roomCode ?? null;
    if (code === null || seated === null || code === seated) {
      this.#chat.banners.hide("other_room");
    } else {
      noticeOtherRoom(this.#chat.banners, code, () => this.#leave(code));
    }
  }

  // While there is a conversation

  /** @param {Talk} talk  the one whose seat or partner has changed */
  #changed(talk) {
    const { roomCode, partner } = talk.client;
    if (roomCode === null) {
      this.#outside.unseated();
      return;
    }
    setAddress(roomCode);
    if (partner === null && this.#memory.history.entries.length === 0) {
      this.#waiting.show(roomCode);
      this.#show("waiting");
      return;
    }
    if (partner === null) {
      noticeLeft(this.#chat.banners, nameOf(talk.lastPartner), () => this.#showRoom());
    } else {
      this.#chat.banners.hide("left");
    }
    this.#show("chat");
  }

  /** @param {import("./endings.js").Ending} how */
  #ended(how) {
    this.talk = null;
    this.#chat.banners.hide("left"); // It says that the room stays open.
    this.#endings.tell(how);
  }

  /**
   * @param {Talk} talk
   * @param {string} code
   * @param {string} reason
   */
  #refused(talk, code, reason) {
    if (talk.client.roomCode === null) {
      return; // Whoever has asked for the room is told.
    }
    if (code === "invalid_message") {
      this.#outside.nameRefused(talk.client.name, say("problem.name_refused"));
    } else if (code !== "not_away") {
      this.#chat.banners.show("trouble", { text: () => refusalOf(code, reason), alarms: true });
    }
  }

  #seen() {
    const isShown = this.#outside.stage.screen === "chat";
    if (isShown && this.#attention.isLooking && this.#log.isAtEnd) {
      this.talk?.seen();
    }
  }

  /** @param {string} text  what was not delivered */
  async #writeAgain(text) {
    if (this.talk === null) {
      // There is no field to write it into.
      return (await copied(text, part("chat", HTMLElement))) ? "copied" : "";
    }
    const { text: draft } = this.#composer;
    this.#composer.text = draft === "" ? text : `${draft}\n${text}`;
    this.#composer.focus();
    return "";
  }

  #showRoom() {
    const code = this.talk?.client.roomCode ?? this.#memory.tab.load()?.room_code;
    if (code !== undefined) {
      this.#dialog.open(code);
    }
  }

  // Leaving

  async #leaveIfMeant() {
    const client = this.talk?.client;
    if (client === undefined) {
      this.#startAnew(null);
      return;
    }
    const name = client.partner === null ? null : isolated(nameOf(client.partner));
    const hasTalked = this.#memory.history.entries.some(({ kind }) => kind === "chat");
    const isNothing = client.partner === null && !hasTalked;
    if (isNothing || (await meansToLeave(name, client.waiting.length > 0))) {
      this.#leave();
    }
  }

  /** @param {string | null} [next]  the code of where to go instead */
  #leave(next = null) {
    this.talk?.leave();
    this.#startAnew(next);
  }

  /**
   * Forget the conversation.
   *
   * @param {string | null} next  the code of where to go
   * @param {string} [notice]  what a person should know first
   */
  #startAnew(next, notice) {
    this.talk = null;
    this.#memory.clear();
    this.#composer.text = "";
    this.#chat.clear();
    this.#log.show([], 0, countsOf(null));
    this.#attention.seen();
    this.#attention.talkWith("");
    this.#outside.startAnew(next, notice);
  }

  // What is shown

  /** @param {"waiting" | "chat"} screen */
  #show(screen) {
    if (this.#outside.stage.show(screen)) {
      if (screen === "chat") {
        this.#log.toEnd();
      }
      this.#seen();
    }
  }

  /** Show it in the language of now. */
  render() {
    this.#chat.render();
    const { talk } = this;
    if (talk !== null && talk.client.roomCode !== null) {
      talk.render();
      talk.renderLog();
      this.#waiting.show(talk.client.roomCode);
    } else if (this.#memory.tab.isReplaced) {
      this.tellReplaced();
    }
  }
}
