// The page that Jira shows for every Forge module of Sightline. It asks the app
// for its first fragment; from there on app.js does what it does on Connect.

import { App } from "./app.js";
import { CallError } from "./calls.js";
import { makeHost, whereabouts } from "./forgehost.js";
import { pickers } from "./picker.js";
import { RemoteCalls } from "./remote.js";
import { texts } from "./texts.js";

const root = document.querySelector("[data-app]");
const slot = root.querySelector("[data-slot]");
const host = makeHost();
const calls = new RemoteCalls(host);

let editing = false;

speak("en");
host.theme();
slot.replaceChildren(await first());
slot.removeAttribute("aria-busy");
pickers(root);
root.addEventListener("click", leave);
new App(root, host, calls).start();
if (editing) edit();

// The fragment that the page begins with, or what is said in its place.
async function first() {
  try {
    const place = await whereabouts();
    speak(place.language);
    editing = place.edit;
    root.dataset.view = address(place);
    return (await calls.get(root.dataset.view)).node;
  } catch (error) {
    // Without an address there is nothing that app.js could ask again.
    if (!root.dataset.view) setTimeout(() => location.reload(), 60_000 * (1 + Math.random()));
    return error.node ?? apology(error);
  }
}

// The address of a module's view: its first call, and each later look. What the
// token says counts; the entry only chooses between a gadget and its form.
function address({ module, edit, query }) {
  const params = new URLSearchParams(query);
  params.set("entry", edit ? "edit" : "view");
  return `/forge/ui/${encodeURIComponent(module)}?${params}`;
}

// Puts the texts of a person's language where app.js looks for them.
function speak(locale) {
  const language = locale.slice(0, 2).toLowerCase();
  const said = texts[language] ? language : "en";
  document.documentElement.lang = said;
  Object.assign(root.dataset, texts[said]);
}

// A message of the page's own, which looks again after a minute.
function apology(error) {
  const section = document.createElement("section");
  section.className = "message message-error";
  section.setAttribute("role", "alert");
  Object.assign(section.dataset, { fragment: "message", retry: "60" });
  const text = document.createElement("p");
  const own = error instanceof CallError ? error.message : "";
  const said = own || root.dataset[`say${error.code ?? "noanswer"}`] || "";
  text.textContent = `${root.dataset.failedopen} ${said}`.trim();
  section.append(text);
  return section;
}

// The form is all that an editor shows: it begins in its first field, and who
// cancels it leaves the editor. An open list takes Escape for itself.
function edit() {
  const field = slot.querySelector("form [data-first]") ?? slot.querySelector("form :is(input, select, textarea):not([type=hidden])");
  field?.focus({ preventScroll: true });
  root.addEventListener("click", (event) => event.target.closest("[data-action=cancel]") && host.close());
  root.addEventListener("keydown", (event) => event.key === "Escape" && host.close());
}

// Links lead out of the frame, which only the host may do. With a key held the
// browser opens a tab by itself.
function leave(event) {
  const link = event.target.closest("a[href]");
  if (!link || link.dataset.open || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (!/^https?:$/.test(link.protocol)) return;
  event.preventDefault();
  host.leave(link.href, link.target !== "_top");
}
