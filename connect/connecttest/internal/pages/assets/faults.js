// Failures on demand: how the site answers what apps ask of it.

import { deleteJSON, getJSON, postJSON } from './api.js';
import { h } from './dom.js';

// kinds are what can go wrong, each with the fault that plays it.
const kinds = {
  'refuse: 401': { status: 401 },
  'forbid: 403': { status: 403 },
  'not found: 404': { status: 404 },
  'too many calls: 429, again after 5 s': { status: 429, retryAfter: 5 },
  'error: 500': { status: 500 },
  'not available: 503, again after 5 s': { status: 503, retryAfter: 5 },
  'half an answer': { status: 200, body: '{"half', headers: { 'Content-Type': 'application/json', 'Content-Length': '1000' } },
  'no JSON': { status: 200, body: '<html>Sorry</html>', headers: { 'Content-Type': 'text/html' } },
  'no answer: the connection breaks': { reset: true },
  'the true answer, 5 s late': { delayMs: 5000 },
};

const paths = ['/rest/api/3/*', '/rest/api/3/search/jql', '/rest/api/3/issue/*', '/ex/jira/*', '/oauth2/token', '/install-keys/*', '*'];

// faultsSection lists the failures that go on, and adds others. change does what it is
// given, says how it went and draws the page anew.
export async function faultsSection(change) {
  const { faults } = await getJSON('/-/faults');
  return h('section', { class: 'faults', 'aria-labelledby': 'faults-title' },
    h('h2', { id: 'faults-title' }, 'Faults'),
    h('p', { class: 'subtle' }, 'The site answers matching calls of apps with a failure. What was added first wins; the traffic shows them.'),
    faults.length > 0 && list(faults),
    form(change),
    faults.length > 0 && h('div', { class: 'actions' }, h('button', {
      type: 'button', class: 'button', 'data-action': 'clear-faults', onclick: () => change('The faults go on', clear),
    }, 'End all faults')));
}

async function clear() {
  await deleteJSON('/-/faults');
  return { title: 'All faults have ended', type: 'success' };
}

function list(faults) {
  const columns = ['Method', 'Path', 'Answer', 'Calls left'];
  return h('div', { class: 'table-holder', tabindex: '0', role: 'region', 'aria-labelledby': 'faults-title' }, h('table', { class: 'list' },
    h('thead', {}, h('tr', {}, columns.map((text) => h('th', { scope: 'col' }, text)))),
    h('tbody', {}, faults.map((fault) => h('tr', { 'data-fault': fault.path },
      h('td', {}, fault.method || 'any'), h('td', {}, h('code', {}, fault.path)),
      h('td', {}, words(fault)), h('td', {}, fault.times ? String(fault.times) : 'no end'))))));
}

// words say what a fault does.
function words(fault) {
  const parts = [];
  if (fault.delayMs) parts.push(`${fault.delayMs / 1000} s late`);
  if (fault.reset) parts.push('the connection breaks');
  if (fault.status) parts.push(`${fault.status}${fault.retryAfter ? `, Retry-After ${fault.retryAfter}` : ''}`);
  if (fault.headers) parts.push(Object.entries(fault.headers).map(([name, value]) => `${name}: ${value}`).join(', '));
  if (fault.body) parts.push(`body ${fault.body.length > 40 ? `${fault.body.slice(0, 40)}…` : fault.body}`);
  if (fault.stall) parts.push('then nothing');
  if (fault.endless) parts.push('again and again');
  return parts.join('; ');
}

function form(change) {
  const method = h('select', { id: 'fault-method' }, ['any', 'GET', 'POST', 'PUT', 'DELETE'].map((name) => h('option', { value: name === 'any' ? '' : name }, name)));
  const path = h('input', { id: 'fault-path', list: 'fault-paths', value: paths[0], required: true, spellcheck: 'false', autocomplete: 'off' });
  const kind = h('select', { id: 'fault-kind' }, Object.keys(kinds).map((name) => h('option', {}, name)));
  const times = h('input', { id: 'fault-times', type: 'number', min: 0, max: 1000, value: 1, required: true });
  const add = () => change('The fault was not added', async () => {
    await postJSON('/-/faults', {}, { method: method.value, path: path.value.trim(), times: Number(times.value), ...kinds[kind.value] });
    return { title: 'The fault is on', body: `${path.value.trim()}: ${kind.value}`, type: 'success' };
  });
  const submit = (event) => {
    event.preventDefault();
    add();
  };
  const field = (id, label, control) => h('div', { class: 'fault-field' }, h('label', { for: id }, label), control);
  return h('form', { class: 'fault-form', onsubmit: submit },
    field('fault-method', 'Method', method),
    field('fault-path', 'Path; * is any text', path),
    h('datalist', { id: 'fault-paths' }, paths.map((value) => h('option', { value }))),
    field('fault-kind', 'What happens', kind),
    field('fault-times', 'Calls; 0: no end', times),
    h('button', { class: 'button', value: 'fault' }, 'Add the fault'));
}
