// What a page does: shows fragments, one over the other, and sends forms.
//
// Fragments say what they want in attributes, so that a new view needs no
// script of its own:
//
//   data-action="edit|view|back|cancel"  on a button
//   data-open="URL"     on a button or link: shows the fragment that URL answers;
//                       "back" brings back what was there
//   data-post="URL"     on a button with a name and a value: sends them, and puts
//                       the answer in place of the fragment
//   data-said="TEXT"    beside data-post: what a screen reader hears when it is done
//   data-updated="TEXT" on the fragment: the same when fresh numbers differ
//   data-age="TEXT"     on a time: goes on counting, with its age as {age}
//   data-live="URL" data-into="ID"  on a field: sends its form, as a query, while
//                       the person types, and puts the answer in place of #ID
//   data-filter         on a field: hides the .choice elements that lack its text
//   data-keep           on a checkbox: stays checked in the next fragment
//   data-grid           on a table: the buttons in its cells are one stop of the Tab key, and
//                       arrow keys move among them
//   data-scroll         on an element with an id that scrolls sideways: begins at
//                       its end, and stays where it was in the next fragment
//   data-stale, data-refresh="SECONDS", data-retry="SECONDS"  on the fragment:
//                       asks for the view again, now or then

import { tick } from "./age.js";
import { announcer, numbers } from "./announce.js";
import { CallError } from "./calls.js";
import { filter, live } from "./fields.js";
import { replace, scroll, succeed, successor, swap } from "./fragment.js";
import { move, rove } from "./grid.js";

export class App {
  #root;
  #slot;
  #status;
  #announce;
  #host;
  #calls;
  #under = []; // the fragments below the one in place, oldest first
  #turn = 0; // counts what the person and the page began; older answers are dropped
  #saving = false;
  #saved;
  #again; // the timer of the next look

  // saved is called after a form was saved.
  constructor(root, host, calls, saved = () => {}) {
    this.#root = root;
    this.#slot = root.querySelector("[data-slot]");
    this.#status = root.querySelector("[data-status]");
    this.#announce = announcer(root);
    this.#host = host;
    this.#calls = calls;
    this.#saved = saved;
  }

