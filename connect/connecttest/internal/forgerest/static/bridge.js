// Stands in for the few calls of @forge/bridge that most pages make, for pages
// that were not built. What Atlassian's package does beyond them is not here.

const call = (name, payload) => globalThis.__bridge.callBridge(name, payload);

async function must(name, payload) {
  if ((await call(name, payload)) === false) throw new Error(`${name} was refused`);
}

export const view = {
  getContext: () => call("getContext"),
  submit: (payload) => must("submit", payload),
  close: (payload) => must("close", payload),
  refresh: (payload) => must("refresh", payload),
  theme: { enable: () => call("enableTheming") },
};

export const router = {
  navigate: (url) => call("navigate", { url, type: "same-tab" }),
  open: (url) => call("navigate", { url, type: "new-tab" }),
};

// Calls Jira's REST API as the viewer, without a token of the app's.
export async function requestJira(restPath, { method, headers, body } = {}) {
  const sent = [...new Headers({ "X-Atlassian-Token": "no-check", ...headers }).entries()];
  const answer = await call("fetchProduct", { product: "jira", restPath, fetchRequestInit: { method, body, headers: sent }, isMultipartFormData: false });
  return new Response(answer.body || null, { status: answer.status, statusText: answer.statusText, headers: answer.headers });
}

// Resolves also when the call failed: {message, status}.
export async function invokeRemote(input) {
  const { success, payload, error } = (await call("invoke", { ...input, invokeType: "ui-remote-fetch" })) ?? {};
  return { ...(success ? payload : error) };
}
