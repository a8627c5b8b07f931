// The door's page and its like for a time without network. The first keeps a list on this device and its number of arrivals
// live; the other shows that list. What was done meanwhile is sent as soon as the server answers. Without this, the page works
// as long as there is network.
const LOOK = 10_000; // ms between two looks at the server
const WHOLE = 600; // s for which a list is kept up to date by what was done at the door alone
const SHOWN = 100; // guests, as on the page itself
const PAGES = "society-door";

const root = document.getElementById("door");
const { here, worker, zone } = root.dataset;
const [offline, days] = ["offline" in root.dataset, "days" in root.dataset];
const byKey = !here.includes("/organize/");
const box = document.getElementById("outcome");
const status = document.getElementById("kept");

const day = days ? { weekday: "short", day: "numeric", month: "short" } : {};
const clock = new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...day, hour: "numeric", minute: "2-digit", hourCycle: "h12" });
const hour = (seconds) => clock.format(new Date(seconds * 1000));
const many = (number, one) => `${number} ${one}${number === 1 ? "" : "s"}`;

function callout(kind, heading, text) {
  const made = document.createElement("div");
  made.className = `callout ${kind}`;
  const title = Object.assign(document.createElement("h2"), { textContent: heading });
  made.append(title);
  if (text) made.append(Object.assign(document.createElement("p"), { textContent: text }));
  return made;
}

function came(guest) {
  if (!guest.since) return guest.party > 1 ? `party of ${guest.party}` : "";
  const part = guest.came ? `, ${guest.came} of ${guest.party}` : guest.party > 1 ? `, party of ${guest.party}` : "";
  return `Arrived ${days ? "on" : "at"} ${hour(guest.since)}${part}`;
}

// What an act that was done without network came to.
function outcome({ kind, heading, text, guest }) {
  const said = text || (guest ? [guest.free && "Member", came(guest)].filter(Boolean).join(" · ") : "");
  box.replaceChildren(callout(kind, heading, said));
  if (guest?.since && guest.party > 1) box.firstElementChild.append(party(guest, Door.arrivals(guest)));
}

// How many of them are here, to be put right.
function party(guest, number) {
  const made = document.getElementById("party").content.cloneNode(true);
  const form = made.querySelector("form");
  form.setAttribute("action", here); // as a property, that is its button of the name
  form.elements.rsvp.value = guest.id;
  ask(made.querySelector("label"), guest, number);
  made.querySelector("button").setAttribute("aria-label", `Are here: ${guest.name}`);
  return made;
}

function ask(label, guest, number) {
  label.querySelector("span").textContent = `How many of ${guest.name}’s party are here`;
  Object.assign(label.querySelector("input"), { max: guest.party, value: number });
}

function oddity(one) {
  if (one.words) return one.fate === "refused" ? `${one.name || "Somebody"} was not let in. ${one.words}` : one.words;
  if (one.fate === "refused") return `${one.name || "A guest"} has no seat any more, so was not checked in.`;
  return `${one.name} was checked in twice. The first scan counts: ${hour(one.since)}.`;
}

function oddLine(one) {
  const made = Object.assign(document.createElement("li"), { textContent: oddity(one) });
  if (one.ask) made.append(party({ id: one.ask.rsvp, name: one.name, party: one.ask.party }, one.ask.came));
  return made;
}

// What was odd stays until somebody has seen to it, however often the page is opened.
async function report() {
  const words = await Door.said(here, "report");
  if (!words) return;
  const { sent, odd } = words;
  const heading = sent ? `${many(sent, "act")} done without network ${sent === 1 ? "was" : "were"} sent` : "Please see to this";
  const made = callout(odd.length ? "warn" : "success", heading);
  if (odd.length) {
    await Door.say(here, "report", { sent: 0, odd });
    const list = document.createElement("ul");
    list.append(...odd.map(oddLine));
    const seen = Object.assign(document.createElement("button"), { className: "button", type: "button", textContent: "All seen to" });
    seen.addEventListener("click", async () => {
      await Door.said(here, "report");
      made.remove();
    });
    made.append(list, seen);
  }
  document.getElementById("report").replaceChildren(made);
  document.dispatchEvent(new Event("told"));
}

async function keepPages() {
  const pages = await caches.open(PAGES);
  const answer = await fetch(`${here}/offline`, { redirect: "manual" });
  if (!answer.ok) return;
  const files = [...(await answer.clone().text()).matchAll(/(?:href|src)="([^"]*\/static\/[^"]+)"/g)];
  await pages.put(`${here}/offline`, answer);
  await Promise.all(files.map(async ([, file]) => (await pages.match(file)) || pages.add(file)));
}

