// Runs first in every page of a Forge app: it puts the page in touch with the
// local site around it. Atlassian's bridge looks for __bridge, and so does the
// stand-in for it.

(() => {
  const host = location.origin; // the frame itself has none
  const waiting = new Map();
  let last = 0;

  const tell = (message) => parent.postMessage({ forge: message }, host);

  addEventListener("message", (event) => {
    if (event.source !== parent || event.origin !== host || !event.data?.forge) return;
    const { id, answer, error, theme } = event.data.forge;
    if (theme) Object.assign(document.documentElement.dataset, theme);
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.resolve(answer);
    else call?.reject(new Error(error));
  });

  globalThis.__bridge = {
    callBridge: (name, payload) =>
      new Promise((resolve, reject) => {
        waiting.set(++last, { resolve, reject });
        tell({ id: last, name, payload });
      }),
  };

  // The frame is as tall as the page, so the page has no scrollbar of its own:
  // one that comes and goes would change its width, and with it the height.
  const root = document.documentElement;
  root.style.overflowY = "hidden";
  new ResizeObserver(() => tell({ height: root.offsetHeight })).observe(root);
})();
