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
  if (old) places.set(old, scrolled(old));
  slot.replaceChildren(node);
  scroll(node, places.get(node) ?? places.get(old));
  for (const id of open) {
    const box = find(slot, "id", id);
    if (box) box.checked = true;
  }
  if (focus) find(slot, ...focus)?.focus({ preventScroll: true });
  return old;
}

// How far the parts that scroll sideways were scrolled, by fragment.
const places = new WeakMap();

function scrolled(node) {
  return new Map([...node.querySelectorAll("[data-scroll]")].map((part) => [part.id, part.scrollLeft]));
}

// Parts that scroll sideways stay where they were, and begin at their end.
export function scroll(node, at) {
  for (const part of node.querySelectorAll("[data-scroll]")) {
    part.scrollLeft = at?.get(part.id) ?? part.scrollWidth;
  }
}

// A newer fragment takes over from an older one that is not in place.
export function succeed(old, node) {
  places.set(node, places.get(old));
}

// How to find the focused element again: by its id, else by its address.
function focusKey(slot) {
  const active = slot.ownerDocument.activeElement;
  return active && slot.contains(active) ? keyOf(active) : null;
}

function keyOf(element) {
  for (const name of ["id", "href", "data-open"]) {
    const value = element.getAttribute(name);
    if (value) return [name, value];
  }
  return null;
}

// The element in the slot that stands for one of an older fragment, or null.
export function successor(slot, element) {
  const key = element && keyOf(element);
  return key ? find(slot, ...key) : null;
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
