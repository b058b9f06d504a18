// A modal that an app has opened: its blocks as a form.

import { postJSON } from './api.js';
import { h } from './dom.js';
import { showError } from './flags.js';
import { icon } from './icons.js';
import { blocks } from './slack-blocks.js';

const typing = 200; // ms of silence before an external select asks the app

export class Modal {
  constructor({ modal, user }) {
    Object.assign(this, { id: modal.id, drawn: JSON.stringify(modal.view), view: modal.view, fields: new Map() });
    this.address = `/-/slack/modals/${user}`;
    this.element = h('dialog', { class: 'dialog slack-modal', 'aria-labelledby': 'dialog-title' },
      h('header', { class: 'dialog-header' }, h('h2', { id: 'dialog-title' }, this.view.title.text),
        h('button', { type: 'button', class: 'icon-button', 'aria-label': 'Close', onclick: () => this.close() }, icon('close'))),
      this.#form());
    this.element.addEventListener('cancel', (event) => { event.preventDefault(); this.close(); });
    document.body.append(this.element);
    this.element.showModal();
    this.showErrors(modal.errors ?? {});
  }

  // stale says whether the app has replaced this view.
  stale(modal) {
    return JSON.stringify(modal.view) !== this.drawn;
  }

  remove() {
    this.element.close();
    this.element.remove();
  }

  close() {
    return this.#call('close', {});
  }

  showErrors(errors) {
    for (const [name, field] of this.fields) field.error.textContent = errors[name] ?? '';
  }

  #form() {
    const submit = async (event) => {
      event.preventDefault();
      const values = Object.fromEntries([...this.fields].map(([name, field]) => [name, field.value()]));
      this.send.disabled = true;
      const answer = await this.#call('submit', { values });
      this.send.disabled = false;
      if (answer?.errors) this.showErrors(answer.errors);
    };
    this.send = h('button', { class: 'button primary' }, this.view.submit?.text ?? 'Done');
    return h('form', { onsubmit: submit, novalidate: true },
      h('div', { class: 'dialog-body' }, this.view.blocks.map((block) => this.#block(block))),
      h('footer', { class: 'dialog-footer' },
        h('button', { type: 'button', class: 'button quiet', onclick: () => this.close() }, this.view.close?.text ?? 'Cancel'),
        this.view.submit && this.send));
  }

  #block(block) {
    if (block.type === 'input') return this.#input(block);
    const buttons = [...(block.elements ?? []), block.accessory].filter((element) => element?.type === 'button');
    const drawn = blocks([block]);
    for (const button of buttons) drawn.append(h('button', { type: 'button', class: `button ${button.style === 'danger' ? 'danger' : ''}`, 'data-action': button.action_id, onclick: () => this.#press(button) }, button.text.text));
    return drawn;
  }

  #press(button) {
    const sure = button.confirm ? window.confirm(`${button.confirm.title.text}\n\n${button.confirm.text.text}`) : true;
    return sure ? this.#call('click', { action: button.action_id }) : undefined;
  }

  #input(block) {
    const field = this.#element(block);
    field.error = h('p', { class: 'field-error', role: 'alert' });
    this.fields.set(block.block_id, field);
    return h('div', { class: 'slack-field', 'data-block': block.block_id, role: 'group', 'aria-label': block.label.text },
      h('h3', {}, block.label.text, block.optional && h('span', { class: 'subtle' }, ' (optional)')),
      field.node, block.hint && h('p', { class: 'subtle' }, block.hint.text), field.error);
  }

  #element(block) {
    const { element } = block;
    switch (element.type) {
      case 'plain_text_input': return text(element, 'text', element.initial_value);
      case 'timepicker': return text(element, 'time', element.initial_time);
      case 'static_select': return select(element, block.optional);
      case 'checkboxes': return checkboxes(element);
      default: return this.#external(block);
    }
  }

  // An external select asks the app for options as one types.
  #external({ block_id: block, element, optional }) {
    const many = element.type.startsWith('multi_');
    const chosen = new Map([...(element.initial_options ?? []), element.initial_option].filter(Boolean).map((o) => [o.value, o.text.text]));
    const tokens = h('div', { class: 'slack-tokens' });
    const found = h('ul', { class: 'slack-options', role: 'listbox', hidden: true });
    const search = h('input', { type: 'search', placeholder: element.placeholder?.text ?? 'Search', 'aria-label': element.placeholder?.text ?? 'Search' });
    const draw = () => tokens.replaceChildren(...[...chosen].map(([value, label]) => h('button', {
      type: 'button', class: 'glance', 'data-value': value, 'aria-label': `Remove ${label}`,
      onclick: () => { chosen.delete(value); draw(); },
    }, label, icon('close'))));
    let timer;
    const take = ({ value, text: label }) => {
      clearTimeout(timer); // what was typed has been answered
      if (!many) chosen.clear();
      chosen.set(value, label);
      found.hidden = true;
      search.value = '';
      draw();
    };
    const ask = async () => {
      if (!this.element.open) return;
      const answer = await this.#call('options', { block, typed: search.value });
      const options = (answer?.options ?? []).filter((one) => !chosen.has(one.value));
      found.replaceChildren(...options.flatMap((one, i) => [
        one.heading && one.heading !== options[i - 1]?.heading && h('li', { class: 'popup-note', role: 'presentation' }, one.heading),
        h('li', { role: 'option' },
          h('button', { type: 'button', class: 'menu-item', 'data-option': one.value, onclick: () => take(one) }, one.text)),
      ].filter(Boolean)));
      if (options.length === 0) found.replaceChildren(h('li', { class: 'popup-note' }, 'No results'));
      found.hidden = false;
    };
    search.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(ask, typing); });
    search.addEventListener('focus', ask);
    draw();
    const value = () => (many ? [...chosen.keys()] : [...chosen.keys()][0] ?? '');
    return { node: h('div', { class: 'slack-external', 'data-optional': optional }, tokens, search, found), value };
  }

  async #call(what, body) {
    try {
      const response = await postJSON(`${this.address}/${what}`, {}, body);
      return response || {};
    } catch (error) {
      showError('The app could not be asked', error);
      return undefined;
    }
  }
}

function text(element, type, initial) {
  const input = h('input', { type, value: initial ?? '', placeholder: element.placeholder?.text, name: element.action_id });
  return { node: input, value: () => input.value };
}

function select(element, optional) {
  const node = h('select', { name: element.action_id }, optional && h('option', { value: '' }, '–'),
    element.options.map((o) => h('option', { value: o.value, selected: o.value === element.initial_option?.value }, o.text.text)));
  return { node, value: () => node.value };
}

function checkboxes(element) {
  const initial = new Set((element.initial_options ?? []).map((o) => o.value));
  const boxes = element.options.map((o) => h('input', { type: 'checkbox', value: o.value, checked: initial.has(o.value) }));
  const node = h('div', { class: 'slack-checks' }, boxes.map((box, i) => h('label', { class: 'check' }, box, element.options[i].text.text)));
  return { node, value: () => boxes.filter((box) => box.checked).map((box) => box.value) };
}
