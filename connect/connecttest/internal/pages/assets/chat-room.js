// One room of the chat: its header with glances, messages, and what its apps open.

import { getJSON, postJSON } from './api.js';
import { Dialog, Sidebar, text } from './chat-frames.js';
import { chatModules } from './chat-modules.js';
import { richText } from './document.js';
import { avatar, formatTime, h, sendOnEnter } from './dom.js';
import { Flag, showError } from './flags.js';
import { icon } from './icons.js';
import { callService } from './service.js';
import { link } from './viewer.js';

export class Room {
  constructor({ id, as, bridge }) {
    Object.assign(this, { id, as, bridge, address: `/-/ui/chat/${encodeURIComponent(id)}` });
    this.modules = chatModules({ bridge, room: this });
    this.heading = h('header', { class: 'room-header' });
    this.prompts = h('div', { class: 'prompts' });
    this.messages = h('ol', { class: 'messages', tabindex: '0', 'aria-label': 'Messages' });
    this.composer = h('textarea', { class: 'composer', rows: '1', placeholder: 'Message', 'aria-label': 'Message', onkeydown: sendOnEnter });
    this.center = h('section', { class: 'room', 'aria-label': 'Room' }, this.heading, this.prompts, this.messages, this.#form());
    this.element = h('div', { class: 'room-and-side' }, this.center);
  }

  // load reads the room anew and draws it, but keeps its frames.
  async load() {
    this.data = await getJSON(this.address, { as: this.as });
    this.#drawHeading();
    this.#drawPrompts();
    this.#drawMessages();
    this.members?.replaceWith(this.members = this.#memberList());
    return this.data;
  }

  // ---- what apps ask for

  async token(app) {
    return (await postJSON(`${this.address}/token`, { as: this.as, app })).token;
  }

  currentUser() {
    const { accountId, displayName } = this.data.viewer ?? {};
    return { id: accountId ?? null, displayName: displayName ?? null };
  }

  openDialog(app, key) {
    return this.#open(app, { kind: 'dialog', key });
  }

  openSidebar(app, key) {
    return this.#open(app, { kind: 'sidebar', key });
  }

  // openTarget follows an action target of the app and hands it the parameters.
  async openTarget(app, target, parameters) {
    const to = destination(this.#app(app), target);
    if (to.kind === 'service') {
      await this.#callService(app, to.key, parameters ?? to.parameters ?? {});
      return;
    }
    const frame = await this.#open(app, to);
    const key = target?.key ?? target;
    if (!frame) return;
    this.bridge.dispatch(key, (other) => other === frame, {
      source: frame.key, target: { key }, parameters: parameters ?? to.parameters ?? {},
      context: this.#context(),
    });
  }

  #context() {
    return { cloudId: this.data.conversation.cloudId, conversationId: this.id, userId: this.data.viewer?.accountId };
  }

  // A service is called by the browser, which shows what it says and then does
  // what it wants to come next.
  async #callService(app, key, parameters) {
    try {
      const { url, token } = await getJSON(`${this.address}/services/${encodeURIComponent(key)}`, { as: this.as, app });
      const answer = await callService(url, token, { context: this.#context(), parameters });
      if (answer.message) new Flag({ title: this.#app(app).name ?? app, body: answer.message, close: 'auto' });
      if (answer.nextAction?.target) await this.#next(app, answer.nextAction.target);
    } catch (error) {
      showError("The app's service did not do it", error);
    }
  }

  async #next(app, target) {
    const { key, openDialog, openConversation } = target;
    if (openDialog) await this.openDialog(app, openDialog.key);
    else if (openConversation) location.assign(link(`/chat/${encodeURIComponent(openConversation.conversationId)}`, this.as));
    else if (key) await this.openTarget(app, { key });
    else throw new Error(`These pages have nothing like ${Object.keys(target).join(', ')}.`);
  }

  draft() {
    return this.composer.value;
  }

  setDraft(value) {
    this.composer.value = value;
    this.composer.focus();
  }

  #app(key) {
    return this.data.apps.find((app) => app.key === key) ?? { dialogs: [], sidebars: [] };
  }

  async #open(app, { kind, key }) {
    try {
      const list = kind === 'sidebar' ? this.#app(app).sidebars : this.#app(app).dialogs;
      const module = list?.find((one) => one.key === key);
      if (!module) throw new Error(`The app ${app} has no ${kind} ${key}.`);
      const { url } = await getJSON(`${this.address}/modules/${encodeURIComponent(key)}`, { as: this.as, app });
      return kind === 'sidebar' ? this.#showSidebar(app, module, url) : this.#showDialog(app, module, url);
    } catch (error) {
      showError('The app could not open its page', error);
      return undefined;
    }
  }

  #showDialog(app, dialog, url) {
    this.dialog?.close();
    const { bridge, modules } = this;
    const shown = new Dialog({ bridge, modules, app, dialog, url, onClose: () => { if (this.dialog === shown) this.dialog = undefined; } });
    this.dialog = shown;
    return shown.frame;
  }

  #showSidebar(app, sidebar, url) {
    this.closeSide();
    const { bridge, modules } = this;
    this.sidebar = new Sidebar({ bridge, modules, app, sidebar, url, onClose: () => this.closeSide() });
    this.element.append(this.sidebar.element);
    return this.sidebar.frame;
  }

