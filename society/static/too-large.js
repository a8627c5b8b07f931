// An input of a file with data-most says at once that a file has more bytes than can be sent, and does not send it: the
// answer would be a page of its own, without what else was typed.
const BESIDE = 64 * 1024; // for the other fields
const MB = 1024 * 1024;

for (const input of document.querySelectorAll("input[type=file][data-most]")) {
  const most = Number(input.dataset.most) - BESIDE;
  const told = document.createElement("div");
  told.className = "error";
  told.setAttribute("role", "alert");
  told.hidden = true;
  input.after(told);

  const tooLarge = () => [...input.files].some((file) => file.size > most);

  input.addEventListener("change", () => {
    const [file] = input.files;
    told.textContent = tooLarge()
      ? `This file has ${Math.ceil(file.size / MB)} MB, and at most ${Math.round(most / MB)} MB can be sent. Please choose a smaller one.`
      : "";
    told.hidden = !tooLarge();
  });
  input.form.addEventListener("submit", (event) => {
    if (!tooLarge()) return;
    event.preventDefault();
    input.focus();
  });
}
