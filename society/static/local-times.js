// Beside each time told in an event's own zone, the visitor's own, where their clocks differ then.
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

// en-GB with twelve hours is how these pages write times.
const told = (instant, timeZone, shape) =>
  new Intl.DateTimeFormat("en-GB", { ...shape, hour12: true, timeZone }).format(instant);
const DAY = { weekday: "short", day: "numeric", month: "short" };
const CLOCK = { hour: "numeric", minute: "2-digit" };

function add(time) {
  const instant = new Date(time.dateTime);
  const differs = (shape) => told(instant, here, shape) !== told(instant, time.dataset.zone, shape);
  if (!differs({ ...DAY, ...CLOCK })) return;
  const note = document.createElement("span");
  note.className = "your-time";
  note.textContent = ` (${told(instant, here, differs(DAY) ? { ...DAY, ...CLOCK } : CLOCK)} your time)`;
  time.after(note);
}

const addAll = (root) => root.querySelectorAll("time[data-zone]").forEach(add);
addAll(document);
document.addEventListener("replaced", (event) => addAll(event.target));
