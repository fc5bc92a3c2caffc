// Keeps the entries that were opened, their safety cards and the help numbers on this
// device, for when there is no connection. The network is always asked first; what is kept
// is shown only when the network does not answer, or the site breaks, and then says so on
// top, with its day.

const PAGES = "pages-1";
const FILES = "files-1";
const AT_ONCE = ["/offline/", "/help/"];
const LANGUAGE = /^(?:\/[a-z]{2}(?=\/))?/;
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

// "/es" of "/es/help/", "" of "/help/".
function languageOf(url) {
  return url.pathname.match(LANGUAGE)[0];
}

function isAtOnce(url) {
  return AT_ONCE.includes(url.pathname.replace(LANGUAGE, ""));
}

function isKept(url) {
  return ENTRY.test(url.pathname) || isAtOnce(url);
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
      return (await ofTheDevice(url, "no-answer")) || answer;
    return answer;
  } catch {
    for (const each of [url.href, `${languageOf(url)}/offline/`, "/offline/"]) {
      const kept = await ofTheDevice(new URL(each, url));
      if (kept) return kept;
    }
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
  const language = languageOf(url);
  if (language) await Promise.all(AT_ONCE.map((each) => keepOnce(language + each)));
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

// Who reads in another language needs these in it too.
async function keepOnce(address) {
  const name = new URL(address, location.origin);
  if (!(await (await caches.open(PAGES)).match(name.href))) await keep(address);
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
    ({ url }) => !isAtOnce(new URL(url)),
  );
  const oldest = Date.now() - MOST_DAYS * 86_400_000;
  for (const [place, name] of names.entries()) {
    const kept = await pages.match(name);
    const isOld = Date.parse(kept.headers.get(KEPT_AT)) < oldest;
    if (isOld || place < names.length - MOST_PAGES) await pages.delete(name);
  }
}

async function ofTheDevice(url, why = "no-connection") {
  const kept = await (await caches.open(PAGES)).match(nameOf(url));
  if (!kept) return null;
  if (url.pathname === `${languageOf(url)}/offline/`) return kept;
  const text = await kept.text();
  const language = text.match(/<html lang="([a-z]{2})"/)?.[1] ?? "en";
  const when = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, {
    dateStyle: "long",
    timeStyle: "short",
  }).format(new Date(kept.headers.get(KEPT_AT)));
  // The page brings the words, in its own language (components/_kept_note.html).
  const words = text.match(/<template id="kept-copy">([^]*?)<\/template>/)?.[1];
  const reason = text.match(new RegExp(`<template id="${why}">([^]*?)</template>`))?.[1];
  if (!words || !reason) return null; // never a copy that does not say that it is one
  const said = words.replace("{why}", reason).replace("{when}", when);
  const whole = text.replace(/<body[^>]*>/, (body) => body + said);
  return new Response(whole, { headers: kept.headers });
}
