// The chat: its rooms and the one that is open.

import { getJSON, listen } from './api.js';
import { Bridge } from './bridge.js';
import { text } from './chat-frames.js';
import { Room } from './chat-room.js';
import { h, message, spinner } from './dom.js';
import { closePopups } from './popup.js';
import { shell } from './shell.js';
import { findViewer, link } from './viewer.js';

async function start() {
  const main = document.getElementById('main');
  main.replaceChildren(spinner());
  try {
    const viewer = await findViewer();
    const bridge = new Bridge();
    bridge.watch(({ kind }) => kind === 'click' && closePopups());
    shell({ ...viewer, title: 'Chat', bridge });
    const { conversations } = await getJSON('/-/chat');
    if (conversations.length === 0) return main.replaceChildren(message('No rooms', 'This site has none.'));
    await new Chat({ as: viewer.as, bridge, main }).open(conversations, fromAddress() ?? conversations[0].id);
  } catch (error) {
    main.replaceChildren(message('The chat could not be shown', error.message));
  }
  return undefined;
}

function fromAddress() {
  const [, , id] = location.pathname.split('/');
  return id && decodeURIComponent(id);
}

class Chat {
  constructor({ as, bridge, main }) {
    Object.assign(this, { as, bridge, main });
    this.list = h('nav', { class: 'rooms', 'aria-label': 'Rooms' });
    listen({ chat: () => this.#updateSoon() });
  }

  async open(conversations, id) {
    this.room = new Room({ id, as: this.as, bridge: this.bridge });
    this.#drawList(conversations);
    const { conversation } = await this.room.load();
    document.title = `${conversation.name} – Local site`;
    this.main.replaceChildren(h('div', { class: 'chat' }, this.list, this.room.element));
  }

  // Events that come together make one update.
  #updateSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#update(), 100);
  }

  async #update() {
    const { conversations } = await getJSON('/-/chat');
    this.#drawList(conversations);
    if (conversations.some(({ id }) => id === this.room.id)) {
      // A room deleted just now is missing from the next list.
      await this.room.load().catch(() => this.#updateSoon());
      return;
    }
    this.room.close();
    this.room.element.replaceChildren(message('This room is gone', 'Somebody has deleted it.'));
  }

  #drawList(conversations) {
    const focused = this.list.contains(document.activeElement) && document.activeElement.getAttribute('href');
    this.list.replaceChildren(h('h2', {}, 'Rooms'), h('ul', {}, conversations.map((room) => h('li', {}, this.#entry(room)))));
    if (focused) this.list.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus();
  }

  #entry({ id, name, apps }) {
    const labels = apps.flatMap((app) => app.glances).map((glance) => text(glance.label)).filter(Boolean);
    const label = [name, ...labels].join(', ');
    return h('a', { href: link(`/chat/${encodeURIComponent(id)}`, this.as), 'aria-label': label, 'aria-current': id === this.room.id ? 'page' : undefined },
      h('span', { class: 'room-mark', 'aria-hidden': 'true' }, name.slice(0, 1)),
      h('span', { class: 'room-text' }, h('span', {}, name), labels.length > 0 && h('small', {}, labels.join(' · '))));
  }
}

start();
