// Runs before the first paint, so that a dark page is never white for a moment.
(() => {
  let choice = null;
  try {
    choice = localStorage.getItem('colorMode');
  } catch {
    // Storage may be switched off; the system's choice stands then.
  }
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.dataset.theme = 'dark:dark light:light spacing:spacing';
  document.documentElement.dataset.colorMode = ['light', 'dark'].includes(choice) ? choice : dark ? 'dark' : 'light';
})();
