// What a page of ours asks of Jira around it, over Forge's bridge: the second
// adapter beside host.js. Forge sizes the frame by itself, has no call for a
// gadget's title or edit button, and no token for the page.

import { router, view } from "./bridge.js";
import { within } from "./limit.js";
import { titles } from "./texts.js";

const patience = 10_000; // ms to wait for the host

export function makeHost() {
  const nothing = () => {};
  let themed = false;
  return {
    token: async () => "",
    resize: nothing,
    // Jira shows the same title above every gadget of a kind. The owner's is a
    // heading that only screen readers have; here everybody gets it.
    title(text) {
      document.title = text;
      if (!titles.includes(text)) document.querySelector("[data-slot] h2.sr")?.classList.remove("sr");
    },
    // Asked for once, before the first fragment is there.
    theme() {
      if (!themed) quietly(() => view.theme.enable());
      themed = true;
    },
    close: () => quietly(() => view.close()),
    onEdit: nothing,
    // Goes to an address outside of the frame, which may not do so itself: in
    // place of the host's page, or in a tab of its own.
    leave: (url, stay) => quietly(() => (stay ? router.open(url) : router.navigate(url))),
    // Gives Jira a gadget's configuration to keep. Only false is a refusal, and
    // the bridge throws on it.
    submit: (config) => view.submit(config),
  };
}

// Where the page stands: which module of the manifest, whether a gadget is
// being edited, the person's language, and what its address says.
export async function whereabouts() {
  const context = await within(patience, view.getContext());
  const extension = context?.extension ?? {};
  return {
    module: context?.moduleKey ?? "",
    edit: extension.entryPoint === "edit",
    language: context?.locale ?? "en",
    query: queryOf(extension.location),
  };
}

// The query of the page in Jira that shows this one, "" where there is none.
function queryOf(location) {
  try {
    return new URL(location).search.slice(1);
  } catch {
    return "";
  }
}

function quietly(fn) {
  try {
    fn()?.catch?.(() => {});
  } catch {
    // nothing is lost: the page works without the host's part
  }
}
