// Ages that go on counting after the page was made.

const units = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

// Says anew how long ago the times of a slot were. What is younger than a
// minute keeps the app's own words, so that a clock that is a little off says
// nothing wrong.
export function tick(slot, now = Date.now()) {
  const words = new Intl.RelativeTimeFormat(slot.ownerDocument.documentElement.lang || "en");
  for (const time of slot.querySelectorAll("time[data-age]")) {
    const seconds = (now - Date.parse(time.dateTime)) / 1000;
    const unit = units.find(([, length]) => seconds >= length);
    if (!unit) continue;
    const text = time.dataset.age.replace("{age}", words.format(-Math.floor(seconds / unit[1]), unit[0]));
    const said = text.charAt(0).toUpperCase() + text.slice(1);
    if (time.textContent !== said) time.textContent = said;
  }
}
