// A form with data-live answers while one types: it fetches its own page and takes over the element named by data-target.
const PAUSE = 250; // ms without a key before asking

function live(form) {
  let timer;
  let asked;

  async function ask() {
    const address = new URL(form.action);
    address.search = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
    const target = document.getElementById(form.dataset.target);
    asked?.abort();
    asked = new AbortController();
    target.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { signal: asked.signal });
      if (!answer.ok) throw new Error(answer.statusText);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      target.replaceChildren(...page.getElementById(target.id).childNodes);
      history.replaceState(null, "", address);
      target.dispatchEvent(new Event("replaced", { bubbles: true }));
    } catch (error) {
      if (error.name === "AbortError") return; // a later question is under way
      form.submit();
    }
    target.removeAttribute("aria-busy");
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    ask();
  });
}

document.querySelectorAll("form[data-live]").forEach(live);
