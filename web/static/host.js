// The calls that our pages make to the host around them, through its AP object.
// Every call is harmless if the host, or the part that it uses, is missing.

const patience = 10_000; // ms to wait for a token
const rest = 450; // ms, more than the 400 in which Atlassian's bridge counts sizes

export function makeHost(win, chat) {
  const ap = () => win.AP ?? {};
  return {
    // Returns a token for calls to the app, "" if the host gives none.
    token: () => withLimit(chat ? chatToken(ap()) : contextToken(ap())),
    resize: () => quietly(() => ap().resize?.()),
    follow: (node) => follow(node, () => quietly(() => ap().resize?.())),
    title: (text) => quietly(() => ap().jira?.setDashboardItemTitle?.(text)),
    theme: () => quietly(() => ap().theming?.initializeTheming?.()),
    close: () => quietly(() => ap().dialog?.close?.()),
    // Sets the title of a dialog and the texts of the host's buttons.
    dialog: (title, { save, cancel }) =>
      quietly(() =>
        ap().dialog?.update?.({
          title,
          options: {
            primaryAction: { key: "save", name: { value: save } },
            secondaryActions: [{ key: "cancel", name: { value: cancel } }],
          },
        }),
      ),
    open: (key) => quietly(() => ap().dialog?.open?.({ key })),
    // Enables or disables the host's buttons under a dialog.
    actions: (on) => quietly(() => (on ? ap().dialog?.enableActions?.() : ap().dialog?.disableActions?.())),
    onEdit: (fn) => quietly(() => ap().jira?.DashboardItem?.onDashboardItemEdit?.(fn)),
    onAction: (key, fn) => quietly(() => ap().register?.({ [key]: fn })),
  };
}

// Atlassian's bridge takes the fifth size within 400 ms for flicker, and keeps the
// largest. So once a node has rested for longer, the host is told its size again.
function follow(node, resize) {
  let timer;
  new ResizeObserver(() => {
    clearTimeout(timer);
    timer = setTimeout(resize, rest);
  }).observe(node);
}

async function contextToken(AP) {
  return AP.context?.getToken?.() ?? "";
}

function chatToken(AP) {
  return new Promise((resolve, reject) => {
    if (!AP.auth?.withToken) {
      resolve("");
      return;
    }
    AP.auth.withToken((err, token) => (err ? reject(err) : resolve(token)));
  });
}

// A host that refuses, or never answers, counts as one without a token.
async function withLimit(promise) {
  let timer;
  const limit = new Promise((resolve) => {
    timer = setTimeout(resolve, patience, "");
  });
  try {
    return (await Promise.race([promise, limit])) || "";
  } catch {
    return "";
  } finally {
    clearTimeout(timer);
  }
}

// The host's script throws if the page is open outside the host.
function quietly(fn) {
  try {
    const result = fn();
    result?.catch?.(() => {});
  } catch {
    // the page works without the host's part
  }
}
