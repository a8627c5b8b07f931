// A form with data-live answers while one types: its own page is fetched, and the element named by data-target taken over.
// Sending the form still works as ever.
const PAUSE = 250; // ms without a key before asking

function live(form) {
  const target = document.getElementById(form.dataset.target);
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
