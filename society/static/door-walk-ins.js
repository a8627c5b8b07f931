// Those let in without network who had not answered, as long as the server does not know them: to be sent, or refused with a
// reason and kept as they were typed. Without this, whoever walks in is told to the server at once or not at all.
const root = document.getElementById("door");
const box = document.getElementById("walk-ins");
const clock = new Intl.DateTimeFormat("en-GB", { timeZone: root.dataset.zone, hour: "numeric", minute: "2-digit", hourCycle: "h12" });
const { here } = root.dataset;

// What was refused may have been mistyped. The hour at which they came stays.
function correction({ uid, walkIn }, details) {
  const form = details.querySelector("form");
  for (const [name, value] of Object.entries(walkIn)) form.elements[name].value = value;
  details.querySelector("summary").setAttribute("aria-label", `Correct: ${walkIn.name}`);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const typed = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim().replace(/\s+/g, " ")]));
    const why = Door.amiss(typed);
    form.querySelector(".error").textContent = why;
    if (why) return;
    await Door.correct(here, uid, { ...typed, party_size: typed.party_size || "1" });
    await show();
    document.dispatchEvent(new Event("changed"));
  });
}

function line(act) {
  const { uid, walkIn, refused } = act;
  const made = document.getElementById("walk-in").content.cloneNode(true);
  const party = Number(walkIn.party_size);
  made.querySelector("b").textContent = walkIn.name;
  const typed = [`${party} ${party === 1 ? "person" : "people"}`, walkIn.email, `came at ${clock.format(new Date(Door.when(act)))}`];
  made.querySelector("[data-typed]").textContent = typed.filter(Boolean).join(", ");
  made.querySelector("[data-state]").textContent = refused ? `Refused: ${refused}` : "Not sent yet.";
  const [again, back] = ["again", "back"].map((name) => made.querySelector(`[data-${name}]`));
  const details = made.querySelector("[data-correct]");
  if (refused) correction(act, details);
  else {
    again.remove();
    details.remove();
  }
  for (const [button, how, words] of [[again, Door.tryAgain, "Send again"], [back, Door.takeBack, refused ? "Forget" : "Take back"]]) {
    button.textContent = words;
    button.setAttribute("aria-label", `${words}: ${walkIn.name}`);
    button.addEventListener("click", async () => {
      await how(here, uid);
      await show();
      document.dispatchEvent(new Event("changed"));
    });
  }
  return made;
}

async function show() {
  const kept = await Door.walkIns(here);
  box.hidden = !kept.length;
  box.querySelector("ul").replaceChildren(...kept.map(line));
}

if (self.Door && "indexedDB" in window && navigator.locks) {
  document.addEventListener("told", show);
  await show();
}
