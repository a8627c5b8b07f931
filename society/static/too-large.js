// An input of files with data-most says at once that they have more bytes than can be sent, and does not send them: that
// would take long, only to be asked for smaller ones.
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

  const size = () => [...input.files].reduce((sum, file) => sum + file.size, 0);
  const alone = () => "oneByOne" in input.dataset && input.files.length > 1; // each is looked at as it is sent
  const tooLarge = () => !alone() && size() > most;

  input.addEventListener("change", () => {
    const sizes = `${Math.ceil(size() / MB)} MB, and at most ${Math.round(most / MB)} MB can be sent`;
    const several = `These files have ${sizes} at once. Please choose fewer.`;
    const one = `This file has ${sizes}. Please choose a smaller one.`;
    told.textContent = tooLarge() ? (input.files.length > 1 ? several : one) : "";
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
