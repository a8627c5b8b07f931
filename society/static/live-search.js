// A form with data-live answers while one types: its own page is fetched, and the element named by data-target taken over.
// Sending the form still works as ever.
const PAUSE = 250; // ms without a key before asking

const ROWS = ".event-list > li, .plain-list > li, table:not([data-month]) > tbody > tr, [data-month] td li";

// What was found, for whoever does not see the list change: as the list says it itself, else how many lines it has.
function inWords(list) {
  const own = list.querySelector(".empty, caption:not(.visually-hidden)");
  if (own) return own.textContent.trim();
  return `${list.querySelectorAll(ROWS).length} found${list.querySelector(".pager [rel=next]") ? " on this page, and there are more" : ""}`;
}

function live(form) {
  const target = document.getElementById(form.dataset.target);
  const told = Object.assign(document.createElement("p"), { className: "visually-hidden" });
  told.setAttribute("role", "status");
  form.append(told);
  let timer;
  let asking = new AbortController();

  async function ask() {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    const address = new URL(form.action);
    address.search = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
    target.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = answer.ok && page.getElementById(target.id);
      if (!found) return;
      target.replaceChildren(...found.childNodes);
      history.replaceState(null, "", address);
      told.textContent = inWords(target);
      target.dispatchEvent(new Event("replaced", { bubbles: true }));
    } catch {
      // Overtaken by a later question, or no network: what was found before stays.
    } finally {
      if (!signal.aborted) target.removeAttribute("aria-busy");
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
}

document.querySelectorAll("form[data-live]").forEach(live);
