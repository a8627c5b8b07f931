// Buttons with data-copy put the text of the element so named on the clipboard; without this script they stay hidden.
async function put(source) {
  const text = source.value ?? source.textContent;
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Plain http has no clipboard interface: select and use the old command.
  if (source.select) source.select();
  else getSelection().selectAllChildren(source);
  if (!document.execCommand("copy")) throw new Error("refused");
}

for (const button of document.querySelectorAll("[data-copy]")) {
  const label = button.firstElementChild;
  const asking = label.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await put(document.getElementById(button.dataset.copy));
      label.textContent = "Copied";
    } catch {
      label.textContent = "Press Ctrl+C to copy";
    }
    setTimeout(() => (label.textContent = asking), 3000);
  });
}
