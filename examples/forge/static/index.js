import { invokeRemote } from "./bridge.js";

// A failed call resolves too: only its body tells.
const { body } = await invokeRemote({ path: "/api/projects", method: "POST" });
for (const { key, name } of body?.projects ?? [{ key: "?", name: "Jira did not answer." }]) {
  const line = document.createElement("li");
  line.textContent = `${key} ${name}`;
  document.querySelector("ul").append(line);
}
