// The traffic drawer: what the site and its apps say to each other, live.

import { getJSON, listen } from './api.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { details, fromBridge, fromRequest, inTokens } from './traffic-entry.js';

const limit = 500; // entries kept
const columns = ['Time', 'From', 'To', 'Method', 'Path', 'Status', 'ms', 'Operation'];

export class Traffic {
  #entries = [];
  #next = 0;
  #stop;
  #paused = false;

  // bridge may be missing: on pages without frames.
  constructor(bridge) {
    this.button = h('button', { type: 'button', class: 'button quiet', 'aria-expanded': 'false', 'aria-controls': 'traffic', onclick: () => this.toggle() },
      icon('traffic'), h('span', { class: 'wide-only' }, 'Traffic'));
    this.button.title = 'Traffic between the site and its apps';
    this.rows = h('tbody');
    this.count = h('span', { class: 'subtle', role: 'status' });
    this.app = h('select', { 'aria-label': 'App', onchange: () => this.#draw() }, h('option', { value: '' }, 'All apps'));
    this.search = h('input', { type: 'search', placeholder: 'Filter', 'aria-label': 'Filter', oninput: () => this.#draw() });
    this.frames = h('input', { type: 'checkbox', checked: true, onchange: () => this.#draw() });
    this.element = this.#drawer();
    bridge?.watch((what) => this.#add(fromBridge(what)));
  }

  toggle() {
    if (this.element.isConnected) this.close();
    else this.open();
  }

  // open shows the drawer, for one app if it is named.
  open(app = '') {
    if (!this.element.isConnected) document.body.append(this.element);
    document.body.classList.add('with-drawer');
    this.button.setAttribute('aria-expanded', 'true');
    this.#offer(app);
    this.app.value = app;
    this.#draw();
    this.#stop ??= listen({ open: () => this.#catchUp(), request: (request) => this.#add(fromRequest(request)) });
    this.search.focus();
  }

  close() {
    this.#stop?.();
    this.#stop = undefined;
    this.element.remove();
    document.body.classList.remove('with-drawer');
    this.button.setAttribute('aria-expanded', 'false');
    this.button.focus();
  }

  // catchUp reads what came while nobody listened.
  async #catchUp() {
    const { requests } = await getJSON('/-/requests', { since: this.#next });
    for (const request of requests.slice(-limit)) this.#add(fromRequest(request));
  }

  #add(entry) {
    if (!entry || (entry.seq && entry.seq <= this.#next)) return;
    if (entry.seq) this.#next = entry.seq;
    if (entry.app) this.#offer(entry.app);
    const late = this.#entries.length > 0 && this.#entries.at(-1).time > entry.time;
    this.#entries.push(entry);
    if (late) this.#entries.sort((a, b) => a.time - b.time);
    this.#entries.splice(0, this.#entries.length - limit);
    if (this.element.isConnected && !this.#paused) this.#drawSoon();
  }

  #drawSoon() {
    this.waiting ??= requestAnimationFrame(() => { this.waiting = undefined; this.#draw(); });
  }

  #offer(app) {
    const known = [...this.app.options].some((option) => option.value === app);
    if (!known) this.app.append(h('option', { value: app }, app));
  }

  // draw keeps the rows it already has, so that an opened one stays open.
  #draw() {
    const shown = this.#entries.filter((entry) => this.#wanted(entry)).reverse();
    this.rows.replaceChildren(...shown.flatMap((entry) => entry.rows ??= row(entry)));
    this.count.textContent = `${shown.length} of ${this.#entries.length}`;
  }

  #wanted(entry) {
    if (entry.frame && !this.frames.checked) return false;
    if (this.app.value && entry.app !== this.app.value) return false;
    return entry.text.includes(this.search.value.trim().toLowerCase());
  }

  #clear() {
    this.#entries = [];
    this.#draw();
  }

  #drawer() {
    const pause = h('button', { type: 'button', class: 'button quiet', 'aria-pressed': 'false' }, 'Pause');
    pause.onclick = () => {
      this.#paused = !this.#paused;
      pause.setAttribute('aria-pressed', String(this.#paused));
      if (!this.#paused) this.#draw();
    };
    return h('aside', { id: 'traffic', class: 'traffic', 'aria-label': 'Traffic', onkeydown: (event) => event.key === 'Escape' && this.close() },
      h('div', { class: 'traffic-bar' },
        h('h2', {}, 'Traffic'), this.count, this.search, this.app,
        h('label', { class: 'check' }, this.frames, 'Frame messages'),
        h('span', { class: 'space' }), pause,
        h('button', { type: 'button', class: 'button quiet', onclick: () => this.#clear() }, 'Clear'),
        h('button', { type: 'button', class: 'icon-button', 'aria-label': 'Close traffic', onclick: () => this.close() }, icon('close'))),
      h('div', { class: 'traffic-scroll', tabindex: '0', role: 'region', 'aria-label': 'Calls' }, h('table', {},
        h('thead', {}, h('tr', {}, columns.map((text) => h('th', { scope: 'col' }, text)))),
        this.rows)));
  }
}

function row(entry) {
  const more = h('tr', { class: 'traffic-details', hidden: true });
  const open = h('button', { type: 'button', class: 'traffic-open', 'aria-expanded': 'false' }, icon('right'), clock(entry.time));
  const toggle = () => {
    more.hidden = !more.hidden;
    open.setAttribute('aria-expanded', String(!more.hidden));
    if (!more.hidden) more.replaceChildren(h('td', { colspan: columns.length }, details(entry)));
  };
  const cells = [entry.from, entry.to, entry.method, entry.path].map((text, at) => h('td', { class: `traffic-${['from', 'to', 'method', 'path'][at]}`, title: text }, text));
  return [h('tr', { class: entry.frame ? 'traffic-frame' : '', onclick: toggle },
    h('td', {}, open), cells,
    h('td', {}, entry.status === undefined ? '' : h('span', { class: `status ${statusKind(entry.status)}` }, entry.status || 'none')),
    h('td', { class: 'number' }, entry.duration ?? ''),
    h('td', {}, entry.operation, inTokens(entry))), more];
}

function statusKind(status) {
  if (typeof status !== 'number') return status === 'ok' ? 'good' : 'bad';
  if (status >= 500 || status === 0) return 'bad';
  return status >= 400 ? 'warn' : 'good';
}

function clock(time) {
  const date = new Date(time);
  return `${date.toLocaleTimeString([], { hour12: false })}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}
