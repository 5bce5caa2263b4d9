// One way to talk to the server: the token of the page, and an answer for programs.

export function headers(more = {}) {
  const token = document.querySelector("meta[name=csrf-token]")?.content ?? "";
  return { "X-CSRFToken": token, "X-Requested-With": "fetch", Accept: "application/json", ...more };
}

// Answers { ok, status, data }. status 0: nobody answered. A way to the sign-in counts as 401.
export async function send(url, body, options = {}) {
  try {
    const response = await fetch(url, {
      method: "POST",
      credentials: "same-origin",
      redirect: "manual",
      ...options,
      headers: headers(options.headers),
      body,
    });
    if (response.type === "opaqueredirect") return { ok: false, status: 401, data: {} };
    const data = await response.json().catch(() => ({}));
    return { ok: response.ok, status: response.status, data: data ?? {} };
  } catch {
    return { ok: false, status: 0, data: {} };
  }
}
