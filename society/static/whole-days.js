// A checkbox with data-whole-days asks for dates instead of dates and times in the fields whose ids it names.
for (const box of document.querySelectorAll("[data-whole-days]")) {
  const fields = box.dataset.wholeDays.split(" ").map((id) => document.getElementById(id));
  const times = new Map();

  function show() {
    for (const field of fields) {
      const [day, time] = field.value.split("T");
      if (time) times.set(field, time);
      field.type = box.checked ? "date" : "datetime-local";
      field.value = box.checked || !day ? day : `${day}T${times.get(field) ?? "19:00"}`;
    }
  }

  box.addEventListener("change", show);
  if (box.checked) show();
}
