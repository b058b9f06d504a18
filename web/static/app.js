// The page: shows fragments, one over the other, and sends forms.
//
// Fragments state their behaviour in attributes, so that a new view needs no
// script:
//
//   data-action="edit|view|back|cancel|print"  on a button
//   data-open="URL"     on a button or link: shows the fragment that URL answers;
//                       "back" returns to the previous one
//   data-post="URL"     on a button with a name and a value: sends them and
//                       replaces the fragment with the answer
//   data-said="TEXT"    with data-post: announced once that is done
//   data-updated="TEXT" on the fragment: announced if fresh numbers differ
//   data-age="TEXT"     on a time: keeps counting, with its age as {age}; with
//                       data-seconds every second
//   data-live="URL" data-into="ID"  on a field: sends its form as a query while
//                       the person types, and replaces #ID with the answer; fields
//                       with data-private stay out of the query
//   data-file="URL" data-name="NAME"  on a button in a form: asks for a file with
//                       the form as a query, gives it to the browser, and puts
//                       its text into the field in [data-text]
//   data-copy="ID" data-said data-failed  on a button: copies the table in #ID
//   data-order data-said="TEXT"  on a list: its buttons with data-move="-1" and
//                       "1" move their items, which is announced
//   data-filter         on a field: hides the .choice elements without its text
//   data-keep           on a checkbox: stays checked in the next fragment
//   data-grid           on a table: its buttons are one stop of the Tab key, and
//                       arrow keys move among them
//   data-scroll         on an element with an id that scrolls sideways: starts at
//                       its end, or with "start" at its start, and keeps its
//                       position in the next fragment
//   data-outside="ID" data-text="TEXT"  on a note: says how many columns of the
//                       table in #ID are out of view, as {0}, and their amount
//                       in all, as {1}, from data-amounts of the columns
//                       between the first and the last
//   data-stale, data-refresh="SECONDS", data-retry="SECONDS"  on the fragment:
//                       asks for the view again, now or later

import { tick } from "./age.js";
import { announcer, numbers } from "./announce.js";
import { CallError } from "./calls.js";
import { filter, live } from "./fields.js";
import { replace, scroll, succeed, successor, swap } from "./fragment.js";
import { move, rove } from "./grid.js";
import { reorder } from "./order.js";
import { watch } from "./outside.js";
import { released, watchPresses } from "./press.js";
import { copy, copyText, save } from "./take.js";

const retry = { first: 60, most: 900 }; // seconds between tries to update

// Returns when to try again after some failures in a row: when the app says, or later
// each time if it says nothing, at a time of each page's own, so that many do not come
// back at once.
function retryAfter(failures, asked) {
  const wait = Math.min(retry.first * 2 ** (failures - 1), retry.most);
  return asked > 0 ? asked : wait * (0.5 + 0.5 * Math.random());
}

export class App {
  #root;
  #slot;
  #status;
  #announce;
  #host;
  #calls;
  #under = []; // the fragments below the current one, oldest first
  #turn = 0; // counts the calls; answers to older ones are dropped
  #saving = false;
  #saved;
  #again; // the timer of the next call
  #failures = 0; // of updates, since the last that went well

