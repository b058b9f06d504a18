// The Slack workspace: its channels and the one that is open.

import { getJSON, listen, postJSON } from './api.js';
import { avatar, formatTime, h, message, sendOnEnter, spinner } from './dom.js';
import { showError } from './flags.js';
import { icon } from './icons.js';
import { shell } from './shell.js';
import { blocks, emoji, mrkdwn } from './slack-blocks.js';
import { Modal } from './slack-modal.js';

async function start() {
  const main = document.getElementById('main');
  main.replaceChildren(spinner());
  try {
    const state = await getJSON('/-/slack');
    if (state.channels.length === 0) return main.replaceChildren(message('No channels', 'This workspace has none.'));
    await new Workspace({ main, state }).open();
  } catch (error) {
    main.replaceChildren(message('The workspace could not be shown', error.message));
  }
  return undefined;
}

class Workspace {
  constructor({ main, state }) {
    const [, , id] = location.pathname.split('/');
    const asked = new URLSearchParams(location.search).get('user');
    Object.assign(this, { main, state });
    this.id = state.channels.some((one) => one.id === id) ? id : state.channels[0].id;
    this.user = state.people.find((one) => one.id === asked) ?? state.people[0];
    this.list = h('nav', { class: 'rooms', 'aria-label': 'Channels' });
    this.heading = h('header', { class: 'room-header' });
    this.messages = h('ol', { class: 'messages', tabindex: '0', 'aria-label': 'Messages' });
    this.composer = h('textarea', { class: 'composer', rows: '1', 'aria-label': 'Message', onkeydown: sendOnEnter });
    shell({ title: state.team.name, who: this.#personSelect() });
    listen({ slack: () => this.#updateSoon() });
  }

  async open() {
    this.main.replaceChildren(h('div', { class: 'chat' }, this.list,
      h('div', { class: 'room-and-side' }, h('section', { class: 'room', 'aria-label': 'Channel' },
        this.heading, this.messages, this.#form()))));
    this.#draw();
    this.messages.scrollTop = this.messages.scrollHeight;
  }

  get channel() {
    return this.state.channels.find((one) => one.id === this.id) ?? this.state.channels[0];
  }

  // Events that come together make one update.
  #updateSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      this.state = await getJSON('/-/slack');
      this.#draw();
    }, 80);
  }

  #draw() {
    this.#drawList();
    this.#drawHeading();
    this.#drawMessages();
    this.#drawModal();
    this.composer.placeholder = `Message #${this.channel.name}${this.state.command ? `, or ${this.state.command}` : ''}`;
  }

  #drawList() {
    const entry = (one) => h('a', { href: this.#address(one.id, this.user.id), 'aria-current': one.id === this.id ? 'page' : undefined },
      h('span', { class: 'room-mark', 'aria-hidden': 'true' }, one.private ? icon('lock') : '#'),
      h('span', { class: 'room-text' }, h('span', {}, one.name), one.archived && h('small', {}, 'archived')));
    this.list.replaceChildren(h('h2', {}, this.state.team.name), h('ul', {}, this.state.channels.map((one) => h('li', {}, entry(one)))));
  }

  #drawHeading() {
    const { name, bookmarks, archived, member } = this.channel;
    const chips = bookmarks.map((one) => h('a', { class: 'glance', href: one.link, target: '_blank', rel: 'noopener noreferrer', 'data-bookmark': one.id },
      one.emoji && h('span', { 'aria-hidden': 'true' }, emoji(one.emoji)), one.title));
    const about = archived ? 'This channel is archived' : member ? `${this.state.app} is a member` : '';
    this.heading.replaceChildren(
      h('div', { class: 'room-name' }, h('h1', {}, `#${name}`), h('p', { class: 'subtle' }, about)),
      h('div', { class: 'glances', role: 'group', 'aria-label': 'Bookmarks' }, chips));
  }

  #drawMessages() {
    const seen = this.channel.messages.filter((one) => !one.for || one.for === this.user.id);
    const atEnd = this.messages.scrollTop + this.messages.clientHeight >= this.messages.scrollHeight - 40;
    this.messages.replaceChildren(...seen.map((one) => this.#message(one)));
    if (atEnd) this.messages.scrollTop = this.messages.scrollHeight;
  }

  #message(one) {
    const person = this.state.people.find((p) => p.id === one.user);
    const name = one.bot ? this.state.app : person?.realName ?? one.user;
    const time = new Date(Number(one.ts) * 1000).toISOString();
    return h('li', { 'data-ts': one.ts, class: one.for ? 'only-you' : undefined }, avatar({ displayName: name }, 32), h('div', {},
      h('strong', {}, name), one.bot && h('span', { class: 'lozenge' }, 'App'), ' ',
      h('time', { class: 'subtle', datetime: time }, formatTime(time)),
      one.edited && h('span', { class: 'subtle' }, ' (edited)'),
      one.for && h('p', { class: 'subtle' }, 'Only visible to you'),
      one.blocks ? blocks(one.blocks, (action) => this.#press(one, action)) : h('div', { class: 'rich' }, mrkdwn(one.text)),
      (one.unfurls ?? []).map((said) => h('blockquote', { class: 'unfurl' }, blocks(said.blocks)))));
  }

  async #press(message, action) {
    try {
      await postJSON(`/-/slack/channels/${this.id}/messages/${message.ts}/click`, {}, { user: this.user.id, action });
    } catch (error) {
      showError('The button did not work', error);
    }
  }

  #drawModal() {
    const open = this.state.modals[this.user.id];
    if (this.modal && this.modal.id === open?.id && !this.modal.stale(open)) {
      this.modal.showErrors(open.errors ?? {});
      return;
    }
    this.modal?.remove();
    this.modal = open && new Modal({ modal: open, user: this.user.id });
  }

  #personSelect() {
    const choose = (event) => location.assign(this.#address(this.id, event.target.value));
    return h('label', { class: 'check' }, h('span', { class: 'wide-only subtle' }, 'You are'),
      h('select', { 'aria-label': 'Person', onchange: choose }, this.state.people.map((one) =>
        h('option', { value: one.id, selected: one.id === this.user.id }, one.realName))));
  }

  #address(channel, user) {
    return `/slack/${encodeURIComponent(channel)}?${new URLSearchParams({ user })}`;
  }

  #form() {
    const send = async (event) => {
      event.preventDefault();
      const text = this.composer.value.trim();
      if (!text) return;
      this.composer.value = '';
      try {
        await postJSON(`/-/slack/channels/${this.id}/messages`, {}, { user: this.user.id, text });
      } catch (error) {
        this.composer.value = text;
        showError('The message was not sent', error);
      }
    };
    return h('form', { class: 'composer-form', onsubmit: send }, this.composer, h('button', { class: 'button primary' }, 'Send'));
  }
}

start();
