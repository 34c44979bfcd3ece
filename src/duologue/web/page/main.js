/** Starts the page. */

import { App } from "./app.js";
import { keepInstalled } from "./installing.js";
import { browserStorage } from "./keeping.js";
import { Memory } from "./memory.js";
import { followKeyboard } from "./stage.js";

const app = new App(
  new Memory(browserStorage("localStorage"), browserStorage("sessionStorage")),
);
followKeyboard();
app.start();
keepInstalled(() => app.isIdle);
