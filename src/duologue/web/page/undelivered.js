/** Marks one's own messages that will not be delivered, where they are kept and shown. */

/** @typedef {import("../client/outgoing.js").Outgoing} Outgoing */

/**
 * Mark messages that have failed.
 *
 * @param {{memory: import("./memory.js").Memory, log: import("./log.js").Log}} where
 * @param {readonly Outgoing[]} messages
 * @param {string} [why]  if that is not what the messages say
 */
export function markFailed({ memory, log }, messages, why) {
  const failures = new Map(
    messages.map(({ pairing, id, failure }) => [`${pairing}/${id}`, why ?? failure ?? "ended"]),
  );
  for (const entry of memory.history.entries) {
    const failure =
      entry.kind === "chat" && entry.mine && failures.get(`${entry.pairing}/${entry.id}`);
    if (failure) {
      entry.failure = failure;
      memory.history.changed(entry);
      log.changed(entry);
    }
  }
}

/**
 * Mark what the outbox does not know, though it has a number: the browser ended
 * between the two, and it was never said.
 *
 * @param {import("./history.js").History} history
 * @param {import("../client/saved.js").Saved} saved
 */
export function markLost(history, saved) {
  for (const entry of history.entries) {
    const isLost =
      entry.kind === "chat" &&
      entry.mine &&
      entry.pairing === saved.pairing &&
      entry.id > saved.delivered &&
      saved.outbox[entry.id] === undefined;
    if (isLost && entry.failure === undefined) {
      entry.failure = "lost";
      history.changed(entry);
    }
  }
}
