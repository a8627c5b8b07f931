// Words of the door's page and of its like for a time without network: what an act came to, what was odd of those that were
// sent, who may not keep the door any more. Each page's own script uses them (door.js, door-offline.js), so this is no module.
self.DoorWords = (() => {
  const { here: door, zone, price, ...about } = document.getElementById("door").dataset;
  const [days, membersFree] = [about.days, about.membersFree].map((said) => said !== undefined);
  const box = document.getElementById("outcome");

  const day = days ? { day: "numeric", month: "short", year: "numeric" } : {};
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

  // When a guest came: today, or where an event lasts several days maybe before.
  function came(guest, here = true) {
    if (!guest.since) return guest.party > 1 ? `party of ${guest.party}` : "";
    const part = guest.here ? `, ${guest.here} of ${guest.party}` : guest.party > 1 ? `, party of ${guest.party}` : "";
    return `${here ? "Arrived" : "Last here"} ${days ? "on" : "at"} ${hour((days && guest.seen) || guest.since)}${part}`;
  }

  // What a party pays: the words of `asked_of` (society/rsvps/coming_free.py).
  function askedOf(guest) {
    if (!price) return "";
    const paid = (size) => (size === 1 ? `pays ${price}` : `pay ${price} each`);
    const any = (size) => `${paid(size)}${membersFree ? ` unless ${size === 1 ? "a member" : "members"}` : ""}`;
    const others = guest.party - 1;
    if (guest.free) return others ? `comes free; ${others === 1 ? "the other" : `the ${others} others`} ${any(others)}` : "comes free";
    return others ? any(guest.party) : paid(1);
  }

  // What an act that was done without network came to. Whoever has `been` here is not asked to pay again.
  function outcome({ kind, heading, text, guest, been }) {
    const said = text || (guest ? [guest.free && "Member", !been && askedOf(guest), came(guest)].filter(Boolean).join(" · ") : "");
    box.replaceChildren(callout(kind, heading, said));
    if (guest?.since && guest.party > 1) box.firstElementChild.append(party(guest, Door.lastHere(guest)));
  }

  // How many of them are here, to be put right.
  function party(guest, number) {
    const made = document.getElementById("party").content.cloneNode(true);
    const form = made.querySelector("form");
    form.setAttribute("action", door); // as a property, that is its button of the name
    form.elements.rsvp.value = guest.id;
    ask(made.querySelector("label"), guest, number);
    made.querySelector("button").setAttribute("aria-label", `Are here: ${guest.name}`);
    return made;
  }

  function ask(label, guest, number) {
    label.querySelector("span").textContent = `How many of ${guest.name}’s party are here`;
    Object.assign(label.querySelector("input"), { max: guest.party, value: number });
  }

  // Where an event lasts several days, those of today and all since it began.
  function count({ arrived, today, seats }) {
    const [now, all, ever] = ["b", "span", "i"].map((name) => document.querySelector(`#count ${name}`));
    now.textContent = ever ? today : arrived;
    all.textContent = seats;
    if (ever) ever.textContent = arrived;
  }

  function oddity(one) {
    if (one.words) return one.fate === "refused" ? `${one.name || "Somebody"} was not let in. ${one.words}` : one.words;
    if (one.fate === "refused") return `${one.name || "A guest"} has no seat any more, so was not checked in.`;
    return `${one.name} was checked in twice. The first scan counts: ${hour(one.since)}${one.by ? `, by ${one.by}` : ""}.`;
  }

  function oddLine(one) {
    const made = Object.assign(document.createElement("li"), { textContent: oddity(one) });
    if (one.ask) made.append(party({ id: one.ask.rsvp, name: one.name, party: one.ask.party }, one.ask.came));
    return made;
  }

  // What was odd stays until somebody has seen to it, however often the page is opened.
  async function report() {
    const words = await Door.said(door, "report");
    if (!words) return;
    const { sent, odd } = words;
    const heading = sent ? `${many(sent, "act")} done without network ${sent === 1 ? "was" : "were"} sent` : "Please see to this";
    const made = callout(odd.length ? "warn" : "success", heading);
    if (odd.length) {
      await Door.say(door, "report", { sent: 0, odd });
      const list = document.createElement("ul");
      list.append(...odd.map(oddLine));
      const seen = Object.assign(document.createElement("button"), { className: "button", type: "button", textContent: "All seen to" });
      seen.addEventListener("click", async () => {
        await Door.said(door, "report");
        made.remove();
      });
      made.append(list, seen);
    }
    document.getElementById("report").replaceChildren(made);
    document.dispatchEvent(new Event("told"));
  }

  // The key was taken back or ended (404), or whoever is signed in may not keep the door any more (403).
  const closed = ({ status }) => status === 404 || status === 403;

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

  // A key or a right that was taken back, which without network nobody could know: no list any more, and no acts that would be
  // kept for nothing. Those that nobody will take from this device are all that is shown (door.css), until they are told on.
  async function shut() {
    if (document.getElementById("shut")) return;
    await Door.forget(door);
    const left = await Door.noted(door);
    const [heading, why] = door.includes("/organize/")
      ? ["This door is not yours to keep any more", "You are not one of the organizers any more, or are signed in as somebody else."]
      : ["This link opens nothing any more", "The key was taken back, or the event is long over."];
    const made = callout("danger", heading, left.length ? `${why} What was noted here without network cannot be sent any more. Please tell an organizer:` : why);
    made.id = "shut";
    box.replaceChildren(made);
    if (!left.length) return;
    const list = document.createElement("ul");
    list.append(...left.map((act) => Object.assign(document.createElement("li"), { textContent: `${hour(Door.when(act) / 1000)}: ${inWords(act)}` })));
    const told = Object.assign(document.createElement("button"), { className: "button", type: "button", textContent: "They know: forget this" });
    told.addEventListener("click", async () => {
      for (const { uid } of left) await Door.takeBack(door, uid);
      await awaken();
      location.replace(door);
    });
    made.append(list, told);
  }

  function inWords({ name, action, came, walkIn }) {
    if (walkIn) return [`${walkIn.name} was let in without having answered`, `party of ${walkIn.party_size}`, walkIn.email].filter(Boolean).join(", ");
    return action === "undo" ? `${name} is not in: that was undone` : `${name} was checked in${came > 1 ? `, party of ${came}` : ""}`;
  }

  return { ask, askedOf, awaken, callout, came, closed, count, door, hour, many, membersFree, outcome, report, shut };
})();
