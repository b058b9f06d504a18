// What a page of ours asks of the host around it, over the host's own AP.
// Every call is harmless where the host, or the part asked for, is missing.

const patience = 10_000; // ms to wait for a token

export function makeHost(win, chat) {
  const ap = () => win.AP ?? {};
  return {
    // A token for calls to the app, "" when the host gives none.
    token: () => withLimit(chat ? chatToken(ap()) : contextToken(ap())),
    resize: () => quietly(() => ap().resize?.()),
    title: (text) => quietly(() => ap().jira?.setDashboardItemTitle?.(text)),
    theme: () => quietly(() => ap().theming?.initializeTheming?.()),
    close: () => quietly(() => ap().dialog?.close?.()),
    // Names a dialog and the buttons that the host draws under it.
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
    // Whether the buttons that the host draws under a dialog can be pressed.
    actions: (on) => quietly(() => (on ? ap().dialog?.enableActions?.() : ap().dialog?.disableActions?.())),
    onEdit: (fn) => quietly(() => ap().jira?.DashboardItem?.onDashboardItemEdit?.(fn)),
    onAction: (key, fn) => quietly(() => ap().register?.({ [key]: fn })),
  };
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

// A host that never answers, or refuses, is a host without a token.
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

// The host's script throws when a page is opened outside of it.
function quietly(fn) {
  try {
    const result = fn();
    result?.catch?.(() => {});
  } catch {
    // nothing is lost: the page works without the host's part
  }
}
