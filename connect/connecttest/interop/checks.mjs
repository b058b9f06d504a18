// What the scripts of this folder share: the site they are given, and how they
// tell the test what they found.
import { strict as assert } from "node:assert";
import { text } from "node:stream/consumers";

// The site's address, people and objects, as the test that started the script
// wrote them to its standard input.
export const site = JSON.parse(await text(process.stdin));

// person finds somebody of the site's sample by the user name.
export function person(username) {
  const found = site.people.find((p) => p.username === username);
  assert(found, `the site has nobody called ${username}`);
  return found;
}

// basic is a person's authentication as both client libraries want it.
export function basic(p) {
  return { basic: { email: p.email, apiToken: p.token } };
}

// check runs one check and prints its outcome as a line of JSON.
export async function check(name, run) {
  const outcome = { check: name };
  try {
    await run();
  } catch (err) {
    outcome.error = describe(err);
  }
  console.log(JSON.stringify(outcome));
}

// refused wants a call to be answered with the status, and gives the body of
// the answer.
export async function refused(status, call) {
  let answer;
  try {
    answer = await call;
  } catch (err) {
    // confluence.js throws the bare body, which has the status in it.
    const body = err.response?.data ?? err;
    assert.equal(err.status ?? err.statusCode, status, describe(err));
    return body;
  }
  assert.fail(`answered with ${JSON.stringify(answer)}, want ${status}`);
}

function describe(err) {
  const http = err.cause?.response ?? err.response;
  if (!http?.config) {
    return err.stack ?? JSON.stringify(err);
  }
  const { method, url, params, data } = http.config;
  return `${method} ${url} ${JSON.stringify(params ?? {})} ${data ?? ""}: ${http.status} ${JSON.stringify(http.data)}`;
}
