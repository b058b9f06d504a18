// Reads Jira in this page, as the viewer, for the app: such calls cost the app no
// points. The app says what to read, gets the answers in parts, and says what is
// missing until it can show something.

import { requestJira } from "./bridge.js";
import { within } from "./limit.js";

const slots = 8; // calls at once
const patience = 30_000; // ms for an answer of Jira
const part = 190_000; // bytes of one call to the app; Forge takes 200 kB
const rounds = 300; // calls to the app for one view

// Says that this page cannot read: the app then reads by itself.
export class CannotRead extends Error {}

// Whether there is all that reading needs.
export function canRead() {
  return typeof requestJira === "function" && typeof CompressionStream === "function";
}

// Reads until the app answers with something else than what to read. send hands a
// part over. read is what the app wants:
//
//   path     the address of what it shows then
//   to       the address that takes the answers
//   want     [{key, method, path, body, wait}], wait in ms before the call
//   headers  those of an answer that are handed over
//   drop     the members of an answer's JSON that are not
export async function readFor(read, send) {
  const answers = new Map(); // by key
  for (let round = 0; round < rounds; round++) {
    await readAll(read, answers);
    const answer = await send({ path: read.path, answers: await packed(answers, read.want) });
    if (!answer.read) return answer;
    read = answer.read;
  }
  throw new CannotRead();
}

// Reads what is wanted and not known yet, some calls side by side.
async function readAll({ want, headers, drop }, answers) {
  const left = want.filter(({ key }) => !answers.has(key));
  const dropped = new Set(drop);
  const next = async () => {
    for (let one = left.shift(); one; one = left.shift()) answers.set(one.key, await ask(one, headers, dropped));
  };
  await Promise.all(Array.from({ length: Math.min(slots, left.length) }, next));
}

async function ask({ key, method, path, body, wait }, names, dropped) {
  if (wait) await new Promise((resolve) => setTimeout(resolve, wait));
  const headers = { Accept: "application/json", ...(body && { "Content-Type": "application/json" }) };
  const response = await within(patience, requestJira(path, { method, headers, ...(body && { body }) })).catch(() => null);
  // Without consent or a session Jira says so in its own way; the app has its words.
  if (!response || response.status === 401 || response.status < 200) throw new CannotRead();
  const text = await response.text();
  return { key, status: response.status, headers: headersOf(response, names), ...bodyOf(text, dropped) };
}

function headersOf(response, names) {
  const known = names.map((name) => [name.toLowerCase(), response.headers.get(name)]);
  return Object.fromEntries(known.filter(([, value]) => value !== null));
}

function bodyOf(text, dropped) {
  try {
    return { body: JSON.parse(text, (name, value) => (dropped.has(name) ? undefined : value)) };
  } catch {
    return { text };
  }
}

// All answers if one part holds them: then any server can go on. Else those that
// were wanted last, in any order, as many as fit.
async function packed(answers, want) {
  const all = await pack([...answers.values()]);
  if (all.length <= part) return all;
  const some = want.filter(({ key }) => answers.has(key)).map(({ key }) => answers.get(key));
  for (let left = shuffled(some); left.length > 0; left = left.slice(0, Math.floor(left.length / 2))) {
    const text = await pack(left);
    if (text.length <= part) return text;
  }
  if (some.length > 0) throw new CannotRead(); // one answer is larger than a part
  return "";
}

function shuffled(list) {
  return list.map((one) => [Math.random(), one]).sort(([a], [b]) => a - b).map(([, one]) => one);
}

// A JSON list, compressed, in base64.
async function pack(list) {
  if (list.length === 0) return "";
  const stream = new Blob([JSON.stringify(list)]).stream().pipeThrough(new CompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  let text = "";
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
}
