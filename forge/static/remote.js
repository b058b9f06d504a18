// Calls to the app through Forge, which adds the caller's tokens. Every answer
// is a JSON object, see the contract in the documentation of package forge:
//
//   code    the status that the app means, as of HTTP
//   html    a fragment
//   detail  the app's own words for a failure
//   submit  a configuration that Jira is to keep
//   file    a piece of a file: its text, and in next what asks for the next one
//   read    what this page is to read in Jira first, see reader.js

import { invokeRemote } from "./bridge.js";
import { CallError, outcome } from "./calls.js";
import { within } from "./limit.js";
import { CannotRead, canRead, readFor } from "./reader.js";

const patience = 30_000; // ms; Forge itself gives up after 25 s

export class RemoteCalls {
  #host;
  // What this page is called as long as it can read Jira itself, else "".
  #reads = canRead() ? crypto.getRandomValues(new Uint32Array(2)).join("-") : "";
  #begun = new Map(); // what to read for what is shown by now, by address

  constructor(host) {
    this.#host = host;
  }

  get(url) {
    return this.#call("GET", url);
  }

  post(url, form) {
    return this.#call("POST", url, { form: new URLSearchParams(form).toString() });
  }

  // Answers {blob}: a file, put together from its pieces.
  async file(url) {
    const pieces = [];
    for (let next = ""; ; ) {
      const from = next && `${url.includes("?") ? "&" : "?"}${new URLSearchParams({ next })}`;
      const answer = await this.#answer("GET", url + from);
      if (!answer.file) return outcome(answer.code, answer.html ?? "", answer.detail ?? "");
      pieces.push(answer.file.text);
      if (!answer.file.next) return { blob: new Blob(pieces, { type: "text/csv" }) };
      if (answer.file.next === next) throw new CallError("failed");
      next = answer.file.next;
    }
  }

  // Answers {ok, node}: ok is false for a form that came back with its errors.
  async #call(method, path, body) {
    const answer = await this.#answer(method, path, body);
    if (answer.submit) {
      await this.#submit(answer.submit);
      return { ok: true, node: null };
    }
    return outcome(answer.code, answer.html ?? "", answer.detail ?? "");
  }

  async #answer(method, path, body) {
    const begun = method === "GET" && this.#begun.get(path);
    this.#begun.delete(path);
    let answer = begun ? { read: begun } : await this.#ask(method, path, body);
    if (answer.read && answer.html) this.#begun.set(answer.read.path, answer.read);
    else if (answer.read) answer = await this.#read(answer.read);
    return answer;
  }

  #ask(method, path, body) {
    const mark = this.#reads && `${path.includes("?") ? "&" : "?"}reads=${this.#reads}`;
    return this.#send({ path: path + mark, method, ...(body && { body }), headers: headers(body) });
  }

  // Reads Jira for what the app is to show. If that cannot be done here, the app
  // does it, from now on.
  async #read(read) {
    try {
      return await readFor(read, (part) => this.#ask("POST", read.to, { page: this.#reads, ...part }));
    } catch (error) {
      if (!(error instanceof CannotRead)) throw error;
      this.#reads = "";
      return this.#ask("GET", read.path);
    }
  }

  async #submit(config) {
    try {
      await this.#host.submit(config);
    } catch {
      throw new CallError("failed");
    }
  }

  // A call that failed on the way is told by what is missing: the bridge does
  // not throw, and gives the host's {message, status}.
  async #send(input) {
    const response = await within(patience, invokeRemote(input)).catch(() => null);
    const answer = [response?.body, response].find((part) => Number.isInteger(part?.code));
    if (answer) return answer;
    if (Number.isInteger(response?.status)) return { code: response.status < 400 ? 502 : response.status };
    throw new CallError("noanswer");
  }
}

// The language counts for a person whose Jira the app cannot ask.
function headers(body) {
  const accept = { Accept: "application/json", "Accept-Language": document.documentElement.lang };
  return body ? { ...accept, "Content-Type": "application/json" } : accept;
}
