/**
 * The page as a whole: which screen is up, and how one leads to the other.
 *
 * A tab has one seat at most. It is found again after a reload by what the tab
 * keeps, and after the tab was closed by the ticket that the browser keeps.
 */

import { DuologueError } from "../client/errors.js";
import { Attention } from "./attention.js";
import { ChatScreen } from "./chat.js";
import { Composer } from "./composer.js";
import { letDialogsClose, meansToLeave } from "./dialogs.js";
import { part } from "./dom.js";
import { codeInAddress, Doorway, setAddress } from "./doorway.js";
import { Endings } from "./endings.js";
import { copied, Invitation, RoomDialog } from "./invitation.js";
import { Log } from "./log.js";
import { countsOf } from "./marks.js";
import { isolated } from "./names.js";
import { noticeLeft, noticeOtherRoom } from "./noticing.js";
import { refusalOf } from "./problems.js";
import { SettingsDialog } from "./settings.js";
import { dress, Stage } from "./stage.js";
import { chooseLanguage, currentLanguage, fill, nameOf, say } from "./words.js";

/** @typedef {import("../client/saved.js").Saved} Saved */
/** @typedef {import("./stage.js").Screen} Screen */
/** @typedef {import("./talk.js").Talk} Talk */

/** Half of all modules are for talking: the first screen is up before they are. */
const talking = import("./talk.js");

export class App {
  #memory;
  #attention;
  #doorway;
  #waiting = new Invitation(part("waiting-invitation", HTMLElement));
  #room = new RoomDialog();
  #chat = new ChatScreen();
  #log;
  #composer;
  #settings;
  #endings;
  /** @type {Talk | null} */
  #talk = null;
  #stage = new Stage();

