// What a phone keeps of a door: the guest list as it last was, the acts the server does not know yet, and what to say next.
// A door is named by the path of its page. Used by the page and by its service worker, so this is no module.
self.Door = (() => {
  const STORES = ["lists", "acts", "words"];
  const AT_ONCE = 500; // acts in one message to the server
  const PATIENCE = 10_000; // ms for the server to take them

  let opening;

  function base() {
    opening ??= settled(
      Object.assign(indexedDB.open("society-door", 1), {
        onupgradeneeded: (event) => STORES.forEach((name) => event.target.result.createObjectStore(name)),
      }),
    );
    return opening;
  }

  function settled(request) {
    return new Promise((done, fail) => {
      request.onsuccess = () => done(request.result);
      request.onerror = () => fail(request.error);
    });
  }

  async function on(name, mode, act) {
    return settled(act((await base()).transaction(name, mode).objectStore(name)));
  }

  const read = (name, key) => on(name, "readonly", (store) => store.get(key));
  const write = (name, key, value) => on(name, "readwrite", (store) => store.put(value, key));
  const remove = (name, key) => on(name, "readwrite", (store) => store.delete(key));

  // The list; none once its event is long over, and then it is kept no longer.
  async function list(door) {
    const kept = await read("lists", door);
    if (kept && kept.until * 1000 < Date.now()) return forget(door);
    return kept;
  }

  async function forget(door) {
    await remove("lists", door);
  }

  const keep = (door, fresh) => write("lists", door, { ...fresh, at: Date.now() });

  async function forgetOld() {
    for (const door of await on("lists", "readonly", (store) => store.getAllKeys())) await list(door);
  }

  async function waiting(door) {
    const acts = await on("acts", "readonly", (store) => store.getAll());
    return acts.filter((act) => act.door === door).sort((one, other) => one.at - other.at);
  }

  // The doors of which the server does not know all acts yet.
  async function unsent() {
    const acts = await on("acts", "readonly", (store) => store.getAll());
    return [...new Set(acts.map((act) => act.door))];
  }

  // Words for the page that is shown next: the outcome of an act, and a report of what was sent.
  const say = (door, kind, words) => write("words", `${kind} ${door}`, words);

  async function said(door, kind) {
    const words = await read("words", `${kind} ${door}`);
    await remove("words", `${kind} ${door}`);
    return words;
  }

  // A guest as they are after the acts kept here: the first scan counts, a further one says how many have come.
  function after(guest, acts) {
    let { since, came } = guest;
    for (const act of acts) {
      if (act.rsvp !== guest.id) continue;
      if (act.action === "undo") since = came = null;
      else {
        since ??= act.at / 1000;
        came = act.came && act.came < guest.party ? act.came : null;
      }
    }
    return { ...guest, since, came };
  }

  const arrivals = (guest) => (guest.since ? guest.came || guest.party : 0);

  async function guests(door) {
    const [kept, acts] = [await list(door), await waiting(door)];
    return kept ? kept.guests.map((guest) => after(guest, acts)) : [];
  }

  // A code as the server writes it, however it was typed (see society/door/codes.py).
  function asMeant(typed) {
    const word = typed.toUpperCase().replace(/[- ]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
    return /^[0-9A-HJKMNP-TV-Z]{8}$/.test(word) ? word : null;
  }

  async function mark(word) {
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(word)));
    return [...hash.slice(0, 2)].map((byte) => byte.toString(16).padStart(2, "0")).join("").slice(0, 3);
  }

  const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const HALF = 2 ** 20;

  async function bearer(everyone, word) {
    const number = [...word.slice(4)].reduce((sum, letter) => sum * 32 + LETTERS.indexOf(letter), 0);
    const marked = await mark(word);
    const tickets = (guest) => [[guest.id, guest.mark], ...(guest.also ?? [])];
    return everyone.find((guest) => tickets(guest).some(([id, of]) => id % HALF === number && of === marked));
  }

  const sorry = (heading, text = "") => ({ kind: "danger", heading, text });

  // One form of the door's page, done here; what came of it, in words.
  async function act(door, form) {
    if (form.has("party_size")) {
      return sorry("There is no network", "Whether a seat is free cannot be known now, so nobody without one is let in.");
    }
    const everyone = await guests(door);
    if (form.has("code")) return scan(door, everyone, form);
    const guest = everyone.find((one) => one.id === Number(form.get("rsvp")));
    if (!guest) return sorry("There is no network", "That guest is not on the list kept here.");
    return noted(door, guest, form.get("action"), Number(form.get("came")) || null);
  }

  async function scan(door, everyone, form) {
    const typed = form.get("code").trim();
    if (!typed) return sorry("There is no network", "A photo cannot be read now. Please type the code, or look for the name.");
    const word = asMeant(typed);
    if (!word) return sorry("A code has eight letters and digits, such as 7QK2-M9XA.");
    const guest = await bearer(everyone, word);
    if (!guest) return sorry("No ticket on the list kept here has that code", "Please look for the name instead.");
    if (arrivals(guest) === guest.party) return { kind: "warn", heading: `${guest.name} is in already`, guest };
    return noted(door, guest, "in", null);
  }

  async function noted(door, guest, action, came) {
    const done = { uid: crypto.randomUUID(), door, at: Date.now(), action, rsvp: guest.id, came };
    await write("acts", done.uid, done);
    const now = after(guest, [done]);
    if (action === "undo") return { kind: "success", heading: `${guest.name} is not in`, text: "That was undone." };
    return { kind: "success", heading: `${guest.name} is in`, guest: now };
  }

  // Tell the server what was done without it, in order; whether nothing is left to tell.
  function tell(door) {
    return navigator.locks.request(`tell ${door}`, async () => {
      let acts = await waiting(door);
      while (acts.length) {
        const sent = acts.slice(0, AT_ONCE);
        const answer = await fetch(`${door}/sync`, {
          method: "POST",
          redirect: "manual",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ now: Date.now(), acts: sent }),
          signal: AbortSignal.timeout(PATIENCE),
        });
        if (!answer.ok) return false;
        await taken(door, sent, await answer.json());
        acts = await waiting(door);
      }
      return true;
    });
  }

  async function taken(door, sent, outcomes) {
    const before = (await read("words", `report ${door}`)) ?? { sent: 0, odd: [] };
    const odd = outcomes.filter((one) => one.fate !== "done");
    await say(door, "report", { sent: before.sent + sent.length, odd: [...before.odd, ...odd] });
    for (const act of sent) await remove("acts", act.uid);
  }

  return { act, arrivals, forget, forgetOld, guests, keep, list, said, say, tell, unsent, waiting };
})();
