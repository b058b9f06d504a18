// A fragment is one element, made by the app, that fills the page's slot.

// The fragment in a text of HTML, or null.
export function parse(text) {
  const parsed = new DOMParser().parseFromString(text, "text/html");
  return parsed.querySelector("[data-fragment]");
}

// Puts a fragment into the slot and answers the one that was there. What had
// the focus, and what was opened, stays so where the new fragment has it too.
export function swap(slot, node) {
  const old = slot.firstElementChild;
  const focus = focusKey(slot);
  const open = [...slot.querySelectorAll("[data-keep]:checked")].map((box) => box.id);
  slot.replaceChildren(node);
  for (const id of open) {
    const box = find(slot, "id", id);
    if (box) box.checked = true;
  }
  if (focus) find(slot, ...focus)?.focus({ preventScroll: true });
  return old;
}

// How to find the focused element again: by its id, else by its address.
function focusKey(slot) {
  const active = slot.ownerDocument.activeElement;
  if (!active || !slot.contains(active)) return null;
  for (const name of ["id", "href"]) {
    const value = active.getAttribute(name);
    if (value) return [name, value];
  }
  return null;
}

function find(slot, name, value) {
  return slot.querySelector(`[${name}="${CSS.escape(value)}"]`);
}

// Puts a node in place of another, outside of the slot's turns.
export function replace(old, node) {
  const slot = old.parentElement;
  const focus = focusKey(slot);
  old.replaceWith(node);
  if (focus) find(slot, ...focus)?.focus({ preventScroll: true });
}
