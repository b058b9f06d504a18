// Calls to the app, with the caller's token.

import { parse } from "./fragment.js";

const patience = 30_000; // ms to wait for an answer

// A failure with a text for the person.
export class CallError extends Error {}

export class Calls {
  #host;
  #scheme;
  #token;

  // scheme is what the token follows in the Authorization header; token may be
  // "", then the host is asked before the first call.
  constructor(host, scheme, token) {
    this.#host = host;
    this.#scheme = scheme;
    this.#token = token;
  }

  get(url) {
    return this.#call(url, { method: "GET" });
  }

  post(url, form) {
    return this.#call(url, { method: "POST", body: new URLSearchParams(form) });
  }

  // Answers {ok, node}: ok is false for a form that came back with its errors.
  async #call(url, init) {
    this.#token ||= await this.#host.token();
    let response = await this.#send(url, init);
    if (response.status === 401) {
      this.#token = await this.#host.token();
      if (this.#token) response = await this.#send(url, init);
    }
    return read(response);
  }

  async #send(url, init) {
    const headers = { Accept: "text/html" };
    if (this.#token) headers.Authorization = `${this.#scheme} ${this.#token}`;
    try {
      return await fetch(url, {
        ...init,
        headers,
        cache: "no-store",
        credentials: "omit",
        redirect: "error",
        signal: AbortSignal.timeout(patience),
      });
    } catch {
      throw new CallError("Sightline did not answer. Try again in a moment.");
    }
  }
}

async function read(response) {
  const text = await response.text().catch(() => "");
  const type = response.headers.get("Content-Type") ?? "";
  const node = type.startsWith("text/html") ? parse(text) : null;
  const form = response.status === 422 && node?.dataset.fragment === "config";
  if (form || (response.ok && (node || response.status === 204))) {
    return { ok: response.ok, node };
  }
  throw new CallError(reason(response.status, type, text, node));
}

// What to tell the person: the app's own words where it gave some.
function reason(status, type, text, node) {
  if (type.startsWith("application/problem+json")) {
    const problem = problemOf(text);
    const said = problem.detail || problem.title;
    if (typeof said === "string" && said) return said;
  }
  const said = node?.dataset.fragment === "message" && node.querySelector("p")?.textContent;
  if (said) return said;
  if (status === 401) return "Your session has ended. Reload the page.";
  if (status === 403) return "You are not allowed to do this.";
  return "Something went wrong. Try again in a moment.";
}

function problemOf(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}
