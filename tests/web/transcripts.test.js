// Runs tests/transcripts, whose README.md explains the format.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { Conversation } from "../../src/duologue/web/client/conversation.js";
import * as errors from "../../src/duologue/web/client/errors.js";
import { Outgoing } from "../../src/duologue/web/client/outgoing.js";

/** @import { ServerMessage } from "../../src/duologue/web/client/messages.js" */
/** @import { Chat } from "../../src/duologue/web/client/events.js" */
/** @import { Saved } from "../../src/duologue/web/client/saved.js" */

/**
 * @typedef {object} Step
 * @property {ServerMessage} [hear]
 * @property {string} [do]
 * @property {number} [now]
 * @property {number} [times]
 * @property {number} [pairing]
 * @property {number} [id]
 * @property {string} [code]
 * @property {string} [content]
 * @property {string} [username]
 * @property {string} [reason]
 * @property {string} [raises]
 * @property {string} [link]
 * @property {unknown[] | { count: number, first: unknown, last: unknown }} [says]
 * @property {unknown[]} [happens]
 */
/** @typedef {{ username: string, restored?: Saved, steps: Step[] }} Transcript */

const FOLDER = new URL("../transcripts/", import.meta.url);
const NAMES = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));

/** One transcript on its way. */
class Run {
  /** @type {Map<string, Chat>} */
  #chats = new Map();

  /** @param {Transcript} transcript */
  constructor({ restored, username }) {
    this.conversation = restored ? Conversation.restored(restored) : new Conversation(username);
  }

  /** @param {Step} step */
  take(step) {
    for (let time = 0; time < (step.times ?? 1); time += 1) {
      if (step.hear) this.conversation.hear(step.hear, (step.now ?? 0) * 1000);
      else if (step.raises) assert.throws(() => this.#do(step), { name: step.raises });
      else this.#do(step);
    }
  }

  /** @param {Step} step */
  #do(step) {
    const name = String(step.do).replace(/_(.)/g, (_, letter) => letter.toUpperCase());
    /** @type {Record<string, unknown>} */
    const conversation = /** @type {any} */ (this.conversation);
    const verb = conversation[name];
    assert.ok(verb instanceof Function, name);
    verb.apply(conversation, this.#inputs(step));
  }

  /** @param {Step} step */
  #inputs(step) {
    if (step.id !== undefined) return [this.#chats.get(`${step.pairing}/${step.id}`)];
    if (step.now !== undefined) return [step.now * 1000];
    const { code, content, username, reason } = step;
    return [code, content, username, reason].filter((input) => input !== undefined);
  }

  outcome() {
    const says = this.conversation.toSay();
    const happens = this.conversation.happened();
    for (const event of happens) {
      if (event.event === "chat") this.#chats.set(`${event.pairing}/${event.id}`, event);
    }
    return { says, happens: happens.map(asWritten) };
  }
}

/** @param {object} event */
function asWritten(event) {
  return "messages" in event
    ? { ...event, messages: /** @type {Outgoing[]} */ (event.messages).map(outgoing) }
    : event;
}

/** @param {Outgoing} message */
function outgoing({ pairing, id, content, failure }) {
  return { pairing, id, content, failure };
}

/**
 * @param {unknown[]} says
 * @param {Step["says"]} expected
 */
function shortened(says, expected) {
  if (expected === undefined || Array.isArray(expected)) return says;
  return { count: says.length, first: says[0], last: says.at(-1) };
}

describe("a conversation goes as it is written", () => {
  for (const name of NAMES) {
    test(name, () => {
      /** @type {Transcript} */
      const transcript = JSON.parse(readFileSync(new URL(name, FOLDER), "utf8"));
      const run = new Run(transcript);
      for (const [index, step] of transcript.steps.entries()) {
        run.take(step);
        const { says, happens } = run.outcome();
        const { link } = run.conversation;
        assert.deepEqual(
          { says: shortened(says, step.says), happens, link },
          { says: step.says ?? [], happens: step.happens ?? [], link: step.link ?? link },
          `step ${index + 1}: ${JSON.stringify(step)}`,
        );
      }
    });
  }
});

test("there are transcripts, and each error that they name is one of ours", () => {
  const raised = NAMES.flatMap((name) => {
    const { steps } = JSON.parse(readFileSync(new URL(name, FOLDER), "utf8"));
    return steps.flatMap((/** @type {Step} */ step) => step.raises ?? []);
  });
  const unknown = raised.filter((name) => !(name in errors));
  assert.deepEqual([NAMES.length > 0, raised.length > 0, unknown], [true, true, []]);
});
