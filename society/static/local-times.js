// Beside each time told in an event's own zone, the visitor's own, where their clocks differ then.
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
const language = document.documentElement.lang;

const told = (instant, timeZone) =>
  new Intl.DateTimeFormat(language, {
    weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit", timeZone,
  }).format(instant);

function add(time) {
  const instant = new Date(time.dateTime);
  const own = told(instant, here);
  if (time.dataset.told || own === told(instant, time.dataset.zone)) return;
  time.dataset.told = own;
  const note = document.createElement("span");
  note.className = "your-time";
  note.textContent = ` (${own} your time)`;
  time.after(note);
}

const addAll = (root) => root.querySelectorAll("time[data-zone]").forEach(add);
addAll(document);
document.addEventListener("replaced", (event) => addAll(event.target));
