// What a page does: shows fragments, opens the form, saves it.

import { CallError } from "./calls.js";
import { swap } from "./fragment.js";

export class App {
  #root;
  #slot;
  #status;
  #host;
  #calls;
  #before = null; // the fragment that Cancel brings back
  #turn = 0; // counts what the person and the page began; older answers are dropped
  #saving = false;
  #saved;

  // saved is called after the form was saved.
  constructor(root, host, calls, saved = () => {}) {
    this.#root = root;
    this.#slot = root.querySelector("[data-slot]");
    this.#status = root.querySelector("[data-status]");
    this.#host = host;
    this.#calls = calls;
    this.#saved = saved;
  }

  start() {
    this.#root.addEventListener("click", (event) => this.#click(event));
    this.#root.addEventListener("submit", (event) => this.#submit(event));
    this.#root.addEventListener("input", (event) => this.#input(event));
    this.#root.addEventListener("keydown", keepEnter);
    this.#root.addEventListener("change", () => this.#host.resize());
    this.#host.onEdit(() => this.edit());
    this.#host.theme();
    this.#settle(false);
  }

  // Opens the form, unless it is open.
  async edit() {
    const url = this.#root.dataset.form;
    if (this.#kind() === "config" || !url) return;
    const answer = await this.#ask("Could not open the settings.", () => this.#calls.get(url));
    if (!answer?.node) return;
    this.#before = this.#show(answer.node);
    this.#slot.querySelector("input, select")?.focus({ preventScroll: true });
  }

  // Brings back what was there before the form, without a call.
  cancel() {
    if (this.#saving || !this.#before) return;
    this.#turn++;
    this.#say("");
    this.#show(this.#before);
    this.#before = null;
    this.#land();
  }

  // Asks for the workload with fresh numbers.
  async view() {
    const url = this.#root.dataset.view;
    if (!url) return;
    const fresh = url + (url.includes("?") ? "&" : "?") + "fresh=1";
    const answer = await this.#ask("Could not update the numbers.", () => this.#calls.get(fresh));
    if (answer?.node) this.#show(answer.node, true);
  }

  // Sends the form. What was typed stays when it fails.
  async save() {
    const form = this.#slot.querySelector("form");
    if (!form || this.#saving) return;
    this.#saving = true;
    const url = form.getAttribute("action") || this.#root.dataset.save;
    const answer = await this.#ask("Could not save.", () =>
      this.#calls.post(url, new FormData(form)),
    ).finally(() => (this.#saving = false));
    if (!answer) return;
    if (answer.node) this.#show(answer.node);
    if (!answer.ok) {
      this.#slot.querySelector(":is(input, select)[aria-invalid], [aria-invalid] input")?.focus();
      return;
    }
    this.#before = null;
    this.#land();
    this.#saved();
  }

  // Makes one call. Answers null when it failed, having said so, or when
  // something else began meanwhile.
  async #ask(failure, call) {
    const turn = ++this.#turn;
    this.#slot.setAttribute("aria-busy", "true");
    try {
      const answer = await call();
      if (turn !== this.#turn) return null;
      this.#say("");
      return answer;
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      if (turn === this.#turn) this.#say(`${failure} ${error.message}`);
      return null;
    } finally {
      if (turn === this.#turn) this.#slot.removeAttribute("aria-busy");
    }
  }

  #show(node, fresh = false) {
    const old = swap(this.#slot, node);
    this.#settle(fresh);
    return old;
  }

  // Tells the host about the fragment in place. Numbers that are old are asked
  // for once more, but not again when they just came.
  #settle(fresh) {
    const fragment = this.#slot.firstElementChild;
    if (fragment?.dataset.title) this.#host.title(fragment.dataset.title);
    this.#host.resize();
    if (!fresh && fragment?.hasAttribute("data-stale")) this.view();
  }

  // Gives the focus a place after the form that had it is gone.
  #land() {
    const fragment = this.#slot.firstElementChild;
    fragment.tabIndex = -1;
    fragment.focus({ preventScroll: true });
  }

  #say(text) {
    if (this.#status.textContent === text) return;
    this.#status.textContent = text;
    this.#host.resize();
  }

  #kind() {
    return this.#slot.firstElementChild?.dataset.fragment;
  }

  #click(event) {
    const action = event.target.closest("[data-action]")?.dataset.action;
    if (action === "edit") this.edit();
    if (action === "cancel") this.cancel();
    if (action === "view") this.view();
  }

  #submit(event) {
    event.preventDefault();
    this.save();
  }

  #input(event) {
    if (event.target.matches("[data-filter]")) filter(this.#slot, event.target.value);
  }
}

// Enter in the filter box must not send the form.
function keepEnter(event) {
  if (event.key === "Enter" && event.target.matches("[data-filter]")) event.preventDefault();
}

// Shows the choices that contain the text; chosen ones stay chosen.
function filter(slot, text) {
  const wanted = text.trim().toLowerCase();
  let found = 0;
  for (const choice of slot.querySelectorAll(".choice")) {
    choice.hidden = !choice.textContent.toLowerCase().includes(wanted);
    if (!choice.hidden) found++;
  }
  slot.querySelector("[data-none]").hidden = found > 0;
}
