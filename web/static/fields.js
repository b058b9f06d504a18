// Fields that react while a person types.

const pause = 250; // ms without a key before the app is asked

// Shows the choices that contain the text. Chosen ones stay chosen.
export function filter(slot, text) {
  const wanted = text.trim().toLowerCase();
  let found = 0;
  for (const choice of slot.querySelectorAll(".choice")) {
    choice.hidden = !choice.textContent.toLowerCase().includes(wanted);
    if (!choice.hidden) found++;
  }
  slot.querySelector("[data-none]").hidden = found > 0;
}

const waiting = new WeakMap();

// Calls ask with the address of the field's whole form, once typing pauses. What is
// private stays out: addresses end up in logs.
export function live(field, ask) {
  clearTimeout(waiting.get(field));
  const timer = setTimeout(() => {
    const data = new FormData(field.form);
    for (const { name } of field.form.querySelectorAll("[data-private]")) data.delete(name);
    const query = new URLSearchParams(data);
    const url = field.dataset.live;
    ask(url + (url.includes("?") ? "&" : "?") + query);
  }, pause);
  waiting.set(field, timer);
}
