/**
 * Opens the application without a line: its own files, and the tables that are the same for
 * everybody. Nothing of a patient is ever kept here: what is not named below is not touched.
 */
interface Worker extends EventTarget {
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
}
interface Lasting extends Event {
  waitUntil(until: Promise<unknown>): void;
}
interface Asked extends Event {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}

const worker = self as unknown as Worker;
const SHELL = "__SHELL__".split(" ");
const PAGE = "/app/";
const FILES = `files ${SHELL.join()}`;
const TABLES = "tables";
/** The data dictionary, rules, divisions and facilities: read by everybody, of nobody. */
const TABLE = /^\/api\/v1\/(facts|rules|divisions|facilities)$/;
const PATIENCE_MS = 4_000;

worker.addEventListener("install", (event) => {
  const kept = caches
    .open(FILES)
    .then((files) => files.addAll([PAGE, ...SHELL.map((name) => PAGE + name)]))
    .then(() => worker.skipWaiting());
  (event as Lasting).waitUntil(kept);
});

worker.addEventListener("activate", (event) => {
  const old = caches
    .keys()
    .then((names) => Promise.all(names.filter((one) => one !== FILES && one !== TABLES).map((one) => caches.delete(one))))
    .then(() => worker.clients.claim());
  (event as Lasting).waitUntil(old);
});

worker.addEventListener("fetch", (event) => {
  const { request } = event as Asked;
  const { pathname, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (pathname === PAGE) (event as Asked).respondWith(newest(request, FILES, PAGE));
  else if (pathname.startsWith(`${PAGE}assets/`)) (event as Asked).respondWith(kept(request));
  else if (TABLE.test(pathname)) (event as Asked).respondWith(newest(request, TABLES, request));
});

/** What the server says; where it is not reached or too slow, what it said last. */
async function newest(request: Request, where: string, as: Request | string): Promise<Response> {
  const known = await caches.open(where);
  const asked = fetch(request).then(async (answer) => {
    if (answer.ok) await known.put(as, answer.clone());
    return answer;
  });
  const late = new Promise<undefined>((done) => setTimeout(done, PATIENCE_MS));
  try {
    const answer = await Promise.race([asked, late]);
    return answer ?? (await known.match(as)) ?? (await asked);
  } catch (unreached) {
    const last = await known.match(as);
    if (last) return last;
    throw unreached;
  }
}

/** Files carry a digest in their name: one that is here is right. */
async function kept(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}
