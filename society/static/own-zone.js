// The set-up form begins with the time zone of the browser it is filled in with.
const zones = document.querySelector('select[name="zone"]');
const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zones?.value === "UTC" && [...zones.options].some((option) => option.value === own)) zones.value = own;
