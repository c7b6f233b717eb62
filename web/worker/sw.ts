// Keeps the page and the work lists that were opened, so that they can be opened again without a network.
// Nothing else of the service is kept, and a newer answer always goes first.
export {};
declare const self: ServiceWorkerGlobalScope;
declare const __SHELL__: string[];

const PAGE = 'page';
const LISTS = 'work-lists';
/** A work list is kept for two days, in milliseconds. */
const KEPT = 48 * 3_600_000;

self.addEventListener('install', (event) => {
  event.waitUntil((async () => {
    await caches.delete(PAGE);
    await (await caches.open(PAGE)).addAll(__SHELL__);
    await self.skipWaiting();
  })());
});

self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

/** The answer of the service, kept for when there is none; or the one that was kept. */
async function fresh(request: Request, keep: string): Promise<Response> {
  const kept = await caches.open(keep);
  try {
    const answer = await fetch(request);
    if (answer.ok) await kept.put(request, answer.clone());
    return answer;
  } catch {
    return (await kept.match(request)) ?? Response.error();
  }
}

/** Throws away lists that were read so long ago that their day is over. */
async function forget(): Promise<void> {
  const kept = await caches.open(LISTS);
  for (const request of await kept.keys()) {
    const read = Date.parse((await kept.match(request))?.headers.get('Date') ?? '');
    if (!(Date.now() - read < KEPT)) await kept.delete(request);
  }
}

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== location.origin) return;
  if (url.pathname === '/') event.respondWith(fresh(event.request, PAGE));
  else if (url.pathname.startsWith('/assets/')) {
    event.respondWith(caches.match(event.request).then((kept) => kept ?? fetch(event.request)));
  } else if (/^\/v1\/plans\/[^/]+\/work-lists\/\d+$/.test(url.pathname) && url.search === '') {
    event.waitUntil(forget());
    event.respondWith(fresh(event.request, LISTS));
  }
});
