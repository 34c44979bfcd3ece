/** Who waits for the server's answer to `createRoom`, `joinRoom` or `leave`. */

import {
  DuologueError,
  NotInRoom,
  RequestRefused,
  RoomFull,
  RoomNotFound,
  SlowDown,
} from "./errors.js";
import { ErrorCode } from "./messages.js";

/** @import { Driver } from "./driver.js" */
/** @import { Event, Refused, RoomCreated, RoomJoined } from "./events.js" */
/** @import { Code } from "./messages.js" */

/** @typedef {RoomCreated | RoomJoined} Seated */
/** @typedef {{ answer: Seated | DuologueError | null }} Request */

/** @type {ReadonlyMap<Code, typeof RequestRefused>} */
const REFUSALS = new Map([
  [ErrorCode.ROOM_NOT_FOUND, RoomNotFound],
  [ErrorCode.ROOM_FULL, RoomFull],
  [ErrorCode.USERNAME_REQUIRED, RequestRefused],
  [ErrorCode.ALREADY_IN_ROOM, RequestRefused],
  [ErrorCode.INVALID_MESSAGE, RequestRefused],
]);

/** Where a server says that one should slow down, but not for how long. */
const USUAL_WAIT_S = 60;

/** Looks out for answers among the events of a conversation. */
export class Answers {
  #driver;
  /** @type {Request | null} */
  #request = null;
  #departures = 0;

  /** @param {Driver} driver */
  constructor(driver) {
    this.#driver = driver;
  }

  /** Wait for the seat that was asked for; rejects with why there is none. */
  async seated() {
    /** @type {Request} */
    const request = { answer: null };
    this.#request = request;
    const answer = await this.#driver.until(() => request.answer);
    if (answer instanceof DuologueError) throw answer;
    return answer;
  }

  /** Wait until the seat is given up that is being left. */
  async departed() {
    const departures = this.#departures;
    this.#answer(new NotInRoom("the wish was taken back"));
    await this.#driver.until(() => this.#departures > departures);
  }

  /**
   * Look at an event.
   *
   * @param {Event} event
   */
  notice(event) {
    if (event.event === "room_left") {
      this.#departures += 1;
    } else if (this.#driver.conversation.hasWish) {
      return; // It was about a name, or about a room that is being left: the answer comes yet.
    } else if (event.event === "room_created" || event.event === "room_joined") {
      this.#answer(event);
    } else if (event.event === "refused") {
      const error = errorOf(event);
      if (error !== null) this.#answer(error);
    }
  }

  /** @param {Seated | DuologueError} answer */
  #answer(answer) {
    if (this.#request !== null) this.#request.answer = answer;
    this.#request = null;
  }
}

/**
 * What to reject with; null if it is no answer to what was asked for.
 *
 * @param {Refused} event
 */
function errorOf({ code, message, retry_after_s = USUAL_WAIT_S }) {
  if (code === ErrorCode.SLOW_DOWN) return new SlowDown(code, message, retry_after_s);
  const Refusal = REFUSALS.get(code);
  return Refusal === undefined ? null : new Refusal(code, message);
}