// What was done at the door since is enough where the list holds with that; now and then it is had whole, as names change too.
async function keepList(whole = false) {
  const kept = await Door.list(here);
  const since = !whole && kept?.acts !== undefined && kept.now - kept.whole < WHOLE ? `?since=${kept.acts}` : "";
  const answer = await fetch(`${here}/guests.json${since}`, { redirect: "manual" });
  if (answer.ok) {
    const fresh = await answer.json();
    const list = since ? Door.merged(kept, fresh) : fresh;
    if (!list) return keepList(true);
    await Door.keep(here, list);
  } else if (answer.type === "opaqueredirect" || closed(answer)) {
    await Door.forget(here);
  }
}

async function tellKept() {
  const kept = await Door.list(here);
  if (!kept) return;
  status.textContent = `If the network fails, go on here: ${many(kept.count.answers, "guest")} ${kept.count.answers === 1 ? "is" : "are"} kept on this device, as of ${hour(kept.now)}.`;
  status.hidden = false;
}

// The key was taken back or ended (404), or whoever is signed in may not keep the door any more (403).
const closed = ({ status }) => status === 404 || status === 403;

async function look() {
  const answer = await fetch(`${here}/count.json`, { redirect: "manual" });
  if (closed(answer)) return shut();
  if (!answer.ok) return;
  const count = await answer.json();
  document.querySelector("#count b").textContent = count.arrived;
  document.querySelector("#count span").textContent = count.seats;
  await Door.compare(here, count.now);
  if ((await Door.list(here))?.count.mark !== count.mark) await keepList();
  await tellKept();
}

// The service worker asks the server again at once.
function awaken() {
  const worker = navigator.serviceWorker.controller;
  if (!worker) return undefined;
  const { port1, port2 } = new MessageChannel();
  return new Promise((done) => {
    port1.onmessage = done;
    worker.postMessage("reached", [port2]);
  });
}

// A page that nobody looks at asks for nothing, but sends what waits.
async function live() {
  try {
    if ((await Door.waiting(here)).length && (await Door.tell(here))) await report();
    if (!document.hidden) await look();
  } catch {
    status.textContent = "There is no network. Go on: what you do is kept on this device and sent later.";
    status.hidden = false;
  }
}

// Without network ---------------------------------------------------------------------------------------------------------

// As the server folds (society/text.py), by its letters. What it has folded already is folded once more, since it keeps some
// marks of other scripts.
const folded = (text, letters = {}) =>
  [...text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "")].map((letter) => letters[letter] ?? letter).join("");

const listed = new Intl.ListFormat("en-GB");

function line(guest) {
  const made = document.getElementById("guest").content.cloneNode(true);
  const [form] = made.querySelectorAll("form");
  form.method = "post";
  form.setAttribute("action", here);
  form.elements.rsvp.value = guest.id;
  made.querySelector("b").textContent = guest.name;
  if (!guest.free) made.querySelector("[data-free]").remove();
  made.querySelector("[data-came]").textContent = came(guest);
  const names = made.querySelector("[data-names]");
  if (guest.names?.length) names.append(`with ${listed.format(guest.names)}`);
  else names.remove();
  const [party, enter, undo] = ["party", "enter", "undo"].map((name) => made.querySelector(`[data-${name}]`));
  enter.setAttribute("aria-label", `${guest.came ? "Are here:" : "Check in"} ${guest.name}`);
  undo.setAttribute("aria-label", `Undo for ${guest.name}`);
  ask(party, guest, guest.party);
  if (guest.party === 1 || (guest.since && !guest.came)) party.remove();
  if (!guest.since) undo.remove();
  else if (guest.came) enter.textContent = "Are here";
  else enter.remove();
  return made;
}

// Of a party's names those that were looked for; all, where it was found by another.
function sought(names, fits) {
  const found = names.filter(fits);
  return found.length ? found : names;
}

