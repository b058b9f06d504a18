// Flags: short messages at the corner of the page.

import { h } from './dom.js';
import { icon } from './icons.js';

const shownFor = 8_000; // ms, of a flag that closes by itself
const icons = { info: 'info', success: 'check', warning: 'warning', error: 'warning' };

// Flag shows a message: title, body, type (info, success, warning, error),
// close ("auto" to go by itself), actions (identifier → text).
export class Flag {
  constructor({ title, body, type = 'info', close = 'manual', actions = {}, onAction, onClose }) {
    const kind = Object.hasOwn(icons, String(type).toLowerCase()) ? String(type).toLowerCase() : 'info';
    this.onClose = onClose;
    this.element = h('div', { class: `flag flag-${kind}` },
      icon(icons[kind]),
      h('div', { class: 'flag-text' },
        h('strong', {}, String(title ?? '')),
        body && h('p', {}, String(body)),
        h('div', { class: 'flag-actions' }, Object.entries(actions ?? {}).map(([id, text]) =>
          h('button', { type: 'button', class: 'link', onclick: () => onAction?.(id) }, String(text))))),
      h('button', { type: 'button', class: 'icon-button', 'aria-label': 'Dismiss', onclick: () => this.close() }, icon('close')));
    document.getElementById('flags').append(this.element);
    if (close === 'auto') setTimeout(() => this.close(), shownFor);
  }

  close() {
    if (!this.element.isConnected) return;
    this.element.remove();
    this.onClose?.();
  }
}

// showError tells the person what went wrong.
export function showError(title, error) {
  return new Flag({ title, body: error?.message ?? String(error), type: 'error' });
}
