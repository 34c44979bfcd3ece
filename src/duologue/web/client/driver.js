/**
 * Drives a conversation: after each input, sees to all that follows from it.
 *
 * What follows of the inputs of one turn follows once, in this order: the program is told,
 * what must survive is kept, what is due is said. It adds no rule of its own.
 */

import { ConversationEnded } from "./errors.js";

/** @import { Conversation } from "./conversation.js" */
/** @import { Event } from "./events.js" */
/** @import { Keeping } from "./saved.js" */
/** @import { Timing } from "./reconnecting.js" */

/** @typedef {{ check: () => boolean, end: () => void }} Waiter */

/** A conversation, those who wait for something in it, and its clock. */
export class Driver {
  /**
   * Called with each event, before the program is told.
   *
   * @type {(event: Event) => void}
   */
  notice = () => {};

  /**
   * Tells the program; says whether it leaves it to us to take a chat.
   *
   * @type {(event: Event) => boolean}
   */
  dispatch = () => true;

  /**
   * Says what is due.
   *
   * @type {() => void}
   */
  flush = () => {};

  #keeping;
  #timing;
  #isStirred = false;
  #isDone = false;
  /** @type {Event[]} */
  #events = [];
  /** @type {Set<Waiter>} */
  #waiters = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #alarm;
  /** @type {number | null} */
  #alarmAt = null;

  /**
   * @param {Conversation} conversation call `stir` after each input to it
   * @param {Keeping} keeping
   * @param {Timing} timing
   */
  constructor(conversation, keeping, timing) {
    this.conversation = conversation;
    this.#keeping = keeping;
    this.#timing = timing;
  }

  /** The moment, for inputs that want it. */
  get now() {
    return this.#timing.now();
  }

  /** Whether there will be no other connection. */
  get isOver() {
    return this.conversation.link === "ended";
  }

  /** See to what follows from the inputs, at the end of this turn. */
  stir() {
    for (const event of this.conversation.happened()) this.#note(event);
    if (this.#isStirred) return;
    this.#isStirred = true;
    queueMicrotask(() => this.#turn());
  }

  /**
   * Let the program be told of what the conversation does not know.
   *
   * @param {Event} event
   */
  tell(event) {
    this.stir();
    this.#note(event);
  }

  /**
   * There will be no other connection.
   *
   * @param {string} reason
   */
  end(reason) {
    this.conversation.end(reason, this.#keeping.isKept);
    if (reason === "replaced") this.#keeping.stop();
    this.stir();
  }

  /**
   * Wait until something holds, and return it.
   *
   * @template Held
   * @param {() => Held} holds
   * @returns {Promise<NonNullable<Held>>} rejects with `ConversationEnded` if it does not
   *   hold, and never will
   */
  until(holds) {
    return new Promise((resolve, reject) => {
      const check = () => {
        const held = holds();
        if (held) resolve(held);
        return Boolean(held);
      };
      const end = () => reject(new ConversationEnded("there will be no other connection"));
      this.#waiters.add({ check, end });
      this.stir();
    });
  }

  /** @param {Event} event */
  #note(event) {
    this.notice(event);
    this.#events.push(event);
  }

  #turn() {
    this.#isStirred = false;
    if (!this.#isDone) {
      this.#tellAll();
      this.#keeping.record(this.conversation);
      this.#isDone = this.isOver;
      this.flush();
      this.#setAlarm();
    }
    this.#answerWaiters();
  }

  #tellAll() {
    for (let event = this.#events.shift(); event; event = this.#events.shift()) {
      if (event.event !== "chat") this.dispatch(event);
      // Once it is over no chat can be acknowledged: it may come again in the next run.
      else if (!this.isOver && this.dispatch(event)) this.conversation.take(event);
    }
  }

  #answerWaiters() {
    for (const waiter of this.#waiters) {
      const isAnswered = waiter.check();
      if (!isAnswered && this.isOver) waiter.end();
      if (isAnswered || this.isOver) this.#waiters.delete(waiter);
    }
  }

  /** See to it that `tick` comes when the conversation wants it. */
  #setAlarm() {
    const { wakesAt } = this.conversation;
    if (wakesAt === this.#alarmAt) return;
    clearTimeout(this.#alarm);
    this.#alarmAt = wakesAt;
    if (wakesAt !== null) {
      this.#alarm = setTimeout(() => this.#ring(wakesAt), wakesAt - this.now);
    }
  }

  /** @param {number} moment */
  #ring(moment) {
    this.#alarmAt = null;
    // Timers may be early by a hair, and would then be so again and again.
    this.conversation.tick(Math.max(this.now, moment));
    this.stir();
  }
}
