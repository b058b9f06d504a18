// The apps of the site, for those who administer it: what is installed, and
// what can be done with it.

import { deleteJSON, getJSON, postJSON } from './api.js';
import { h, message, spinner } from './dom.js';
import { faultsSection } from './faults.js';
import { Flag, showError } from './flags.js';
import { shell } from './shell.js';
import { findViewer, link } from './viewer.js';

const kinds = { connect: 'Connect', hybrid: 'Hybrid', forge: 'Forge' };

async function start() {
  const main = document.getElementById('main');
  main.replaceChildren(spinner());
  try {
    const viewer = await findViewer();
    shell({ ...viewer, title: 'Manage apps' });
    if (viewer.person?.admin) return await new Apps(main, viewer.as).draw();
    main.replaceChildren(message('Administrators manage apps',
      `${viewer.person?.displayName ?? 'Who is not logged in'} does not administer this site. View it as somebody who does.`));
  } catch (error) {
    main.replaceChildren(message('The apps could not be listed', error.message));
  }
  return undefined;
}

class Apps {
  constructor(main, as) {
    Object.assign(this, { main, as });
  }

  async draw() {
    const [{ apps }, faults] = await Promise.all([getJSON('/-/apps'), faultsSection((failure, act) => this.#do(failure, act))]);
    this.main.replaceChildren(
      h('div', { class: 'page-heading' }, h('div', { class: 'page-title' }, h('h1', {}, 'Manage apps'))),
      apps.length ? h('div', { class: 'apps' }, apps.map((app) => this.#card(app))) : h('p', { class: 'subtle' }, 'No app is installed.'),
      this.#form(),
      faults);
  }

  #card(app) {
    const title = `app-${app.product}-${app.key}`;
    return h('section', { class: 'app', 'data-app': app.key, 'data-kind': app.kind, 'data-product': app.product, 'aria-labelledby': title },
      h('h2', { id: title }, app.name, ' ',
        h('span', { class: `lozenge ${app.kind === 'forge' ? 'lozenge-done' : 'lozenge-indeterminate'}` }, kinds[app.kind]), ' ',
        app.product === 'chat' && h('span', { class: 'lozenge' }, 'Chat')),
      facts(app),
      app.pages.length > 0 && h('p', { class: 'app-pages' }, h('span', { class: 'subtle' }, 'Pages in the menus: '),
        app.pages.map((page) => h('a', { href: link(page.path, this.as) }, pageName(app, page)))),
      this.#actions(app));
  }

  #actions(app) {
    const actions = h('div', { class: 'actions' });
    const button = (name, label, act, style = '') =>
      h('button', { type: 'button', class: `button ${style}`, 'data-action': name, onclick: act }, label);
    const offer = () => actions.replaceChildren(...[
      app.upgrades.map((stage, i) => button(stage, `Upgrade to ${stage === 'forge' ? 'Forge' : 'hybrid'}`, () => this.#upgrade(app, stage), i === 0 ? 'primary' : '')),
      app.appId && button('tick', 'Send the hourly tick', () => this.#tick(app)),
      button('uninstall', 'Uninstall', ask),
    ].flat().filter(Boolean));
    const keep = () => {
      offer();
      actions.querySelector('[data-action="uninstall"]').focus();
    };
    const ask = () => {
      actions.replaceChildren(
        h('span', {}, `Uninstall ${app.name}?`),
        button('yes', 'Yes, uninstall', () => this.#uninstall(app), 'primary'), button('no', 'Keep it', keep));
      actions.querySelector('button').focus();
    };
    offer();
    return actions;
  }

  #upgrade(app, stage) {
    return this.#do(`${app.name} was not upgraded`, async () => {
      const { status } = await postJSON('/-/forge/upgrade', {}, { app: app.appId ?? app.connectKey, stage, installed: true });
      return { title: stage === 'forge' ? `${app.name} is on Forge now` : `${app.name} is hybrid now`, body: answered(status), type: kind(status) };
    });
  }

  #tick(app) {
    return this.#do('The tick was not sent', async () => {
      const { sent, refused } = await postJSON('/-/forge/ticks', { app: app.installationId });
      const body = refused ?? (sent ? undefined : 'The app has no scheduled trigger.');
      return { title: sent === 1 ? 'The tick was sent' : `${sent} ticks were sent`, body, type: refused ? 'warning' : 'success' };
    });
  }

  #uninstall(app) {
    return this.#do(`${app.name} was not uninstalled`, async () => {
      await deleteJSON(`/-/apps/${encodeURIComponent(app.key)}`, { product: app.product });
      return { title: `${app.name} was uninstalled`, type: 'success' };
    });
  }

