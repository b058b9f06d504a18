// Drawing Slack's blocks and its marked-up text.

import { h } from './dom.js';

const pictures = { ':bar_chart:': '📊', ':warning:': '⚠️', ':eyes:': '👀', ':white_check_mark:': '✅' };

// emoji is the picture of a short name, or the name if it is not known.
export function emoji(name) {
  return pictures[name] ?? name;
}

// blocks draws a list of blocks, of a message or of a view. press is called with a button
// that leads nowhere.
export function blocks(list, press) {
  return h('div', { class: 'rich' }, list.map((one) => block(one, press)));
}

function block(one, press) {
  switch (one.type) {
    case 'section': return h('div', { class: 'slack-section' }, one.text && h('p', {}, words(one.text)), (one.fields ?? []).map((f) => h('p', {}, words(f))));
    case 'context': return h('p', { class: 'subtle' }, (one.elements ?? []).map((e) => [words(e), ' ']));
    case 'header': return h('h2', {}, one.text?.text ?? '');
    case 'divider': return h('hr');
    case 'actions': return h('p', {}, (one.elements ?? []).map((e) => button(e, press)));
    case 'table': return table(one);
    default: return undefined;
  }
}

function button(one, press) {
  if (one.url) return link(one.url, one.text?.text ?? one.url);
  return h('button', { type: 'button', class: 'button', 'data-action': one.action_id, onclick: () => press?.(one.action_id) }, one.text?.text ?? one.action_id);
}

// table draws a table, its first row as the head.
function table(one) {
  const align = (n) => one.column_settings?.[n]?.align ?? 'left';
  const cell = (tag, c, n) => h(tag, { class: `align-${align(n)}` }, c?.text ?? String(c?.value ?? ''));
  const [head, ...rows] = one.rows;
  return h('table', { class: 'slack-table' },
    h('thead', {}, h('tr', {}, head.map((c, n) => cell('th', c, n)))),
    h('tbody', {}, rows.map((row) => h('tr', {}, row.map((c, n) => cell('td', c, n))))));
}

// words draws a text object.
export function words(object) {
  return object.type === 'mrkdwn' ? mrkdwn(object.text ?? '') : object.text ?? '';
}

const pattern = /<([^<>|]+)(?:\|([^<>]*))?>|\*([^*\n]+)\*|_([^_\n]+)_|`([^`\n]+)`|(:[a-z_]+:)/g;

// mrkdwn draws links, bold, italic, code and emoji.
export function mrkdwn(text) {
  const out = [];
  let at = 0;
  for (const found of text.matchAll(pattern)) {
    out.push(plain(text.slice(at, found.index)));
    at = found.index + found[0].length;
    const [, address, label, bold, italic, code, short] = found;
    if (address) out.push(link(address, plain(label ?? address)));
    else if (bold) out.push(h('strong', {}, mrkdwn(bold)));
    else if (italic) out.push(h('em', {}, mrkdwn(italic)));
    else if (code) out.push(h('code', {}, plain(code)));
    else out.push(emoji(short));
  }
  return [...out, plain(text.slice(at))];
}

function plain(text) {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

function link(address, label) {
  if (!/^https?:/.test(address)) return h('span', { class: 'mention' }, label);
  return h('a', { href: plain(address), target: '_blank', rel: 'noopener noreferrer' }, label);
}
