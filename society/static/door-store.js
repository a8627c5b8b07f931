// What a phone keeps of a door: the guest list as it last was, the acts the server does not know yet, and what to say next.
// A door is named by the path of its page. Used by the page and by its service worker, so this is no module.
self.Door = (() => {
  const STORES = ["lists", "acts", "words"];
  const AT_ONCE = 500; // acts in one message to the server
  const LET_IN_AT_ONCE = 50; // and of those who had not answered
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

  async function noted(door) {
    const acts = await on("acts", "readonly", (store) => store.getAll());
    return acts.filter((act) => act.door === door).sort((one, other) => one.at - other.at);
  }

  // What is still to be sent. Somebody whom the server refused waits for a person's word instead.
  const waiting = async (door) => (await noted(door)).filter((act) => !act.refused);

  // Those let in without network who had not answered, and whom the server does not know: not yet, or it refused them.
  const walkIns = async (door) => (await noted(door)).filter((act) => act.walkIn);

  // The doors of which the server does not know all acts.
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
    if (form.has("party_size")) return letIn(door, form);
    const everyone = await guests(door);
    if (form.has("code")) return scan(door, everyone, form);
    const guest = everyone.find((one) => one.id === Number(form.get("rsvp")));
    if (!guest) return sorry("There is no network", "That guest is not on the list kept here.");
    return note(door, guest, form.get("action"), Number(form.get("came")) || null);
  }

  // Somebody who has not answered: noted as typed, and seated once the server knows. What is amiss is told, and stays typed.
  async function letIn(door, form) {
    const [name, email, size] = ["name", "email", "party_size"].map((field) => form.get(field).trim().replace(/\s+/g, " "));
    const party = size === "" ? 1 : Number(size);
    const typed = { name, email, party_size: size };
    const kept = await list(door);
    if (kept?.walk_ins?.barred) return { ...sorry("There is no network", kept.walk_ins.barred), typed };
    if (!name) return { ...sorry("There is no network", "Please give a name."), typed };
    if (!(Number.isInteger(party) && party > 0)) return { ...sorry("There is no network", "Please give a whole number of people."), typed };
    const others = await walkIns(door);
    const uid = form.get("uid") || crypto.randomUUID();
    await write("acts", uid, { uid, door, at: Date.now(), walkIn: { name, email, party_size: String(party) } });
    const text = doubts(kept, others, name, party) || "Noted here, and seated when the network is back.";
    return { kind: text.startsWith("Noted") ? "success" : "warn", heading: `${name} is let in`, text };
  }

  const same = (name) => name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  // What may yet go wrong with somebody let in, by the list kept here.
  function doubts(kept, others, name, party) {
    const words = [];
    const free = kept?.walk_ins?.free ?? null;
    const taken = others.filter((act) => !act.refused).reduce((sum, act) => sum + Number(act.walkIn.party_size), 0);
    if (free !== null && party > free - taken) words.push("By the list kept here there are not so many free seats, so the server may refuse them.");
    if (kept?.guests.some((guest) => same(guest.name) === same(name))) words.push("Somebody of that name is on the list: if it is they, take this back below and check them in there.");
    return words.join(" ");
  }

  // Only while nothing is under way: whatever was sent meanwhile stays. Whether it was still here.
  const change = (door, uid, how) =>
    navigator.locks.request(`tell ${door}`, async () => {
      const act = await read("acts", uid);
      if (act) await how(act);
      return Boolean(act);
    });

  const takeBack = (door, uid) => change(door, uid, () => remove("acts", uid));
  const tryAgain = (door, uid) => change(door, uid, ({ refused, ...act }) => write("acts", uid, act));

  async function scan(door, everyone, form) {
    const typed = form.get("code").trim();
    if (!typed) return sorry("There is no network", "A photo cannot be read now. Please type the code, or look for the name.");
    const word = asMeant(typed);
    if (!word) return sorry("A code has eight letters and digits, such as 7QK2-M9XA.");
    const guest = await bearer(everyone, word);
    if (!guest) return sorry("No ticket on the list kept here has that code", "Please look for the name instead.");
    if (arrivals(guest) === guest.party) return { kind: "warn", heading: `${guest.name} is in already`, guest };
    return note(door, guest, "in", null);
  }

  // All of a party are those of whom the list tells: it may have grown since.
  async function note(door, guest, action, some) {
    const came = action === "undo" ? null : some ?? guest.party;
    const done = { uid: crypto.randomUUID(), door, at: Date.now(), action, rsvp: guest.id, came, name: guest.name };
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
        const sent = atOnce(acts);
        const walk_ins = sent.filter((act) => act.walkIn).map(({ uid, at, walkIn }) => ({ uid, at, ...walkIn }));
        const answer = await fetch(`${door}/sync`, {
          method: "POST",
          redirect: "manual",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ now: Date.now(), acts: sent.filter((act) => !act.walkIn), walk_ins }),
          signal: AbortSignal.timeout(PATIENCE),
        });
        if (!answer.ok) return false;
        await taken(door, sent, await answer.json());
        acts = await waiting(door);
      }
      return true;
    });
  }

  function atOnce(acts) {
    const [others, come] = [acts.filter((act) => !act.walkIn), acts.filter((act) => act.walkIn)];
    return [...others.slice(0, AT_ONCE), ...come.slice(0, LET_IN_AT_ONCE)];
  }

  // Names that the server does not tell are those of the list. Who was refused stays here, as typed, with the reason.
  async function taken(door, sent, outcomes) {
    const before = (await read("words", `report ${door}`)) ?? { sent: 0, odd: [] };
    const acts = new Map(sent.map((act) => [act.uid, act]));
    const all = outcomes.map((one) => ({ ...one, name: one.name || acts.get(one.uid)?.name || "" }));
    const odd = all.filter((one) => one.words || one.fate !== "done");
    await say(door, "report", { sent: before.sent + sent.length, odd: [...before.odd, ...odd] });
    for (const { uid, fate, words } of all) {
      const act = acts.get(uid);
      if (act?.walkIn && fate === "refused") await write("acts", uid, { ...act, refused: words });
      else await remove("acts", uid);
    }
  }

  return { act, arrivals, forget, forgetOld, guests, keep, list, noted, said, say, takeBack, tell, tryAgain, unsent, waiting, walkIns };
})();
