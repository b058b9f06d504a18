// What every page has at its top: viewer, theme, traffic.

import { h } from './dom.js';
import { icon } from './icons.js';
import { menu } from './popup.js';
import { setTheme, theme, themes } from './theme.js';
import { Traffic } from './traffic.js';
import { remember, viewerButton } from './viewer.js';

// shell fills the top bar and returns the page's main element and its traffic.
// who, if given, replaces the choice of viewers.
export function shell({ as, person, suggested, title, bridge, who }) {
  if (!who) remember(as);
  if (title) document.title = `${title} – Local site`;
  document.querySelector('nav [aria-current]')?.scrollIntoView({ block: 'nearest' }); // the bar scrolls on a phone
  const traffic = new Traffic(bridge);
  document.getElementById('tools').replaceChildren(
    traffic.button,
    themeButton(),
    who ?? viewerButton({ as, person, suggested }));
  return { main: document.getElementById('main'), traffic };
}

function themeButton() {
  const button = h('button', { type: 'button', class: 'icon-button', title: 'Theme', 'aria-label': 'Theme', 'data-align': 'end' });
  const draw = () => button.replaceChildren(icon({ light: 'sun', dark: 'moon', system: 'screen' }[theme()]));
  const items = () => Object.entries(themes).map(([choice, label]) => ({
    label, checked: choice === theme(), action: () => { setTheme(choice); draw(); },
  }));
  draw();
  return menu(button, items, 'Theme');
}
