// Nothing on a page may move between the press of a button and its release: the
// release would land on something else, and the click would be lost.
//
// What moves a page by itself therefore waits for released(): lists that close
// when the focus leaves, answers that arrive, ages that tick.

const held = new Set(); // "pointer", "space"
let waiting = []; // who waits for the release
let timer;

// A finger is lifted before the browser makes a click of it.
const tap = 400; // ms

// Returns a promise that is fulfilled once nothing is pressed, and at once if
// nothing is.
export function released() {
  return held.size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve));
}

function press(what) {
  clearTimeout(timer);
  held.add(what);
}

// The click comes in the same task as the release, so the wait ends after it.
function release(what, ms = 0) {
  if (!held.has(what)) return;
  clearTimeout(timer);
  timer = setTimeout(() => {
    held.delete(what);
    if (held.size > 0) return;
    const all = waiting;
    waiting = [];
    for (const resolve of all) resolve();
  }, ms);
}

function releaseAll() {
  for (const what of held) release(what);
}

export function watchPresses(win) {
  const on = (type, handle) => win.addEventListener(type, handle, { capture: true, passive: true });
  on("pointerdown", () => press("pointer"));
  on("mousedown", () => press("pointer")); // of a tap, it follows pointerup
  on("pointerup", (event) => release("pointer", event.pointerType === "mouse" ? 0 : tap));
  on("mouseup", () => release("pointer"));
  on("click", () => release("pointer"));
  on("keydown", (event) => event.key === " " && press("space"));
  on("keyup", (event) => event.key === " " && release("space"));
  // What ends a press without a release that the page is told of: scrolling by
  // touch, dragging, the list of a select, another window.
  for (const type of ["pointercancel", "dragend", "contextmenu"]) on(type, () => release("pointer"));
  on("change", (event) => event.target.matches("select") && release("pointer"));
  on("pointermove", (event) => event.buttons === 0 && release("pointer"));
  win.addEventListener("blur", releaseAll);
}
