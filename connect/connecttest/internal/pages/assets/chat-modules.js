// The modules that the chat offers to an app's iframe as AP. frame.owner is
// the dialog or sidebar that the frame is in; room does what goes beyond it.

import { commonModules } from './host-modules.js';

export function chatModules({ bridge, room }) {
  return {
    ...commonModules(bridge),
    auth: { withToken: (frame) => room.token(frame.addon).then((token) => [null, token], (error) => [error.message]) },
    user: { getCurrentUser: async () => [null, room.currentUser()] },
    dialog: {
      open: (frame, { key } = {}) => room.openDialog(frame.addon, key),
      close: (frame) => frame.owner.close?.(),
      update: (frame, change = {}) => frame.owner.update?.(change),
      disableActions: (frame) => frame.owner.setActions?.(false),
      enableActions: (frame) => frame.owner.setActions?.(true),
    },
    sidebar: {
      open: (frame, { key } = {}) => room.openSidebar(frame.addon, key),
    },
    action: {
      openTarget: (frame, { target, parameters } = {}) => room.openTarget(frame.addon, target?.key ?? target, parameters),
    },
    chat: {
      setMessageBody: (frame, body) => room.setDraft(plainText(body)),
      appendMessage: (frame, text) => room.setDraft(`${room.draft()}${text}`),
    },
  };
}

// plainText is a document's text without its formatting.
function plainText(node) {
  if (typeof node === 'string') return node;
  if (node?.text) return node.text;
  return (node?.content ?? []).map(plainText).join(node?.type === 'doc' ? '\n' : '');
}
