// Previews the outcome of a form while a person fills it in; see chat.js.

import { replace } from "./fragment.js";
import { released } from "./press.js";

const pause = 300; // ms without a change before the app is asked

export class Preview {
  #root;
  #calls;
  #timer;
  #asked; // the form of the last call

  constructor(root, calls) {
    this.#root = root;
    this.#calls = calls;
  }

  start() {
    for (const type of ["input", "change"]) this.#root.addEventListener(type, () => this.#soon());
    // A form that came back with errors is a new element.
    new MutationObserver(() => this.#ask()).observe(this.#root.querySelector("[data-slot]"), { childList: true });
    this.#ask();
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), pause);
  }

  async #ask() {
    const place = this.#root.querySelector("[data-preview]");
    if (!place) return;
    const query = String(new URLSearchParams(fields(place.closest("form"))));
    const shown = place.querySelector("[data-fragment]");
    if (this.#asked?.query === query && this.#asked.place === place) return;
    const turn = { query, place };
    this.#asked = turn;
    shown.setAttribute("aria-busy", "true");
    const answer = await this.#calls.get(`${place.dataset.preview}?${query}`).catch(() => null).finally(released);
    if (this.#asked !== turn) return; // the form has changed
    shown.removeAttribute("aria-busy");
    if (answer?.node) {
      replace(shown, answer.node);
      return;
    }
    this.#asked = null; // the next change asks again
    const label = shown.querySelector("[data-label], .preview-none");
    label.removeAttribute("data-label");
    label.className = "preview-none";
    label.textContent = place.dataset.failed;
  }
}

// The text of a search is not a value of the form.
function fields(form) {
  const data = new FormData(form);
  for (const field of form.querySelectorAll("[role=combobox]")) data.delete(field.name);
  return data;
}
