// A page of an app on its own: a general, admin or configure page.

import { getJSON } from './api.js';
import { Bridge } from './bridge.js';
import { h, message, spinner } from './dom.js';
import { jiraModules } from './host-modules.js';
import { closePopups } from './popup.js';
import { shell } from './shell.js';
import { findViewer } from './viewer.js';

async function start() {
  const main = document.getElementById('main');
  main.replaceChildren(spinner());
  try {
    const viewer = await findViewer();
    const bridge = new Bridge();
    bridge.watch(({ kind }) => kind === 'click' && closePopups());
    shell({ ...viewer, title: 'App', bridge });
    main.replaceChildren(await frame(bridge, viewer));
  } catch (error) {
    main.replaceChildren(message('The page could not be shown', error.message));
  }
}

// frame passes the address's own parameters, those that begin with "ac.", on.
async function frame(bridge, { as, person }) {
  const [app, module] = location.pathname.split('/').slice(-2).map(decodeURIComponent);
  const custom = Object.fromEntries([...new URLSearchParams(location.search)].filter(([name]) => name.startsWith('ac.')));
  const { url } = await getJSON(`/-/apps/${encodeURIComponent(app)}/modules/${encodeURIComponent(module)}`, { ...custom, as });
  const owner = { surface: 'default', resize: (_, height) => { made.iframe.style.height = pixels(height); } };
  const made = bridge.create({
    addon: app, key: module, url, owner, modules: jiraModules({ bridge, as, person }),
    options: { isFullPage: true, moduleType: 'generalPages' },
  });
  Object.assign(made.iframe, { title: module, width: '100%' });
  return h('section', { class: 'app-page' }, made.iframe);
}

function pixels(height) {
  const number = parseFloat(height);
  return Number.isFinite(number) ? `${Math.ceil(number)}px` : '400px';
}

start();
