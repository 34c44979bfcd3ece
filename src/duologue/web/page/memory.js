/** All that the browser keeps for the page: some for the life of the tab, some for longer. */

import { History } from "./history.js";
import { Preferences, TabSeat, Tickets } from "./keeping.js";

export class Memory {
  preferences;
  tickets;
  tab;
  history;
  /** What is kept as long as the tab; null where the browser forbids it. */
  session;

  /**
   * @param {Storage | null} local
   * @param {Storage | null} session
   */
  constructor(local, session) {
    this.preferences = new Preferences(local);
    this.tickets = new Tickets(local);
    this.history = new History(session);
    this.tab = new TabSeat(session, () => this.history.giveRoom());
    this.session = session;
  }

  /**
   * Let this tab have a seat: its own, or one that another tab has left behind.
   *
   * @param {import("../client/saved.js").Saved} saved
   */
  comeBack(saved) {
    this.tab.isReplaced = false;
    if (this.tab.load()?.room_code !== saved.room_code) {
      this.history.clear();
      if (saved.partner !== null) {
        this.history.append({ kind: "note", word: "back", at: Date.now() });
      }
    }
    this.tab.save(saved);
  }

  /** Forget the conversation of this tab. */
  clear() {
    this.tab.clear();
    this.tab.isReplaced = false;
    this.history.clear();
  }
}
