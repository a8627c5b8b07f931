// An input of a file with data-most says at once that a file has more bytes than can be sent, and does not send it: that
// would take long, only to be asked for a smaller one.
const MB = 1024 * 1024;

for (const input of document.querySelectorAll("input[type=file][data-most]")) {
  const most = Number(input.dataset.most);
  const told = document.createElement("div");
  told.className = "error";
  told.setAttribute("role", "alert");
  told.hidden = true;
  told.id = `${input.id}-large`;
  input.after(told);
  const described = input.getAttribute("aria-describedby");

  const tooLarge = () => [...input.files].some((file) => file.size > most);

  input.addEventListener("change", () => {
    const [file] = input.files;
    told.textContent = tooLarge()
      ? `This file has ${Math.ceil(file.size / MB)} MB, and at most ${Math.round(most / MB)} MB can be sent. Please choose a smaller one.`
      : "";
    told.hidden = !tooLarge();
    input.setAttribute("aria-invalid", tooLarge());
    input.setAttribute("aria-describedby", [described, tooLarge() && told.id].filter(Boolean).join(" "));
  });
  input.form.addEventListener("submit", (event) => {
    if (!tooLarge()) return;
    event.preventDefault();
    const fold = input.closest("details");
    if (fold) fold.open = true; // what is folded away can be neither seen nor focused
    input.focus();
  });
}
