// At the door, where the browser reads QR codes itself: a button opens the camera, and each ticket held before it is sent
// like a typed code. The answer's outcome is taken over, so that the camera stays open. Without this, the form works alone.
const PAUSE = 250; // ms between two looks
const REST = 3000; // ms until the same ticket counts as shown again

const form = document.querySelector("form[data-scan]");
const button = form.querySelector("[data-camera]");
const video = form.querySelector("video");
const outcome = document.getElementById("outcome");

async function send(code) {
  const body = new FormData();
  body.set("code", code);
  try {
    const answer = await fetch(form.action, { method: "POST", body });
    if (answer.headers.get("Content-Type") === "application/json") {
      // The service worker, without network; door-words.js has the words for it.
      document.dispatchEvent(new CustomEvent("noted", { detail: await answer.json() }));
      return;
    }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.getElementById("outcome");
    if (!found) {
      outcome.textContent = "That did not work. Please type the code.";
      return;
    }
    outcome.replaceChildren(...found.childNodes);
    document.getElementById("count").replaceWith(page.getElementById("count"));
  } catch {
    outcome.textContent = "There is no network. Nobody was checked in.";
  }
}

async function watch(detector) {
  let last = "";
  let seen = 0;
  while (video.srcObject?.active) {
    const [found] = await detector.detect(video).catch(() => []);
    const code = found?.rawValue;
    if (code && (code !== last || Date.now() - seen > REST)) {
      await send(code);
      last = code;
    }
    if (code) seen = Date.now();
    await new Promise((go) => setTimeout(go, PAUSE));
  }
}

function stop() {
  video.srcObject?.getTracks().forEach((track) => track.stop());
  video.srcObject = null;
  video.hidden = true;
  button.textContent = "Use the camera";
}

async function start() {
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    outcome.textContent = "The camera cannot be used. Please type the code, or send a photo.";
    return;
  }
  video.hidden = false;
  button.textContent = "Stop the camera";
  await video.play();
  watch(new BarcodeDetector({ formats: ["qr_code"] }));
}

const reads = "BarcodeDetector" in window && navigator.mediaDevices;
if (reads && (await BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
  button.hidden = false;
  button.addEventListener("click", () => (video.srcObject ? stop() : start()));
}
