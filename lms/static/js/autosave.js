// Every changed answer is sent at once. What could not be sent waits in the session's storage,
// so that neither a broken line nor a sign-out loses it.
//
// <form data-autosave="URL">. Sent as form data: name and value (several times, or not at all) of
// the changed field; with it, under their own names, all fields of the closest [data-answer].
// Expected: {"saved_at": "10:42"}. The words stand in [data-saved] (components/saved.html).
// Says autosave:saved on the form with what was answered.

import { send } from "./send.js";

const PATIENCE = [1, 2, 4, 8, 15, 30]; // seconds between tries
const SETTLE = 800; // milliseconds after the last key

export function start(form) {
  new Autosave(form);
}

function differs(field) {
  if (field.type === "radio" || field.type === "checkbox") {
    return field.checked !== field.defaultChecked;
  }
  if (field.options) {
    const first = [...field.options].findIndex((option) => option.defaultSelected);
    return field.selectedIndex !== Math.max(0, first);
  }
  return field.matches("input, textarea") && field.value !== field.defaultValue;
}

class Autosave {
  constructor(form) {
    this.form = form;
    this.url = form.dataset.autosave;
    this.store = `autosave ${this.url}`;
    this.status = form.querySelector("[data-saved]") ?? document.querySelector("[data-saved]");
    this.waiting = this.read();
    this.noted = new Map(); // the last answer of each field, so that none is sent twice
    this.tries = 0;
    this.sending = null;
    for (const [name, entry] of this.waiting) this.restore(name, entry);
    form.addEventListener("change", (event) => this.note(event.target));
    form.addEventListener("input", (event) => this.settle(event.target));
    form.addEventListener("submit", (event) => this.hold(event));
    window.addEventListener("online", () => this.flush());
    window.addEventListener("pagehide", () => this.leave());
    // What was chosen before this script had loaded is an answer too.
    for (const field of form.elements) if (differs(field)) this.note(field);
    if (this.waiting.size) this.flush();
  }

  settle(field) {
    if (!typed(field)) return;
    clearTimeout(this.settling);
    this.unsettled = field;
    this.settling = setTimeout(() => this.note(field), SETTLE);
  }

  note(field) {
    if (!field.name || field.type === "file" || field.closest("[data-autosave-not]")) return;
    if (field.name === "csrf_token" || !field.willValidate) return;
    clearTimeout(this.settling);
    this.unsettled = null;
    const answer = this.answer(field);
    const same = JSON.stringify(answer);
    if (this.noted.get(field.name) === same) return;
    this.noted.set(field.name, same);
    this.waiting.delete(field.name);
    this.waiting.set(field.name, { ...answer, change: stamp() });
    this.write();
    this.flush();
  }

  answer(field) {
    const group = field.closest("[data-answer]");
    const names = group ? new Set([...group.querySelectorAll("[name]")].map((one) => one.name)) : [];
    const together = [...names].map((name) => [name, this.values(name)]);
    return { values: this.values(field.name), together };
  }

  values(name) {
    return [...this.form.elements]
      .filter((field) => field.name === name && !field.disabled)
      .flatMap((field) => {
        if (field.type === "radio" || field.type === "checkbox") {
          return field.checked ? [field.value] : [];
        }
        if (field.type === "select-multiple") {
          return [...field.selectedOptions].map((option) => option.value);
        }
        return [field.value];
      });
  }

  restore(name, entry) {
    const together = entry.together.length ? entry.together : [[name, entry.values]];
    for (const [key, values] of together) {
      for (const field of [...this.form.elements].filter((one) => one.name === key)) {
        if (field.type === "radio" || field.type === "checkbox") {
          field.checked = values.includes(field.value);
        } else if (field.type === "select-multiple") {
          for (const option of field.options) option.selected = values.includes(option.value);
        } else {
          field.value = values[0] ?? "";
        }
      }
    }
    this.form.dispatchEvent(new CustomEvent("autosave:restored", { bubbles: true }));
  }

  flush() {
    clearTimeout(this.retry);
    this.sending ??= this.work().finally(() => {
      this.sending = null;
    });
    return this.sending;
  }

  async work() {
    while (this.waiting.size) {
      const [name, entry] = this.waiting.entries().next().value;
      // Said only if it takes a while: words that flicker also move what stands beside them.
      const slow = setTimeout(() => this.tries === 0 && this.say("saving", "clock"), 400);
      const result = await send(this.url, body(name, entry));
      clearTimeout(slow);
      if (!this.took(name, entry, result)) return;
    }
  }

  // Says what became of one answer; true if the next one may go.
  took(name, entry, { ok, status, data }) {
    if (ok) {
      this.tries = 0;
      this.drop(name, entry);
      this.say("savedAt", "check", { time: data.saved_at ?? clock() });
      this.form.dispatchEvent(new CustomEvent("autosave:saved", { bubbles: true, detail: data }));
      return true;
    }
    if (status === 401 || status === 400) {
      this.say("signedOut", "alert");
      return false;
    }
    if (status === 0 || status === 408 || status === 429 || status >= 500) {
      this.say("trying", "alert");
      const wait = PATIENCE[Math.min(this.tries, PATIENCE.length - 1)];
      this.tries += 1;
      this.retry = setTimeout(() => this.flush(), wait * 1000);
      return false;
    }
    this.drop(name, entry);
    this.noted.delete(name);
    this.say("refused", "alert", { reason: data.detail ?? "" });
    return status === 422;
  }

  drop(name, entry) {
    if (this.waiting.get(name)?.change === entry.change) this.waiting.delete(name);
    this.write();
  }

  // What is on its way arrives before the form does, so that an old answer never overtakes a new one.
  async hold(event) {
    if (this.unsettled) this.note(this.unsettled);
    if (!this.waiting.size || this.released) return;
    event.preventDefault();
    const button = event.submitter;
    await Promise.race([this.flush(), new Promise((done) => setTimeout(done, 3000))]);
    this.released = true;
    this.waiting.clear(); // the form carries them itself
    this.write();
    this.form.requestSubmit(button);
  }

  leave() {
    if (this.unsettled) this.note(this.unsettled);
    for (const [name, entry] of this.waiting) {
      send(this.url, body(name, entry), { keepalive: true });
    }
  }

  say(word, icon, values = {}) {
    const status = this.status;
    const words = status?.dataset[word];
    if (!words) return;
    const text = words.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
    status.classList.toggle("saved-care", icon === "alert");
    const drawing = status.querySelector("use");
    drawing?.setAttribute("href", drawing.getAttribute("href").replace(/#.*/, `#i-${icon}`));
    const place = status.querySelector("span");
    if (place && place.textContent !== text) place.textContent = text;
  }

  read() {
    try {
      return new Map(JSON.parse(sessionStorage.getItem(this.store) ?? "[]"));
    } catch {
      return new Map();
    }
  }

  write() {
    try {
      if (this.waiting.size) sessionStorage.setItem(this.store, JSON.stringify([...this.waiting]));
      else sessionStorage.removeItem(this.store);
    } catch {
      // Storage is full or closed; what waits is still in memory.
    }
  }
}

function body(name, { values, together, change }) {
  const data = new URLSearchParams();
  data.append("name", name);
  for (const value of values) data.append("value", value);
  for (const [key, group] of together) for (const value of group) data.append(key, value);
  data.append("change", change);
  return data;
}

function typed(field) {
  return field.matches("textarea, input:not([type=radio]):not([type=checkbox]):not([type=file])");
}

function stamp() {
  return crypto.getRandomValues(new Uint32Array(3)).join("-");
}

function clock() {
  return new Date().toTimeString().slice(0, 5);
}
