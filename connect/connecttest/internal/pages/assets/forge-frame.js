// A page of a Forge app in a sandboxed frame, and the host that its bridge
// talks to.

import { getJSON, postJSON } from './api.js';
import { onThemeChange } from './theme.js';

export class ForgeFrame {
  #themed = false;
  #listener = (event) => this.#receive(event);

  // place says which module is shown and for whom: app, module or kind, as, and
  // of a gadget dashboard, item and edit. onDone is called when the page has
  // given a configuration or wants to be closed.
  constructor({ place, location, onInit, onDone, onFailure }) {
    Object.assign(this, { place, onInit, onDone });
    this.iframe = document.createElement('iframe');
    this.iframe.className = 'forge-iframe';
    this.iframe.setAttribute('sandbox', 'allow-scripts allow-forms allow-popups allow-modals allow-downloads');
    this.iframe.referrerPolicy = 'no-referrer';
    window.addEventListener('message', this.#listener);
    onThemeChange(() => this.#themed && this.#tell({ theme: theme() }));
    this.ready = this.#load(location).catch((error) => onFailure?.(error));
  }

  remove() {
    window.removeEventListener('message', this.#listener);
    this.iframe.remove();
  }

  async #load(location) {
    const page = await getJSON('/-/ui/forge/page', { ...this.place, location });
    this.context = page.context;
    this.module = page.module;
    this.iframe.src = page.url;
    return page;
  }

  // The frame has no origin of its own, so that it is known by its window.
  async #receive(event) {
    const message = event.data?.forge;
    if (!message || event.source !== this.iframe.contentWindow || event.origin !== 'null') return;
    if (typeof message.height === 'number') return this.#resize(message.height);
    try {
      this.#tell({ id: message.id, answer: await this.#answer(message.name, message.payload ?? {}) });
    } catch (error) {
      this.#tell({ id: message.id, error: error.message });
    }
  }

  #resize(height) {
    this.iframe.style.height = `${Math.ceil(Math.min(Math.max(height, 0), 20_000))}px`;
    this.onInit?.();
  }

  #tell(message) {
    this.iframe.contentWindow?.postMessage({ forge: message }, '*');
  }

  #answer(name, payload) {
    switch (name) {
      case 'getContext': return this.context;
      case 'invoke': return this.#invoke(payload);
      case 'fetchProduct': return this.#product(payload);
      case 'submit': return this.#submit(payload);
      case 'close': case 'refresh': return this.#done();
      case 'navigate': return navigate(payload);
      case 'enableTheming': return this.#theme();
    }
    throw new Error(`the local site does not play ${name}`);
  }

  // Only calls of the backend are played, no functions.
  #invoke({ invokeType, path, method, headers, body }) {
    if (invokeType !== 'ui-remote-fetch') throw new Error('the local site plays invokeRemote only');
    const { app, as, dashboard, item, edit } = this.place;
    return postJSON('/-/ui/forge/invoke', { app, module: this.module, as },
      { dashboard, item, edit: Boolean(edit), path, method, headers, body });
  }

  // Jira's REST API as the viewer, without the app.
  #product({ product, restPath, fetchRequestInit }) {
    if (product !== 'jira') throw new Error('the local site plays requestJira only');
    const { method = 'GET', headers = [], body } = fetchRequestInit ?? {};
    const { app, as } = this.place;
    return postJSON('/-/ui/forge/product', { app, module: this.module, as },
      { method, path: restPath, headers: Object.fromEntries(headers), body: body ? JSON.parse(body) : undefined });
  }

  // A configuration is only taken from the page that configures.
  async #submit(configuration) {
    const { as, dashboard, item, edit } = this.place;
    if (!edit) return false;
    await postJSON('/-/ui/forge/submit', { as, dashboard, item }, configuration);
    return this.#done();
  }

  // The answer goes first: the page may be gone after it.
  #done() {
    setTimeout(() => this.onDone?.());
    return true;
  }

  #theme() {
    this.#themed = true;
    this.#tell({ theme: theme() });
    return true;
  }
}

function theme() {
  const { theme: names, colorMode } = document.documentElement.dataset;
  return { theme: names, colorMode };
}

function navigate({ url, type }) {
  const to = new URL(url, location.origin);
  if (!/^https?:$/.test(to.protocol)) return false;
  if (type === 'new-tab') window.open(to, '_blank', 'noopener');
  else location.assign(to);
  return true;
}
