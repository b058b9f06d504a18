import { invokeRemote } from "./bridge.js";

// A failed call resolves too: only its body tells.
const { body } = await invokeRemote({ path: "/forge/count", method: "POST" });
document.querySelector("p").textContent = body?.open === undefined ? "Jira did not answer." : body.open + " open";
