// Calls to the app, with the caller's token.

import { parse } from "./fragment.js";

const patience = 30_000; // ms to wait for an answer
const filePatience = 600_000; // ms for a whole file

// A failed call. It has the app's message for the person, or a code for which
// the page has a text.
export class CallError extends Error {
  // node is the fragment that the app sent about the failure, if any.
  constructor(code, message = "", node = null) {
    super(message);
    this.code = code;
    this.node = node;
  }
}

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

  // Returns {blob}, or fails.
  async file(url) {
    const response = await this.#answer(url, { method: "GET" }, "text/csv, text/html", filePatience);
    if (!response.ok) return read(response);
    const blob = await response.blob().catch(() => null);
    if (!blob) throw new CallError("noanswer"); // it broke off
    return { blob };
  }

  // Returns {ok, node}; ok is false for a form that came back with errors.
  async #call(url, init) {
    return read(await this.#answer(url, init, "text/html", patience));
  }

  async #answer(url, init, accept, ms) {
    this.#token ||= await this.#host.token();
    let response = await this.#send(url, init, accept, ms);
    if (response.status === 401) {
      this.#token = await this.#host.token();
      if (this.#token) response = await this.#send(url, init, accept, ms);
    }
    return response;
  }

  async #send(url, init, accept, ms) {
    const headers = { Accept: accept };
    if (this.#token) headers.Authorization = `${this.#scheme} ${this.#token}`;
    try {
      return await fetch(url, {
        ...init,
        headers,
        cache: "no-store",
        credentials: "omit",
        redirect: "error",
        signal: AbortSignal.timeout(ms),
      });
    } catch {
      throw new CallError("noanswer");
    }
  }
}

async function read(response) {
  const text = await response.text().catch(() => "");
  const type = response.headers.get("Content-Type") ?? "";
  const problem = type.startsWith("application/problem+json") ? problemOf(text) : {};
  return outcome(response.status, type.startsWith("text/html") ? text : "", problem.detail || problem.title);
}

// What an answer of the app comes to: {ok, node}, or a CallError. said is the
// app's own words for a failure.
export function outcome(status, html, said) {
  const ok = status >= 200 && status < 300;
  const node = html ? parse(html) : null;
  const form = !ok && node?.matches("form");
  if (form || (ok && (node || status === 204))) return { ok, node };
  const message = node?.dataset.fragment === "message" ? node : null;
  throw new CallError(code(status), reason(status, said, message), message);
}

function code(status) {
  if (status === 401) return "signedout";
  if (status === 403) return "notallowed";
  return "failed";
}

// What the app itself says. Of a token that it does not take, the page's own
// words say more: what to do.
function reason(status, said, node) {
  if (status === 401) return "";
  if (typeof said === "string" && said) return said;
  return node?.querySelector("p")?.textContent || "";
}

function problemOf(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}
