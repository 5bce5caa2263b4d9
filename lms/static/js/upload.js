// Shows how far an upload is. The form itself is sent by htmx, or by the browser without it.
//
// <form data-upload> from components/upload.html, with [data-upload-state] inside.

export function start(form) {
  const state = form.querySelector("[data-upload-state]");
  const bar = state?.querySelector("progress");
  const words = state?.querySelector("[role=status]");
  if (!bar || !words) return;
  const field = form.querySelector("input[type=file]");
  const limit = Number(field?.dataset.limit ?? 0);

  form.addEventListener("htmx:beforeRequest", (event) => {
    const size = [...(field?.files ?? [])].reduce((sum, file) => sum + file.size, 0);
    state.hidden = false;
    if (limit && size > limit) {
      event.preventDefault();
      bar.hidden = true;
      words.textContent = state.dataset.large;
      return;
    }
    bar.hidden = false;
    bar.removeAttribute("value");
    words.textContent = state.dataset.sending;
    for (const button of form.querySelectorAll("button[type=submit]")) button.disabled = true;
  });
  form.addEventListener("htmx:xhr:progress", ({ detail }) => {
    if (!detail.lengthComputable) return;
    bar.max = detail.total;
    bar.value = detail.loaded;
    if (detail.loaded === detail.total) words.textContent = state.dataset.reading;
  });
  form.addEventListener("htmx:afterRequest", ({ detail }) => {
    for (const button of form.querySelectorAll("button[type=submit]")) button.disabled = false;
    if (detail.successful) return;
    bar.hidden = true;
    words.textContent = detail.xhr?.status === 413 ? state.dataset.large : state.dataset.failed;
  });
}
