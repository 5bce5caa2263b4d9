// Chooses the device's own time zone in a select that still shows its default.

export function start(select) {
  if (select.value !== "UTC") return;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const known = [...select.options].some((option) => option.value === zone);
  if (known) select.value = zone;
}
