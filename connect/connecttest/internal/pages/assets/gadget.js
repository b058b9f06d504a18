// A gadget: a card with a header and the app's iframe.

import { getJSON } from './api.js';
import { h } from './dom.js';
import { showError } from './flags.js';
import { ForgeFrame } from './forge-frame.js';
import { icon } from './icons.js';
import { menu } from './popup.js';

const patience = 12_000; // ms until an app that has not started is reported
const resizeDelay = 50; // ms, so that a burst of sizes is one step

export class Gadget {
  surface = 'raised';
  #timer;
  #resizing;

  // item is the site's description of the gadget; address is where a fresh
  // one is read; openTraffic shows what the app and the site say to each other.
  constructor({ bridge, modules, item, address, as, openTraffic }) {
    Object.assign(this, { bridge, modules, item, address, as, openTraffic });
    const id = `gadget-${item.id}`;
    this.title = h('h2', { id }, item.title);
    this.body = h('div', { class: 'gadget-body' });
    this.notice = h('div', { class: 'gadget-notice', role: 'status', hidden: true });
    this.element = h('section', { class: 'gadget', 'aria-labelledby': id, 'data-item': item.id },
      h('header', { class: 'gadget-header' }, this.title, this.#buttons()),
      this.notice, this.body);
    this.#load();
  }

  get editable() {
    return this.item.configurable && this.item.editable;
  }

  setTitle(text) {
    this.title.textContent = text;
  }

  // resize takes what AP.resize sends: numbers or texts, pixels or per cent.
  resize(width, height) {
    clearTimeout(this.#resizing);
    this.#resizing = setTimeout(() => {
      const { style } = this.frame.iframe;
      style.width = length(width, '100%');
      style.height = length(height, style.height);
    }, resizeDelay);
  }

  // configure asks the app to show its form. Jira tells every gadget of the
  // same module on the dashboard, so this does too. A Forge gadget has a page
  // of its own for it.
  configure() {
    if (this.item.forge) return this.#load(true);
    const { addon, key } = this.frame;
    this.bridge.announce('jira_dashboard_item_edit', (frame) => frame.addon === addon && frame.key === key, {});
  }

  async refresh() {
    try {
      this.item = await getJSON(this.address, { as: this.as });
      this.#load();
    } catch (error) {
      showError('The gadget could not be refreshed', error);
    }
  }

  #load(edit = false) {
    if (this.frame instanceof ForgeFrame) this.frame.remove();
    else if (this.frame) this.bridge.remove(this.frame);
    this.frame = this.item.forge ? this.#forgeFrame(edit) : this.#connectFrame();
    this.frame.iframe.title = this.title.textContent;
    this.frame.iframe.setAttribute('width', '100%');
    this.element.classList.add('loading');
    this.body.replaceChildren(this.frame.iframe);
    this.#warn();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#warn('The app has not started its script here yet.'), patience);
  }

  #connectFrame() {
    return this.bridge.create({
      addon: this.item.app,
      key: this.item.moduleKey || this.item.module,
      url: this.item.url,
      modules: this.modules,
      owner: this,
      options: { isDialog: false, isFullPage: false, moduleType: 'jiraDashboardItems' },
      onInit: () => this.#settle(),
    });
  }

  // forgeFrame shows the gadget, or the page that configures it: once that has
  // given its configuration, or was closed, the gadget is shown again.
  #forgeFrame(edit) {
    const [dashboard, item] = [this.address.split('/').at(-3), this.item.id];
    return new ForgeFrame({
      place: { app: this.item.app, module: this.item.moduleKey, as: this.as, dashboard, item, ...(edit && { edit }) },
      onInit: () => this.#settle(),
      onDone: () => this.#load(),
      onFailure: (error) => this.#warn(error.message),
    });
  }

  #settle() {
    clearTimeout(this.#timer);
    this.#warn();
    this.element.classList.remove('loading');
  }

  #warn(text) {
    this.notice.hidden = !text;
    this.notice.replaceChildren(...(text ? [icon('warning'), text,
      h('button', { type: 'button', class: 'link', onclick: () => this.refresh() }, 'Refresh')] : []));
    if (text) this.element.classList.remove('loading');
  }

  #buttons() {
    const refresh = { label: 'Refresh', icon: icon('refresh'), action: () => this.refresh() };
    const configure = { label: 'Configure', icon: icon('gear'), action: () => this.configure() };
    const traffic = { label: 'Full traffic', icon: icon('traffic'), action: () => this.openTraffic(this.item.app) };
    const { refreshable } = this.item;
    const own = [...(refreshable ? [refresh] : []), ...(this.editable ? [configure] : [])];
    const items = () => [...own, ...(own.length ? [{ separator: true }] : []), traffic];
    const more = h('button', { type: 'button', class: 'icon-button', title: 'More actions', 'data-align': 'end' }, icon('more'));
    more.setAttribute('aria-label', `More actions for ${this.item.title}`);
    const again = refreshable && h('button', { type: 'button', class: 'icon-button quiet', title: 'Refresh', onclick: () => this.refresh() }, icon('refresh'));
    if (again) again.setAttribute('aria-label', `Refresh ${this.item.title}`);
    return h('div', { class: 'gadget-buttons' }, again, menu(more, items));
  }
}

function length(value, otherwise) {
  const text = String(value ?? '').trim();
  if (/^\d+(\.\d+)?(px|%)$/.test(text)) return text;
  return /^\d+(\.\d+)?$/.test(text) ? `${Math.ceil(Number(text))}px` : otherwise;
}
