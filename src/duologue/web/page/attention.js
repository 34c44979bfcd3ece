/** How a message makes itself noticed while nobody looks at the page. */

import { say } from "./words.js";

/** A crowd of messages, such as after an absence, calls once. */
const CALM_MS = 2_000;

export class Attention {
  #calledAt = Number.NEGATIVE_INFINITY;
  #unread = 0;
  #partner = "";
  /** @type {AudioContext | null} */
  #audio = null;
  /** @type {import("./keeping.js").Preferences} */
  #preferences;

  /** @param {import("./keeping.js").Preferences} preferences */
  constructor(preferences) {
    this.#preferences = preferences;
    // A browser lets only someone who has touched the page hear anything from it; not
    // every one takes a finger that goes down for a touch.
    for (const type of ["click", "keydown"]) {
      document.addEventListener(type, () => this.#tune());
    }
  }

  /** Whether somebody looks at the page. */
  get isLooking() {
    return document.visibilityState === "visible" && document.hasFocus();
  }

  /** @param {string} partner  for the title; "" for none */
  talkWith(partner) {
    this.#partner = partner;
    this.#retitle();
  }

  /**
   * Something came for who is not looking.
   *
   * @param {import("./words.js").Word} word  what a notification says of it
   */
  call(word) {
    if (this.isLooking) {
      return;
    }
    this.#unread += 1;
    this.#retitle();
    const now = performance.now();
    if (now - this.#calledAt < CALM_MS) {
      return;
    }
    this.#calledAt = now;
    if (this.#preferences.sound) {
      this.#ring();
    }
    if (this.#preferences.notifications) {
      // A browser may refuse all the same; the title and the sound tell it too.
      notify(this.#partner, say(word)).catch(() => {});
    }
  }

  /** Everything was seen. */
  seen() {
    if (this.#unread > 0) {
      this.#unread = 0;
      this.#retitle();
    }
  }

  #retitle() {
    const place = this.#partner === "" ? "Duologue" : `${this.#partner} · Duologue`;
    document.title = this.#unread === 0 ? place : `(${this.#unread}) ${place}`;
    const isBadged =
      this.#unread === 0 ? navigator.clearAppBadge?.() : navigator.setAppBadge?.(this.#unread);
    isBadged?.catch(() => {}); // Only an installed page has a badge.
  }

  #tune() {
    if (this.#preferences.sound) {
      this.#audio ??= new AudioContext();
      this.#audio.resume().catch(() => {}); // A phone suspends it when a call comes in.
    }
  }

  /** Two soft notes, a fifth apart. */
  #ring() {
    const audio = this.#audio;
    if (audio === null) {
      return;
    }
    for (const [delay, pitch] of /** @type {const} */ ([
      [0, 587.33],
      [0.12, 880],
    ])) {
      const start = audio.currentTime + delay;
      const note = new OscillatorNode(audio, { type: "sine", frequency: pitch });
      const volume = new GainNode(audio, { gain: 0 });
      volume.gain.setValueAtTime(0, start);
      volume.gain.linearRampToValueAtTime(0.12, start + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.001, start + 0.5);
      note.connect(volume).connect(audio.destination);
      note.start(start);
      note.stop(start + 0.5);
    }
  }
}

/**
 * Show that a message came, and from whom; what it says stays in the page.
 *
 * @param {string} partner
 * @param {string} body
 */
async function notify(partner, body) {
  if (globalThis.Notification?.permission !== "granted") {
    return;
  }
  const options = {
    body,
    icon: "/icons/icon-192.png",
    tag: "duologue",
    data: location.href,
  };
  const worker = await navigator.serviceWorker?.getRegistration();
  if (worker === undefined) {
    const shown = new Notification(partner, options);
    shown.addEventListener("click", () => window.focus());
  } else {
    await worker.showNotification(partner, options);
  }
}
