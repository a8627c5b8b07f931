// The days of a month by keys: arrows go from day to day, Home and End to the ends of the week, Page Up and Page Down to the
// months beside, Enter to the day's list. One day at a time is in the order of the Tab key. Without this, links do it all.
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

const days = () => [...document.querySelectorAll("[data-month] td")];

function enter(day) {
  for (const other of days()) other.tabIndex = other === day ? 0 : -1;
}

function begin() {
  enter(document.querySelector("td.today:not(.beside)") ?? document.querySelector("[data-month] td:not(.beside)"));
}

function goal(key, here, all) {
  const at = all.indexOf(here);
  if (key === "Home") return all[at - (at % 7)];
  if (key === "End") return all[at - (at % 7) + 6];
  return all[at + STEPS[key]];
}

document.addEventListener("keydown", (event) => {
  const here = event.target.closest?.("[data-month] td");
  if (here !== event.target || event.altKey || event.ctrlKey || event.metaKey) return;
  const beside = { PageUp: "prev", PageDown: "next" }[event.key];
  if (beside) {
    document.querySelector(`.month-head a[rel=${beside}]`)?.click();
  } else if (event.key === "Enter") {
    here.querySelector(".day a")?.click();
  } else if (event.key in STEPS || event.key === "Home" || event.key === "End") {
    const day = goal(event.key, here, days());
    if (!day) return;
    enter(day);
    day.focus();
  } else return;
  event.preventDefault();
});

document.addEventListener("replaced", begin);
begin();
