// Where in the page one is: what stands behind # in the address, which is never sent anywhere.
import { signal } from '@preact/signals';

export type Route =
  | { at: 'day'; day: string }
  | { at: 'lists'; plan: string }
  | { at: 'list'; plan: string; number: number }
  | { at: 'compare'; plan: string; other: string }
  | { at: 'byhand'; plan: string }
  | { at: 'settings' };

const today = (): string => new Date().toLocaleDateString('sv-SE');

/** The words of addresses are Norwegian in every language: an address is handed on. */
export function parse(hash: string): Route {
  const path = hash.replace(/^#\/?/, '').split('?')[0] ?? '';
  const [at, one = '', two = ''] = path.split('/');
  if (at === 'dag' && /^\d{4}-\d{2}-\d{2}$/.test(one)) return { at: 'day', day: one };
  if (at === 'lister' && one !== '') return { at: 'lists', plan: one };
  if (at === 'liste' && Number(two) > 0) return { at: 'list', plan: one, number: Number(two) };
  if (at === 'sammenlign' && two !== '') return { at: 'compare', plan: one, other: two };
  if (at === 'forhand' && one !== '') return { at: 'byhand', plan: one };
  if (at === 'innstillinger') return { at: 'settings' };
  return { at: 'day', day: today() };
}

export function address(route: Route): string {
  switch (route.at) {
    case 'day': return `#/dag/${route.day}`;
    case 'lists': return `#/lister/${route.plan}`;
    case 'list': return `#/liste/${route.plan}/${route.number}`;
    case 'compare': return `#/sammenlign/${route.plan}/${route.other}`;
    case 'byhand': return `#/forhand/${route.plan}`;
    case 'settings': return '#/innstillinger';
  }
}

/** The token that a link brings along, taken out of the address at once. */
export function takeToken(): string | null {
  const token = /[?&]adgang=([^&]+)/.exec(location.hash)?.[1] ?? null;
  if (token !== null) history.replaceState(null, '', address(parse(location.hash)));
  return token;
}

export const route = signal<Route>(parse(location.hash));

addEventListener('hashchange', () => { route.value = parse(location.hash); });
