// Durations as Jira writes them; a day has 8 hours and a week 5 days.

const units = { w: 144_000, d: 28_800, h: 3_600, m: 60 };

// parseDuration gives the seconds of a text like "1d 2h 30m"; minutes are
// meant where no unit stands. Other texts give 0.
export function parseDuration(text) {
  const parts = text.trim().toLowerCase().split(/\s+/);
  const seconds = parts.map((part) => {
    const [, amount, unit] = /^(\d+(?:\.\d+)?)([wdhm]?)$/.exec(part) ?? [];
    return amount * units[unit || 'm'];
  });
  return seconds.every(Number.isFinite) ? Math.round(seconds.reduce((a, b) => a + b, 0)) : 0;
}

// formatDuration is the reverse; 0 is "0m".
export function formatDuration(seconds) {
  let rest = seconds;
  const parts = Object.entries(units).map(([unit, size]) => {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    return amount && `${amount}${unit}`;
  });
  return parts.filter(Boolean).join(' ') || '0m';
}
