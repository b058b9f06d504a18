// A chat's configuration dialog or sidebar. The dialog's Save and Cancel
// buttons belong to the host, which calls back by their keys.
//
//   data-dialog="KEY"   on a button: opens the app's dialog of that key
//   data-preview="URL"  on an element of a form: its fragment is what URL
//                       answers for the form as it stands

import { App } from "./app.js";
import { Calls } from "./calls.js";
import { Preview } from "./chatpreview.js";
import { makeHost } from "./host.js";

const root = document.querySelector("[data-app]");
const host = makeHost(window, true);
const calls = new Calls(host, "Bearer", root.dataset.session);
const dialog = root.dataset.app === "chat-dialog";
const app = new App(root, host, calls, dialog ? host.close : undefined);

// The host's buttons rest while the app saves, so that nothing is saved twice.
async function save() {
  host.actions(false);
  try {
    await app.save();
  } finally {
    host.actions(true);
  }
}

if (dialog) {
  host.onAction("save", save);
  host.onAction("cancel", () => host.close());
  // Enter in a field saves as the host's button does.
  root.addEventListener(
    "submit",
    (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      save();
    },
    true,
  );
  new Preview(root, calls).start();
}
root.addEventListener("click", (event) => {
  const key = event.target.closest("[data-dialog]")?.dataset.dialog;
  if (key) host.open(key);
});
app.start();
