// Calls to the app through Forge, which adds the caller's tokens. Every answer
// is a JSON object, see the contract in the documentation of package forge:
//
//   code    the status that the app means, as of HTTP
//   html    a fragment
//   detail  the app's own words for a failure
//   submit  a configuration that Jira is to keep

import { invokeRemote } from "./bridge.js";
import { CallError, outcome } from "./calls.js";
import { within } from "./limit.js";

const patience = 30_000; // ms; Forge itself gives up after 25 s

export class RemoteCalls {
  #host;

  constructor(host) {
    this.#host = host;
  }

  get(url) {
    return this.#call("GET", url);
  }

  post(url, form) {
    return this.#call("POST", url, { form: new URLSearchParams(form).toString() });
  }

  // Answers {ok, node}: ok is false for a form that came back with its errors.
  async #call(method, path, body) {
    const answer = await this.#send({ path, method, ...(body && { body }), headers: headers(body) });
    if (answer.submit) {
      await this.#submit(answer.submit);
      return { ok: true, node: null };
    }
    return outcome(answer.code, answer.html ?? "", answer.detail ?? "");
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

function headers(body) {
  const accept = { Accept: "application/json" };
  return body ? { ...accept, "Content-Type": "application/json" } : accept;
}
