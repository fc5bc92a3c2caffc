// A form of the desk: begins where one types or where something is wrong, asks before what
// was typed is lost, and saves on Ctrl+S or Cmd+S.
// Without this script the form works as it is.

const form = document.querySelector("#content-main > form[method=post]");

const isNew = document.querySelector("script[data-is-new]") !== null;
const troubles = document.querySelector("#desk-troubles");

if (troubles) {
  troubles.focus();
} else if (isNew) {
  const fields = ".form-row input, .form-row select, .form-row textarea";
  const first = [...document.querySelectorAll(`#id_identifier, ${fields}`)].find(
    (field) => !field.disabled && field.offsetParent,
  );
  first?.focus({ preventScroll: true });
}

if (form) {
  const told = () =>
    JSON.stringify(
      [...new FormData(form)]
        .filter(([name]) => name !== "csrfmiddlewaretoken")
        .map(([name, value]) => [name, value instanceof File ? value.name : value]),
    );
  // Sent back with errors: what is on the page is saved nowhere.
  const wasReturned = document.querySelector(".errornote") !== null;
  let before = told();
  let isLeavingToSave = false;

  // What other scripts fill in as the page loads is not typed by anybody.
  addEventListener("load", () => {
    before = told();
  });

  form.addEventListener("submit", (event) => {
    isLeavingToSave = event.submitter?.formTarget !== "_blank";
  });

  addEventListener("beforeunload", (event) => {
    if (isLeavingToSave || (!wasReturned && told() === before)) return;
    event.preventDefault();
  });
  // Back from the cache of the browser: it can be left again.
  addEventListener("pageshow", () => {
    isLeavingToSave = false;
  });

  addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey)) return;
    if (event.altKey || event.shiftKey) return;
    const button = form.querySelector("[name=_save]") ?? form.querySelector("[name=_continue]");
    if (!button) return;
    event.preventDefault();
    form.requestSubmit(button);
  });
}
