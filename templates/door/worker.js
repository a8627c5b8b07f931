// Answers for the door's page while there is no network. Only that page is its scope.
importScripts({{ static("door-store.js") | tojson }});
const PAGES = "society-door"; // the cache that the page fills (see door.js)
const PATIENCE = 8_000; // ms for the server to answer before it counts as out of reach
const REST = 15_000; // ms to go on without asking again
const here = new URL(registration.scope).pathname;
let restsUntil = 0;

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin) return;
  if (pathname === here) {
    // What another site's page sends is left to the browser, so that the server sees where it comes from.
    if (request.method === "POST" && request.referrer.startsWith(location.origin)) event.respondWith(posted(request));
    else if (request.method === "GET" && request.mode === "navigate") event.respondWith(opened(request));
  } else if (request.method === "GET" && pathname.includes("/static/")) event.respondWith(file(request));
});

async function asked(request) {
  if (Date.now() < restsUntil) throw new Error("resting");
  try {
    await Door.tell(here);
    const late = new Promise((_, fail) => setTimeout(fail, PATIENCE, new Error("too late")));
    const answer = await Promise.race([fetch(request), late]);
    if (answer.status >= 502 && answer.status <= 504) throw new Error("nobody behind the proxy");
    return answer;
  } catch (error) {
    restsUntil = Date.now() + REST;
    throw error;
  }
}

async function opened(request) {
  try {
    const answer = await asked(request);
    if (answer.status !== 404 && answer.status !== 403) return answer;
    await Door.forget(here);
    if (!(await Door.noted(here)).length) return answer;
    await Door.say(here, "shut", true); // what was noted for it is shown
    return (await caches.match(`${here}/offline`)) ?? answer;
  } catch {
    return (await caches.match(`${here}/offline`)) ?? Response.error();
  }
}

async function posted(request) {
  const form = await request.clone().formData();
  try {
    return await asked(form.has("party_size") ? named(request, form) : request);
  } catch {
    const outcome = await Door.act(here, form);
    if (request.mode !== "navigate") return Response.json(outcome);
    await Door.say(here, "outcome", outcome);
    return Response.redirect(request.url, 303);
  }
}

// Somebody let in counts once, also where the server took it and only its answer was lost: it is sent again by that name.
function named(request, form) {
  form.set("uid", crypto.randomUUID());
  const Accept = request.headers.get("Accept") ?? "*/*";
  return new Request(request.url, { method: "POST", body: form, redirect: "manual", headers: { Accept } });
}

async function file(request) {
  return (await caches.match(request)) ?? fetch(request);
}

// The page has reached the server: no need to rest any longer. It waits for the answer before it goes on.
addEventListener("message", (event) => {
  restsUntil = 0;
  event.ports[0].postMessage("awake");
});
