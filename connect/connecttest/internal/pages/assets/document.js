// Drawing rich text: Atlassian's document format, as far as people see it
// here, and plain text.

import { h } from './dom.js';

const blocks = {
  paragraph: 'p', blockquote: 'blockquote', bulletList: 'ul', orderedList: 'ol', listItem: 'li',
  codeBlock: 'pre', panel: 'div', taskList: 'ul', taskItem: 'li', decisionList: 'ul', decisionItem: 'li',
};
const marks = { strong: 'strong', em: 'em', code: 'code', strike: 's', underline: 'u' };

// richText draws a document, or text, in a div.
export function richText(value) {
  const content = typeof value === 'string' ? value.split('\n').map((line) => h('p', {}, line)) : node(value);
  return h('div', { class: 'rich' }, content);
}

function node({ type, text, attrs = {}, content = [], marks: applied = [] }) {
  switch (type) {
    case 'text': return applied.reduce(mark, document.createTextNode(text ?? ''));
    case 'hardBreak': return h('br');
    case 'rule': return h('hr');
    case 'mention': return h('span', { class: 'mention' }, attrs.text ?? attrs.id ?? '');
    case 'emoji': return attrs.text ?? attrs.shortName ?? '';
    case 'applicationCard': return h('div', { class: 'card' }, h('strong', {}, attrs.title?.text ?? attrs.text ?? ''), attrs.description?.text && h('p', {}, attrs.description.text));
    case 'heading': return h(`h${Math.min(Math.max(Number(attrs.level) || 1, 1), 6)}`, {}, content.map(node));
  }
  const inner = content.map(node);
  return Object.hasOwn(blocks, type ?? '') ? h(blocks[type], {}, inner) : inner;
}

function mark(inner, { type, attrs = {} }) {
  if (type === 'link' && /^(https?:|mailto:|\/)/.test(attrs.href ?? '')) return h('a', { href: attrs.href, rel: 'noopener noreferrer', target: '_blank' }, inner);
  return Object.hasOwn(marks, type) ? h(marks[type], {}, inner) : inner;
}