  // #form installs what has an address or lies in a folder, or offers a folder's
  // app as a new version.
  #form() {
    const where = h('input', { name: 'where', id: 'where', size: 60, required: true, spellcheck: 'false' });
    const source = () => where.value.trim();
    const install = () => this.#do('The app was not installed', async () => {
      const app = await postJSON('/-/apps', {}, /^https?:/.test(source()) ? { descriptor: source() } : { dir: source() });
      return { title: 'The app was installed', body: answered(app.status), type: kind(app.status) };
    });
    const deploy = () => this.#do('The version was not taken', async () => {
      const { stage } = await postJSON('/-/forge/deploy', {}, { dir: source() });
      return { title: `A version of the stage ${stage} can be upgraded to`, type: 'success' };
    });
    const submit = (event) => {
      event.preventDefault();
      return event.submitter?.value === 'deploy' ? deploy() : install();
    };
    return h('form', { class: 'app-form', onsubmit: submit },
      h('label', { for: 'where' }, 'Address of a Connect descriptor, or folder of a Forge app as for forge deploy'),
      h('div', { class: 'actions' }, where,
        h('button', { class: 'button', value: 'install' }, 'Install'),
        h('button', { class: 'button', value: 'deploy' }, 'Offer as an upgrade')));
  }

  // #do does what was asked for, lists the apps anew and says how it went. The
  // focus stays on the same button; if that is gone, it moves to the page.
  async #do(failure, act) {
    this.main.setAttribute('aria-busy', 'true');
    const pressed = nameOf(document.activeElement);
    try {
      const said = await act();
      await this.draw();
      new Flag({ close: 'auto', ...said }); // from here on nothing moves
      ([...this.main.querySelectorAll('button')].find((button) => nameOf(button) === pressed) ?? this.main).focus();
    } catch (error) {
      showError(failure, error);
    } finally {
      this.main.removeAttribute('aria-busy');
    }
  }
}

// nameOf tells the buttons of the page apart.
function nameOf(button) {
  const { app, product } = button.closest('.app')?.dataset ?? {};
  return [product, app, button.dataset.action ?? button.value].join(' ');
}

// facts are the names and scopes of an app.
function facts(app) {
  const list = {
    'App': app.appId ?? app.key,
    'Connect key': app.appId ? app.connectKey : undefined,
    'Installation': app.installationId,
    'Client key': app.clientKey,
    'Cloud id': app.cloudId,
    'Environment': app.environment,
    'Version': app.version,
    'Rooms': app.conversations?.length,
    'Backend': app.baseUrl,
    'Scopes': app.scopes?.join(', ') || 'none',
  };
  return h('dl', { class: 'facts' }, Object.entries(list).filter(([, value]) => value).map(([name, value]) =>
    [h('dt', {}, name), h('dd', {}, h('code', {}, String(value)))]));
}

// pageName tells a hybrid app's pages apart: Connect's and Forge's often have the
// same title.
function pageName(app, page) {
  return app.kind === 'hybrid' ? `${page.title} (${kinds[page.kind]})` : page.title;
}

// answered is what the app said to the call about it.
function answered(status) {
  return status ? `It answered the call with ${status}.` : 'It was not called, or did not answer.';
}

function kind(status) {
  return status >= 200 && status < 300 ? 'success' : 'warning';
}

start();
