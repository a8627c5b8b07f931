// The days of a month by keys: arrows go from day to day, Home and End to the ends of the week, Page Up and Page Down to the
// months beside, Enter to the day's list; arrows from an event of a day, too. One day at a time is in the order of the Tab key,
// and each event. Without this, links do it all; so they do where the window is too narrow for a grid, and the month is a list
// of its days.
// Who came here by a key goes on from the same day, or from the last of a shorter month.
const CAME_FROM = "month-day";
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

let gridded;

const isGrid = () => getComputedStyle(document.querySelector("[data-month] tbody")).display === "table-row-group";
const days = () => [...document.querySelectorAll("[data-month] td")];

const link = (day) => day.querySelector(".day a");

function enter(day) {
  for (const other of days()) {
    other.tabIndex = other === day ? 0 : -1;
    link(other)?.setAttribute("tabindex", "-1"); // the day itself stands for it
  }
}

// The day of the month that somebody was on when they turned the page, as it is here.
function same(number) {
  const own = days().filter((day) => !day.classList.contains("beside"));
  return own[Math.min(number, own.length) - 1];
}

function begin() {
  const number = Number(sessionStorage.getItem(CAME_FROM));
  sessionStorage.removeItem(CAME_FROM);
  gridded = isGrid();
  if (!gridded) {
    for (const day of days()) {
      day.removeAttribute("tabindex");
      link(day)?.removeAttribute("tabindex");
    }
    return;
  }
  if (number) {
    enter(same(number));
    same(number).focus();
    return;
  }
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
  if (!gridded || !here || event.altKey || event.ctrlKey || event.metaKey) return;
  const beside = { PageUp: "prev", PageDown: "next" }[event.key];
  if (beside) {
    const way = document.querySelector(`.month-head a[rel=${beside}]`);
    if (!way) return;
    sessionStorage.setItem(CAME_FROM, here.dataset.day.slice(-2));
    way.click();
  } else if (event.key === "Enter" && event.target === here) {
    link(here)?.click();
  } else if (event.key in STEPS || event.key === "Home" || event.key === "End") {
    const day = goal(event.key, here, days());
    if (!day) return;
    enter(day);
    day.focus();
  } else return;
  event.preventDefault();
});

document.addEventListener("replaced", begin);
addEventListener("resize", () => isGrid() !== gridded && begin());
begin();
