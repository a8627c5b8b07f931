// A form whose input of files has data-one-by-one sends several photographs one after the other: together they would be
// more than can be sent. What could not be sent is named with why, and can be tried again. Without this script all go
// at once, as far as they fit.
const MB = 1024 * 1024;

function oneByOne(form, input) {
  const part = document.getElementById("one-by-one");
  const told = part.querySelector("[role=status]");
  const bar = part.querySelector("progress");
  const failed = part.querySelector("ul");
  const choice = part.querySelector(".actions");
  const without = document.getElementById("without-the-others"); // the form that goes on, and says what was not sent
  const untold = part.querySelector("[data-untold]");
  const tellThem = choice.querySelector("[value=yes]");
  const send = form.querySelector("button[type=submit], button:not([type])");
  let queue = [];
  let number = 0; // of all that were chosen
  let added = 0;

  const leaving = (event) => event.preventDefault(); // what is under way would be lost

  function start(files) {
    queue = files.map((file, at) => ({ file, at: at + 1 }));
    number = files.length;
    added = 0;
    bar.max = number;
    run();
  }

  function fieldsFor(one, isLast) {
    const fields = new FormData(form);
    fields.set("file", one.file);
    const title = fields.get("title").trim();
    if (title) fields.set("title", `${title.slice(0, 180)} (${one.at} of ${number})`);
    if (isLast) fields.set("added", number);
    else fields.delete("tell"); // those who answered are written to once, when all are there
    return fields;
  }

  async function sent(one, isLast) {
    if (one.file.size > Number(input.dataset.most)) {
      const most = Math.round(Number(input.dataset.most) / MB);
      return { file: `It has ${Math.ceil(one.file.size / MB)} MB, and at most ${most} MB can be sent.` };
    }
    try {
      const answer = await fetch(part.dataset.to, { method: "POST", body: fieldsFor(one, isLast) });
      if (answer.redirected) return { file: "You are signed out. Sign in in another window, then try again." };
      if (answer.status === 413) return { file: "It is larger than can be sent." };
      if (!answer.headers.get("Content-Type").includes("json")) return { file: "It could not be taken just now." };
      return await answer.json();
    } catch {
      return { file: "There was no connection." };
    }
  }

  async function run() {
    const left = [];
    begin();
    for (const [at, one] of queue.entries()) {
      told.textContent = `Sending ${one.file.name}, ${at + 1} of ${queue.length}. Please leave this page open.`;
      const found = await sent(one, at === queue.length - 1 && !left.length);
      if (found.form) return end(`Nothing more was sent. ${found.form.join(" ")}`, [...left, ...queue.slice(at)], []);
      if (found.file) {
        left.push(one);
        name(one, found.file);
      } else bar.value = ++added;
      if (added === number) return done(found.next);
    }
    end(`${added} of ${number} photographs ${added === 1 ? "is" : "are"} there. What follows could not be added:`, left, left);
  }

  function begin() {
    window.addEventListener("beforeunload", leaving);
    part.hidden = false;
    choice.hidden = untold.hidden = true;
    failed.replaceChildren();
    bar.value = added;
    bar.hidden = false;
    send.disabled = true;
  }

  function name(one, why) {
    const item = document.createElement("li");
    item.textContent = `${one.file.name}: ${why}`;
    failed.append(item);
  }

  function end(words, left, again) {
    window.removeEventListener("beforeunload", leaving);
    queue = left;
    told.textContent = words;
    bar.hidden = !added;
    choice.hidden = !again.length;
    offerToGoOn();
    send.disabled = false;
    (again.length ? choice.querySelector("button") : part).focus();
  }

  // The line to those who answered goes with the last photograph: while some are missing, it has not.
  function offerToGoOn() {
    const fields = new FormData(form);
    const wanted = added > 0 && fields.get("tell") === "yes" && fields.get("message").trim() !== "";
    untold.hidden = tellThem.hidden = choice.hidden || !wanted;
  }

  function goOn(event) {
    const fields = new FormData(form);
    const said = { tell: event.submitter.value, added, number, left: queue.map((one) => one.file.name).join("\n") };
    for (const name of ["message", "kind", "seen_by"]) said[name] = fields.get(name) ?? "";
    without.replaceChildren();
    for (const [name, value] of Object.entries(said)) {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name, value });
      without.append(input);
    }
  }

  function done(next) {
    window.removeEventListener("beforeunload", leaving);
    told.textContent = `${added} photographs are there.`;
    location.assign(next);
  }

  choice.querySelector("button").addEventListener("click", run);
  without.addEventListener("submit", goOn);
  form.addEventListener("input", () => choice.hidden || offerToGoOn()); // the line can still be changed
  input.addEventListener("change", () => (queue = [])); // others are chosen
  form.addEventListener("submit", (event) => {
    if (input.files.length < 2) return;
    event.preventDefault();
    if (queue.length) run();
    else start([...input.files]);
  });
}

for (const input of document.querySelectorAll("input[type=file][data-one-by-one]")) oneByOne(input.form, input);
