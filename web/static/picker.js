// A field that chooses several things by searching: a combobox with the chosen
// ones before it and the list below, after the "combobox" pattern of the ARIA
// Authoring Practices Guide.
//
//   data-picker data-max="N"  around all of it
//   data-rows         on the same element: the chosen ones are rows with fields of
//                     their own, which Backspace does not take away and nothing
//                     follows
//   data-picks        the list of chosen ones, each with a button data-drop; fields
//                     data-with are sent with them
//   data-count        their number
//   data-full data-text="…"  shows the text when no more can be chosen
//   role=combobox     the field, with data-live and data-into (see app.js)
//   data-unasked      on the list: nothing has been searched for
//   role=option       with a <template> of its chosen form
//   data-follows      on a live field elsewhere in the form: asks again when the
//                     choice changes

import { released } from "./press.js";

export function pickers(root) {
  const on = (type, handle) =>
    root.addEventListener(
      type,
      (event) => {
        const picker = event.target.closest("[data-picker]");
        if (picker) handle(new Picker(picker), event);
      },
      true, // before the page's listener, which goes back on Escape
    );
  on("input", (picker, event) => event.target === picker.field && picker.open());
  on("click", (picker, event) => picker.click(event.target));
  on("keydown", (picker, event) => event.target === picker.field && picker.key(event));
  // Input methods may send a character without its key.
  on("keypress", (picker, event) => event.target === picker.field && event.key === "Enter" && event.preventDefault());
  on("mousedown", (picker, event) => event.target.closest("[role=listbox]") && event.preventDefault());
  on("focusout", (picker) => picker.left());
}

class Picker {
  constructor(element) {
    this.element = element;
    this.field = element.querySelector("[role=combobox]");
    this.picks = element.querySelector("[data-picks]");
  }

  // A search brings a new list.
  get list() {
    return this.element.querySelector("[role=listbox]");
  }

  get hasRows() {
    return "rows" in this.element.dataset;
  }

  // The options that can be chosen.
  get options() {
    return [...this.element.querySelectorAll("[role=option][data-key]")];
  }

  get active() {
    const id = this.field.getAttribute("aria-activedescendant");
    return this.options.find((option) => option.id === id);
  }

  get isOpen() {
    return this.field.getAttribute("aria-expanded") === "true";
  }

  // A list without options left opens once something is typed. One that was never asked
  // for asks first.
  open() {
    const { list } = this;
    if ("unasked" in list.dataset) {
      delete list.dataset.unasked;
      return this.#fire(this.field, "input");
    }
    this.#expand(this.list.childElementCount > 0 || this.field.value !== "");
    this.#activate(null);
  }

  close() {
    if (this.isOpen) this.#expand(false);
    this.#activate(null);
  }

  // Closes once the focus is elsewhere in the page. While another window or
  // frame has it, nothing changes: a press on the host's buttons moves it there.
  async left() {
    await released();
    const doc = this.element.ownerDocument;
    if (doc.hasFocus() && !this.element.contains(doc.activeElement)) this.close();
  }

  click(target) {
    const option = target.closest("[role=option][data-key]");
    const drop = target.closest("[data-drop]");
    if (option) this.#choose(option);
    else if (drop) this.#drop(drop);
    else if (target === this.field) this.open();
  }

  key(event) {
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") this.#move(key === "ArrowDown" ? 1 : -1);
    else if (key === "Enter") this.#enter();
    else if (key === "Escape" && this.isOpen) this.close();
    else if (key === "Backspace" && this.field.value === "" && !this.hasRows) return this.#drop(this.picks.lastElementChild?.querySelector("[data-drop]"));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #move(step) {
    if (!this.isOpen) this.open();
    const { options } = this;
    const at = options.indexOf(this.active);
    this.#activate(options[at < 0 ? (step > 0 ? 0 : options.length - 1) : (at + step + options.length) % options.length]);
  }

  // Without an active option, takes the first if the list answers the typed text.
  #enter() {
    const typed = this.field.value.trim();
    const first = this.isOpen && typed && this.list.dataset.for === typed ? this.options[0] : null;
    const option = this.active ?? first;
    if (option) this.#choose(option);
  }

  #choose(option) {
    // A late answer may offer an option that is chosen by now.
    if (this.#keys().includes(option.dataset.key)) return option.remove();
    const max = Number(this.element.dataset.max);
    if (max === 1) this.picks.replaceChildren(); // the new one takes its place
    const full = this.picks.children.length >= max;
    this.#say(full);
    if (full) return;
    const next = option.nextElementSibling?.dataset.key ? option.nextElementSibling : this.options[0];
    this.picks.append(option.querySelector("template").content.cloneNode(true));
    option.remove();
    this.#changed();
    if (this.field.value) this.#search();
    else if (!this.list.childElementCount) this.close();
    else this.#activate(next === option ? null : next);
  }

  #drop(button) {
    if (!button) return;
    button.closest("li").remove();
    this.field.focus();
    this.#say(false);
    this.#changed();
    this.#search();
    this.close();
  }

  // Searches for all remaining options.
  #search() {
    this.field.value = "";
    this.#fire(this.field, "input");
  }

  #changed() {
    this.element.querySelector("[data-count]").textContent = this.picks.children.length;
    for (const follower of this.hasRows ? [] : this.field.form.querySelectorAll("[data-follows]")) {
      follower.value = this.#keys().join(); // an older answer does not match it
      this.#fire(follower, "input");
    }
    this.#fire(this.field, "change");
  }

  #keys() {
    return [...this.picks.querySelectorAll("input:not([data-with])")].map((pick) => pick.value);
  }

  #say(full) {
    const place = this.element.querySelector("[data-full]");
    place.textContent = full ? place.dataset.text : "";
  }

  #expand(open) {
    this.field.setAttribute("aria-expanded", String(open));
    this.#fire(this.field, "change"); // the frame grows and shrinks with the list
  }

  #activate(option) {
    for (const other of this.options) other.classList.toggle("active", other === option);
    if (!option) return this.field.removeAttribute("aria-activedescendant");
    this.field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  #fire(target, type) {
    target.dispatchEvent(new Event(type, { bubbles: true }));
  }
}
