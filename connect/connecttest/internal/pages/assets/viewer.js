// The page's viewer: kept in the address as ?as=.

import { getJSON } from './api.js';
import { avatar, h } from './dom.js';
import { icon } from './icons.js';
import { menu } from './popup.js';

export const nobody = 'anonymous';

// requested is the viewer that the address names; undefined if it names none.
export function requested() {
  return new URLSearchParams(location.search).get('as') ?? undefined;
}

// remembered is requested, or the viewer of the last page in this tab: links
// from inside a gadget know nothing of viewers, and undefined is neither.
export function remembered() {
  return requested() ?? storage()?.getItem('as') ?? undefined;
}

// remember keeps the viewer for this tab and puts it into the page's links.
export function remember(as) {
  storage()?.setItem('as', as);
  for (const anchor of document.querySelectorAll('a[data-as]')) anchor.setAttribute('href', link(anchor.pathname, as));
}

function storage() {
  try {
    return sessionStorage;
  } catch {
    return undefined;
  }
}

// link is a path of the site as seen by a viewer.
export function link(path, as, params = {}) {
  const query = new URLSearchParams({ ...params, ...(as === undefined ? {} : { as }) });
  return query.size ? `${path}?${query}` : path;
}

function choose(as) {
  const address = new URL(location.href);
  address.searchParams.set('as', as);
  location.assign(address);
}

// people are everybody on the site.
export async function people() {
  const answer = await getJSON('/-/people');
  return Array.isArray(answer) ? answer : answer.people;
}

// findViewer returns the chosen viewer, as the site's calls take it, and the
// person behind it (null for nobody). Without a choice it is the first
// dashboard's owner.
export async function findViewer() {
  const everybody = await people();
  let as = remembered();
  if (as === undefined) {
    const { dashboards } = await getJSON('/-/ui/dashboards');
    as = dashboards[0]?.owner?.accountId ?? everybody[0]?.accountId ?? nobody;
  }
  return { as: as || nobody, person: everybody.find((one) => one.accountId === as) ?? null, everybody };
}

// viewerButton shows the viewer and lets one choose another. suggested are
// the viewers worth comparing, each with a label.
export function viewerButton({ as, person, suggested = [] }) {
  const label = `View as, now ${person?.displayName ?? 'Anonymous'}`;
  const button = h('button', { type: 'button', class: 'viewer', 'aria-label': label },
    avatar(person), h('span', { class: 'viewer-name' }, person?.displayName ?? 'Anonymous'), icon('chevron'));
  const item = (one) => ({
    label: one.displayName || 'Anonymous',
    hint: one.label,
    icon: avatar(one),
    checked: (one.accountId || nobody) === as,
    action: () => choose(one.accountId || nobody),
  });
  const items = async () => {
    const known = new Set(suggested.map((one) => one.accountId || nobody));
    const others = [...await people(), { accountId: '', displayName: 'Anonymous', label: 'not logged in' }]
      .filter((one) => !known.has(one.accountId || nobody));
    const worth = suggested.length ? [{ heading: 'View as' }, ...suggested.map(item)] : [];
    return [...worth, { heading: worth.length ? 'Others' : 'View as' }, ...others.map(item)];
  };
  return menu(button, items, label);
}
