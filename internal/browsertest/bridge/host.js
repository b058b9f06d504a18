// A dashboard page around Atlassian's own connect-host.js. What the library
// leaves to the product (jira, context, user, request) is defined here; the
// local site gives tokens and answers REST calls.

const id = decodeURIComponent(location.pathname.split('/').pop());
const as = new URLSearchParams(location.search).get('as') ?? '';
const asQuery = `as=${encodeURIComponent(as || 'anonymous')}`;
const address = `/-/ui/dashboards/${encodeURIComponent(id)}`;
const items = new Map(); // extension id → dashboard item

async function call(path, options) {
  const response = await fetch(path, options);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

// promise marks a method whose result is a promise.
function promise(method) {
  return Object.assign(method, { returnsPromise: true });
}

// context is what the library says about the caller: it is on the callback,
// which is always last.
function caller(args) {
  return args[args.length - 1]._context;
}

function token(app) {
  return call(`/-/ui/context-token?${asQuery}&app=${encodeURIComponent(app)}`, { method: 'POST' }).then((answer) => answer.token);
}

function claims(jwt) {
  return JSON.parse(atob(jwt.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')));
}

// Modules have to be there before the first extension is made: what the app's
// page gets is frozen into the frame's name.
function define(viewer) {
  connectHost.defineModule('jira', {
    setDashboardItemTitle(title, callback) {
      items.get(callback._context.extension_id).setTitle(title);
    },
    isDashboardItemEditable(callback) {
      callback(items.get(callback._context.extension_id).data.editable);
    },
  });
  connectHost.defineModule('context', {
    getToken: promise((...args) => token(caller(args).extension.addon_key)),
    getContext: promise((...args) => token(caller(args).extension.addon_key).then((jwt) => claims(jwt).context)),
  });
  connectHost.defineModule('user', {
    getCurrentUser(callback) { callback({ atlassianAccountId: viewer?.accountId ?? null }); },
    getLocale(callback) { callback(viewer?.locale ?? 'en_US'); },
    getTimeZone(callback) { callback(viewer?.timeZone ?? 'UTC'); },
  });
  connectHost.defineModule({
    request: promise((options, callback) => request(options, callback._context.extension.addon_key)),
    getLocation(callback) { callback(location.href); },
    sizeToParent() {},
  });
}

async function request(options, app) {
  const { url, type = 'GET', data } = typeof options === 'string' ? { url: options } : options;
  const answer = await call(`/-/ui/rest?${asQuery}`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ method: type, path: url, app, body: data === undefined ? null : JSON.parse(data) }),
  });
  const body = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  const xhr = { status: answer.status, responseText: body };
  if (answer.status >= 400) throw { xhr, err: body };
  return { body, xhr };
}

class Item {
  constructor(data) {
    this.data = data;
    this.title = Object.assign(document.createElement('h1'), { textContent: data.title });
    this.slot = document.createElement('div');
    this.element = document.createElement('section');
    this.element.className = 'gadget';
    this.element.dataset.item = data.id;
    const header = document.createElement('header');
    header.append(this.title, this.#button('configure', () => this.configure()), this.#button('refresh', () => this.refresh()));
    this.element.append(header, this.slot);
  }

  setTitle(text) {
    this.title.textContent = text;
  }

  // configure tells every item of the module, as the product does.
  configure() {
    connectHost.broadcastEvent('jira_dashboard_item_edit', { addon_key: this.data.app, key: this.data.moduleKey }, {});
  }

  // refresh loads the frame anew, from a freshly signed address.
  async refresh() {
    this.data = await call(`${address}/items/${encodeURIComponent(this.data.id)}?${asQuery}`);
    connectHost.destroy(this.extension);
    items.delete(this.extension);
    this.load();
  }

  load() {
    const container = connectHost.create({
      addon_key: this.data.app, key: this.data.moduleKey, url: this.data.url,
      options: { autoresize: true, hostOrigin: location.origin, widthinpx: false, moduleType: 'jiraDashboardItems', isFullPage: false, isDialog: false },
    });
    const frame = container.find('iframe')[0];
    this.extension = frame.id;
    frame.title = this.title.textContent;
    items.set(this.extension, this);
    this.slot.replaceChildren(...container.get());
  }

  #button(name, action) {
    const button = Object.assign(document.createElement('button'), { type: 'button', textContent: name, onclick: action });
    button.dataset.do = name;
    button.disabled = name === 'configure' && !this.data.editable;
    return button;
  }
}

const data = await call(`${address}?${asQuery}`);
define(data.viewer);
for (const one of data.items) {
  const item = new Item(one);
  document.getElementById('main').append(item.element);
  item.load();
}
