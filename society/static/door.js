// The door's page: keeps a list on this device and its number of arrivals live, and sends what was noted without network.
// Without this, the page works as long as there is network.
const LOOK = 10_000; // ms between two looks at the server
const WHOLE = 600; // s for which a list is kept up to date by what was done at the door alone
const PAGES = "society-door";

const { awaken, closed, count, door, hour, many, outcome, report, shut } = self.DoorWords;
const { worker } = document.getElementById("door").dataset;
const status = document.getElementById("kept");

async function keepPages() {
  const pages = await caches.open(PAGES);
  const answer = await fetch(`${door}/offline`, { redirect: "manual" });
  if (!answer.ok) return;
  const files = [...(await answer.clone().text()).matchAll(/(?:href|src)="([^"]*\/static\/[^"]+)"/g)];
  await pages.put(`${door}/offline`, answer);
  await Promise.all(files.map(async ([, file]) => (await pages.match(file)) || pages.add(file)));
}

// What was done at the door since is enough where the list holds with that; now and then it is had whole, as names change too.
async function keepList(whole = false) {
  const kept = await Door.list(door);
  const since = !whole && kept?.acts !== undefined && kept.now - kept.whole < WHOLE ? `?since=${kept.acts}` : "";
  const answer = await fetch(`${door}/guests.json${since}`, { redirect: "manual" });
  if (answer.ok) {
    const fresh = await answer.json();
    const list = since ? Door.merged(kept, fresh) : fresh;
    if (!list) return keepList(true);
    await Door.keep(door, list);
  } else if (answer.type === "opaqueredirect" || closed(answer)) {
    await Door.forget(door);
  }
}

async function tellKept() {
  const kept = await Door.list(door);
  if (!kept) return;
  status.textContent = `If the network fails, go on here: ${many(kept.count.answers, "guest")} ${kept.count.answers === 1 ? "is" : "are"} kept on this device, as of ${hour(kept.now)}.`;
  status.hidden = false;
}

async function look() {
  const answer = await fetch(`${door}/count.json`, { redirect: "manual" });
  if (closed(answer)) return shut();
  if (!answer.ok) return;
  const fresh = await answer.json();
  count(fresh);
  await Door.compare(door, fresh.now);
  if ((await Door.list(door))?.count.mark !== fresh.mark) await keepList();
  await tellKept();
}

// A page that nobody looks at asks for nothing, but sends what waits.
async function live() {
  try {
    if ((await Door.waiting(door)).length && (await Door.tell(door))) await report();
    if (!document.hidden) await look();
  } catch {
    status.textContent = "There is no network. Go on: what you do is kept on this device and sent later.";
    status.hidden = false;
  }
}

async function begin() {
  document.addEventListener("noted", (event) => outcome(event.detail));
  await report();
  document.addEventListener("changed", live);
  await navigator.serviceWorker.register(worker, { scope: door });
  await Promise.all([keepPages(), keepList(), Door.forgetOld()]);
  await tellKept();
  await awaken();
  setInterval(live, LOOK);
}

// Only where the connection is safe do browsers have these.
if ("serviceWorker" in navigator && self.Door) await begin();
