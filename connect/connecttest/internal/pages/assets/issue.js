// One issue with its controls and work log.

import { restOK } from './api.js';
import { richText } from './document.js';
import { avatar, h, message, spinner } from './dom.js';
import { formatDuration } from './duration.js';
import { Controls, fields } from './issue-controls.js';
import { shell } from './shell.js';
import { findViewer, link } from './viewer.js';

const key = decodeURIComponent(location.pathname.split('/').pop());
const address = `/rest/api/3/issue/${encodeURIComponent(key)}`;

async function start() {
  const main = document.getElementById('main');
  main.replaceChildren(spinner());
  try {
    const viewer = await findViewer();
    shell({ ...viewer, title: key });
    const draw = async () => main.replaceChildren(...await read(viewer.as, new Controls({ ...viewer, changed: draw })));
    await draw();
  } catch (error) {
    main.replaceChildren(message(`${key} could not be shown`, error.message));
  }
}

async function read(as, controls) {
  const [issue, work] = await Promise.all([
    restOK(as, 'GET', `${address}?fields=${[...fields, 'description']}`),
    restOK(as, 'GET', `${address}/worklog?maxResults=100`),
  ]);
  const { project } = issue.fields;
  const search = link('/issues/', as, { jql: `project = "${project.key}" AND statusCategory != Done ORDER BY updated DESC` });
  return [
    h('div', { class: 'page-heading' },
      h('nav', { class: 'crumbs', 'aria-label': 'Breadcrumbs' }, h('a', { href: search }, project.name ?? project.key), h('span', {}, issue.key)),
      h('div', { class: 'page-title' }, h('h1', {}, issue.fields.summary))),
    h('div', { class: 'issue' },
      h('div', { class: 'issue-main' }, description(issue), worklogs(work, controls, issue)),
      panel(issue, controls)),
  ];
}

function description({ fields: { description: text } }) {
  return h('section', {}, h('h2', {}, 'Description'), text ? richText(text) : h('p', { class: 'subtle' }, 'There is no description.'));
}

function panel(issue, controls) {
  const { fields: f } = issue;
  const rows = [
    ['Status', controls.status(issue)],
    ['Assignee', controls.assignee(issue)],
    ['Due', controls.due(issue)],
    ['Priority', f.priority?.name ?? 'None'],
    ['Type', f.issuetype?.name ?? 'None'],
    ['Reporter', f.reporter ? h('span', { class: 'person' }, avatar(f.reporter), f.reporter.displayName) : 'None'],
    ['Remaining', Number.isFinite(f.timeestimate) ? formatDuration(f.timeestimate) : 'None'],
    ['Logged', Number.isFinite(f.timespent) ? formatDuration(f.timespent) : 'None'],
    ['Updated', f.updated ? new Date(f.updated).toLocaleString() : 'None'],
  ];
  return h('aside', { class: 'issue-panel', 'aria-label': 'Details' }, h('h2', {}, 'Details'),
    h('dl', {}, rows.map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)])));
}

function worklogs({ worklogs: list, total }, controls, issue) {
  const entries = list.toReversed().map(({ author, started, timeSpentSeconds, comment }) =>
    h('li', {}, avatar(author, 32), h('div', {},
      h('strong', {}, author?.displayName ?? 'Someone'), ` logged ${formatDuration(timeSpentSeconds)} `,
      h('time', { class: 'subtle', datetime: started }, new Date(started).toLocaleString()),
      comment && richText(comment))));
  return h('section', {},
    h('div', { class: 'section-heading' }, h('h2', {}, `Work log (${total})`), controls.logWork(issue, 'Log work')),
    total > list.length && h('p', { class: 'subtle' }, `The first ${list.length} are shown.`),
    entries.length ? h('ol', { class: 'worklogs' }, entries) : h('p', { class: 'subtle' }, 'Nobody has logged work yet.'));
}

start();
