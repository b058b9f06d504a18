#!/usr/bin/env bash
# npm atlassian-connect-js 5.3.190 with jquery 3.7.1, in Chromium; needs node 20 and chromium.
#
# A frame follows its content's height, also when that shrinks. But if the content has
# had five heights within 400 ms, the host takes it for flicker, sets the frame to the
# largest of them and leaves it there: a page that loads in quick steps stays as high as
# its highest step, however small it is in the end. A further change of the content, once
# it has rested, puts it right. Output:
#
#   four heights: content 100, frame 100
#   five heights: content 100, frame 500
#   after a rest and another change: content 110, frame 110
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --ignore-scripts --no-audit --no-fund atlassian-connect-js@5.3.190 jquery@3.7.1 >/dev/null

cat >frame.html <<'HTML'
<!doctype html><style>html, body { margin: 0 }</style>
<div class="ac-content"><div id="content" style="height: 300px"></div></div>
<script src="/iframe.js"></script>
HTML
cat >frame-steps.js <<'JS'
// In the frame: set heights one after the other, and tell how long that took.
addEventListener('message', async ({ data }) => {
  if (!data.heights) return;
  const begun = performance.now();
  for (const height of data.heights) {
    document.getElementById('content').style.height = `${height}px`;
    await new Promise((done) => setTimeout(done, 40));
  }
  parent.postMessage({ took: performance.now() - begun }, '*');
});
JS
sed -i 's,</script>$,</script><script src="/frame-steps.js"></script>,' frame.html
cat >host.html <<'HTML'
<!doctype html><script src="/jquery.js"></script><script>window.AJS = { $: jQuery }</script><script src="/connect-host.js"></script><div id="slot"></div>
<script>
const rest = (ms) => new Promise((done) => setTimeout(done, ms));
addEventListener('load', async () => {
  const container = connectHost.create({
    addon_key: 'app', key: 'module', url: `${location.origin}/frame.html`,
    options: { autoresize: true, hostOrigin: location.origin, widthinpx: false },
  });
  document.getElementById('slot').append(...container.get());
  const frame = container.find('iframe')[0];
  await new Promise((loaded) => frame.addEventListener('load', loaded));
  await rest(1500);
  const lines = [];
  for (const [name, heights] of [
    ['four heights', [400, 300, 200, 100]],
    ['five heights', [500, 400, 300, 200, 100]],
    ['after a rest and another change', [110]],
  ]) {
    for (let took = Infinity, tries = 0; took > 300 && tries < 20; tries++) { // a busy machine
      frame.contentWindow.postMessage({ heights }, '*');
      took = await new Promise((done) => addEventListener('message', function told({ data }) {
        if (!data.took) return;
        removeEventListener('message', told);
        done(data.took);
      }));
      await rest(1500);
    }
    lines.push(`${name}: content ${heights.at(-1)}, frame ${frame.clientHeight}`);
  }
  await fetch('/result', { method: 'POST', body: lines.join('\n') });
});
</script>
HTML
cat >run.mjs <<'JS'
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const dist = 'node_modules/atlassian-connect-js/dist';
const files = {
  '/': 'host.html', '/frame.html': 'frame.html', '/frame-steps.js': 'frame-steps.js', '/jquery.js': 'node_modules/jquery/dist/jquery.js',
  '/connect-host.js': `${dist}/connect-host.js`, '/iframe.js': `${dist}/iframe.js`,
};
let told;
const result = new Promise((resolve) => { told = resolve; });
const server = createServer((request, answer) => {
  const path = request.url.split('?')[0];
  if (path === '/result') {
    let body = '';
    request.on('data', (part) => { body += part; });
    request.on('end', () => { answer.end(); told(body); });
    return;
  }
  if (!files[path]) { answer.writeHead(404).end(); return; }
  answer.writeHead(200, { 'Content-Type': path.endsWith('.js') ? 'text/javascript' : 'text/html' }).end(readFileSync(files[path]));
});
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const browser = spawn('chromium', ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
  `--user-data-dir=${process.cwd()}/profile`, `http://127.0.0.1:${server.address().port}/`], { stdio: 'ignore' });
const late = setTimeout(() => told('no answer within a minute'), 60000);
console.log(await result);
clearTimeout(late);
browser.kill();
await new Promise((ended) => { browser.on('exit', ended); });
server.closeAllConnections();
server.close();
JS
got=$(node run.mjs)
echo "$got"
want='four heights: content 100, frame 100
five heights: content 100, frame 500
after a rest and another change: content 110, frame 110'
[ "$got" = "$want" ] || { echo "this has changed"; exit 1; }
