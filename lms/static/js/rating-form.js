// An instrument's form: live totals, codes from seconds, the mark on a line of 100 mm.
// What counts is what the server computes from the fields; this shows it while one types.

import { shownFigure, totalOf, withDerived } from "./rating-sums.js";

export function start(root) {
  const { derived, totals } = JSON.parse(root.dataset.ratingForm);
  const items = [...root.querySelectorAll("[data-item]")];
  for (const item of items) prepare(item);
  const show = () => {
    const given = new Map(items.map((item) => [item.dataset.item, read(item)]));
    const found = withDerived(given, derived);
    for (const one of derived) showFigure(root, one, found.get(one.name));
    for (const total of totals) showTotal(root, total, found);
  };
  root.addEventListener("input", (event) => {
    const item = event.target.closest("[data-item]");
    if (!item) return;
    settle(item, event.target);
    show();
  });
  for (const item of items) settle(item, null);
  show();
  keepClear(root.querySelector(".total"));
}

// The total sticks to the foot of the window: what takes the focus, and the words below it, stop
// above it, however many lines it has.
function keepClear(bar) {
  if (!bar) return;
  const room = () => {
    const words = 3 * parseFloat(getComputedStyle(document.documentElement).fontSize);
    document.documentElement.style.scrollPaddingBlockEnd = `${bar.offsetHeight + words}px`;
  };
  new ResizeObserver(room).observe(bar);
}

function prepare(item) {
  const mark = item.querySelector("[data-mark]");
  if (!mark) return;
  mark.hidden = false;
  item.querySelector("[data-still]").hidden = true;
  const figure = item.querySelector("[data-figure]");
  const moved = () => {
    delete mark.dataset.untouched;
    figure.value = mark.value;
    figure.dispatchEvent(new Event("input", { bubbles: true }));
  };
  mark.addEventListener("input", moved);
  // A press in the very middle moves nothing, but it is a mark all the same.
  mark.addEventListener("pointerup", () => "untouched" in mark.dataset && moved());
  mark.addEventListener("change", () =>
    figure.dispatchEvent(new Event("change", { bubbles: true })),
  );
  item.closest("form")?.addEventListener("reset", () => (mark.dataset.untouched = ""));
}

// What the change of one control means for the others of its item.
function settle(item, changed) {
  const na = notAssessed(item);
  if (changed && isOn(changed)) {
    if (changed === na || changed.value === "none") {
      for (const other of item.querySelectorAll("input[type=checkbox]:checked")) {
        if (other !== changed) other.checked = false;
      }
    } else if (changed.type === "checkbox" && changed.name === item.dataset.item) {
      for (const other of item.querySelectorAll("[value=NA], [value=none]")) {
        if (other !== changed) other.checked = false;
      }
    }
  }
  const figure = item.querySelector("[data-figure]");
  if (figure && changed === na && na?.checked) figure.value = "";
  if (figure && changed === figure && figure.value.trim() && na) na.checked = false;
  const mark = item.querySelector("[data-mark]");
  if (mark && figure) follow(mark, figure);
  const bands = item.querySelector("[data-bands]");
  if (bands) showCode(item, JSON.parse(bands.dataset.bands), number(figure));
  if (na?.checked) askForReason(item);
  const sum = item.querySelector("[data-sum]");
  if (sum) sum.textContent = read(item).points ?? "–";
}

// One list of reasons is on the page; an item that becomes NA gets a copy of it.
function askForReason(item) {
  const template = item.closest("[data-rating-form]").querySelector("template[data-na-reason]");
  if (!template || item.querySelector(".na-reason")) return;
  const asked = template.content.firstElementChild.cloneNode(true);
  const name = `${item.dataset.item}-reason`;
  asked.querySelector("label").htmlFor = name;
  Object.assign(asked.querySelector("select"), { id: name, name });
  item.append(asked);
}

const notAssessed = (item) => item.querySelector("input[value=NA]");
const isOn = (control) => control.checked || (control.matches("[data-figure]") && control.value);

function follow(mark, figure) {
  const value = number(figure);
  if (value === null) mark.dataset.untouched = "";
  else {
    delete mark.dataset.untouched;
    mark.value = String(value);
  }
  mark.setAttribute("aria-valuetext", value === null ? "–" : String(value));
}

function number(field) {
  const text = field.value.trim().replace(",", ".");
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : null;
}

function bandOf(bands, seconds) {
  return seconds === null ? undefined : bands.findLast((band) => band.from <= seconds);
}

function showCode(item, bands, seconds) {
  const band = bandOf(bands, seconds);
  const words = item.querySelector("[data-band-words]");
  item.querySelector("[data-code-line]").hidden = !band;
  if (band) item.querySelector("[data-code]").textContent = band.code;
  words.textContent = band ? band.words : words.dataset.empty;
  const drawn = item.querySelector("[data-line-band]");
  drawn.setAttribute("x", `${band?.x ?? 0}%`);
  drawn.setAttribute("width", `${band?.width ?? 0}%`);
  const own = item.querySelector("[data-line-own]");
  const whole = (bands.at(-1).from * 13) / 12;
  own.setAttribute("x", `${band ? Math.min(100, (seconds / whole) * 100) : 0}%`);
  if (band) own.removeAttribute("display");
  else own.setAttribute("display", "none");
}

// What an item holds, as rating-sums.js asks for it.
function read(item) {
  if (notAssessed(item)?.checked) return { na: true };
  const figure = item.querySelector("[data-figure]");
  if (figure) {
    const value = number(figure);
    if (value === null) return {};
    const bands = item.querySelector("[data-bands]");
    return { points: bands ? bandOf(JSON.parse(bands.dataset.bands), value).code : value };
  }
  const chosen = [...item.querySelectorAll(`[name="${item.dataset.item}"]:checked`)];
  if (chosen.length === 0) return {};
  const worth = chosen.map((one) => one.dataset.points ?? one.value); // a code may say it
  const yes = chosen.some((one) => !["no", "none"].includes(one.value));
  if (worth.includes("")) return { points: null, yes };
  return { points: worth.reduce((sum, points) => sum + Number(points), 0), yes };
}

function showFigure(root, one, { points }) {
  const shown = root.querySelector(`[data-derived="${one.key}"]`);
  if (shown) shown.textContent = typeof points === "number" ? String(Number(points.toFixed(3))) : "–";
}

function showTotal(root, total, found) {
  const shown = root.querySelector(`[data-total="${total.key}"]`);
  if (!shown) return;
  const { value, scored, of, state } = totalOf(total, found);
  shown.querySelector("[data-total-value]").textContent =
    scored === 0 ? "–" : shownFigure(value, total.places);
  shown.querySelector("[data-total-words]").textContent = total.words[state]
    .replace("{scored}", scored)
    .replace("{of}", of);
}
