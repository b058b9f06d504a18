// The modules that Jira offers to an app's iframe as AP.
// Every method gets the frame first; frame.owner is the gadget it belongs to.

import { postJSON, rest } from './api.js';
import { promise, proxied } from './bridge.js';
import { Flag } from './flags.js';
import { initialTheme, onThemeChange } from './theme.js';
import { decodeToken } from './token.js';

// jiraModules returns the modules for a page shown to viewer: `as`
// is the viewer as the site's calls take it, person null for nobody.
export function jiraModules({ bridge, as, person }) {
  const base = commonModules(bridge);
  return {
    ...base,
    _globals: { ...base._globals, request: promise((frame, ...args) => request(as, frame, ...args)) },
    jira,
    context: contextModule(as),
    user: {
      getCurrentUser: promise(async () => ({ atlassianAccountId: person?.accountId ?? null })),
      getLocale: promise(async () => person?.locale || 'en_US'),
      getTimeZone: promise(async () => person?.timeZone || 'UTC'),
    },
  };
}

// commonModules are those which Jira and the chat share.
export function commonModules(bridge) {
  const env = {
    getLocation: promise(async () => location.href),
    resize: (frame, width, height) => frame.owner.resize?.(width, height),
    sizeToParent: (frame) => frame.owner.sizeToParent?.(),
    hideFooter: () => {},
  };
  const { getLocation, resize, sizeToParent } = env;
  return {
    _globals: { getLocation, resize, sizeToParent },
    env,
    events: eventsModule(bridge),
    theming: themingModule(bridge),
    flag: { create: proxied(flagClass(bridge)) },
  };
}

const jira = {
  setDashboardItemTitle: (frame, title) => frame.owner.setTitle?.(String(title)),
  isDashboardItemEditable: promise(async (frame) => Boolean(frame.owner.editable)),
  refreshIssuePage: (frame) => frame.owner.refreshIssuePage?.(),
  isNativeApp: promise(async () => false),
};

function contextModule(as) {
  const token = (frame) => postJSON('/-/ui/context-token', { as, app: frame.addon }).then((answer) => answer.token);
  return {
    getToken: promise(token),
    getContext: promise(async (frame) => decodeToken(await token(frame)).claims.context ?? {}),
  };
}

function eventsModule(bridge) {
  const toApp = (frame) => (other) => other.addon === frame.addon;
  return {
    emit: (frame, name, ...args) => bridge.broadcast(name, toApp(frame), args),
    emitPublic: (frame, name, ...args) => bridge.broadcast(name, () => true,
      { sender: { addonKey: frame.addon, key: frame.key, options: {} }, event: args }),
  };
}

function themingModule(bridge) {
  const themed = new Set();
  const tell = (frame, type, event) => bridge.broadcast(type, (other) => other === frame,
    { ...event, featureFlags: {}, surface: frame.owner.surface });
  onThemeChange((newTheme) => themed.forEach((frame) => tell(frame, 'theme_changed', { newTheme })));
  return {
    initializeTheming(frame, forceNoCleanup = false) {
      themed.add(frame);
      tell(frame, 'theme_initialized', { initialTheme: initialTheme(), forceNoCleanup });
    },
  };
}

function flagClass(bridge) {
  return class {
    constructor(frame, id, options = {}) {
      const send = (type, event) => bridge.broadcast(type, (other) => other === frame, { flagIdentifier: id, ...event });
      this.flag = new Flag({
        ...options,
        onAction: (actionIdentifier) => send('flag.action', { actionIdentifier }),
        onClose: () => send('flag.close', {}),
      });
    }

    close() {
      this.flag.close();
    }
  };
}

// request is AP.request: a REST call as the viewer, within the app's scopes.
// It takes (url), (url, options) or (options); url is relative to the site.
async function request(as, frame, first, second) {
  const options = typeof first === 'object' ? first : { ...second, url: first };
  if (!String(options.url).startsWith('/')) throw new Error('AP.request takes a URL relative to the site, like /rest/api/3/myself');
  const answer = await rest(as, options.type ?? 'GET', options.url, {
    body: options.data,
    app: frame.addon,
    headers: { ...options.headers, ...(options.contentType ? { 'Content-Type': options.contentType } : {}) },
  });
  const xhr = { status: answer.status, statusText: answer.ok ? 'success' : 'error', responseText: answer.text, headers: answer.headers };
  if (!answer.ok) throw { xhr, err: answer.text };
  return { body: answer.text, xhr };
}
