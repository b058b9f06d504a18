// One dashboard: its gadgets as a viewer sees them.

import { getJSON } from './api.js';
import { Bridge } from './bridge.js';
import { h, message, spinner } from './dom.js';
import { Gadget } from './gadget.js';
import { jiraModules } from './host-modules.js';
import { icon } from './icons.js';
import { closePopups, menu } from './popup.js';
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
  const gadgets = data.items.filter(asked).map((item) => new Gadget({
    bridge, modules, item, as,
    address: `${address}/items/${encodeURIComponent(item.id)}`,
    openTraffic: (app) => traffic.open(app),
  }));
  main.replaceChildren(heading(dashboard, as, gadgets), gadgets.length ? columns(gadgets, layout()) : nothing());
}

// asked returns the one gadget that the address names, ?item=, or all.
function asked({ id: item }) {
  const only = new URLSearchParams(location.search).get('item');
  return only === null || item === only;
}

function heading(dashboard, as, gadgets) {
  const refresh = () => gadgets.forEach((gadget) => gadget.refresh());
  const owner = dashboard.owner?.displayName;
  return h('div', { class: 'page-heading' },
    h('nav', { class: 'crumbs', 'aria-label': 'Breadcrumbs' }, h('a', { href: link('/jira/dashboards', as) }, 'Dashboards')),
    h('div', { class: 'page-title' },
      h('h1', {}, dashboard.name),
      h('div', { class: 'actions' },
        layoutButton(),
        h('button', { type: 'button', class: 'button', onclick: refresh }, icon('refresh'), 'Refresh'))),
    h('p', { class: 'subtle' }, [owner && `Owned by ${owner}`, dashboard.shared ? 'shared' : 'private'].filter(Boolean).join(', ')));
}

// layouts are how many columns there can be, as Jira has them.
const layouts = { 1: 'One column', 2: 'Two columns', 3: 'Three columns' };

// layout is the number in the address, ?columns=; two without one.
function layout() {
  const asked = new URLSearchParams(location.search).get('columns');
  return Object.hasOwn(layouts, asked) ? Number(asked) : 2;
}

// layoutButton loads the page anew with other columns: frames that move within
// a page would lose what they show.
function layoutButton() {
  const button = h('button', { type: 'button', class: 'button', 'data-align': 'end' }, icon('columns'), 'Layout');
  const choose = (columns) => {
    const address = new URL(location.href);
    address.searchParams.set('columns', columns);
    location.assign(address);
  };
  return menu(button, () => Object.entries(layouts).map(([columns, label]) => ({
    label, checked: Number(columns) === layout(), action: () => choose(columns),
  })));
}

// columns lays the gadgets out: each in its own column, or in the last one that
// there is.
function columns(gadgets, count) {
  const sorted = gadgets.toSorted((a, b) => a.item.row - b.item.row || a.item.column - b.item.column);
  const column = (number) => h('div', { class: 'column' },
    sorted.filter((gadget) => Math.min(gadget.item.column, count - 1) === number).map((gadget) => gadget.element));
  return h('div', { class: `columns columns-${count}` }, Array.from({ length: count }, (_, number) => column(number)));
}

function nothing() {
  return message('No gadgets yet', 'Install an app that has a gadget: POST /-/apps with {"descriptor": address}.');
}

start();
