// Calls to an app's own service, across origins: the app has to allow it.

const patience = 10_000; // ms

// callService posts body and returns the service's answer: {message, nextAction}.
// A refusal is an error with the service's own words, if it has some.
export async function callService(url, token, body) {
  const response = await fetch(url, {
    method: 'POST',
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(patience),
  });
  const answer = await response.json().catch(() => ({})) ?? {};
  if (!response.ok) throw new Error(answer.error || `The service answered ${response.status}.`);
  return answer;
}
