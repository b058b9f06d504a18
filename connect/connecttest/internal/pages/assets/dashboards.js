// The list of dashboards.

import { getJSON } from './api.js';
import { avatar, h, message, spinner } from './dom.js';
import { icon } from './icons.js';
import { shell } from './shell.js';
import { findViewer, link, remembered } from './viewer.js';

async function start() {
  const main = document.getElementById('main');
  main.replaceChildren(spinner());
  try {
    const { as, person } = await findViewer();
    shell({ as, person });
    const { dashboards } = await getJSON('/-/ui/dashboards', { as: remembered() ?? as });
    main.replaceChildren(h('div', { class: 'page-heading' }, h('div', { class: 'page-title' }, h('h1', {}, 'Dashboards'))),
      dashboards.length ? table(dashboards, as) : message('No dashboards', 'This site has none.'));
  } catch (error) {
    main.replaceChildren(message('The dashboards could not be listed', error.message));
  }
}

function table(dashboards, as) {
  return h('div', { class: 'table-holder' }, h('table', { class: 'list' },
    h('thead', {}, h('tr', {}, ['Name', 'Owner', 'Viewers'].map((text) => h('th', { scope: 'col' }, text)))),
    h('tbody', {}, dashboards.map((dashboard) => row(dashboard, as)))));
}

function row({ id, name, owner, shared, canView }, as) {
  const sight = shared ? [icon('people'), 'Shared'] : [icon('lock'), 'Private'];
  return h('tr', {},
    h('td', {}, canView
      ? h('a', { href: link(`/jira/dashboards/${encodeURIComponent(id)}`, as) }, name)
      : h('span', { class: 'subtle', title: 'The chosen viewer cannot see this dashboard' }, icon('lock'), ' ', name)),
    h('td', {}, h('span', { class: 'person' }, avatar(owner), owner?.displayName)),
    h('td', {}, h('span', { class: 'person subtle' }, sight)));
}

start();
