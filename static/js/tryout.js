// Grades again as soon as a box is ticked. Without this, the button of the form does it.

for (const form of document.querySelectorAll("form.tryout")) {
  let asked = 0;

  form.addEventListener("change", async () => {
    const turn = ++asked;
    const query = new URLSearchParams(new FormData(form));
    const address = `${location.pathname}?${query}`;
    try {
      const answer = await fetch(address);
      if (!answer.ok) throw new Error(answer.statusText);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (turn !== asked) return; // the reader has ticked another box since
      document.getElementById("tried").replaceWith(page.getElementById("tried"));
      history.replaceState(null, "", `${address}#try`);
    } catch {
      form.requestSubmit();
    }
  });
}
