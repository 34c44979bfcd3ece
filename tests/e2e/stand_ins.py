"""Scripts that stand in for what a browser without a window, or a person, cannot give.

Each runs before the page's own, and puts down where a test finds it what was asked of it.
"""

NO_CLIPBOARD = """
Object.defineProperty(Navigator.prototype, "clipboard", { get: () => undefined });
"""

SHARE_SHEET = """
globalThis.shared = [];
navigator.share = async (what) => { shared.push(what); };
"""

NOTIFICATIONS = """
const notified = (title, body) => {
  const { dataset } = document.documentElement;
  dataset.notified = `${dataset.notified ?? ""}${title}: ${body}. `;
};
globalThis.Notification = class extends EventTarget {
  static permission = "default";
  static async requestPermission() {
    return Notification.permission = globalThis.answer ?? "granted";
  }
  constructor(title, { body }) {
    super();
    notified(title, body);
  }
};
ServiceWorkerRegistration.prototype.showNotification = async (title, { body }) => {
  notified(title, body);
};
"""

NO_NOTIFICATION_SHOWN = """
navigator.serviceWorker.getRegistration = async () => {
  document.documentElement.dataset.notified = "not";
  throw new TypeError("There is no worker any more");
};
"""

SPEAKERS_ON = """
AudioContext.prototype.resume = async () => { document.documentElement.dataset.on = "yes"; };
"""

SPEAKERS = """
OscillatorNode.prototype.start = () => { document.documentElement.dataset.rang = "yes"; };
OscillatorNode.prototype.stop = () => {};
"""

BANNERS_SEEN = """
globalThis.bannersSeen = [];
addEventListener("DOMContentLoaded", () => {
  new MutationObserver(() => {
    for (const banner of document.querySelectorAll(".banner p")) {
      bannersSeen.push(banner.textContent);
    }
  }).observe(document.getElementById("banners"), { childList: true, subtree: true });
});
"""

TYPING_SEEN = """() => {
  globalThis.typingSeen = [];
  const typing = document.getElementById("typing");
  new MutationObserver(() => {
    typingSeen.push(typing.textContent);
  }).observe(typing, { childList: true });
}"""

LOOK_AWAY = """() => {
  const hidden = { configurable: true, get: () => "hidden" };
  Object.defineProperty(document, "visibilityState", hidden);
  document.hasFocus = () => false;
  document.dispatchEvent(new Event("visibilitychange"));
}"""

LOOK_BACK = """() => {
  delete document.visibilityState;
  delete document.hasFocus;
  document.dispatchEvent(new Event("visibilitychange"));
}"""
