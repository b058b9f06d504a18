// A page of a Forge app on its own: for administrators or for everybody.

import { h, message, spinner } from './dom.js';
import { ForgeFrame } from './forge-frame.js';
import { shell } from './shell.js';
import { findViewer } from './viewer.js';

async function start() {
  const main = document.getElementById('main');
  main.replaceChildren(spinner());
  try {
    const viewer = await findViewer();
    shell({ ...viewer, title: 'App' });
    const frame = new ForgeFrame({
      place: { ...place(), as: viewer.as },
      location: ownLocation(),
      onDone: () => history.back(),
      onFailure: (error) => main.replaceChildren(message('The page could not be shown', error.message)),
    });
    main.replaceChildren(h('section', { class: 'app-page' }, frame.iframe));
    const page = await frame.ready;
    if (page) frame.iframe.title = document.title = page.title;
  } catch (error) {
    main.replaceChildren(message('The page could not be shown', error.message));
  }
}

// place reads /jira/apps/{app}/{environment}[/{module}], with settings before
// apps for the pages of administrators.
function place() {
  const parts = location.pathname.split('/').map(decodeURIComponent);
  const admin = parts[2] === 'settings';
  const [app, environment, module = ''] = parts.slice(admin ? 4 : 3);
  return { app, environment, module, kind: admin ? 'admin' : 'global' };
}

// ownLocation is the page's address as Jira would have it: without the viewer.
function ownLocation() {
  const address = new URL(location.href);
  address.searchParams.delete('as');
  return address.href;
}

start();
