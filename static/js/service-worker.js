// Keeps the entries that were opened, their safety cards and the help numbers on this
// device, for when there is no connection. The network is always asked first; what is kept
// is shown only when the network does not answer, or the site breaks, and then says so on
// top, with its day.

const PAGES = "pages-1";
const FILES = "files-1";
const AT_ONCE = ["/offline/", "/help/"];
const MOST_PAGES = 60;
const MOST_DAYS = 60;
const ENTRY = /^(?:\/[a-z]{2})?\/(substances|alkaloids|symptoms|articles|claims|regions)\/[^/]+(\/[a-z0-9-]+)?\/$/;
const CARD_OF = /^(?:\/[a-z]{2})?\/(substances|alkaloids)\/[^/]+\/$/;
const KEPT_AT = "X-Kept-At";

addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      await Promise.all(AT_ONCE.map(keep));
      await keepFiles(await filesOf("/offline/"), location.origin);
      await skipWaiting();
    })(),
  );
});

addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys())
        if (name !== PAGES && name !== FILES) await caches.delete(name);
      await registration.navigationPreload?.enable();
      await clients.claim();
    })(),
  );
});

addEventListener("message", (event) => {
  const { page, files } = event.data;
  event.waitUntil(keepWhole(new URL(page), files));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/admin/")) return;
  if (request.mode === "navigate") event.respondWith(navigated(event, url));
  else if (isFile(url)) event.respondWith(file(request));
});

function isKept(url) {
  return ENTRY.test(url.pathname) || AT_ONCE.includes(url.pathname);
}

function isFile(url) {
  return url.pathname.startsWith("/static/") || /\.svg$/.test(url.pathname);
}

async function navigated(event, url) {
  try {
    const answer = (await event.preloadResponse) || (await fetch(event.request));
    if (isKept(url) && answer.ok && !answer.redirected)
      event.waitUntil(put(url, answer.clone()));
    // 502 of a proxy before a site that is restarting, 503, 500: no answer to a reader.
    if (answer.status >= 500 && isKept(url))
      return (await ofTheDevice(url, "The site does not answer.")) || answer;
    return answer;
  } catch {
    return (await ofTheDevice(url)) || (await ofTheDevice(new URL("/offline/", url)));
  }
}

// The network first: a file whose name has no digest may have changed.
async function file(request) {
  const isForEver = /\.[0-9a-f]{12}\./.test(request.url);
  const files = await caches.open(FILES);
  if (isForEver) {
    const kept = await files.match(request);
    if (kept) return kept;
  }
  try {
    return await fetch(request);
  } catch (problem) {
    const kept = await files.match(request);
    if (kept) return kept;
    throw problem;
  }
}

async function keepFiles(addresses, base) {
  const files = await caches.open(FILES);
  await Promise.all(
    addresses
      .map((address) => new URL(address, base))
      .filter((each) => each.origin === location.origin)
      .map(async (each) => (await files.match(each)) || files.add(each).catch(() => {})),
  );
}

// A worker has no document to ask: the addresses are read from our own HTML.
async function filesOf(path) {
  const kept = await (await caches.open(PAGES)).match(location.origin + path);
  const text = kept ? await kept.text() : "";
  return Array.from(text.matchAll(/(?:src|href)="(\/static\/[^"#]+)"/g), ([, each]) => each);
}

async function keepWhole(url, addresses) {
  await keepFiles(addresses, url);
  if (!isKept(url)) return;
  await keep(url);
  if (CARD_OF.test(url.pathname))
    await keep(new URL(`${url.pathname}card/${url.search}`, url));
  await tidy();
}

async function keep(address) {
  const url = new URL(address, location.origin);
  const answer = await fetch(url).catch(() => null);
  if (answer?.ok && !answer.redirected) await put(url, answer);
}

async function put(url, answer) {
  const headers = new Headers(answer.headers);
  // The body below is no longer compressed.
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  headers.set(KEPT_AT, new Date().toISOString());
  // Whole before anything is taken out: a connection may break off in the midst of it.
  const body = await answer.blob();
  const pages = await caches.open(PAGES);
  // Taken out first, so that the order of the keys is that of the last visits.
  await pages.delete(nameOf(url));
  await pages.put(nameOf(url), new Response(body, { headers }));
}

function nameOf(url) {
  return url.origin + url.pathname + url.search;
}

async function tidy() {
  const pages = await caches.open(PAGES);
  const names = (await pages.keys()).filter(
    ({ url }) => !AT_ONCE.includes(new URL(url).pathname),
  );
  const oldest = Date.now() - MOST_DAYS * 86_400_000;
  for (const [place, name] of names.entries()) {
    const kept = await pages.match(name);
    const isOld = Date.parse(kept.headers.get(KEPT_AT)) < oldest;
    if (isOld || place < names.length - MOST_PAGES) await pages.delete(name);
  }
}

async function ofTheDevice(url, why = "No connection.") {
  const kept = await (await caches.open(PAGES)).match(nameOf(url));
  if (!kept) return null;
  if (url.pathname === "/offline/") return kept;
  const when = new Intl.DateTimeFormat("en-GB", {
    dateStyle: "long",
    timeStyle: "short",
  }).format(new Date(kept.headers.get(KEPT_AT)));
  const said =
    `<div class="kept-note nothing" role="status"><strong>${why}</strong> ` +
    `This copy was kept on this device on ${when}. The law, the evidence and the ` +
    `numbers may have changed since. <a href="/offline/">All that is kept</a></div>`;
  const text = (await kept.text()).replace(/<body[^>]*>/, (body) => body + said);
  return new Response(text, { headers: kept.headers });
}
