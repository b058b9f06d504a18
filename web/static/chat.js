// A chat's configuration dialog or sidebar. The dialog's Save and Cancel
// buttons belong to the host, which calls back by their keys.
//
//   data-dialog="KEY"   on a button: opens the app's dialog of that key
//   data-preview="URL"  on an element of a form: shows the fragment that URL
//                       answers for the form, or the text of data-failed;
//                       data-dialogtitle, -save and -cancel are the texts of
//                       the dialog and its buttons

import { App } from "./app.js";
import { Calls } from "./calls.js";
import { Preview } from "./chatpreview.js";
import { makeHost } from "./host.js";
import { pickers } from "./picker.js";

const root = document.querySelector("[data-app]");
pickers(root);
const host = makeHost(window, true);
const calls = new Calls(host, "Bearer", root.dataset.session);
const dialog = root.dataset.app === "chat-dialog";
const app = new App(root, host, calls, dialog ? host.close : undefined);

// The host's buttons are disabled while the app saves, so that nothing is saved
// twice, and while there is no form.
async function save() {
  if (!root.querySelector("form")) {
    host.close();
    return;
  }
  host.actions(false);
  try {
    await app.save();
  } finally {
    host.actions(true);
  }
}

// The descriptor's texts are English; the form has them in the person's language.
function speak(words) {
  if (!words) return;
  const { dialogtitle, dialogsave, dialogcancel } = words.dataset;
  host.dialog(dialogtitle, { save: dialogsave, cancel: dialogcancel });
}

if (dialog) {
  host.onAction("save", save);
  host.onAction("cancel", () => host.close());
  speak(root.querySelector("[data-dialogtitle]"));
  // Enter in a field saves, like the host's button.
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
