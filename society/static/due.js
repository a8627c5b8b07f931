// A page that is still open when a moment comes shows what it holds for then: data-due tells the moment. Where the device's
// clock is ahead, that leads to the page as it is, which waits again.
const EVERY = 5_000; // also after a sleep, which a timer for the moment itself would not count

const timer = setInterval(() => {
  const waiting = [...document.querySelectorAll("[data-due][hidden]")];
  for (const one of waiting) one.hidden = Date.now() < Date.parse(one.dataset.due);
  if (!waiting.length) clearInterval(timer);
}, EVERY);
