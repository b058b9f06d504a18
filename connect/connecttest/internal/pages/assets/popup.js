// Popups and menus that hang on a button.

import { h } from './dom.js';
import { icon } from './icons.js';

// popup makes button open what fill(close) returns (or its promise). A click
// elsewhere, Escape and a click inside an iframe close it. It returns the
// element that holds both.
export function popup(button, fill, attributes = {}) {
  const panel = h('div', { class: 'popup', popover: 'auto', ...attributes });
  const close = () => panel.matches(':popover-open') && panel.hidePopover();
  button.setAttribute('aria-haspopup', attributes.role ?? 'dialog');
  button.setAttribute('aria-expanded', 'false');
  panel.addEventListener('beforetoggle', (event) => {
    if (event.newState === 'open') open(new Promise((shown) => panel.addEventListener('toggle', shown, { once: true })));
  });
  panel.addEventListener('toggle', (event) => {
    button.setAttribute('aria-expanded', String(event.newState === 'open'));
    if (event.newState === 'closed') panel.replaceChildren();
  });
  // What is not shown yet has no size and takes no focus.
  async function open(shown) {
    try {
      panel.replaceChildren(await fill(close));
    } catch (error) {
      panel.replaceChildren(h('p', { class: 'popup-note' }, error.message));
    }
    await shown;
    if (!panel.matches(':popover-open')) return;
    place(panel, button);
    panel.querySelector('[autofocus], [role^=menuitem], input, select, button')?.focus();
  }
  const holder = h('span', { class: 'menu-holder' }, button, panel);
  button.popoverTargetElement = panel;
  return holder;
}

// place puts the panel under the button, or above it, inside the window. Under
// a button with data-align="end" their right edges meet.
function place(panel, button) {
  const at = button.getBoundingClientRect();
  const start = button.dataset.align === 'end' ? at.right - panel.offsetWidth : at.left;
  const below = at.bottom + 4 + panel.offsetHeight <= innerHeight;
  const top = below ? at.bottom + 4 : Math.max(8, at.top - 4 - panel.offsetHeight);
  const left = Math.max(8, Math.min(start, innerWidth - panel.offsetWidth - 8));
  panel.style.top = `${top}px`;
  panel.style.left = `${left}px`;
}

// menu makes button open a menu. items() returns, or promises, an array of
// {label, hint, icon, checked, action}, {heading} or {separator: true}.
export function menu(button, items, label) {
  const fill = async (close) => {
    const rows = (await items()).map((item) => menuItem(item, close));
    return h('div', { class: 'menu-items', onkeydown: moveFocus }, rows);
  };
  return popup(button, fill, { role: 'menu', 'aria-label': label ?? button.getAttribute('aria-label') ?? button.textContent });
}

function menuItem(item, close) {
  if (item.separator) return h('hr', { role: 'separator' });
  if (item.heading) return h('div', { class: 'menu-heading', role: 'presentation' }, item.heading);
  const radio = item.checked !== undefined;
  const attributes = { type: 'button', class: 'menu-item', role: radio ? 'menuitemradio' : 'menuitem', tabindex: '-1' };
  return h('button', {
    ...attributes,
    'aria-checked': radio ? String(item.checked) : undefined,
    onclick: () => { close(); item.action(); },
  }, item.icon, h('span', { class: 'menu-text' }, item.label, item.hint && h('small', {}, item.hint)), item.checked && icon('check'));
}

function moveFocus(event) {
  const rows = [...event.currentTarget.querySelectorAll('[role^=menuitem]')];
  const now = rows.indexOf(document.activeElement);
  const next = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: rows.length - 1 }[event.key];
  if (next === undefined || rows.length === 0) return;
  event.preventDefault();
  rows[(next + rows.length) % rows.length].focus();
}

// closePopups closes whatever is open; a click inside an iframe needs it.
export function closePopups() {
  for (const panel of document.querySelectorAll('.popup:popover-open')) panel.hidePopover();
}
