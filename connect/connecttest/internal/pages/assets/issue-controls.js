// Controls with which a person changes an issue. Each calls changed() after
// the site has taken the change.

import { restOK } from './api.js';
import { avatar, h } from './dom.js';
import { parseDuration } from './duration.js';
import { Flag, showError } from './flags.js';
import { icon } from './icons.js';
import { menu, popup } from './popup.js';

export const fields = ['summary', 'status', 'assignee', 'duedate', 'priority', 'issuetype', 'project', 'timeestimate', 'timespent', 'reporter', 'created', 'updated'];

const address = (issue) => `/rest/api/3/issue/${encodeURIComponent(issue.key)}`;

// Controls makes the controls of one viewer's page.
export class Controls {
  constructor({ as, everybody, changed }) {
    Object.assign(this, { as, everybody, changed });
  }

  async #change(issue, what, method, path, body) {
    try {
      await restOK(this.as, method, address(issue) + path, body);
      await this.changed(issue.key);
      new Flag({ title: `${issue.key}: ${what}`, type: 'success', close: 'auto' });
    } catch (error) {
      showError(`${issue.key} was not changed`, error);
    }
  }

  // status is the issue's status; it opens the transitions that are allowed.
  status(issue) {
    const { status } = issue.fields;
    const button = h('button', { type: 'button', class: `status-button lozenge ${lozenge(status)}` }, status.name, icon('chevron'));
    const items = async () => {
      const { transitions } = await restOK(this.as, 'GET', `${address(issue)}/transitions`);
      if (transitions.length === 0) return [{ heading: 'No transition is allowed' }];
      return transitions.map(({ id, name, to }) => ({
        label: name,
        hint: to && to.name !== name ? `to ${to.name}` : undefined,
        action: () => this.#change(issue, name, 'POST', '/transitions', { transition: { id } }),
      }));
    };
    return menu(button, items, `Status of ${issue.key}: ${status.name}`);
  }

  assignee(issue) {
    const { assignee } = issue.fields;
    const name = assignee?.displayName ?? 'Unassigned';
    const button = h('button', { type: 'button', class: 'cell-button' }, avatar(assignee), h('span', { class: assignee ? '' : 'subtle' }, name));
    const assign = (accountId, text) => this.#change(issue, text, 'PUT', '/assignee', { accountId });
    const items = () => [
      { label: 'Unassigned', icon: avatar(null), checked: !assignee, action: () => assign(null, 'nobody is assigned') },
      ...this.everybody.map((person) => ({
        label: person.displayName,
        icon: avatar(person),
        checked: person.accountId === assignee?.accountId,
        action: () => assign(person.accountId, `assigned to ${person.displayName}`),
      })),
    ];
    return menu(button, items, `Assignee of ${issue.key}: ${name}`);
  }

  due(issue) {
    const due = issue.fields.duedate ?? '';
    const input = h('input', { type: 'date', value: due, 'aria-label': `Due date of ${issue.key}`, class: isOverdue(issue) ? 'overdue' : due ? '' : 'unset' });
    input.addEventListener('change', () => {
      const duedate = input.value || null;
      this.#change(issue, duedate ? `due ${duedate}` : 'no due date', 'PUT', '', { fields: { duedate } });
    });
    return input;
  }

  logWork(issue, text = '') {
    const button = h('button', { type: 'button', class: text ? 'button' : 'icon-button', title: 'Log work', 'data-align': 'end' }, icon('clock'), text);
    button.setAttribute('aria-label', `Log work on ${issue.key}`);
    return popup(button, (close) => this.#workForm(issue, close), { 'aria-label': `Log work on ${issue.key}` });
  }

  #workForm(issue, close) {
    const spent = h('input', { name: 'spent', required: true, placeholder: '1h 30m', autocomplete: 'off', autofocus: true });
    const day = h('input', { type: 'date', name: 'day', value: today(), required: true });
    const problem = h('p', { class: 'field-error', role: 'alert' });
    const submit = (event) => {
      event.preventDefault();
      const seconds = parseDuration(spent.value);
      problem.textContent = seconds ? '' : 'Write a time like 2d 4h 30m.';
      if (!seconds) return;
      close();
      const body = { timeSpentSeconds: seconds, started: `${day.value}T12:00:00.000+0000` };
      this.#change(issue, `${spent.value} logged`, 'POST', '/worklog', body);
    };
    return h('form', { class: 'small-form', onsubmit: submit },
      h('label', {}, 'Time spent', spent), problem,
      h('label', {}, 'Day', day),
      h('div', { class: 'actions' }, h('button', { class: 'button primary' }, 'Save'),
        h('button', { type: 'button', class: 'button quiet', onclick: close }, 'Cancel')));
  }
}

export function lozenge(status) {
  return `lozenge-${status.statusCategory?.key ?? 'new'}`;
}

function today() {
  const now = new Date();
  return new Date(now - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

export function isOverdue({ fields: { duedate, status } }) {
  return Boolean(duedate) && duedate < today() && status.statusCategory?.key !== 'done';
}
