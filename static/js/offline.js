// Asks the service worker to keep this page, if it is an entry, and the files it needs.

if ("serviceWorker" in navigator) {
  const start = async () => {
    await navigator.serviceWorker.register("/service-worker.js");
    const { active } = await navigator.serviceWorker.ready;
    const files = new Set();
    for (const each of document.querySelectorAll(
      "link[rel=stylesheet], link[rel=icon], script[src], img[src], use[href]",
    )) {
      const address = each.getAttribute("href") || each.getAttribute("src");
      if (address && !address.startsWith("#") && !address.startsWith("data:"))
        files.add(address.split("#")[0]);
    }
    active.postMessage({ page: location.href, files: [...files] });
  };
  // After the page, never in its way. Without storage or permission nothing is kept.
  if (document.readyState === "complete") start().catch(() => {});
  else addEventListener("load", () => start().catch(() => {}));
}