  start() {
    this.#root.addEventListener("click", (event) => this.#click(event));
    this.#root.addEventListener("submit", (event) => this.#submit(event));
    this.#root.addEventListener("input", (event) => this.#input(event));
    this.#root.addEventListener("keydown", (event) => this.#key(event));
    this.#root.addEventListener("change", () => this.#host.resize());
    this.#host.onEdit(() => this.edit());
    this.#host.theme();
    scroll(this.#slot);
    this.#settle(false);
    setInterval(() => tick(this.#slot), 15_000);
  }

  // Opens the form, unless it is open.
  async edit() {
    const url = this.#root.dataset.form;
    if (this.#kind() === "config" || !url) return;
    await this.open(url);
  }

  // Shows a fragment over the one in place.
  async open(url) {
    const answer = await this.#ask("open", () => this.#calls.get(url));
    if (!answer?.node) return;
    const opener = this.#opener();
    this.#under.push({ node: this.#show(answer.node), opener });
    this.#enter();
  }

  // Brings back what was there before, without a call.
  back() {
    if (this.#saving || this.#under.length === 0) return;
    this.#turn++;
    this.#say("");
    const { node, opener } = this.#under.pop();
    this.#show(node);
    const place = opener?.isConnected ? opener : successor(this.#slot, opener);
    if (place) place.focus({ preventScroll: true });
    else this.#land();
  }

  // Asks for the view with fresh numbers.
  async view() {
    const url = this.#fresh();
    if (!url) return;
    const answer = await this.#ask("update", () => this.#calls.get(url));
    if (!answer?.node) return;
    const before = numbers(this.#slot);
    this.#show(answer.node, true);
    if (before && before !== numbers(this.#slot)) this.#announce(answer.node.dataset.updated);
  }

  #fresh() {
    const url = this.#root.dataset.view;
    return url && url + (url.includes("?") ? "&" : "?") + "fresh=1";
  }

  // Sends what a button says and shows the answer in place.
  async post(button) {
    const answer = await this.#ask("save", () =>
      this.#calls.post(button.dataset.post, [[button.name, button.value]]),
    );
    if (!answer?.node) return;
    this.#show(answer.node, true);
    this.#announce(button.dataset.said);
  }

  // Sends the form. What was typed stays when it fails.
  async save() {
    const form = this.#slot.querySelector("form");
    if (!form || this.#saving) return;
    this.#saving = true;
    const url = form.getAttribute("action");
    const answer = await this.#ask("save", () =>
      this.#calls.post(url, new FormData(form)),
    ).finally(() => (this.#saving = false));
    if (!answer) return;
    if (answer.ok) this.#unwind(answer.node);
    if (answer.node) this.#show(answer.node);
    if (!answer.ok) {
      this.#slot.querySelector(":is(input, select, textarea)[aria-invalid], [aria-invalid] input")?.focus();
      return;
    }
    this.#land();
    this.#renew();
    this.#saved();
  }

  // What was saved makes the numbers below out of date. They are asked for now,
  // and once they are back in place when that fails.
  async #renew() {
    const under = this.#under[0];
    if (!under) return;
    under.node.dataset.stale = "";
    const answer = await this.#calls.get(this.#fresh()).catch(() => null);
    if (!answer?.node || this.#under[0] !== under) return;
    succeed(under.node, answer.node);
    under.node = answer.node;
  }

  // Forgets the fragments that an answer makes out of date: the one of its own
  // kind and those above it, all when there is none.
  #unwind(node) {
    const kind = node?.dataset.fragment;
    const at = this.#under.findIndex((under) => under.node.dataset.fragment === kind);
    this.#under.length = Math.max(at, 0);
  }

  // Makes one call. Answers null when it failed, having said so, or when
  // something else began meanwhile.
  async #ask(what, call) {
    const turn = ++this.#turn;
    this.#slot.setAttribute("aria-busy", "true");
    try {
      const answer = await call();
      if (turn !== this.#turn) return null;
      this.#say("");
      return answer;
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      if (turn === this.#turn) this.#fail(what, error);
      return null;
    } finally {
      if (turn === this.#turn) this.#slot.removeAttribute("aria-busy");
    }
  }

  // What the app says in place of a view takes the place of what is no view
  // either; a view stays where it is, with a word below it.
  #fail(what, error) {
    const empty = ["message", "loading"].includes(this.#kind());
    if (what === "update" && empty && error.node) this.#show(error.node, true);
    else this.#say(this.#failure(what, error));
    if (what === "update") this.#later(Number(error.node?.dataset.retry) || 60);
  }

  // The texts are the page's, in its language.
  #failure(what, error) {
    const said = error.message || this.#root.dataset[`say${error.code}`] || "";
    return `${this.#root.dataset[`failed${what}`] ?? ""} ${said}`.trim();
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
    rove(this.#slot);
    if (fragment?.dataset.title) this.#host.title(fragment.dataset.title);
    this.#host.resize();
    tick(this.#slot);
    clearTimeout(this.#again);
    if (!fresh && fragment?.hasAttribute("data-stale")) this.view();
    else this.#later(Number(fragment?.dataset.retry || fragment?.dataset.refresh || 0));
  }

  // Looks again after some seconds, when somebody can see it.
  #later(seconds) {
    clearTimeout(this.#again);
    if (!(seconds > 0)) return;
    this.#again = setTimeout(() => {
      const doc = this.#root.ownerDocument;
      if (!doc.hidden) return this.view();
      doc.addEventListener("visibilitychange", () => this.view(), { once: true });
    }, seconds * 1000);
  }

  // Gives the focus to the first field of a form, else to the fragment.
  #enter() {
    const field = this.#slot.querySelector("form :is(input, select, textarea):not([type=hidden])");
    if (field) field.focus({ preventScroll: true });
    else this.#land();
  }

  // Gives the focus a place after what had it is gone.
  #land() {
    const fragment = this.#slot.firstElementChild;
    fragment.tabIndex = -1;
    fragment.focus({ preventScroll: true });
  }

  #opener() {
    const active = this.#root.ownerDocument.activeElement;
    return this.#slot.contains(active) ? active : null;
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
    const target = event.target.closest("[data-action], [data-open], [data-post]");
    if (!target) return;
    const { action, open, post } = target.dataset;
    if (open) event.preventDefault();
    if (action === "edit") this.edit();
    if (action === "cancel" || action === "back") this.back();
    if (action === "view") this.view();
    if (open) this.open(open);
    if (post) this.post(target);
  }

  #submit(event) {
    event.preventDefault();
    this.save();
  }

  #input(event) {
    const field = event.target;
    if (field.matches("[data-filter]")) filter(this.#slot, field.value);
    if (field.matches("[data-live]")) live(field, (url) => this.#fill(field, url));
  }

  // Puts the answer of a live field in its place. One that failed, or comes
  // after the person typed on, changes nothing.
  async #fill(field, url) {
    const typed = field.value;
    const answer = await this.#calls.get(url).catch(() => null);
    const place = field.isConnected && this.#root.ownerDocument.getElementById(field.dataset.into);
    if (!answer?.node || !place || field.value !== typed) return;
    replace(place, answer.node);
    this.#host.resize();
  }

  // Escape goes back. Enter in a field that searches must not send the form.
  #key(event) {
    if (event.key === "Escape" && this.#under.length > 0) this.back();
    if (event.target.closest("[data-grid] td button") && move(event.target, event.key)) event.preventDefault();
    if (event.key === "Enter" && event.target.matches("[data-filter], [data-live]")) event.preventDefault();
  }
}
