// A field with data-only is asked while one of the memberships that it names is chosen. Without this, its hint says for whom it is.
const fields = document.querySelectorAll("[data-only]");

function show() {
  const chosen = document.querySelector('[name="tier"]:checked')?.value;
  for (const field of fields) field.closest(".field").hidden = !field.dataset.only.split(" ").includes(chosen);
}

for (const choice of document.querySelectorAll('[name="tier"]')) choice.addEventListener("change", show);
show();
addEventListener("pageshow", show); // where one came back, what was chosen is set again after this ran
