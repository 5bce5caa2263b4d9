// Finds what a page needs by its data attributes and loads only that.
// Each module exports start(element); it may be called again for new parts of the page.

const BEHAVIOURS = {
  "[data-autosave]": "./autosave.js",
  "[data-countdown]": "./countdown.js",
  "[data-errors]": "./errors.js",
  "[data-look-again]": "./look-again.js",
  "[data-player]": "./player.js",
  "[data-rating-form]": "./rating-form.js",
  "[data-slides]": "./slides.js",
  "[data-time-zone]": "./time-zone.js",
  "[data-upload]": "./upload.js",
};
const started = new WeakMap();

function wake(root) {
  for (const [selector, path] of Object.entries(BEHAVIOURS)) {
    const found = [...root.querySelectorAll(selector)];
    if (root !== document && root.matches(selector)) found.unshift(root);
    if (found.length === 0) continue;
    import(path).then((module) => {
      for (const element of found) {
        const done = started.get(element) ?? new Set();
        if (done.has(path)) continue;
        started.set(element, done.add(path));
        module.start(element);
        element.dataset.awake = ""; // what waits for a page to be ready can see it
      }
    });
  }
}

wake(document);
document.addEventListener("htmx:load", (event) => wake(event.target));
