/** Where a server is, as a WebSocket URL. */

import { AddressError } from "./errors.js";

/** @type {ReadonlyMap<string, string>} */
const SCHEMES = new Map([
  ["ws:", "ws:"],
  ["wss:", "wss:"],
  ["http:", "ws:"],
  ["https:", "wss:"],
]);

/**
 * Return the URL that is meant.
 *
 * @param {string | URL} meant with ws, wss, http or https, or relative to `base`. Without a
 *   path it means `/ws`
 * @param {string} base
 */
export function websocketUrl(meant, base) {
  if (!URL.canParse(meant, base)) throw new AddressError(`${meant} is no URL`);
  const url = new URL(meant, base);
  const scheme = SCHEMES.get(url.protocol);
  if (scheme === undefined) throw new AddressError(`${url}: no ws, wss, http or https`);
  if (url.hash !== "") throw new AddressError(`${url}: a WebSocket URL has no fragment`);
  url.protocol = scheme;
  if (url.pathname === "/") url.pathname = "/ws";
  return url.href;
}
