// A table whose buttons are one stop of the Tab key; arrow keys move among them.

// Makes one button of each such table in the slot reachable by Tab: the focused
// one, else the last of the first row with buttons.
export function rove(slot) {
  for (const grid of slot.querySelectorAll("[data-grid]")) {
    const all = [...grid.querySelectorAll("td button")];
    const first = all[0]?.closest("tr");
    const focused = all.find((button) => button === slot.ownerDocument.activeElement);
    only(all, focused ?? all.findLast((button) => button.closest("tr") === first));
  }
}

function only(all, one) {
  for (const button of all) button.tabIndex = button === one ? 0 : -1;
}

const steps = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};

// Moves the focus to the next button in the direction of a key. Returns whether
// the key has a meaning here.
export function move(button, key) {
  const next = steps[key] ? step(button, ...steps[key]) : edge(button, key);
  if (!next) return key in steps;
  only(next.closest("[data-grid]").querySelectorAll("td button"), next);
  next.focus();
  return true;
}

// Returns the next button in the row or column, skipping rows without one.
function step(button, down, right) {
  const cell = button.closest("td");
  const line = right ? [...cell.parentElement.cells] : column(cell);
  const from = line.indexOf(cell);
  const ahead = down + right > 0 ? line.slice(from + 1) : line.slice(0, from).reverse();
  for (const next of ahead) {
    const found = next.querySelector("button");
    if (found?.checkVisibility()) return found;
  }
  return null;
}

function column(cell) {
  const rows = [...cell.closest("table").rows];
  return rows.map((row) => row.cells[cell.cellIndex]).filter(Boolean);
}

function edge(button, key) {
  const all = [...button.closest("tr").querySelectorAll("td button")];
  if (key === "Home") return all.at(0);
  return key === "End" ? all.at(-1) : null;
}
