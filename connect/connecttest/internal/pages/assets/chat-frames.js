// Where the chat shows an app's pages: a dialog over it, a sidebar next to it.

import { h } from './dom.js';
import { icon } from './icons.js';

const escapeKey = 27;

// Dialog is a modal with the app's iframe and the buttons of its descriptor.
// A button tells the app by an event of the button's key; a secondary one
// that the app does not listen for closes the dialog.
export class Dialog {
  surface = 'overlay';

  constructor({ bridge, modules, app, dialog, url, onClose }) {
    Object.assign(this, { bridge, definition: { ...dialog } });
    this.title = h('h2', { id: 'dialog-title' });
    this.footer = h('footer', { class: 'dialog-footer' });
    this.frame = bridge.create({ addon: app, key: dialog.key, url, modules, owner: this, options: { autoresize: false, isDialog: true, moduleType: 'chat:dialog' } });
    this.frame.iframe.autofocus = true;
    const body = h('div', { class: 'dialog-body' }, this.frame.iframe);
    this.element = h('dialog', { class: 'dialog', 'aria-labelledby': 'dialog-title' },
      h('header', { class: 'dialog-header' }, this.title, h('button', { type: 'button', class: 'icon-button', 'aria-label': 'Close', onclick: () => this.close() }, icon('close'))),
      body, this.footer);
    this.element.addEventListener('close', () => {
      bridge.remove(this.frame);
      this.element.remove();
      onClose();
    });
    bridge.onKey(this.frame, escapeKey, () => this.close());
    this.update({});
    document.body.append(this.element);
    this.element.showModal();
  }

  close() {
    this.element.close();
  }

  // update takes what AP.dialog.update sends: {title, options}.
  update({ title, options = {} }) {
    const { size = {}, primaryAction, secondaryActions } = options;
    const given = { title: text(title), ...size, primaryAction, secondaryActions };
    for (const [name, value] of Object.entries(given)) if (value !== undefined) this.definition[name] = value;
    const now = this.definition;
    this.title.textContent = now.title || now.key;
    this.frame.iframe.title = this.title.textContent;
    this.element.style.width = cssLength(now.width, '600px');
    this.frame.iframe.style.height = cssLength(now.height, '400px');
    this.#drawActions();
  }

  setActions(enabled) {
    for (const button of this.footer.children) button.disabled = !enabled;
  }

  #drawActions() {
    const { primaryAction, secondaryActions } = this.definition;
    const button = (action, kind) => h('button', { type: 'button', class: `button ${kind}`, 'data-action': action.key, onclick: () => this.#act(action.key, kind) }, text(action.name) || action.key);
    this.footer.replaceChildren(
      ...(secondaryActions ?? []).map((action) => button(action, 'quiet')),
      ...(primaryAction ? [button(primaryAction, 'primary')] : []));
    this.footer.hidden = this.footer.children.length === 0;
  }

  #act(key, kind) {
    if (kind !== 'primary' && !this.frame.events.has(key)) return this.close();
    this.bridge.dispatch(key, (frame) => frame === this.frame, { action: key });
    return undefined;
  }
}

// Sidebar is a column next to the room with the app's iframe.
export class Sidebar {
  surface = undefined;

  constructor({ bridge, modules, app, sidebar, url, onClose }) {
    const title = text(sidebar.name) || sidebar.key;
    this.bridge = bridge;
    this.frame = bridge.create({ addon: app, key: sidebar.key, url, modules, owner: this, options: { autoresize: false, moduleType: 'chat:sidebar' } });
    this.frame.iframe.title = title;
    this.close = onClose;
    this.element = h('aside', { class: 'side', 'aria-label': title },
      h('header', { class: 'side-header' }, h('h2', {}, title),
        h('button', { type: 'button', class: 'icon-button', 'aria-label': `Close ${title}`, onclick: onClose }, icon('close'))),
      this.frame.iframe);
  }

  remove() {
    this.bridge.remove(this.frame);
    this.element.remove();
  }
}

// text reads a name that may be plain or {value}.
export function text(name) {
  return name?.value ?? name;
}

function cssLength(value, otherwise) {
  return CSS.supports('width', String(value)) ? String(value) : otherwise;
}
