// A Jira dashboard item.

import { App } from "./app.js";
import { Calls } from "./calls.js";
import { makeHost } from "./host.js";
import { pickers } from "./picker.js";

const root = document.querySelector("[data-app]");
pickers(root);
const host = makeHost(window, false);
host.follow(root);
new App(root, host, new Calls(host, "JWT", root.dataset.session)).start();
