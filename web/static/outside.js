// What of a table that scrolls sideways is out of view, in words.

const watched = new WeakSet();

// Makes each note with data-outside say which columns of the table in the
// element with that id are out of view, from now on.
export function watch(slot) {
  for (const note of slot.querySelectorAll("[data-outside]")) {
    const part = slot.querySelector(`#${CSS.escape(note.dataset.outside)}`);
    if (!part || watched.has(note)) continue;
    watched.add(note);
    const say = () => part.clientWidth && write(note, hidden(part));
    part.addEventListener("scroll", say, { passive: true });
    new ResizeObserver(say).observe(part);
    say();
  }
}

// Returns the places of the columns that are not wholly between the first one
// and the last one, which stay in view.
function hidden(part) {
  const heads = [...part.querySelector("thead tr:last-child").cells].map((head) => head.getBoundingClientRect());
  const box = part.getBoundingClientRect();
  const from = Math.max(heads[0].right, box.left) - 1;
  const to = Math.min(heads.at(-1).left, box.right) + 1;
  const places = heads.keys().toArray().slice(1, -1);
  return places.filter((i) => heads[i].left < from || heads[i].right > to);
}

function write(note, places) {
  const amounts = (note.dataset.amounts ?? "").split(" ");
  const sum = places.reduce((all, i) => all + Number(amounts[i - 1] ?? 0), 0);
  const language = note.ownerDocument.documentElement.lang || undefined;
  const said = [places.length, sum].map((n) => n.toLocaleString(language, { maximumFractionDigits: 1 }));
  const text = places.length ? note.dataset.text.replace("{0}", said[0]).replace("{1}", said[1]) : "";
  if (note.textContent === text) return;
  note.textContent = text;
  note.dispatchEvent(new Event("change", { bubbles: true })); // the frame grows with it
}
