// Calls to the site's JSON endpoints.

// query makes "?a=b" from the parameters that are not undefined.
export function query(params = {}) {
  const known = Object.entries(params).filter(([, value]) => value !== undefined);
  return known.length ? `?${new URLSearchParams(known)}` : '';
}

export function getJSON(path, params) {
  return call(path + query(params), {});
}

export function postJSON(path, params, body = {}) {
  const headers = { 'Content-Type': 'application/json' };
  return call(path + query(params), { method: 'POST', headers, body: JSON.stringify(body) });
}

export function deleteJSON(path, params) {
  return call(path + query(params), { method: 'DELETE' });
}

async function call(url, init) {
  const response = await fetch(url, { credentials: 'omit', ...init });
  const answer = parse(await response.text());
  if (!response.ok) throw new Error(errorText(answer) || `The site answered ${response.status}.`);
  return answer;
}

// rest runs a REST call as a person of the site, and within an app's scopes
// when app is given. body is text or a value that is sent as JSON. Statuses
// from 400 do not throw here: check ok.
export async function rest(as, method, path, { body, headers, app } = {}) {
  const sent = typeof body === 'string' ? parse(body) : body;
  const answer = await postJSON('/-/ui/rest', { as }, { method: method.toUpperCase(), path, body: sent, headers, app });
  const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? '') ;
  return {
    status: answer.status,
    ok: answer.status < 400,
    headers: answer.headers ?? {},
    text: answer.body === undefined || answer.body === null ? '' : text,
    value: parse(text),
  };
}

// restOK is rest for callers that want the answer or an error with its text.
export async function restOK(as, method, path, body) {
  const answer = await rest(as, method, path, { body });
  if (!answer.ok) throw new Error(errorText(answer.value) || `${method} ${path} answered ${answer.status}.`);
  return answer.value;
}

// listen opens the site's event stream; handlers are keyed by event name.
// It returns the function that closes it.
export function listen(handlers) {
  const source = new EventSource('/-/events');
  for (const [name, handler] of Object.entries(handlers)) {
    source.addEventListener(name, (event) => handler(event.data ? parse(event.data) : undefined));
  }
  return () => source.close();
}

// errorText finds the words in an error body: Jira's or a problem's.
export function errorText(body) {
  if (!body || typeof body !== 'object') return typeof body === 'string' ? body : '';
  const texts = [...(body.errorMessages ?? []), ...Object.values(body.errors ?? {})];
  return texts.map(String).join(' ') || body.detail || body.title || body.message || '';
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
