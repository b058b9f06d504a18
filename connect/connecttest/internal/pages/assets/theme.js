// Light and dark: the choice is kept in the browser and told to the apps.

const root = document.documentElement;
const listeners = [];

export function colorMode() {
  return root.dataset.colorMode;
}

export function setColorMode(mode) {
  root.dataset.colorMode = mode;
  try {
    localStorage.setItem('colorMode', mode);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  for (const listener of listeners) listener(initialTheme());
}

export function onThemeChange(listener) {
  listeners.push(listener);
}

// initialTheme describes the page's theme as Atlassian's design tokens do.
export function initialTheme() {
  const themes = root.dataset.theme.split(' ').map((pair) => pair.split(':'));
  return { ...Object.fromEntries(themes), colorMode: colorMode() };
}
