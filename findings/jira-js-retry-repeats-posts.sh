#!/usr/bin/env bash
# npm jira.js 6.2.0.
#
# The option retry repeats every request that is answered 502, 503 or 504, or whose
# connection breaks, whatever its method. After a 504 nobody knows whether Jira has
# done what was asked: a work log that a gateway gave up on is then written twice. A
# 429, which did nothing, is not repeated. Output:
#
#   addWorklog, first answer 504: 2 POSTs, 2 work logs
#   addWorklog, first answer 429: 1 POSTs, 0 work logs, RateLimitError
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error jira.js@6.2.0 >/dev/null 2>&1
cat >main.js <<'JS'
import http from "node:http";
import { createCloudClient } from "jira.js";

for (const first of [504, 429]) {
  let posts = 0;
  let written = 0;
  const jira = http.createServer((request, response) => {
    posts++;
    const refused = posts === 1 && first === 429;
    if (!refused) written++; // with 504, what was done reaches nobody
    response.writeHead(posts === 1 ? first : 201, { "content-type": "application/json", "retry-after": "0" });
    response.end(JSON.stringify({ id: String(written) }));
  });
  await new Promise((done) => jira.listen(0, "127.0.0.1", done));
  const client = createCloudClient({
    host: `http://127.0.0.1:${jira.address().port}`,
    auth: { type: "basic", email: "ann@example.com", apiToken: "token" },
    retry: { maxAttempts: 3, initialDelayMs: 1 },
    onSchemaMismatch: () => {},
  });
  let failed = "";
  try {
    await client.issueWorklogs.addWorklog({ issueIdOrKey: "AB-1", timeSpentSeconds: 60 });
  } catch (error) {
    failed = `, ${error.name}`;
  }
  console.log(`addWorklog, first answer ${first}: ${posts} POSTs, ${written} work logs${failed}`);
  jira.closeAllConnections();
  jira.close();
}
JS
got=$(node main.js)
echo "$got"
test "$got" = 'addWorklog, first answer 504: 2 POSTs, 2 work logs
addWorklog, first answer 429: 1 POSTs, 0 work logs, RateLimitError'
