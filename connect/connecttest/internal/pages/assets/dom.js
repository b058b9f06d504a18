// Making elements.

// h makes an element. Attributes: functions named on… are listeners, true and
// false switch, undefined and null leave out. Children: nodes, text, arrays.
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  element.append(...children.flat(2).filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

function setAttribute(element, name, value) {
  if (typeof value === 'function') element.addEventListener(name.slice(2), value);
  else if (value === true) element.setAttribute(name, '');
  else if (value !== false && value !== undefined && value !== null) element.setAttribute(name, value);
}

// avatar is a round picture with the initials beneath it, in case it does not load.
export function avatar(person, size = 24) {
  const name = person?.displayName ?? '';
  const initials = name.split(/\s+/).map((word) => word[0] ?? '').slice(0, 2).join('').toUpperCase();
  const image = person?.accountId && h('img', {
    src: `/avatar/${encodeURIComponent(person.accountId)}.svg`, alt: '', width: size, height: size,
    onerror: (event) => event.target.remove(),
  });
  return h('span', { class: `avatar avatar-${size}`, 'aria-hidden': 'true' }, initials || '–', image);
}

// message says in a page or card why it shows nothing.
export function message(title, text, ...actions) {
  return h('div', { class: 'empty' }, h('h2', {}, title), text && h('p', {}, text), actions);
}

// spinner shows that something is under way.
export function spinner(label = 'Loading') {
  return h('div', { class: 'spinner', role: 'status', 'aria-label': label });
}

export function formatTime(time) {
  return new Date(time).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
}

// sendOnEnter, on the field of a message, sends its form; Shift and Enter begin
// a new line.
export function sendOnEnter(event) {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  event.target.form.requestSubmit();
}
