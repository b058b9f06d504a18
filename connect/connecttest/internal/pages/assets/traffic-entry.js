// One entry of the traffic: a request that the site saw, or a message between
// the page and an app's iframe.

import { h } from './dom.js';
import { decodeToken } from './token.js';

// fromRequest makes an entry of a record of /-/requests.
export function fromRequest(request) {
  const ends = ['site', 'browser', 'client'];
  const start = Date.parse(request.start);
  return finish({
    seq: request.seq,
    time: start,
    from: request.from,
    to: request.to,
    app: [request.from, request.to].find((end) => end && !ends.includes(end)),
    method: request.method,
    path: request.path,
    query: request.query,
    status: request.status,
    duration: Math.max(0, Date.parse(request.end) - start),
    operation: request.operation,
    caller: request.caller,
    reason: request.reason,
    refusal: request.refusal,
    token: request.token,
    raw: request,
  });
}

// fromBridge makes an entry of what crossed the bridge to an iframe; messages
// that tell a developer nothing have none.
export function fromBridge(what) {
  const app = what.frame.addon;
  const common = { frame: true, time: what.start ?? what.time, app };
  switch (what.kind) {
    case 'load': return fromLoad(common, what.frame);
    case 'init': return finish({ ...common, from: app, to: 'page', method: 'INIT', path: what.frame.key, operation: 'script started' });
    case 'register': return finish({ ...common, from: app, to: 'page', method: 'LISTEN', path: what.names.join(', ') });
    case 'event': return finish({ ...common, from: 'page', to: app, method: 'EVENT', path: what.name, raw: redact(what.args) });
    case 'call': return fromCall(common, what);
  }
  return undefined;
}

function fromLoad(common, frame) {
  const url = new URL(frame.url);
  const jwt = url.searchParams.get('jwt');
  url.searchParams.delete('jwt');
  return finish({
    ...common, from: 'page', to: frame.addon, method: 'GET', path: url.pathname, query: url.search.slice(1),
    operation: `iframe ${frame.key}`, token: jwt ? { where: 'query', ...decodeToken(jwt) } : undefined,
  });
}

function fromCall(common, { name, args, result, failed, unknown, start, end }) {
  return finish({
    ...common, from: common.app, to: 'page', method: 'CALL', path: name, duration: end - start,
    status: unknown ? 'unknown' : failed ? 'error' : 'ok', raw: redact({ arguments: args, answer: result }),
  });
}

function finish(entry) {
  const text = [entry.from, entry.to, entry.method, entry.path, entry.query, entry.status, entry.operation, entry.caller].join(' ').toLowerCase();
  return { ...entry, text };
}

// redact shows tokens decoded instead of as they are: screens get
// photographed.
function redact(value) {
  const jwt = /^[\w-]+\.[\w-]+\.[\w-]+$/;
  const decode = (_, part) => (typeof part === 'string' && jwt.test(part) ? { token: decodeToken(part) } : part);
  try {
    return JSON.parse(JSON.stringify(value ?? null, decode));
  } catch {
    return 'something that is not JSON';
  }
}

// inTokens is the short remark about the token in an entry's row.
export function inTokens(entry) {
  return entry.token && h('span', { class: 'lozenge' }, entry.token.header?.alg ?? entry.token.where);
}

// details is an entry, unfolded.
export function details(entry) {
  const parts = [];
  if (entry.reason) parts.push(section('Refused because', h('p', { class: 'traffic-reason' }, entry.reason)));
  if (entry.refusal?.expected) parts.push(section('Canonical request', pairs(addresses(entry))));
  if (entry.caller) parts.push(section('As', h('p', {}, h('code', {}, entry.caller))));
  if (entry.query) parts.push(section('Query', pairs([...new URLSearchParams(entry.query)])));
  if (entry.token) parts.push(...tokenParts(entry.token));
  if (entry.raw) parts.push(section(entry.frame ? 'Message' : 'Record', h('pre', {}, JSON.stringify(entry.raw, null, 2))));
  return h('div', { class: 'traffic-parts' }, parts.length ? parts : h('p', { class: 'subtle' }, 'Nothing more to show.'));
}

// addresses are what was signed and what was due, one under the other.
function addresses({ from, refusal }) {
  if (from === 'site') return [['An app computes', refusal.expected]];
  return [['This request', refusal.expected], ['Was signed', refusal.signed || 'something that was not found by trying']];
}

function tokenParts({ where, header, claims }) {
  const all = Object.entries(claims ?? {}).map(([name, value]) => [name, show(value), remark(name, value, claims)]);
  return [
    header && section(`Token header (in ${where})`, pairs(Object.entries(header).map(([name, value]) => [name, show(value)]))),
    section('Token claims', pairs(all)),
  ].filter(Boolean);
}

function remark(name, value, claims) {
  if (['iat', 'exp', 'nbf'].includes(name)) {
    const lifetime = name === 'exp' && claims.iat ? `, ${Math.round((value - claims.iat) / 60)} min after it was issued` : '';
    return new Date(value * 1000).toLocaleString() + lifetime;
  }
  if (name !== 'qsh') return '';
  return value === 'context-qsh' ? 'bound to no request: a context token' : 'hash of method, path and query';
}

function section(title, content) {
  return h('section', {}, h('h3', {}, title), content);
}

function pairs(rows) {
  return h('table', { class: 'pairs' }, h('tbody', {}, rows.map(([name, value, note]) =>
    h('tr', {}, h('th', { scope: 'row' }, name), h('td', {}, h('code', {}, value), note && h('span', { class: 'subtle' }, ' ', note))))));
}

function show(value) {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