  /** @param {import("./memory.js").Memory} memory */
  constructor(memory) {
    this.#memory = memory;
    this.#attention = new Attention(memory.preferences);
    this.#doorway = new Doorway(memory, {
      begin: (name) => this.#beginAnew(name),
      goOn: (saved) => this.#goOn(saved),
      giveUp: () => this.#giveUp(),
      show: () => this.#show("home"),
    });
    this.#log = new Log({
      reachedEnd: () => this.#seen(),
      writeAgain: (text) => this.#writeAgain(text),
    });
    this.#composer = new Composer(
      {
        send: (text) => this.#talk?.send(text) ?? say("problem.nobody"),
        typing: () => this.#talk?.client.typing(),
        stopTyping: () => this.#talk?.client.stopTyping(),
      },
      memory.session,
    );
    this.#settings = new SettingsDialog(memory.preferences, {
      rename: (name) => this.#rename(name),
      appearanceChanged: () => dress(this.#memory.preferences.theme),
      languageChanged: () => this.#translate(),
    });
    this.#endings = new Endings(memory, this.#chat, this.#log, {
      hasBegun: () => this.#stage.screen === "chat" && memory.history.entries.length > 0,
      show: () => this.#show("chat"),
      goOn: (saved) => this.#goOn(saved),
      begin: () => this.start(),
      startAnew: (notice) => this.#startAnew(null, notice),
    });
    this.#listen();
  }

  /** Begin where this tab, this browser or this address says. */
  start() {
    dress(this.#memory.preferences.theme);
    this.#translate();
    this.#doorway.name = this.#memory.preferences.name;
    const invitedTo = codeInAddress();
    const saved = this.#memory.tab.load();
    if (saved === null) {
      this.#memory.history.clear();
      this.#doorway.arrive();
    } else if (this.#memory.tab.isReplaced) {
      this.#endings.tellReplaced();
    } else {
      this.#goOn(saved).then(() => this.#offerRoom(invitedTo));
    }
  }

  /** What the person is called here and now. */
  get #name() {
    return this.#talk?.client.name ?? this.#memory.preferences.name;
  }

  /** Whether nobody has begun anything here. */
  get isIdle() {
    return this.#talk === null && this.#stage.screen === "home";
  }

  #listen() {
    for (const name of ["home", "waiting", "chat"]) {
      this.#on(`${name}-settings`, () => this.#settings.open(this.#name));
    }
    this.#on("waiting-leave", () => this.#leave());
    this.#on("chat-leave", () => this.#leaveIfMeant());
    this.#on("chat-room", () => this.#showRoom());
    letDialogsClose();
    for (const type of ["focus", "pageshow"]) {
      addEventListener(type, () => this.#seen());
    }
    document.addEventListener("visibilitychange", () => this.#seen());
    addEventListener("hashchange", () => this.#addressChanged());
  }

  /**
   * @param {string} id
   * @param {() => void} act
   */
  #on(id, act) {
    part(id, HTMLButtonElement).addEventListener("click", act);
  }

  // Arriving

  #addressChanged() {
    if (this.#talk === null) {
      this.#doorway.arrive();
    } else {
      this.#offerRoom(codeInAddress());
    }
  }

  /**
   * Offer to go to another room, to which a link leads.
   *
   * @param {string | null} code
   */
  #offerRoom(code) {
    const seated = this.#talk?.client.roomCode ?? null;
    if (code === null || seated === null || code === seated) {
      this.#chat.banners.hide("other_room");
    } else {
      noticeOtherRoom(this.#chat.banners, code, () => this.#leave(code));
    }
  }

  /** @param {string} name  of who has no seat yet */
  #beginAnew(name) {
    this.#memory.clear();
    this.#composer.text = "";
    return this.#begin(name, null);
  }

  /** There is one conversation at most: what begins one gives up the one before. */
  #giveUp() {
    this.#talk?.abandon();
    this.#talk = null;
  }

  /**
   * Go on in a seat that is ours.
   *
   * @param {Saved} saved
   */
  async #goOn(saved) {
    this.#giveUp();
    this.#memory.comeBack(saved);
    this.#composer.restore();
    try {
      this.#changed(await this.#begin(saved.username, saved));
    } catch (error) {
      if (!(error instanceof DuologueError)) {
        throw error;
      }
      this.#memory.tickets.forget(saved.room_code); // Someone has meddled with it.
      this.#startAnew(null);
    }
  }

  /**
   * @param {string} name
   * @param {Saved | null} saved
   */
  async #begin(name, saved) {
    const { Talk } = await talking;
    this.#giveUp();
    this.#chat.clear();
    this.#talk = new Talk(
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
    return this.#talk;
  }

  // While there is a conversation

  /** @param {Talk} talk  the one whose seat or partner has changed */
  #changed(talk) {
    const { roomCode, partner } = talk.client;
    if (roomCode === null) {
      this.#doorway.tellProgress();
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
    this.#talk = null;
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
      this.#called(talk.client.name);
      this.#settings.open(talk.client.name);
      this.#settings.refuseName(say("problem.name_refused"));
    } else if (code !== "not_away") {
      this.#chat.banners.show("trouble", { text: () => refusalOf(code, reason), alarms: true });
    }
  }

  #seen() {
    if (this.#stage.screen === "chat" && this.#attention.isLooking && this.#log.isAtEnd) {
      this.#talk?.seen();
    }
  }

  /** @param {string} text  what was not delivered */
  async #writeAgain(text) {
    if (this.#talk === null) {
      // There is no field to write it into.
      return (await copied(text, part("chat", HTMLElement))) ? "copied" : "";
    }
    const { text: draft } = this.#composer;
    this.#composer.text = draft === "" ? text : `${draft}\n${text}`;
    this.#composer.focus();
    return "";
  }

  /** @param {string} name */
  #rename(name) {
    this.#called(name);
    this.#talk?.client.rename(name);
  }

  /** @param {string} name  of the person, from now on */
  #called(name) {
    this.#memory.preferences.name = name;
    this.#doorway.name = name;
  }

  #showRoom() {
    const code = this.#talk?.client.roomCode ?? this.#memory.tab.load()?.room_code;
    if (code !== undefined) {
      this.#room.open(code);
    }
  }

  // Leaving

  async #leaveIfMeant() {
    const client = this.#talk?.client;
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
    this.#talk?.leave();
    this.#startAnew(next);
  }

  /**
   * @param {string | null} next  the code of where to go
   * @param {string} [notice]  what a person should know first
   */
  #startAnew(next, notice) {
    this.#talk = null;
    this.#clear();
    setAddress(next);
    this.#doorway.arrive(notice);
  }

  /** Forget the conversation. */
  #clear() {
    this.#memory.clear();
    this.#composer.text = "";
    this.#chat.clear();
    this.#log.show([], 0, countsOf(null));
    this.#attention.seen();
    this.#attention.talkWith("");
  }

  // What is shown

  /** @param {Screen} screen */
  #show(screen) {
    if (this.#stage.show(screen)) {
      if (screen === "chat") {
        this.#log.toEnd();
      }
      this.#seen();
    }
  }

  #translate() {
    chooseLanguage(this.#memory.preferences.language, navigator.languages);
    document.documentElement.lang = currentLanguage();
    fill(document);
    this.#chat.render();
    const talk = this.#talk;
    if (talk !== null && talk.client.roomCode !== null) {
      talk.render();
      talk.renderLog();
      this.#waiting.show(talk.client.roomCode);
    } else if (this.#memory.tab.isReplaced) {
      this.#endings.tellReplaced();
    } else {
      this.#doorway.render();
    }
  }
}
