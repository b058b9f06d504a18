// A fragment is one element from the app that fills the page's slot.

// Returns the fragment in a text of HTML, or null.
export function parse(text) {
  const parsed = new DOMParser().parseFromString(text, "text/html");
  return parsed.querySelector("[data-fragment]");
}

// Puts a fragment into the slot and returns the previous one. Focus and opened
// parts are kept if the new fragment has the same elements.
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

// The horizontal scroll positions, by fragment; END where a part that begins at its
// end is still there: the next one may be wider.
const places = new WeakMap();
const END = "end";

function scrolled(node) {
  return new Map([...node.querySelectorAll("[data-scroll]")].map((part) => [part.id, beginsAtEnd(part) && atEnd(part) ? END : part.scrollLeft]));
}

function beginsAtEnd(part) {
  return part.dataset.scroll !== "start";
}

function atEnd(part) {
  return part.scrollLeft + part.clientWidth >= part.scrollWidth - 1;
}

// Restores the horizontal scroll positions; new parts start at their end, or
// where they say. Those that are at their end stay there when they become narrower.
export function scroll(node, at) {
  for (const part of node.querySelectorAll("[data-scroll]")) {
    const place = at?.get(part.id) ?? (beginsAtEnd(part) ? END : 0);
    part.scrollLeft = place === END ? part.scrollWidth : place;
    if (beginsAtEnd(part)) keepEnd(part);
  }
}

const kept = new WeakSet();

// A browser that lays out a narrower part may scroll it by itself: only what happens
// at one width is a person's choice.
function keepEnd(part) {
  if (kept.has(part)) return;
  kept.add(part);
  let [width, end] = [part.clientWidth, atEnd(part)];
  part.addEventListener("scroll", () => part.clientWidth === width && (end = atEnd(part)), { passive: true });
  const observer = new ResizeObserver(() => {
    width = part.clientWidth;
    if (end) part.scrollLeft = part.scrollWidth;
  });
  for (const each of [part, ...part.children]) observer.observe(each); // columns may get wider later
}

// Passes the state of a fragment outside the slot to its newer version.
export function succeed(old, node) {
  places.set(node, places.get(old));
}

// Returns how to find the focused element again: by its id, else its address.
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

// Returns the slot's counterpart of an element in an older fragment, or null.
export function successor(slot, element) {
  const key = element && keyOf(element);
  return key ? find(slot, ...key) : null;
}

function find(slot, name, value) {
  return slot.querySelector(`[${name}="${CSS.escape(value)}"]`);
}

// Replaces one node inside the fragment in place.
export function replace(old, node) {
  const slot = old.parentElement;
  const focus = focusKey(slot);
  old.replaceWith(node);
  if (focus) find(slot, ...focus)?.focus({ preventScroll: true });
}
