// The set-up form begins with the time zone of the browser; what was posted and is shown again stays.
const zones = document.querySelector('select[name="zone"]');
const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
const untouched = zones?.value === "UTC" && !document.querySelector('[role="alert"]');
if (untouched && [...zones.options].some((option) => option.value === own)) zones.value = own;
