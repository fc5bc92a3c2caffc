// Says on the page why a passkey did not work: the library says it to the console alone.

const REASONS = {
  NotAllowedError:
    "No passkey came back: it was cancelled, took too long, or this device holds none that" +
    " opens the desk without a password. Log in with your password; a passkey that was added" +
    " without that tick is asked for afterwards.",
  InvalidStateError: "This device holds a passkey for your account already.",
  NotSupportedError: "This device cannot make such a passkey. An app on your phone will do.",
};

const note = () => {
  const found = document.getElementById("passkey-trouble");
  if (found) return found;
  const made = document.createElement("p");
  made.id = "passkey-trouble";
  made.className = "errornote";
  made.setAttribute("role", "alert");
  document.querySelector(".account__card h1").after(made);
  return made;
};

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const { exception } = event.detail;
  note().textContent = REASONS[exception.name] ?? `It did not work: ${exception.message}`;
});
