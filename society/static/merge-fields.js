// Inputs with data-fields complete {{ … }} from the names in the element of that id ([data-field]), and a name there,
// clicked, goes into the one last written in. Without this script the names are simply listed.
const OPEN = /\{\{\s*([a-z_]*)$/;

const targets = [...document.querySelectorAll("[data-fields]")];
const places = [...document.querySelectorAll("[data-field]")];
const names = places.map((place) => place.dataset.field);
let last = targets.at(-1);

function put(target, start, name) {
  const rest = target.value.slice(target.selectionEnd);
  const closed = /^\s*\}\}/.exec(rest)?.[0].length ?? 0;
  target.setRangeText(`{{ ${name} }}`, start, target.selectionEnd + closed, "end");
  target.dispatchEvent(new Event("input", { bubbles: true }));
}

for (const place of places) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.dataset.field = place.dataset.field;
  button.textContent = place.textContent;
  button.setAttribute("aria-label", `Put ${place.dataset.field} into the text`);
  place.replaceWith(button);
  button.addEventListener("click", () => {
    last.focus();
    put(last, last.selectionStart, place.dataset.field);
  });
}

function complete(target) {
  const list = document.createElement("ul");
  list.id = `${target.id}-names`;
  list.className = "completion";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Fields");
  list.hidden = true;
  target.after(list);
  target.setAttribute("aria-controls", list.id);
  target.setAttribute("aria-autocomplete", "list");
  let chosen = 0;

  const options = () => [...list.children];
  const asked = () => OPEN.exec(target.value.slice(0, target.selectionStart));

  function close() {
    list.hidden = true;
    target.removeAttribute("aria-activedescendant");
  }

  function mark(number) {
    const all = options();
    chosen = (number + all.length) % all.length;
    all.forEach((option, at) => option.setAttribute("aria-selected", String(at === chosen)));
    all[chosen].scrollIntoView({ block: "nearest" });
    target.setAttribute("aria-activedescendant", all[chosen].id);
  }

  function take(name) {
    const found = asked();
    close();
    if (found) put(target, found.index, name);
    close();
  }

  function offer() {
    const found = asked();
    const fitting = found ? names.filter((name) => name.includes(found[1])) : [];
    if (!fitting.length) return close();
    list.replaceChildren(...fitting.map((name, at) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${at}`;
      option.setAttribute("role", "option");
      option.textContent = name;
      option.addEventListener("pointerdown", (event) => {
        event.preventDefault(); // the text keeps the focus
        take(name);
      });
      return option;
    }));
    list.hidden = false;
    mark(0);
  }

  target.addEventListener("focus", () => (last = target));
  target.addEventListener("input", offer);
  target.addEventListener("blur", close);
  target.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const act = {
      ArrowDown: () => mark(chosen + 1),
      ArrowUp: () => mark(chosen - 1),
      Enter: () => take(options()[chosen].textContent),
      Tab: () => take(options()[chosen].textContent),
      Escape: close,
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

targets.forEach(complete);
