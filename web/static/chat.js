// A chat's configuration dialog or sidebar. The dialog's Save and Cancel
// buttons belong to the host, which calls back by their keys.

import { App } from "./app.js";
import { Calls } from "./calls.js";
import { makeHost } from "./host.js";
import { pickers } from "./picker.js";

const root = document.querySelector("[data-app]");
pickers(root);
const host = makeHost(window, true);
const calls = new Calls(host, "Bearer", root.dataset.session);
const dialog = root.dataset.app === "chat-dialog";
const app = new App(root, host, calls, dialog ? host.close : undefined);
if (dialog) {
  host.onAction("save", () => app.save());
  host.onAction("cancel", () => host.close());
}
app.start();
