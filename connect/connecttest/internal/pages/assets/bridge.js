// Host side of the messages that Connect's iframe script speaks (simple-xdm):
// it makes the iframes, answers their calls and sends them events.

const waitingTime = 30_000; // how long (ms) an event waits for a frame that is still loading

// promise marks a method that answers with a promise: the frame gets [error]
// or [undefined, result]. Other methods return the array of arguments for the
// frame's callback, or nothing.
export function promise(method) {
  return Object.assign(method, { returnsPromise: true });
}

// proxied marks a class that the frame may construct and call.
export function proxied(Class) {
  return Object.assign(Class, { proxied: true });
}

export class Bridge {
  #frames = new Map();
  #watchers = [];

  constructor() {
    window.addEventListener('message', (event) => this.#receive(event));
  }

  // create returns a frame whose iframe loads url once it is in the document.
  // owner is what the modules' methods act on, as frame.owner.
  create({ addon, key, url, modules, owner, options = {}, onInit }) {
    const frame = {
      id: `${addon}__${key}__${randomName()}`,
      addon, key, url, modules, owner, onInit,
      origin: new URL(url).origin,
      iframe: document.createElement('iframe'),
      ready: false, events: new Set(), waiting: [], announced: [], objects: new Map(), keys: new Map(),
    };
    frame.iframe.id = frame.id;
    frame.iframe.name = frameName(frame, options);
    frame.iframe.referrerPolicy = 'no-referrer';
    frame.iframe.className = 'ap-iframe';
    frame.iframe.src = url;
    this.#frames.set(frame.id, frame);
    this.#tell({ kind: 'load', frame });
    return frame;
  }

  remove(frame) {
    frame.iframe.remove();
    this.#frames.delete(frame.id);
  }

  // broadcast sends an event to the loaded frames that match accepts.
  broadcast(type, match, event) {
    for (const frame of this.#frames.values()) {
      if (frame.ready && match(frame)) this.#send(frame, { type: 'evt', etyp: type, evnt: event });
    }
  }

  // dispatch is broadcast that also waits for frames that do not listen yet.
  dispatch(type, match, event) {
    for (const frame of this.#frames.values()) {
      if (!match(frame)) continue;
      const message = { type: 'evt', etyp: type, evnt: event };
      if (frame.events.has(type)) this.#send(frame, message);
      else frame.waiting.push({ message, until: Date.now() + waitingTime });
    }
  }

  // announce is broadcast as Atlassian's host does it. Once one of the frames has
  // registered for any event, all get it at once, whether they listen to this
  // one or not. Until then it waits, and comes with each registration.
  announce(type, match, event) {
    const frames = [...this.#frames.values()].filter(match);
    const message = { type: 'evt', etyp: type, evnt: event };
    for (const frame of frames) {
      if (!frames.some((one) => one.events.size > 0)) frame.announced.push({ message, until: Date.now() + waitingTime });
      else if (frame.ready) this.#send(frame, message);
    }
  }

  // onKey calls back when the key is pressed inside the frame.
  onKey(frame, keycode, callback) {
    frame.keys.set(keycode, callback);
    if (frame.ready) this.#listenKey(frame, keycode);
  }

  // watch calls back for everything that crosses the bridge.
  watch(callback) {
    this.#watchers.push(callback);
  }

  #receive(event) {
    const message = event.data;
    if (message === null || typeof message !== 'object') return;
    if (message.type === 'get_host_offset') {
      event.source?.postMessage({ hostFrameOffset: hostOffset(event.source) }, event.origin);
      return;
    }
    const frame = this.#frames.get(message.eid);
    if (!frame || event.origin !== frame.origin || event.source !== frame.iframe.contentWindow) return;
    switch (message.type) {
      case 'init': return this.#init(frame);
      case 'req': return this.#request(frame, message);
      case 'event_query': return this.#listen(frame, message.args);
      case 'broadcast': return this.#relay(frame, message);
      case 'addon_clicked': return this.#tell({ kind: 'click', frame });
      case 'key_triggered': return frame.keys.get(message.keycode)?.();
      case 'unload': return this.#unload(frame);
    }
  }

  #init(frame) {
    frame.ready = true;
    this.#send(frame, { type: 'init_received' });
    for (const keycode of frame.keys.keys()) this.#listenKey(frame, keycode);
    this.#tell({ kind: 'init', frame });
    frame.onInit?.(frame);
  }

