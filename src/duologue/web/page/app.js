/**
 * The page as a whole. The first screen, the door, is up at once; all that is
 * needed inside a room is fetched beside it, and awaited when somebody goes in.
 */

import { letDialogsClose } from "./dialogs.js";
import { part } from "./dom.js";
import { codeInAddress, Doorway, setAddress } from "./doorway.js";
import { Incomplete } from "./problems.js";
import { SettingsDialog } from "./settings.js";
import { dress, Stage } from "./stage.js";
import { chooseLanguage, currentLanguage, fill } from "./words.js";

/** @typedef {import("./room.js").Room} Room */

export class App {
  #memory;
  #stage = new Stage();
  #doorway;
  #settings;
  /** @type {Room | null} */
  #room = null;
  /** @type {Promise<Room> | null} */
  #inside = null;

  /** @param {import("./memory.js").Memory} memory */
  constructor(memory) {
    this.#memory = memory;
    this.#doorway = new Doorway(memory, {
      inside: () => this.#prepared(),
      show: () => this.#stage.show("home"),
    });
    this.#settings = new SettingsDialog(memory.preferences, {
      rename: (name) => this.#rename(name),
      appearanceChanged: () => dress(this.#memory.preferences.theme),
      languageChanged: () => this.#translate(),
    });
    for (const name of ["home", "waiting", "chat"]) {
      part(`${name}-settings`, HTMLButtonElement).addEventListener("click", () => {
        this.#settings.open(this.#room?.talk?.client.name ?? this.#memory.preferences.name);
      });
    }
    letDialogsClose();
    addEventListener("hashchange", () => this.#addressChanged());
    this.#prepared().catch(() => {}); // Whoever wants to go in is told.
  }

  /** What is inside; where it did not come, it is asked for again. */
  #prepared() {
    this.#inside ??= this.#prepare().catch((error) => {
      this.#inside = null;
      throw error;
    });
    return this.#inside;
  }

  async #prepare() {
    const { Room } = await import("./room.js").catch(() => {
      throw new Incomplete();
    });
    this.#room = new Room({
      memory: this.#memory,
      stage: this.#stage,
      unseated: () => this.#doorway.tellProgress(),
      startAnew: (next, notice) => {
        setAddress(next);
        this.#doorway.arrive(notice);
      },
      begin: () => this.start(),
      nameRefused: (name, problem) => {
        this.#called(name);
        this.#settings.open(name);
        this.#settings.refuseName(problem);
      },
    });
    return this.#room;
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
    } else {
      this.#doorway.comeBack((room) => {
        if (this.#memory.tab.isReplaced) {
          room.tellReplaced();
        } else {
          room.goOn(saved);
          room.offer(invitedTo);
        }
      });
    }
  }

  /** Whether nobody has begun anything here. */
  get isIdle() {
    return this.#stage.screen === "home" && !this.#doorway.isAsking && !this.#room?.talk;
  }

  #addressChanged() {
    if (this.#room?.talk) {
      this.#room.offer(codeInAddress());
    } else {
      this.#doorway.arrive();
    }
  }

  /** @param {string} name */
  #rename(name) {
    this.#called(name);
    this.#room?.talk?.client.rename(name);
  }

  /** @param {string} name  of the person, from now on */
  #called(name) {
    this.#memory.preferences.name = name;
    this.#doorway.name = name;
  }

  #translate() {
    chooseLanguage(this.#memory.preferences.language, navigator.languages);
    document.documentElement.lang = currentLanguage();
    fill(document);
    this.#doorway.render();
    this.#room?.render();
  }
}
