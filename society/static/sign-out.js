// Signing out clears what this browser keeps, also of a door. What was noted there without network is sent first; where that
// fails, one is asked. Without this, nothing is noted without network.
const form = document.querySelector("[data-sign-out]");

async function sent() {
  if (!self.Door) await import(form.dataset.signOut);
  for (const door of await Door.unsent()) await Door.tell(door).catch(() => false);
  return !(await Door.unsent()).length;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const words = "What was noted at the door without network could not be sent yet, or was refused. Sign out and lose it?";
  form.ariaBusy = "true";
  if ((await sent().catch(() => true)) || confirm(words)) form.submit();
  else form.ariaBusy = null;
});