  closeSide() {
    this.sidebar?.remove();
    this.members?.remove();
    this.sidebar = this.members = undefined;
  }

  // close ends everything that the room has open.
  close() {
    this.dialog?.close();
    this.closeSide();
  }

  // ---- drawing

  #drawHeading() {
    const { conversation, members, apps } = this.data;
    const people = h('button', { type: 'button', class: 'glance', onclick: () => this.#toggleMembers() }, icon('people'), `${members.length}`);
    people.setAttribute('aria-label', `${members.length} members`);
    const glances = apps.flatMap((app) => app.glances.map((glance) => this.#glance(app, glance)));
    this.heading.replaceChildren(
      h('div', { class: 'room-name' }, h('h1', {}, conversation.name, conversation.archived && ' ', conversation.archived && h('span', { class: 'lozenge' }, 'Archived')), h('p', { class: 'subtle' }, conversation.topic)),
      h('div', { class: 'glances', 'aria-label': 'Glances', role: 'group' }, glances, people));
  }

  #glance(app, glance) {
    const label = text(glance.label) || text(glance.name) || glance.key;
    const address = typeof glance.icon === 'string' ? glance.icon : glance.icon?.url;
    return h('button', { type: 'button', class: 'glance', 'data-glance': glance.key, title: `${app.name}: ${text(glance.name) ?? glance.key}`, onclick: () => this.openTarget(app.key, glance.target) },
      address && h('img', { src: address, alt: '', width: 16, height: 16, onerror: (event) => event.target.remove() }), label);
  }

  #drawPrompts() {
    const open = this.data.apps.flatMap((app) => (app.configurations ?? []).map((configuration) => ({ app, configuration })))
      .filter(({ configuration }) => configuration.configured === false);
    this.prompts.replaceChildren(...open.map(({ app, configuration }) => h('div', { class: 'prompt' },
      icon('gear'), h('span', {}, h('strong', {}, app.name), ' has to be set up before it works in this room.'),
      h('button', { type: 'button', class: 'button primary', 'data-configure': configuration.key, onclick: () => this.openDialog(app.key, configuration.dialog) }, 'Configure'))));
  }

  #drawMessages() {
    const { messages, members } = this.data;
    const atEnd = this.messages.scrollTop + this.messages.clientHeight >= this.messages.scrollHeight - 40;
    this.messages.replaceChildren(...messages.map((message) => {
      const person = members.find((one) => one.accountId === (message.sender?.accountId ?? message.sender)) ?? senderOf(message);
      return h('li', {}, avatar(person, 32), h('div', {},
        h('strong', {}, person.displayName), message.app && h('span', { class: 'lozenge' }, 'App'), ' ',
        h('time', { class: 'subtle', datetime: message.time }, formatTime(message.time)),
        richText(message.body ?? message.text ?? '')));
    }));
    if (atEnd) this.messages.scrollTop = this.messages.scrollHeight;
  }

  #toggleMembers() {
    const shown = this.members;
    this.closeSide();
    if (shown) return;
    this.members = this.#memberList();
    this.element.append(this.members);
  }

  #memberList() {
    return h('aside', { class: 'side', 'aria-label': 'Members' },
      h('header', { class: 'side-header' }, h('h2', {}, 'Members'),
        h('button', { type: 'button', class: 'icon-button', 'aria-label': 'Close members', onclick: () => this.closeSide() }, icon('close'))),
      h('ul', { class: 'members' }, this.data.members.map((person) => h('li', { class: 'person' }, avatar(person, 32), person.displayName))));
  }

  #form() {
    const send = async (event) => {
      event.preventDefault();
      if (!this.draft().trim()) return;
      try {
        await postJSON(`${this.address}/messages`, { as: this.as }, { text: this.draft() });
        this.setDraft('');
        await this.load();
      } catch (error) {
        showError('The message was not sent', error);
      }
    };
    return h('form', { class: 'composer-form', onsubmit: send }, this.composer, h('button', { class: 'button primary' }, 'Send'));
  }
}

function senderOf({ app, sender }) {
  return { displayName: sender?.displayName ?? app?.name ?? app ?? 'Someone' };
}

// destination says what a target leads to: {kind, key}. The site resolves
// those of glances; an app's own names may be those of a sidebar or dialog.
function destination(app, target) {
  if (target?.kind) return target;
  const key = target?.key ?? target;
  const known = app.targets?.find((one) => one.key === key)?.destination;
  if (known) return known;
  const kind = app.sidebars?.some((sidebar) => sidebar.key === key) ? 'sidebar' : 'dialog';
  return { kind, key };
}