  // saved is called after every saved form.
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
    watchPresses(this.#root.ownerDocument.defaultView);
    this.#root.addEventListener("click", (event) => this.#click(event));
    this.#root.addEventListener("submit", (event) => this.#submit(event));
    this.#root.addEventListener("input", (event) => this.#input(event));
    this.#root.addEventListener("keydown", (event) => this.#key(event));
    this.#root.addEventListener("change", () => this.#host.resize());
    this.#root.addEventListener("toggle", () => this.#host.resize(), true); // it does not bubble
    this.#host.onEdit(() => this.edit());
    this.#host.theme();
    scroll(this.#slot);
    this.#settle(false);
    let beat = 0;
    setInterval(() => {
      if (++beat % 15 === 0 || this.#slot.querySelector("[data-seconds]")) released().then(() => tick(this.#slot));
    }, 1000);
    this.#root.ownerDocument.defaultView.addEventListener("online", () => this.#failures > 0 && this.#later(5 * Math.random() + 1));
  }

  // Opens the form, unless it is open.
  async edit() {
    const url = this.#root.dataset.form;
    if (this.#kind() === "config" || !url) return;
    await this.open(url);
  }

  // Shows a fragment over the current one.
  async open(url) {
    const answer = await this.#ask("open", () => this.#calls.get(url));
    if (!answer?.node) return;
    const opener = this.#opener();
    this.#under.push({ node: this.#show(answer.node), opener });
    this.#enter();
  }

  // Returns to the previous fragment, without a call.
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
    this.#failures = 0;
    const before = numbers(this.#slot);
    this.#show(answer.node, true);
    if (before && before !== numbers(this.#slot)) this.#announce(answer.node.dataset.updated);
  }

  #fresh() {
    const url = this.#root.dataset.view;
    return url && url + (url.includes("?") ? "&" : "?") + "fresh=1";
  }

  // Sends a button's name and value, and shows the answer.
  async post(button) {
    const answer = await this.#ask("save", () =>
      this.#calls.post(button.dataset.post, [[button.name, button.value]]),
    );
    if (!answer?.node) return;
    this.#show(answer.node, true);
    this.#announce(button.dataset.said);
    if ("renew" in button.dataset) this.#renew();
  }

  // Asks for a file and gives it to the browser. A frame may not be allowed to save
  // it, and does not learn that: its text can be copied from a field.
  async take(button) {
    const { file, name, said } = button.dataset;
    const url = file + (file.includes("?") ? "&" : "?") + new URLSearchParams(new FormData(button.form));
    const answer = await this.#ask("open", () => this.#calls.file(url));
    if (!answer) return;
    save(this.#root.ownerDocument, answer.blob, name);
    const text = await answer.blob.text();
    const place = this.#slot.querySelector("[data-text]");
    if (!place || !button.isConnected) return;
    place.hidden = false;
    place.querySelector("textarea").value = text;
    this.#say(said, "good");
  }

  // Copies a table or the text of a field, and says how that went.
  #copy({ dataset: { copy: id, said, failed } }) {
    const place = this.#slot.querySelector(`#${CSS.escape(id)}`);
    const copied = place.matches("textarea") ? copyText(place) : copy(place.querySelector("table"));
    if (copied) this.#say(said, "good");
    else this.#say(failed);
  }

  // Sends the form. It stays as it is if that fails.
  async save() {
    const form = this.#slot.querySelector("form[data-fragment]");
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

  // Saving makes the numbers below out of date. Asks for them now and, if that
  // fails, again once they are the current fragment.
  async #renew() {
    const under = this.#under[0];
    if (!under) return;
    under.node.dataset.stale = "";
    const answer = await this.#calls.get(this.#fresh()).catch(() => null);
    if (!answer?.node || this.#under[0] !== under) return;
    succeed(under.node, answer.node);
    under.node = answer.node;
  }

  // Drops the fragments that an answer makes out of date: the one of its kind and
  // those above. If there is none of its kind, all are, but for the view that it
  // stands over.
  #unwind(node) {
    const { fragment, over } = node?.dataset ?? {};
    const at = this.#under.findIndex((under) => under.node.dataset.fragment === fragment);
    this.#under.length = at >= 0 ? at : over === undefined ? 0 : Math.min(this.#under.length, 1);
  }

  // Makes one call. Returns null if it failed, which the page then shows, or if
  // another call has begun.
  async #ask(what, call) {
    const turn = ++this.#turn;
    this.#slot.setAttribute("aria-busy", "true");
    try {
      const answer = await call().finally(released);
      if (turn !== this.#turn) return null;
      this.#say("");
      return answer;
    } catch (error) {
      const known = error instanceof CallError;
      if (!known) reportError(error); // a fault of ours: the page goes on, and asks again
      if (turn === this.#turn) this.#fail(what, known ? error : new CallError("failed"));
      return null;
    } finally {
      if (turn === this.#turn) this.#slot.removeAttribute("aria-busy");
    }
  }

  // A message from the app replaces a message or a loading view. Any other view
  // stays, with a text below it.
  #fail(what, error) {
    const empty = ["message", "loading"].includes(this.#kind());
    if (what === "update" && empty && error.node) this.#show(error.node, true);
    else this.#say(this.#failure(what, error));
    if (what === "update") this.#later(retryAfter(++this.#failures, Number(error.node?.dataset.retry)));
  }

  // The texts are those of the page, in its language.
  #failure(what, error) {
    const said = error.message || this.#root.dataset[`say${error.code}`] || "";
    return `${this.#root.dataset[`failed${what}`] ?? ""} ${said}`.trim();
  }

  #show(node, fresh = false) {
    const old = swap(this.#slot, node);
    this.#settle(fresh);
    return old;
  }

  // Tells the host about the current fragment, and asks for fresh numbers if they
  // are stale and did not just arrive.
  #settle(fresh) {
    const fragment = this.#slot.firstElementChild;
    rove(this.#slot);
    watch(this.#slot);
    if (fragment?.dataset.title) this.#host.title(fragment.dataset.title);
    this.#host.resize();
    tick(this.#slot);
    clearTimeout(this.#again);
    if (!fresh && fragment?.hasAttribute("data-stale")) this.view();
    else this.#later(Number(fragment?.dataset.retry || fragment?.dataset.refresh || 0));
  }

  // Asks for the view after some seconds, at most an hour, once the page is
  // visible. Up to a tenth more keeps boards apart that were told the same.
  #later(seconds) {
    clearTimeout(this.#again);
    if (!(seconds > 0)) return;
    const wait = Math.min(seconds, 3600) * (1000 + 100 * Math.random());
    this.#again = setTimeout(() => {
      const doc = this.#root.ownerDocument;
      if (!doc.hidden) return this.view();
      doc.addEventListener("visibilitychange", () => this.view(), { once: true });
    }, wait);
  }

  // Focuses the field where a form begins, else its first one, else the fragment.
  #enter() {
    const form = this.#slot.querySelector("form[data-fragment]");
    const field = form?.querySelector("[data-first]") ?? form?.querySelector(":is(input, select, textarea):not([type=hidden])");
    if (field) field.focus({ preventScroll: true });
    else this.#land();
  }

  // Focuses the fragment after the focused element is gone.
  #land() {
    const fragment = this.#slot.firstElementChild;
    fragment.tabIndex = -1;
    fragment.focus({ preventScroll: true });
  }

  #opener() {
    const active = this.#root.ownerDocument.activeElement;
    return this.#slot.contains(active) ? active : null;
  }

  #say(text, tone = "") {
    if (this.#status.textContent === text) return;
    this.#status.dataset.tone = tone;
    this.#status.textContent = text;
    this.#host.resize();
  }

  #kind() {
    return this.#slot.firstElementChild?.dataset.fragment;
  }

  #click(event) {
    const target = event.target.closest("[data-action], [data-open], [data-post], [data-move], [data-file], [data-copy]");
    if (!target) return;
    const { action, open, post } = target.dataset;
    if (open && target.href && (event.ctrlKey || event.metaKey || event.shiftKey)) return; // the browser opens it
    if (open) event.preventDefault();
    if (action === "edit") this.edit();
    if (action === "cancel" || action === "back") this.back();
    if (action === "view") this.view();
    if (action === "print") this.#root.ownerDocument.defaultView.print();
    if (open) this.open(open);
    if (post) this.post(target);
    if (target.dataset.file) this.take(target);
    if (target.dataset.copy) this.#copy(target);
    if (target.dataset.move) this.#announce(reorder(target));
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

  // Shows the answer for a live field. A failed one, or one that arrives after
  // further typing, changes nothing.
  async #fill(field, url) {
    const typed = field.value;
    const answer = await this.#calls.get(url).catch(() => null).finally(released);
    const place = field.isConnected && this.#root.ownerDocument.getElementById(field.dataset.into);
    if (!answer?.node || !place || field.value !== typed) return;
    replace(place, answer.node);
    this.#host.resize();
  }

  // Escape goes back. Enter in a search field must not send the form.
  #key(event) {
    if (event.key === "Escape" && this.#under.length > 0) this.back();
    if (event.target.closest("[data-grid] td button") && move(event.target, event.key)) event.preventDefault();
    if (event.key === "Enter" && event.target.matches("[data-filter], [data-live]")) event.preventDefault();
  }
}
