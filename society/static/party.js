// Who brings more guests than the form has room for gets it as soon as they say how many. Without this the form comes back
// with it when it is sent. Nothing typed is touched; whom there are too many of, the form asks about when it is sent.
function follow(form) {
  const { party_size: size, shown } = form.elements;
  let asking = new AbortController();

  function add(page) {
    let last = [...form.querySelectorAll(":scope > fieldset")].pop() ?? shown; // a question can be a set of its own
    for (const guest of page.querySelectorAll("fieldset[id^=guest-]")) {
      const here = form.querySelector(`#${guest.id}`);
      if (here) here.querySelector("legend").textContent = guest.querySelector("legend").textContent;
      else {
        last.after(guest);
        last = guest;
      }
    }
    shown.value = page.querySelector("[name=shown]").value;
  }

  async function ask() {
    asking.abort();
    if (!size.validity.valid || Number(size.value) <= Number(shown.value)) return;
    asking = new AbortController();
    const address = `${location.pathname}?party_size=${Number(size.value)}`;
    try {
      const answer = await fetch(address, { signal: asking.signal });
      if (answer.ok) add(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      // Overtaken by another number, or no network: sending the form asks, too.
    }
  }

  size.addEventListener("input", ask);
}

for (const form of document.querySelectorAll("form:has([name=shown]):has([name=party_size])")) follow(form);
