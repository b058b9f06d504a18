import { invokeRemote } from "./bridge.js";

// A failed call resolves too: only its body tells.
const { body } = await invokeRemote({ path: "/forge/me", method: "POST" });
document.querySelector("h1").textContent = body?.greeting ?? "Jira did not say who you are.";