  #listenKey(frame, keycode) {
    this.#send(frame, { type: 'key_listen', keycode, modifiers: [], action: 'add' });
  }

  // An app may register after the iframe's script did, so an event waits until
  // its own name is asked for.
  #listen(frame, names) {
    for (const name of names ?? []) frame.events.add(name);
    const due = frame.waiting.filter((w) => frame.events.has(w.message.etyp) && w.until > Date.now());
    frame.waiting = frame.waiting.filter((w) => !due.includes(w) && w.until > Date.now());
    frame.announced = frame.announced.filter((a) => a.until > Date.now());
    for (const { message } of [...due, ...frame.announced]) this.#send(frame, message);
    this.#tell({ kind: 'register', frame, names });
  }

  #relay(frame, { etyp, evnt }) {
    this.broadcast(etyp, (other) => other.addon === frame.addon && other !== frame, evnt);
  }

  #unload(frame) {
    frame.ready = false;
    frame.events.clear();
    frame.objects.clear();
  }

  async #request(frame, message) {
    const call = { kind: 'call', frame, name: callName(message), args: message.args, start: Date.now() };
    const respond = (args, failed = false) => {
      this.#tell({ ...call, result: args, failed, end: Date.now() });
      if (message.mid) this.#send(frame, { type: 'resp', mid: message.mid, forPlugin: true, args });
    };
    const found = findMethod(frame, message);
    if (!found) return this.#tell({ ...call, unknown: true, end: Date.now() });
    try {
      const result = await found.run(...(message.args ?? []));
      respond(found.returnsPromise ? [undefined, result ?? null] : result ?? []);
    } catch (error) {
      respond([error instanceof Error ? error.message : error], true);
    }
  }

  #send(frame, message) {
    if (message.type === 'evt') this.#tell({ kind: 'event', frame, name: message.etyp, args: [message.evnt] });
    frame.iframe.contentWindow?.postMessage(message, frame.origin);
  }

  #tell(what) {
    for (const watcher of this.#watchers) watcher({ time: Date.now(), ...what });
  }
}

// frameName is the window.name from which the iframe's script builds AP.
function frameName(frame, options) {
  return JSON.stringify({
    extension_id: frame.id,
    api: describe(frame.modules),
    origin: location.origin,
    options: {
      hostOrigin: location.origin,
      hostFrameOffset: 1,
      autoresize: true,
      globalOptions: { check_init: true },
      platformFeatureFlags: {},
      ...options,
    },
  });
}

function describe(modules) {
  return mapValues(modules, (module) => mapValues(module, (member) =>
    (member.proxied ? describeClass(member) : describeMethod(member))));
}

function describeMethod(method) {
  return { args: [], returnsPromise: Boolean(method.returnsPromise) };
}

function describeClass(Class) {
  const names = Object.getOwnPropertyNames(Class.prototype);
  return Object.fromEntries(names.map((name) => [name, describeMethod(Class.prototype[name])]));
}

function mapValues(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}

// findMethod returns what a request wants to call, or nothing.
function findMethod(frame, { mod, fn, _cls, _id }) {
  const module = own(frame.modules, mod);
  const member = own(module, _cls ?? fn);
  if (!member) return undefined;
  if (!_cls) return { run: (...args) => member(frame, ...args), returnsPromise: member.returnsPromise };
  if (fn === 'constructor') {
    return { run: (...args) => { frame.objects.set(_id, new member(frame, _id, ...args)); return [_id]; } };
  }
  const object = frame.objects.get(_id);
  const known = object && Object.hasOwn(member.prototype, fn);
  return known ? { run: (...args) => object[fn](...args) } : undefined;
}

function own(object, name) {
  return object && Object.hasOwn(object, name) ? object[name] : undefined;
}

function callName({ mod, fn, _cls }) {
  return [mod === '_globals' ? 'AP' : `AP.${mod}`, _cls, fn].filter(Boolean).join('.');
}

// hostOffset counts the frames between source and the nearest one of our origin.
function hostOffset(source) {
  let offset = 0;
  for (let frame = source; frame !== frame.parent && !sameOrigin(frame); frame = frame.parent) offset++;
  return offset;
}

function sameOrigin(frame) {
  try {
    return Boolean(frame.location.href);
  } catch {
    return false;
  }
}

function randomName() {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (b) => b.toString(16).padStart(2, '0')).join('');
}
