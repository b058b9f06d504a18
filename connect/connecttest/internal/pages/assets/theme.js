// Light, dark or as the system: the choice is kept in the browser, and what
// results is told to the apps.

const root = document.documentElement;
const system = matchMedia('(prefers-color-scheme: dark)');
const listeners = [];
let chosen; // for as long as the page lives, if there is no storage

export const themes = { light: 'Light', dark: 'Dark', system: 'Match system' };

// theme is the choice: light, dark or system.
export function theme() {
  const kept = chosen ?? stored();
  return Object.hasOwn(themes, kept) ? kept : 'system';
}

export function setTheme(choice) {
  chosen = choice;
  try {
    localStorage.setItem('colorMode', choice);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  apply();
}

export function onThemeChange(listener) {
  listeners.push(listener);
}

// initialTheme describes the page's theme as Atlassian's design tokens do. Like
// them it never says "system" but the system's current theme.
export function initialTheme() {
  const pairs = root.dataset.theme.split(' ').map((pair) => pair.split(':'));
  return { ...Object.fromEntries(pairs), colorMode: root.dataset.colorMode };
}

system.addEventListener('change', apply);

function apply() {
  const mode = { light: 'light', dark: 'dark' }[theme()] ?? (system.matches ? 'dark' : 'light');
  if (mode === root.dataset.colorMode) return;
  root.dataset.colorMode = mode;
  for (const listener of listeners) listener(initialTheme());
}

function stored() {
  try {
    return localStorage.getItem('colorMode');
  } catch {
    return null;
  }
}
