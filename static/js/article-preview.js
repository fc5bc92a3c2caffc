// Shows an article's text as readers will see it, while it is written. The server renders
// it; without this script the button opens the same in another window.

const panel = document.getElementById("article-preview");
const field = document.getElementById("id_body");
const PAUSE_MS = 500;

if (panel && field) {
  const form = field.form;
  // Beside what it shows; the page has it below all fields.
  field.closest(".form-row")?.after(panel.closest("fieldset"));
  let timer = 0;
  let asked = 0;

  const show = async () => {
    const number = ++asked;
    const sent = new FormData();
    sent.set("body", field.value);
    sent.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    let found = null;
    try {
      const response = await fetch(panel.dataset.address, { method: "POST", body: sent });
      if (response.ok) {
        const page = new DOMParser().parseFromString(await response.text(), "text/html");
        found = page.getElementById("preview");
      }
    } catch {
      // Said below.
    }
    if (number !== asked) return; // a newer text has been sent since
    if (found) panel.replaceChildren(...found.childNodes);
    else panel.textContent = "The preview could not be loaded. The text is still here.";
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE_MS);
  });
  show();
}