async function show() {
  const everyone = await Door.guests(here);
  const waiting = await Door.waiting(here);
  const kept = await Door.list(here);
  document.getElementById("early").hidden = !Door.early(kept);
  const letters = kept?.letters;
  const words = folded(document.getElementById("q").value, letters).split(/\s+/).filter(Boolean);
  const holds = (text) => (word) => folded(text, letters).includes(word);
  const found = everyone
    .filter((guest) => words.every(holds(guest.words ?? guest.name)))
    .map((guest) => ({ ...guest, names: sought(guest.names ?? [], (name) => words.some(holds(name))) }));
  const list = document.getElementById("guests");
  list.replaceChildren(...found.slice(0, SHOWN).map(line));
  document.getElementById("more").hidden = found.length <= SHOWN;
  document.getElementById("nobody").hidden = found.length > 0;
  const [arrived, seats] = document.querySelectorAll("#count b, #count span");
  const letIn = waiting.reduce((sum, act) => sum + Number(act.walkIn?.party_size ?? 0), 0);
  arrived.textContent = everyone.reduce((sum, guest) => sum + Door.arrivals(guest), letIn);
  seats.textContent = everyone.reduce((sum, guest) => sum + guest.party, letIn);
  const age = kept ? `The list is that of ${hour(kept.now)}.` : "No list is kept on this device.";
  status.textContent = `${age} ${waiting.length ? `${many(waiting.length, "act")} noted here will be sent when the network is back.` : ""}`;
}

// What was typed of somebody who has not answered, where it did not do.
function refill(typed) {
  const form = document.querySelector("#let-in form");
  for (const [name, value] of Object.entries(typed)) form.elements[name].value = value;
  document.getElementById("let-in").open = true;
}

const typing = () => document.querySelector("#walk-ins details[open]") || [...document.querySelectorAll("#code, #let-in input:not([type=number])")].some((input) => input.value);

async function back() {
  if (document.hidden && !(await Door.waiting(here)).length) return;
  try {
    const answer = await fetch(`${here}/count.json`, { redirect: "manual", signal: AbortSignal.timeout(5_000) });
    if (answer.type === "opaqueredirect") return signedOut();
    if (closed(answer)) return shut();
    if (!answer.ok) return;
  } catch {
    return;
  }
  await awaken();
  if (typing() || document.querySelector("video").srcObject) return;
  location.replace(here);
}

function signedOut() {
  if (document.getElementById("signed-out")) return;
  const made = callout("warn", "Please sign in again", "The network is back, but this device is not signed in any more. What was noted is sent once it is.");
  made.id = "signed-out";
  const way = Object.assign(document.createElement("a"), { href: `${root.dataset.login}?next=${encodeURIComponent(here)}`, textContent: "Sign in" });
  made.append(way);
  box.prepend(made);
}

// A key or a right that was taken back, which without network nobody could know: no list any more, and no acts that would be kept for
// nothing. Those that nobody will take from this device are all that is shown (door.css), until somebody has told them on.
async function shut() {
  if (document.getElementById("shut")) return;
  await Door.forget(here);
  const left = await Door.noted(here);
  const [heading, why] = byKey
    ? ["This link opens nothing any more", "The key was taken back, or the event is long over."]
    : ["This door is not yours to keep any more", "You are not one of the organizers any more, or are signed in as somebody else."];
  const made = callout("danger", heading, left.length ? `${why} What was noted here without network cannot be sent any more. Please tell an organizer:` : why);
  made.id = "shut";
  box.replaceChildren(made);
  if (!left.length) return;
  const list = document.createElement("ul");
  list.append(...left.map((act) => Object.assign(document.createElement("li"), { textContent: `${hour(Door.when(act) / 1000)}: ${inWords(act)}` })));
  const told = Object.assign(document.createElement("button"), { className: "button", type: "button", textContent: "They know: forget this" });
  told.addEventListener("click", async () => {
    for (const { uid } of left) await Door.takeBack(here, uid);
    location.replace(here);
  });
  made.append(list, told);
}

function inWords({ name, action, came, walkIn }) {
  if (walkIn) return [`${walkIn.name} was let in without having answered`, `party of ${walkIn.party_size}`, walkIn.email].filter(Boolean).join(", ");
  return action === "undo" ? `${name} is not in: that was undone` : `${name} was checked in${came > 1 ? `, party of ${came}` : ""}`;
}

async function begin() {
  document.addEventListener("noted", (event) => outcome(event.detail));
  await report();
  if (offline) {
    const words = await Door.said(here, "outcome");
    if (words) outcome(words);
    if (words?.typed) refill(words.typed);
    if (await Door.said(here, "shut")) await shut();
    document.getElementById("q").value = new URLSearchParams(location.search).get("q") ?? "";
    document.getElementById("q").addEventListener("input", show);
    document.addEventListener("noted", show);
    document.addEventListener("changed", show);
    await show();
    addEventListener("online", back);
    setInterval(back, LOOK);
    return;
  }
  document.addEventListener("changed", live);
  await navigator.serviceWorker.register(worker, { scope: here });
  await Promise.all([keepPages(), keepList(), Door.forgetOld()]);
  await tellKept();
  await awaken();
  setInterval(live, LOOK);
}

// Only where the connection is safe do browsers have these.
if ("serviceWorker" in navigator && self.Door) await begin();
