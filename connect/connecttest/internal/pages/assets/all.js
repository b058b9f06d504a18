// The script that an app loads into its iframe on the local site. It speaks
// the same messages as Atlassian's all.js and offers the same AP to the app.
// Outside an iframe of the site it only offers AP's local functions.
window.AP = (() => {
  'use strict';

  const script = document.currentScript;
  const data = readName();
  const hostOptions = data.options ?? {};
  const inHost = Boolean(data.extension_id && data.origin);
  const pending = new Map(); // message id → what to do with the answer
  const handlers = new Map(); // event name → the app's one handler
  const modules = build(data.api ?? {});
  const AP = { ...modules._globals, ...modules };

  function readName() {
    try {
      return JSON.parse(window.name) ?? {};
    } catch {
      return {};
    }
  }

  function send(message) {
    if (inHost) window.parent.postMessage({ eid: data.extension_id, ...message }, data.origin);
  }

  // ---- calls to the host

  function build(api) {
    return mapValues(api, (members, mod) => mapValues(members, (spec, name) =>
      (Object.hasOwn(spec, 'constructor') ? buildClass(mod, name, spec) : buildMethod({ mod, fn: name }, spec))));
  }

  function buildMethod(address, { returnsPromise }) {
    return (...args) => call(address, returnsPromise, args);
  }

  // buildClass: each object lives at the host under the id it gets here.
  function buildClass(mod, name, spec) {
    return (...args) => {
      const address = { mod, _cls: name, _id: crypto.getRandomValues(new Uint32Array(4)).join('') };
      call({ ...address, fn: 'constructor' }, false, args);
      const { constructor: _, ...methods } = spec;
      return mapValues(methods, (method, fn) => buildMethod({ ...address, fn }, method));
    };
  }

  function mapValues(object, change) {
    return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));
  }

  // call sends a request. Answers of promise methods start with the error; a
  // callback given instead of awaiting the promise gets the rest.
  function call(address, returnsPromise, args) {
    const callback = typeof args.at(-1) === 'function' ? args.pop() : undefined;
    const message = { type: 'req', ...address, args: args.map(plain) };
    if (!callback && !returnsPromise) return send(message);
    const mid = crypto.getRandomValues(new Uint32Array(2)).join('');
    const answer = new Promise((resolve) => pending.set(mid, resolve));
    send({ ...message, mid });
    if (callback) {
      answer.then((values) => callback(...(returnsPromise ? values.slice(1) : values)));
      return undefined;
    }
    return answer.then(([error, result]) => {
      if (error !== undefined && error !== null) throw error;
      return result;
    });
  }

  // plain leaves out what cannot be sent: functions and elements.
  function plain(value) {
    if (typeof value === 'function' || value instanceof Node) return undefined;
    if (Array.isArray(value)) return value.map(plain);
    if (value && Object.getPrototypeOf(value) === Object.prototype) return mapValues(value, plain);
    return value;
  }

  // ---- messages from the host

  window.addEventListener('message', (event) => {
    if (!inHost || event.source !== window.parent || event.origin !== data.origin) return;
    const message = event.data ?? {};
    if (message.type === 'resp' && message.forPlugin) answered(message);
    if (message.type === 'evt') happened(message);
    if (message.type === 'key_listen') listenKey(message);
  });

  function answered({ mid, args }) {
    pending.get(mid)?.(args);
    pending.delete(mid);
  }

  function happened({ etyp, evnt, mid }) {
    const respond = Object.assign((...args) => mid && send({ type: 'resp', mid, args }), { _context: { eventName: etyp } });
    for (const handler of [handlers.get(etyp), handlers.get('_any')]) guarded(handler, evnt, respond);
    bus.receive(etyp, evnt);
    respond();
  }

  function guarded(handler, ...args) {
    try {
      handler?.(...args);
    } catch (error) {
      console.error(error);
    }
  }

  const keys = new Set();
  function listenKey({ keycode, modifiers = [], action }) {
    const name = [keycode, ...modifiers].join();
    if (action === 'add') keys.add(name);
    else keys.delete(name);
  }

  window.addEventListener('keydown', (event) => {
    const modifiers = ['alt', 'ctrl', 'meta', 'shift'].filter((key) => event[`${key}Key`]);
    if (keys.has([event.keyCode, ...modifiers].join())) send({ type: 'key_triggered', keycode: event.keyCode, modifiers });
  });
  window.addEventListener('click', () => send({ type: 'addon_clicked' }));
  window.addEventListener('pagehide', (event) => event.persisted || send({ type: 'unload' }));

  // ---- events: AP.register has one handler per name, AP.events many

  AP.register = (added) => {
    for (const [name, handler] of Object.entries(added)) handlers.set(name, handler);
    send({ type: 'event_query', args: Object.keys(added) });
  };
  AP.registerAny = (handler) => AP.register({ _any: handler });
  AP.broadcast = (type, event) => send({ type: 'broadcast', etyp: type, evnt: plain(event) });

  const bus = {
    own: [], open: [], // listeners {name, listener, filter, once}; name undefined: every event
    receive(name, event) {
      const isPublic = event?.sender && Array.isArray(event.event);
      const list = isPublic ? bus.open : bus.own;
      const args = isPublic ? event.event : [].concat(event ?? []);
      for (const entry of [...list]) {
        if (entry.name !== undefined && entry.name !== name) continue;
        if (isPublic && !accepts(entry.filter, event.sender)) continue;
        if (entry.once) list.splice(list.indexOf(entry), 1);
        guarded(entry.listener, ...(entry.name === undefined ? [name, ...args] : args));
      }
    },
  };

  function accepts(filter, sender) {
    if (typeof filter === 'function') return Boolean(filter(sender));
    return Object.entries(filter ?? {}).every(([key, value]) => sender[key] === value);
  }

  function eventMethods(list, suffix) {
    const remove = (match) => list.splice(0, list.length, ...list.filter((entry) => !match(entry)));
    const methods = {
      on: (name, listener, filter) => { list.push({ name, listener, filter }); },
      once: (name, listener, filter) => { list.push({ name, listener, filter, once: true }); },
      onAny: (listener, filter) => { list.push({ listener, filter }); },
      off: (name, listener) => remove((entry) => entry.name === name && entry.listener === listener),
      offAll: (name) => remove((entry) => entry.name === name),
      offAny: (listener) => remove((entry) => entry.name === undefined && entry.listener === listener),
    };
    return Object.fromEntries(Object.entries(methods).map(([name, method]) => [name + suffix, method]));
  }
  if (AP.events) Object.assign(AP.events, eventMethods(bus.own, ''), eventMethods(bus.open, 'Public'));

  // ---- old style modules

  AP.require = (names, callback) => {
    const found = [].concat(names).map((name) => modules[name] ?? modules._globals?.[name] ?? AP[name]);
    callback?.(...found);
  };
  AP.meta = (name) => document.querySelector(`meta[name="ap-${CSS.escape(name)}"]`)?.content;
  AP.localUrl = (path = '') => AP.meta('local-base-url') && AP.meta('local-base-url') + path;

  // Only the last listener counts: an edit that comes before any is lost.
  let editListener;
  if (AP.jira) AP.jira.DashboardItem = { onDashboardItemEdit: (listener) => { editListener = listener; } };

  if (AP.request) AP.request = modules._globals.request = withCallbacks(AP.request);

  // withCallbacks lets AP.request take success and error as well as its promise.
  function withCallbacks(request) {
    return (...args) => {
      const options = args.find((arg) => arg && typeof arg === 'object') ?? {};
      const answer = request(...args).then(
        ({ body, xhr }) => ({ body, xhr: withHeaders(xhr) }),
        (failure) => { throw failure?.xhr ? { ...failure, xhr: withHeaders(failure.xhr) } : failure; });
      if (!options.success && !options.error) return answer;
      answer.then(
        ({ body, xhr }) => options.success?.(body, xhr.statusText, xhr),
        (failure) => options.error?.(failure?.xhr, 'error', failure?.err ?? failure));
      return undefined;
    };
  }

  function withHeaders(xhr) {
    const names = Object.keys(xhr.headers ?? {});
    return {
      ...xhr,
      getResponseHeader: (name) => xhr.headers[names.find((known) => known.toLowerCase() === name.toLowerCase())] ?? null,
      getAllResponseHeaders: () => names.map((name) => `${name}: ${xhr.headers[name]}`).join('\r\n'),
    };
  }

  // ---- theme: the page gets the host's attributes, its styles do the rest

  function setTheme({ colorMode, surface, ...themes }) {
    const root = document.documentElement.dataset;
    if (surface) root.surface = surface;
    else delete root.surface;
    root.theme = Object.entries(themes).map((pair) => pair.join(':')).sort().join(' ');
    root.colorMode = colorMode ?? 'light';
  }
  let themed = false;

  // ---- size

  const options = readOptions();
  AP.container = () => document.querySelector('.ac-content, #content') ?? document.body;
  AP.size = (width, height, container = AP.container()) => {
    const { marginTop, marginBottom } = getComputedStyle(container);
    const own = container.getBoundingClientRect().height + parseFloat(marginTop) + parseFloat(marginBottom);
    const whole = Math.max(document.body.scrollHeight, document.documentElement.offsetHeight);
    return { w: width ?? '100%', h: height ?? Math.ceil(container === document.body || own === 0 ? whole : own) };
  };
  AP.resize = (width, height) => {
    if (!AP.container()) return;
    const size = AP.size();
    AP.env?.resize(width || size.w, height || size.h);
  };

  function readOptions() {
    const element = document.querySelector('#ac-iframe-options[data-options]') ?? script ?? document.querySelector('script[src*="/atlassian-connect/all"]');
    const pairs = (element?.dataset.options ?? '').split(';').map((pair) => pair.split(':').map((part) => part.trim()));
    return Object.fromEntries(pairs.filter(([key]) => key).map(([key, value]) => [key, { true: true, false: false }[value] ?? value]));
  }

  function start() {
    if (options.margin !== false) document.body.style.setProperty('margin', hostOptions.isDialog ? '10px 10px 0' : '0', 'important');
    if (hostOptions.autoresize && options.resize !== false && options.sizeToParent !== true) {
      new ResizeObserver(() => AP.resize()).observe(AP.container());
    }
  }

  if (inHost) {
    send({ type: 'init' });
    if (options.sizeToParent === true) AP.env?.sizeToParent(options.hideFooter === true);
    send({ type: 'event_query', args: ['_any'] });
    AP.register({
      theme_initialized: (event) => { themed = true; setTheme({ ...event.initialTheme, surface: event.surface }); },
      theme_changed: (event) => themed && setTheme({ ...event.newTheme, surface: event.surface }),
    });
    if (AP.jira) AP.register({ jira_dashboard_item_edit: () => editListener?.() });
    if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
    else start();
  }
  return AP;
})();
