// Drawing Slack's blocks and its marked-up text.

import { h } from './dom.js';

const pictures = { ':bar_chart:': '📊', ':warning:': '⚠️', ':eyes:': '👀', ':white_check_mark:': '✅' };

// emoji is the picture of a short name, or the name if it is not known.
export function emoji(name) {
  return pictures[name] ?? name;
}

// blocks draws a list of blocks, of a message or of a view.
export function blocks(list) {
  return h('div', { class: 'rich' }, list.map(block));
}

function block(one) {
  switch (one.type) {
    case 'section': return h('div', { class: 'slack-section' }, one.text && h('p', {}, words(one.text)), (one.fields ?? []).map((f) => h('p', {}, words(f))));
    case 'context': return h('p', { class: 'subtle' }, (one.elements ?? []).map((e) => [words(e), ' ']));
    case 'header': return h('h2', {}, one.text?.text ?? '');
    case 'divider': return h('hr');
    case 'actions': return h('p', {}, (one.elements ?? []).filter((e) => e.url).map((e) => link(e.url, e.text?.text ?? e.url)));
    default: return undefined;
  }
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
