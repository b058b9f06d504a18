// What happened without a visible word of its own, for screen readers.

// Answers a function that says a text, politely. It is made with the page, so
// that readers know the place before it speaks.
export function announcer(root) {
  const place = root.ownerDocument.createElement("p");
  place.className = "sr";
  place.setAttribute("role", "status");
  place.dataset.announce = "";
  root.append(place);
  return (text) => {
    if (!text) return;
    // The same text twice is two events.
    place.textContent = place.textContent === text ? text + "\u00a0" : text;
  };
}

// All numbers of a fragment in one text, to see whether others came.
export function numbers(slot) {
  return [...slot.querySelectorAll("[data-count]")].map((cell) => cell.textContent.trim()).join(" ");
}
