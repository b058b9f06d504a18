// Announcements for screen readers, of events without a visible text.

// Returns a function that announces a text politely. The element is made with
// the page, because readers have to know it before it changes.
export function announcer(root) {
  const place = root.ownerDocument.createElement("p");
  place.className = "sr";
  place.setAttribute("role", "status");
  place.dataset.announce = "";
  root.append(place);
  return (text) => {
    if (!text) return;
    // The same text twice is two announcements.
    place.textContent = place.textContent === text ? text + "\u00a0" : text;
  };
}

// Returns all numbers of a fragment in one text, to compare them.
export function numbers(slot) {
  return [...slot.querySelectorAll("[data-count]")].map((cell) => cell.textContent.trim()).join(" ");
}
