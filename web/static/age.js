// Ages that keep counting after the page was made.

const units = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

// Updates the ages in a slot. An age below a minute keeps the app's text, so that
// a clock that is a little off does no harm; with data-seconds it counts seconds.
export function tick(slot, now = Date.now()) {
  const words = new Intl.RelativeTimeFormat(slot.ownerDocument.documentElement.lang || "en");
  for (const time of slot.querySelectorAll("time[data-age]")) {
    const seconds = (now - Date.parse(time.dateTime)) / 1000;
    const known = "seconds" in time.dataset ? [...units, ["second", 1]] : units;
    const unit = known.find(([, length]) => seconds >= length);
    if (!unit) continue;
    const text = time.dataset.age.replace("{age}", words.format(-Math.floor(seconds / unit[1]), unit[0]));
    const said = text.charAt(0).toUpperCase() + text.slice(1);
    if (time.textContent !== said) time.textContent = said;
  }
}
