/** Makes the page one that can be installed, and opened without a network. */

import { part } from "./dom.js";

/**
 * @typedef {object} InstallEvent  of browsers that let a page offer it
 * @property {() => Promise<void>} prompt
 */

/**
 * @typedef {object} TrustedTypes  as far as it is needed here; TypeScript does not know it yet
 * @property {(name: string, rules: {createScriptURL: (url: string) => string}) =>
 *   {createScriptURL: (url: string) => unknown}} createPolicy
 */

const { trustedTypes } = /** @type {{trustedTypes?: TrustedTypes}} */ (globalThis);

/** Where the browser checks it, no script but this one may be given by its address. */
const policy = trustedTypes?.createPolicy("duologue", {
  createScriptURL: (url) => {
    if (url !== "/service-worker.js") {
      throw new TypeError(`no script is loaded from ${url}`);
    }
    return url;
  },
});

/**
 * @param {() => boolean} isIdle  whether nobody would miss anything if the page came anew
 */
export function keepInstalled(isIdle) {
  offerInstallation();
  const workers = navigator.serviceWorker;
  if (workers === undefined) {
    return; // Over plain HTTP there are none, but for this machine itself.
  }
  let isUpdate = workers.controller !== null;
  workers.addEventListener("controllerchange", () => {
    if (isUpdate && isIdle()) {
      location.reload();
    }
    isUpdate = true;
  });
  // Only once the page is up, so as not to compete with it.
  addEventListener("load", async () => {
    const url = policy?.createScriptURL("/service-worker.js") ?? "/service-worker.js";
    try {
      const script = /** @type {string} */ (url);
      follow(await workers.register(script, { updateViaCache: "none" }), isIdle);
    } catch {
      // A browser may refuse, or have no room: the page works without.
    }
  });
}

/**
 * Let the next version of the page take over once it is there, unless it would disturb;
 * then it does when the page is loaded the next time.
 *
 * @param {ServiceWorkerRegistration} registration
 * @param {() => boolean} isIdle
 */
function follow(registration, isIdle) {
  const takeOver = () => {
    if (isIdle()) {
      registration.waiting?.postMessage("take over");
    }
  };
  takeOver();
  registration.addEventListener("updatefound", () => {
    registration.installing?.addEventListener("statechange", takeOver);
  });
}

/** Load the page anew, in its newest version, past what the service worker keeps. */
export async function renewed() {
  const registration = await navigator.serviceWorker?.getRegistration();
  await registration?.unregister();
  location.reload();
}

function offerInstallation() {
  const install = part("install", HTMLButtonElement);
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    install.hidden = false;
    install.onclick = () => {
      install.hidden = true;
      /** @type {InstallEvent} */ (/** @type {unknown} */ (event)).prompt();
    };
  });
}
