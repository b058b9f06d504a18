// The list of issues that a JQL query finds.

import { errorText, rest } from './api.js';
import { h, message, spinner } from './dom.js';
import { Controls, fields } from './issue-controls.js';
import { shell } from './shell.js';
import { findViewer, link } from './viewer.js';

const startQuery = 'statusCategory != Done AND updated >= -30d ORDER BY updated DESC';
const pageSize = 50;
const idPageSize = 5000;

class IssueList {
  constructor({ as, everybody }) {
    this.as = as;
    this.jql = new URLSearchParams(location.search).get('jql') ?? startQuery;
    this.controls = new Controls({ as, everybody, changed: (key) => this.#reload(key) });
    this.count = h('p', { class: 'subtle', role: 'status' });
    this.problem = h('div', { class: 'jql-error', role: 'alert', hidden: true });
    this.input = h('input', { name: 'jql', value: this.jql, 'aria-label': 'JQL query', spellcheck: 'false', autocomplete: 'off' });
    this.rows = h('tbody');
    this.more = h('div', { class: 'more' });
    this.place = h('div');
  }

  draw(main) {
    const submit = (event) => {
      event.preventDefault();
      this.search(this.input.value);
    };
    main.replaceChildren(
      h('div', { class: 'page-heading' }, h('div', { class: 'page-title' }, h('h1', {}, 'Issues')), this.count),
      h('form', { class: 'jql', role: 'search', onsubmit: submit }, h('span', { class: 'jql-mark', 'aria-hidden': 'true' }, 'JQL'), this.input, h('button', { class: 'button primary' }, 'Search')),
      this.problem, this.place);
    this.search(this.jql);
  }

  async search(jql) {
    this.jql = jql;
    history.replaceState(null, '', link('/issues/', this.as, { jql }));
    this.count.textContent = '';
    this.rows.replaceChildren();
    this.place.replaceChildren(spinner());
    const found = await this.#page();
    this.#complain(found.error);
    if (found.error) return this.place.replaceChildren();
    if (found.issues.length === 0) return this.place.replaceChildren(message('No issues found', 'Nothing that this viewer can see matches the query.'));
    this.place.replaceChildren(this.#table(), this.more);
    this.#append(found);
    this.#count(found);
    return undefined;
  }

  // page asks for a page of issues; a failure comes back as {error}.
  async #page(nextPageToken, wanted = fields, maxResults = pageSize) {
    try {
      const body = { jql: this.jql, fields: wanted, maxResults, nextPageToken };
      const answer = await rest(this.as, 'POST', '/rest/api/3/search/jql', { body });
      return answer.ok ? answer.value : { error: errorText(answer.value) || `Jira answered ${answer.status}.` };
    } catch (error) {
      return { error: error.message };
    }
  }

  #complain(text) {
    this.problem.hidden = !text;
    this.problem.textContent = text ?? '';
    this.input.setAttribute('aria-invalid', String(Boolean(text)));
  }

  // count asks only for ids if one page does not hold all: search returns no total.
  async #count(first) {
    const jql = this.jql;
    let total = first.issues.length;
    let page = first;
    if (first.nextPageToken) {
      total = 0;
      page = { nextPageToken: undefined };
      do {
        page = await this.#page(page.nextPageToken, ['id'], idPageSize);
        total += page.issues?.length ?? 0;
      } while (page.nextPageToken && jql === this.jql);
    }
    if (jql === this.jql) this.count.textContent = total === 1 ? '1 issue' : `${total} issues`;
  }

  #append({ issues, nextPageToken }) {
    this.rows.append(...issues.map((issue) => this.#row(issue)));
    this.more.replaceChildren();
    if (!nextPageToken) return;
    const load = async () => {
      const next = await this.#page(nextPageToken);
      this.#complain(next.error);
      if (!next.error) this.#append(next);
    };
    this.more.append(h('button', { type: 'button', class: 'button', onclick: load }, 'Show more'));
  }

  // reload draws a changed issue anew; one that the viewer may no longer see goes.
  async #reload(key) {
    const answer = await rest(this.as, 'GET', `/rest/api/3/issue/${encodeURIComponent(key)}?fields=${fields}`);
    const row = this.rows.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (answer.ok) row?.replaceWith(this.#row(answer.value));
    else row?.remove();
  }

  #table() {
    const names = ['Key', 'Summary', 'Status', 'Assignee', 'Due', 'Work'];
    return h('div', { class: 'table-holder' }, h('table', { class: 'list issues' },
      h('thead', {}, h('tr', {}, names.map((name) => h('th', { scope: 'col' }, name)))), this.rows));
  }

  #row(issue) {
    const { controls } = this;
    const href = link(`/browse/${encodeURIComponent(issue.key)}`, this.as);
    return h('tr', { 'data-key': issue.key },
      h('td', { class: 'issue-key' }, h('a', { href }, issue.key)),
      h('td', { class: 'issue-summary' }, h('a', { href, tabindex: '-1' }, issue.fields.summary)),
      h('td', {}, controls.status(issue)),
      h('td', {}, controls.assignee(issue)),
      h('td', {}, controls.due(issue)),
      h('td', {}, controls.logWork(issue)));
  }
}

async function start() {
  const main = document.getElementById('main');
  main.replaceChildren(spinner());
  try {
    const viewer = await findViewer();
    shell({ ...viewer, title: 'Issues' });
    new IssueList(viewer).draw(main);
  } catch (error) {
    main.replaceChildren(message('The issues could not be listed', error.message));
  }
}

start();
