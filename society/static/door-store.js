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

  // The list; none once its event is long over, by the server's clock, and then it is kept no longer.
  async function list(door) {
    const kept = await read("lists", door);
    if (kept && kept.until * 1000 < hour(kept)) return forget(door);
    return kept;
  }

  // The server's hour, in ms since 1970, as far as the list tells by how much this device's clock is ahead of it.
  const hour = (kept) => Date.now() - (kept?.ahead ?? 0);

  async function forget(door) {
    await remove("lists", door);
  }

  const aheadOf = (now) => Date.now() - now * 1000;
  const keep = (door, fresh) => write("lists", door, { whole: fresh.now, ...fresh, ahead: aheadOf(fresh.now) });

  // When something is done: by this device's clock, and as reckoned from the hour that came with the list.
  const stamp = (kept) => ({ at: Date.now(), hour: kept && hour(kept), listed: kept && kept.now * 1000 });
  const when = ({ at, hour }) => hour ?? at;

  // Before the door opens, by either clock: one of them alone may be wrong.
  const early = (kept) => Boolean(kept?.opens && kept.opens.at * 1000 > Math.max(Date.now(), hour(kept)));

  // Of an event of several days: whether a guest who is in already was last seen on an earlier one.
  function cameBack(kept, { since, seen }) {
    return Boolean(kept?.days) && day(kept, (seen ?? since) * 1000) < day(kept, hour(kept));
  }

  const clocks = {};

  function day({ zone }, at) {
    clocks[zone] ??= new Intl.DateTimeFormat("en-CA", { timeZone: zone });
    return clocks[zone].format(at);
  }

  // Whether a guest is there; of an event of several days: today.
  const isHere = (kept, guest) => Boolean(guest.since) && !cameBack(kept, guest);

  // The list with what was done at this door since; none where that is not all that has changed.
  function merged(kept, { gone, ...fresh }) {
    const changed = new Map(fresh.guests.map((guest) => [guest.id, guest]));
    const guests = kept.guests.filter(({ id }) => !gone.includes(id)).map((guest) => changed.get(guest.id) ?? guest);
    const old = new Set(kept.guests.map(({ id }) => id));
    guests.push(...fresh.guests.filter(({ id }) => !old.has(id)));
    const sum = (number) => guests.reduce((all, guest) => all + number(guest), 0);
    const { answers, seats, arrived, numbers } = fresh.count;
    const holds = answers === guests.length && seats === sum(({ party }) => party) && arrived === sum(arrivals) && numbers === sum(({ id }) => id);
    return holds ? { ...fresh, guests, whole: kept.whole } : null;
  }

  // This device's clock may have been put right since.
  async function compare(door, now) {
    const kept = await read("lists", door);
    if (kept && Math.abs(kept.ahead - aheadOf(now)) > 5_000) await write("lists", door, { ...kept, ahead: aheadOf(now) });
  }

  async function forgetOld() {
    for (const door of await on("lists", "readonly", (store) => store.getAllKeys())) await list(door);
  }

  async function noted(door) {
    const acts = await on("acts", "readonly", (store) => store.getAll());
    return acts.filter((act) => act.door === door).sort((one, other) => when(one) - when(other));
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

  const heard = (door, kind) => read("words", `${kind} ${door}`);

  async function said(door, kind) {
    const words = await heard(door, kind);
    await remove("words", `${kind} ${door}`);
    return words;
  }

  // A guest as they are after the acts kept here: the first scan counts, a further one says how many have come. What is said or
  // undone is so of that day alone: `here` of those there then, while `came` is of the day on which most of them were.
  function after(kept, guest, acts) {
    let { since, seen, came, here } = guest;
    const earlier = (at, act) => kept.days && at && day(kept, at * 1000) < day(kept, when(act));
    let before; // as they were on the evening before
    for (const act of acts) {
      if (act.rsvp !== guest.id) continue;
      if (act.action === "undo") {
        if (before) ({ seen, came, here } = before);
        else if (earlier(since, act)) [seen, here] = [since, came];
        else since = seen = came = here = null;
      } else {
        if (earlier(seen ?? since, act)) before = { seen: seen ?? since, came, here };
        const rest = before ? before.came : came === here ? undefined : came; // of the days before, as far as is known
        seen = when(act) / 1000;
        here = act.came && act.came < guest.party ? act.came : null;
        came = since && rest !== undefined ? most(rest, here) : here;
        since ??= seen;
      }
    }
    return { ...guest, since, seen, came, here };
  }

  const most = (one, other) => (one && other ? Math.max(one, other) : null); // null is all of a party

  const arrivals = (guest) => (guest.since ? guest.came || guest.party : 0);

  // How many of a guest's party were there on the day on which they were last let in.
  const lastHere = (guest) => (guest.since ? guest.here || guest.party : 0);

  const guests = (kept, acts) => kept?.guests.map((guest) => after(kept, guest, acts)) ?? [];

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
    const kept = await list(door);
    const everyone = guests(kept, await waiting(door));
    if (form.has("code")) return scan(door, kept, everyone, form);
    const guest = everyone.find((one) => one.id === Number(form.get("rsvp")));
    if (!guest) return sorry("There is no network", "That guest is not on the list kept here.");
    if (early(kept) && form.get("action") === "in") return sorry("The door is not open yet", kept.opens.words);
    return note(door, kept, guest, form.get("action"), Number(form.get("came")) || null);
  }

  // Somebody who has not answered: noted as typed, and seated once the server knows. What is amiss is told, and stays typed.
  async function letIn(door, form) {
    const [name, email, size] = ["name", "email", "party_size"].map((field) => form.get(field).trim().replace(/\s+/g, " "));
    const party = size === "" ? 1 : Number(size);
    const typed = { name, email, party_size: size };
    const kept = await list(door);
    const why = kept?.walk_ins?.barred || (early(kept) && kept.opens.words) || amiss(typed);
    if (why) return { ...sorry("There is no network", why), typed };
    const others = await walkIns(door);
    const uid = form.get("uid") || crypto.randomUUID();
    await write("acts", uid, { uid, door, ...stamp(kept), walkIn: { name, email, party_size: String(party) } });
    const text = doubts(kept, others, name, party) || "Noted here, and seated when the network is back.";
    return { kind: text.startsWith("Noted") ? "success" : "warn", heading: `${name} is let in`, text };
  }

  // What cannot be as it was typed, in words; the server looks again.
  function amiss({ name, email, party_size }) {
    if (!name) return "Please give a name.";
    if (!/^[1-9]\d*$|^$/.test(party_size)) return "Please give a whole number of people.";
    if (email && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) return "Please write the email as in name@example.org, or leave it out.";
    return "";
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
  const correct = (door, uid, walkIn) => change(door, uid, ({ refused, ...act }) => write("acts", uid, { ...act, walkIn }));

  async function scan(door, kept, everyone, form) {
    const typed = form.get("code").trim();
    if (!typed) return sorry("There is no network", "A photo cannot be read now. Please type the code, or look for the name.");
    const word = asMeant(typed);
    if (!word) return sorry("A code has eight letters and digits, such as 7QK2-M9XA.");
    const guest = await bearer(everyone, word);
    if (!guest) return sorry("No ticket on the list kept here has that code", "Please look for the name instead.");
    if (early(kept)) return { kind: "success", heading: `${guest.name}’s ticket is good`, text: `That was a trial: nobody was checked in. ${kept.opens.words}` };
    const back = guest.since && cameBack(kept, guest);
    if (!back && lastHere(guest) < guest.party) return note(door, kept, guest, "in", null);
    if (!back) return { kind: "warn", heading: `${guest.name} is in already`, been: true, guest: { ...guest, since: guest.seen ?? guest.since } };
    return { ...(await note(door, kept, guest, "in", null)), heading: `${guest.name}: welcome back`, been: true };
  }

  // All of a party are those of whom the list tells: it may have grown since.
  async function note(door, kept, guest, action, some) {
    const came = action === "undo" ? null : some ?? guest.party;
    const done = { uid: crypto.randomUUID(), door, ...stamp(kept), action, rsvp: guest.id, came, had: isHere(kept, guest) ? lastHere(guest) : 0, name: guest.name };
    await write("acts", done.uid, done);
    const now = after(kept, guest, [done]);
    if (action === "undo") return { kind: "success", heading: `${guest.name} is not in`, text: "That was undone." };
    return { kind: "success", heading: `${guest.name} is in`, guest: now };
  }

  // Tell the server what was done without it, in order; whether nothing is left to tell.
  function tell(door) {
    return navigator.locks.request(`tell ${door}`, async () => {
      let acts = await waiting(door);
      while (acts.length) {
        const sent = atOnce(acts);
        const walk_ins = sent.filter((act) => act.walkIn).map(({ uid, at, hour, listed, walkIn }) => ({ uid, at, hour, listed, ...walkIn }));
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
    const before = (await heard(door, "report")) ?? { sent: 0, odd: [] };
    const acts = new Map(sent.map((act) => [act.uid, act]));
    const stays = before.odd.filter(({ uid }) => !acts.has(uid));
    const all = outcomes.map((one) => ({ ...one, name: one.name || acts.get(one.uid)?.name || "" }));
    const odd = all.filter((one) => one.words || one.fate !== "done");
    await say(door, "report", { sent: before.sent + sent.length, odd: [...stays, ...odd] });
    for (const { uid, fate, words } of all) {
      const act = acts.get(uid);
      if (act?.walkIn && fate === "refused") await write("acts", uid, { ...act, refused: words });
      else await remove("acts", uid);
    }
  }

  return {
    act, amiss, arrivals, compare, correct, early, forget, forgetOld, guests, heard, isHere, keep, lastHere, list, merged, noted, said, say, takeBack,
    tell, tryAgain, unsent, waiting, walkIns, when,
  };
})();
