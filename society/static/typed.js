// A form with data-typed shows what is written, filled for the chosen reader, while one types: its own preview is asked
// for, which stores nothing. Its button does the same without this script.
const PAUSE = 400; // ms without a key before asking

function live(form) {
  const letter = document.getElementById("typed-letter");
  const reader = document.getElementById("typed-reader");
  let timer;
  let asking = new AbortController();

  function offer(found) {
    const [now, then] = [reader, found].map((select) => [...select.options].map((one) => one.value).join());
    if (now === then) return;
    const chosen = reader.value;
    reader.replaceChildren(...found.options); // moved one by one, they lose which was chosen
    reader.value = chosen;
    if (reader.selectedIndex < 0) reader.value = "";
  }

  async function ask() {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    const body = new URLSearchParams(new FormData(form));
    body.set("preview", "yes");
    letter.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(location.pathname + location.search, { method: "POST", body, signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.getElementById("typed-letter");
      if (!found) return;
      letter.replaceChildren(...found.childNodes);
      if (answer.ok) offer(page.getElementById("typed-reader"));
    } catch {
      // Overtaken by a later question, or no network: what was shown before stays.
    } finally {
      if (!signal.aborted) letter.removeAttribute("aria-busy");
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  document.getElementById("typed-sought").addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // it looks for a reader, and does not save
    ask();
  });
  if (!document.querySelector(".paper")) ask(); // a draft's page shows above how it stands
}

document.querySelectorAll("form[data-typed]").forEach(live);
