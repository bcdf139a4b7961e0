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

// What is typed is kept on the server every few seconds, so that a dead battery loses none of it.
function keepDraft(form) {
  const told = form.querySelector("[data-app-draft-status]");
  let waiting = null;
  let done = false;
  async function send() {
    clearTimeout(waiting);
    waiting = null;
    if (done) return;
    const body = new URLSearchParams(new FormData(form));
    try {
      const answer = await fetch(form.dataset.appDraft, { method: "POST", body, redirect: "manual", keepalive: true });
      if (told) told.textContent = answer.ok ? "Kept as a draft" : "";
    } catch {
      if (told) told.textContent = "";
    }
  }
  form.addEventListener("input", () => { waiting ??= setTimeout(send, 4000); });
  form.addEventListener("submit", () => { done = true; clearTimeout(waiting); });
  document.addEventListener("visibilitychange", () => { if (waiting && document.hidden) send(); });
}

initAll();
startMoj();
guardTyping();
document.querySelectorAll("form[data-app-draft]").forEach(keepDraft);
