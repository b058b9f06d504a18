// One dashboard: its gadgets as a viewer sees them.

import { getJSON } from './api.js';
import { Bridge } from './bridge.js';
import { h, message, spinner } from './dom.js';
import { Gadget } from './gadget.js';
import { jiraModules } from './host-modules.js';
import { icon } from './icons.js';
import { closePopups } from './popup.js';
import { shell } from './shell.js';
import { link, nobody, requested } from './viewer.js';

const id = decodeURIComponent(location.pathname.split('/').pop());
const address = `/-/ui/dashboards/${encodeURIComponent(id)}`;

async function start() {
  const main = document.getElementById('main');
  main.replaceChildren(spinner());
  try {
    draw(await getJSON(address, { as: requested() }));
  } catch (error) {
    shell({ as: requested() || nobody, person: null });
    main.replaceChildren(message('This dashboard could not be shown', error.message,
      h('a', { class: 'button', href: '/jira/dashboards' }, 'All dashboards')));
  }
}

function draw(data) {
  const { dashboard, viewer, viewers, canView } = data;
  const as = requested() || viewer?.accountId || nobody;
  const bridge = new Bridge();
  bridge.watch(({ kind }) => kind === 'click' && closePopups());
  const { main, traffic } = shell({ as, person: viewer, suggested: viewers, title: canView ? dashboard.name : 'Dashboard', bridge });
  if (!canView) {
    main.replaceChildren(message('You cannot see this dashboard',
      `It is not shared with ${viewer?.displayName ?? 'people who are not logged in'}. Its owner can share it, or view it as someone else.`));
    return;
  }
  const modules = jiraModules({ bridge, as, person: viewer });
  const gadgets = data.items.map((item) => new Gadget({
    bridge, modules, item, as,
    address: `${address}/items/${encodeURIComponent(item.id)}`,
    openTraffic: (app) => traffic.open(app),
  }));
  main.replaceChildren(heading(dashboard, as, gadgets), gadgets.length ? columns(gadgets) : nothing());
}

function heading(dashboard, as, gadgets) {
  const refresh = () => gadgets.forEach((gadget) => gadget.refresh());
  const owner = dashboard.owner?.displayName;
  return h('div', { class: 'page-heading' },
    h('nav', { class: 'crumbs', 'aria-label': 'Breadcrumbs' }, h('a', { href: link('/jira/dashboards', as) }, 'Dashboards')),
    h('div', { class: 'page-title' },
      h('h1', {}, dashboard.name),
      h('div', { class: 'actions' },
        h('button', { type: 'button', class: 'button', onclick: refresh }, icon('refresh'), 'Refresh'))),
    h('p', { class: 'subtle' }, [owner && `Owned by ${owner}`, dashboard.shared ? 'shared' : 'private'].filter(Boolean).join(', ')));
}

// columns lays the gadgets out as Jira's two-column dashboard.
function columns(gadgets) {
  const first = Math.min(...gadgets.map((gadget) => gadget.item.column));
  const sorted = gadgets.toSorted((a, b) => a.item.row - b.item.row);
  const column = (number) => h('div', { class: 'column' },
    sorted.filter((gadget) => (gadget.item.column > first) === (number > 0)).map((gadget) => gadget.element));
  return h('div', { class: 'columns' }, column(0), column(1));
}

function nothing() {
  return message('No gadgets yet', 'Install an app that has a gadget: POST /-/apps with {"descriptor": address}.');
}

start();
