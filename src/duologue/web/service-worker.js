/**
 * Keeps the page itself for when there is no network; no word of a conversation.
 * `/shell.js` lists the files and changes with them, so that a new version of any
 * makes a new service worker, which fetches all of them before it takes over.
 */

importScripts("/shell.js");

const { version, files } = /** @type {{SHELL: {version: string, files: string[]}}} */ (
  /** @type {unknown} */ (self)
).SHELL;
const NAME = `duologue-${version}`;
const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

worker.addEventListener("install", (event) => {
  event.waitUntil(fill());
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(forgetOlder());
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin) {
    return;
  }
  if (files.includes(url.pathname)) {
    event.respondWith(answer(url.pathname, request));
  }
});

// A page says when: one that is in use, or still loading, must not get mixed versions.
worker.addEventListener("message", ({ data }) => {
  if (data === "take over") {
    worker.skipWaiting();
  }
});

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(showPage(event.notification.data));
});

async function fill() {
  const cache = await caches.open(NAME);
  await cache.addAll(files.map((file) => new Request(file, { cache: "no-cache" })));
}

async function forgetOlder() {
  for (const name of await caches.keys()) {
    if (name.startsWith("duologue-") && name !== NAME) {
      await caches.delete(name);
    }
  }
  await worker.clients.claim();
}

/**
 * @param {string} path
 * @param {Request} request
 */
async function answer(path, request) {
  const cache = await caches.open(NAME);
  return (await cache.match(path)) ?? fetch(request);
}

/** @param {string} url */
async function showPage(url) {
  const pages = await worker.clients.matchAll({ type: "window" });
  const page = pages.find((client) => client.url === url) ?? pages[0];
  await (page === undefined ? worker.clients.openWindow("/") : page.focus());
}
