// Lists what the service worker keeps on this device, and empties it when asked.

const list = document.querySelector("#kept-pages");
const note = document.querySelector("#kept-note");
const button = document.querySelector("#forget");
const AT_ONCE = /^(?:\/[a-z]{2})?\/(?:offline|help)\/$/;
const { lang } = document.documentElement;
const written = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { dateStyle: "long" });

async function pages() {
  if (!("caches" in window)) return [];
  const kept = await caches.open("pages-1");
  const names = (await kept.keys()).reverse();
  return Promise.all(
    names
      .filter(({ url }) => !AT_ONCE.test(new URL(url).pathname))
      .map(async (name) => {
        const answer = await kept.match(name);
        const text = await answer.text();
        // The title alone: a whole card would bring a style that the policy refuses.
        const head = text.match(/<title>[^<]*<\/title>/)?.[0] ?? "";
        const { title } = new DOMParser().parseFromString(head, "text/html");
        const when = new Date(answer.headers.get("X-Kept-At"));
        return { url: name.url, title: title.replace(/ · Pharmakon$/, ""), when };
      }),
  );
}

async function show() {
  const found = await pages();
  list.replaceChildren(
    ...found.map(({ url, title, when }) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = new URL(url).pathname + new URL(url).search;
      link.textContent = title || link.href;
      const day = document.createElement("time");
      day.dateTime = when.toISOString();
      day.className = "quiet small";
      day.textContent = written.format(when);
      item.append(link, " ", day);
      return item;
    }),
  );
  note.textContent = found.length ? list.dataset.some : list.dataset.none;
  button.hidden = !found.length;
}

button.addEventListener("click", async () => {
  const kept = await caches.open("pages-1");
  for (const name of await kept.keys())
    if (!AT_ONCE.test(new URL(name.url).pathname)) await kept.delete(name);
  await show();
  note.textContent = list.dataset.removed;
  note.focus();
});

show();
