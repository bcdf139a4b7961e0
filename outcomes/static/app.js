// Small additions for browsers with scripts. Every page works without this file.

import { initAll } from "./vendor/govuk/govuk-frontend.min.js";

// The Ministry's script is fetched only by the few pages that have one of its components.
async function startMoj() {
  if (!document.querySelector('[data-module^="moj-"]')) return;
  const moj = await import("./vendor/moj/moj-frontend.min.js");
  moj.initAll();
}

// Leaving a form with something typed into it asks first: a session note is not typed twice.
function guardTyping() {
  const forms = document.querySelectorAll("form[data-app-guard]");
  let typed = document.querySelector("form[data-app-guard] .govuk-error-message") !== null;
  forms.forEach((form) => {
    form.addEventListener("input", () => { typed = true; });
    form.addEventListener("submit", () => { typed = false; });
  });
  window.addEventListener("beforeunload", (event) => {
    if (typed) event.preventDefault();
  });
}

initAll();
startMoj();
guardTyping();
