/**
 * What a page notices of its own life: shown again, back in the network, put aside.
 *
 * Elsewhere than in a page there is nothing to notice.
 */

/** @typedef {{ wake: () => void, rest: () => void }} Watcher */

/**
 * Watch over the page.
 *
 * @param {Watcher} watcher `wake` is called when connecting may work again, `rest` when the
 *   page goes: a browser that keeps it for the way back keeps no connection with it
 * @returns {() => void} what ends it
 */
export function watchPage({ wake, rest }) {
  if (typeof window === "undefined" || typeof document === "undefined") return () => {};
  const watching = new AbortController();
  const { signal } = watching;
  const seen = () => {
    if (document.visibilityState === "visible") wake();
  };
  document.addEventListener("visibilitychange", seen, { signal });
  window.addEventListener("pageshow", wake, { signal });
  window.addEventListener("online", wake, { signal });
  window.addEventListener("pagehide", rest, { signal });
  return () => watching.abort();
}
