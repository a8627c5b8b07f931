// While a notice is on its way, its figures are fetched again every few seconds. When it comes to another phase, the
// page is read anew, since other things can be done then. Without this script there is a link to reload.
const EVERY = 3000; // ms

async function look() {
  const shown = document.getElementById("progress");
  if (!shown.dataset.again) return;
  try {
    const answer = document.hidden ? null : await fetch(shown.dataset.again);
    const page = answer && new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = answer?.ok && !answer.redirected && page.getElementById("progress");
    if (found && found.dataset.phase !== shown.dataset.phase) {
      location.reload();
      return;
    }
    const focused = shown.contains(document.activeElement); // a link that somebody is about to follow stays
    if (found && !focused && found.innerHTML !== shown.innerHTML) shown.replaceWith(document.adoptNode(found));
  } catch {
    // No network for a moment: what was seen last stays.
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
