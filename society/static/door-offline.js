// The door's page for a time without network: shows the list that is kept on this device, and what was done there since. Once
// the server answers, the page itself comes back.
const LOOK = 10_000; // ms between two looks at the server
const SHOWN = 100; // guests, as on the page itself

const { ask, askedOf, awaken, callout, came, closed, count, door, hour, many, membersFree, outcome, report, shut } = self.DoorWords;
const { login } = document.getElementById("door").dataset;
const search = document.getElementById("q");

// As the server folds (society/text.py), by its letters. What it has folded already is folded once more, since it keeps some
// marks of other scripts; each name once, since it is looked at with each key.
const known = new Map();

function folded(text, letters = {}) {
  if (!known.has(text)) {
    const plain = text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
    known.set(text, [...plain].map((letter) => letters[letter] ?? letter).join(""));
  }
  return known.get(text);
}

const listed = new Intl.ListFormat("en-GB");

function line(kept, guest) {
  const here = Door.isHere(kept, guest);
  const partly = here && guest.here;
  const made = document.getElementById("guest").content.cloneNode(true);
  const [form] = made.querySelectorAll("form");
  form.method = "post";
  form.setAttribute("action", door);
  form.elements.rsvp.value = guest.id;
  made.querySelector("b").textContent = guest.name;
  if (!guest.free) made.querySelector("[data-free]").remove();
  const asked = made.querySelector("[data-asked]");
  if (membersFree) asked.append(askedOf(guest));
  else asked.remove();
  made.querySelector("[data-came]").textContent = came(guest, here);
  const names = made.querySelector("[data-names]");
  if (guest.names?.length) names.append(`with ${listed.format(guest.names)}`);
  else names.remove();
  const [party, enter, undo] = ["party", "enter", "undo"].map((name) => made.querySelector(`[data-${name}]`));
  enter.setAttribute("aria-label", `${partly ? "Are here:" : "Check in"} ${guest.name}`);
  undo.setAttribute("aria-label", `Undo for ${guest.name}`);
  ask(party, guest, guest.party);
  const settled = here ? !partly : Door.early(kept);
  if (guest.party === 1 || settled) party.remove();
  if (settled) enter.remove();
  else if (partly) enter.textContent = "Are here";
  if (!here) undo.remove();
  return made;
}

// Of a party's names those that were looked for; all, where it was found by another.
function sought(names, fits) {
  const found = names.filter(fits);
  return found.length ? found : names;
}

async function show() {
  const [kept, waiting] = await Promise.all([Door.list(door), Door.waiting(door)]);
  const everyone = Door.guests(kept, waiting);
  document.getElementById("early").hidden = !Door.early(kept);
  const letters = kept?.letters;
  const words = folded(search.value, letters).split(/\s+/).filter(Boolean);
  const holds = (text) => (word) => folded(text, letters).includes(word);
  const found = everyone
    .filter((guest) => words.every(holds(guest.words ?? guest.name)))
    .map((guest) => ({ ...guest, names: sought(guest.names ?? [], (name) => words.some(holds(name))) }));
  const list = document.getElementById("guests");
  list.replaceChildren(...found.slice(0, SHOWN).map((guest) => line(kept, guest)));
  document.getElementById("more").hidden = found.length <= SHOWN;
  document.getElementById("nobody").hidden = found.length > 0;
  const letIn = waiting.reduce((sum, act) => sum + Number(act.walkIn?.party_size ?? 0), 0);
  const sum = (guests, of) => guests.reduce((all, guest) => all + of(guest), letIn);
  const today = everyone.filter((guest) => Door.isHere(kept, guest));
  count({ arrived: sum(everyone, Door.arrivals), today: sum(today, Door.lastHere), seats: sum(everyone, ({ party }) => party) });
  const age = kept ? `The list is that of ${hour(kept.now)}.` : "No list is kept on this device.";
  document.getElementById("kept").textContent = `${age} ${waiting.length ? `${many(waiting.length, "act")} noted here will be sent when the network is back.` : ""}`;
}

// What was typed of somebody who has not answered, where it did not do.
function refill(typed) {
  const form = document.querySelector("#let-in form");
  for (const [name, value] of Object.entries(typed)) form.elements[name].value = value;
  document.getElementById("let-in").open = true;
}

const typing = () => document.querySelector("#walk-ins details[open]") || [...document.querySelectorAll("#code, #let-in input:not([type=number])")].some((input) => input.value);

async function back() {
  if (document.hidden && !(await Door.waiting(door)).length) return;
  try {
    const answer = await fetch(`${door}/count.json`, { redirect: "manual", signal: AbortSignal.timeout(5_000) });
    if (answer.type === "opaqueredirect") return signedOut();
    if (closed(answer)) return shut();
    if (!answer.ok) return;
  } catch {
    return;
  }
  await awaken();
  if (typing() || document.querySelector("video").srcObject) return;
  location.replace(door);
}

function signedOut() {
  if (document.getElementById("signed-out")) return;
  const made = callout("warn", "Please sign in again", "The network is back, but this device is not signed in any more. What was noted is sent once it is.");
  made.id = "signed-out";
  const way = Object.assign(document.createElement("a"), { href: `${login}?next=${encodeURIComponent(door)}`, textContent: "Sign in" });
  made.append(way);
  document.getElementById("outcome").prepend(made);
}

async function begin() {
  document.addEventListener("noted", (event) => outcome(event.detail));
  await report();
  const words = await Door.said(door, "outcome");
  if (words) outcome(words);
  if (words?.typed) refill(words.typed);
  if (await Door.said(door, "shut")) await shut();
  search.value = new URLSearchParams(location.search).get("q") ?? "";
  search.addEventListener("input", show);
  for (const what of ["noted", "changed"]) document.addEventListener(what, show);
  await show();
  addEventListener("online", back);
  setInterval(back, LOOK);
  if (!words) await back(); // a page that was closed and is opened again, once there is network: nothing to read is lost
}

if ("serviceWorker" in navigator && self.Door) await begin();
