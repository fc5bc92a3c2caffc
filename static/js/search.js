// Mends what the suggestion list (vendor/auto-complete-element.js) leaves open. Choosing
// needs nothing from here: each suggestion is a link.

for (const completer of document.querySelectorAll("auto-complete")) {
  const field = completer.querySelector("input");

  // The list stays open when the reader goes elsewhere.
  completer.addEventListener("focusout", (event) => {
    if (!completer.contains(event.relatedTarget)) completer.open = false;
  });

  // Tab leaves the field; it does not follow the marked link.
  completer.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Tab") completer.open = false;
    },
    { capture: true },
  );

  completer.addEventListener("load", () => {
    // On a slow line the reader may be elsewhere when the answer comes.
    if (document.activeElement !== field) completer.open = false;
    // An arrow key would scroll the whole page to the marked suggestion.
    for (const option of completer.querySelectorAll("[role=option]")) {
      option.scrollIntoView = () =>
        Element.prototype.scrollIntoView.call(option, { block: "nearest" });
    }
  });

  // A click with a mouse takes the focus before the link is followed.
  completer.addEventListener("mousedown", (event) => {
    if (event.target.closest("[role=option]")) event.preventDefault();
  });
}
