// Lists whose items a person puts in order with buttons.

// Moves the item of a button by one place and returns what to say of it, "" if it
// is at the end already. The button keeps the focus.
export function reorder(button) {
  const list = button.closest("[data-order]");
  const item = button.closest("li");
  const other = Number(button.dataset.move) < 0 ? item.previousElementSibling : item.nextElementSibling;
  if (!list || !other) return "";
  if (Number(button.dataset.move) < 0) other.before(item);
  else other.after(item);
  const items = [...list.children];
  for (const [i, one] of items.entries()) {
    const [up, down] = one.querySelectorAll("[data-move]");
    up.ariaDisabled = String(i === 0);
    down.ariaDisabled = String(i === items.length - 1);
  }
  button.focus({ preventScroll: true });
  const name = item.querySelector("[data-name]").textContent;
  return list.dataset.said.replace("{0}", name).replace("{1}", items.indexOf(item) + 1).replace("{2}", items.length);
}
