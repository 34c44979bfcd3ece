/** What went wrong, in plain words, and what to do now. */

import { say, waitOf } from "./words.js";

/** A part of the page did not come. */
export class Incomplete extends Error {
  constructor() {
    super();
    this.name = "Incomplete";
  }
}

/**
 * Why the server refused something.
 *
 * @param {string} code  of the error, or its name where this page refused
 * @param {string} reason  in the server's words
 */
export function refusalOf(code, reason) {
  switch (code) {
    case "room_not_found":
      return say("problem.room_not_found");
    case "room_full":
      return say("problem.room_full");
    case "ConversationEnded":
      return say("problem.rejected");
    case "Incomplete":
      return say("problem.incomplete");
    default:
      return say("problem.refused", { reason });
  }
}

/**
 * Why the server wants to be asked later, and when.
 *
 * @param {"problem.too_many_codes" | "problem.too_many_rooms"} word
 * @param {number} retryAfterS
 */
export function tooMany(word, retryAfterS) {
  return say(word, { wait: waitOf(retryAfterS) });
}

/**
 * Why a message was not taken; it stays where it was written.
 *
 * @param {unknown} error
 */
export function sendingProblem(error) {
  switch (error instanceof Error ? error.name : "") {
    case "MessageTooLong":
      return say("problem.too_long");
    case "NoPartner":
    case "NotInRoom":
      return say("problem.nobody");
    default:
      return say("over.closed");
  }
}
