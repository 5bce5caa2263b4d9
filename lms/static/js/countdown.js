// Counts down to a moment. The server's clock counts; this one only shows.
//
// <span data-countdown="2026-11-21T11:20:00Z" data-now="…" …> from components/countdown.html.

const WARNINGS = [
  [300, "five"],
  [60, "one"],
];

export function start(element) {
  const words = element.dataset;
  const ahead = Date.now() - Date.parse(words.now); // how far this device's clock is ahead
  const ends = Date.parse(words.countdown) + ahead;
  const place = element.querySelector("[data-left]");
  const status = element.querySelector("[role=status]");
  let said = left() + 1;

  function left() {
    return Math.max(0, Math.ceil((ends - Date.now()) / 1000));
  }

  function show() {
    const seconds = left();
    const text = seconds > 120 ? words.minutes : words.seconds;
    place.textContent = text.replace("{left}", seconds > 120 ? Math.ceil(seconds / 60) : seconds);
    element.classList.toggle("saved-care", seconds <= 300);
    for (const [limit, word] of WARNINGS) {
      if (seconds <= limit && said > limit) status.textContent = words[word];
    }
    said = seconds;
    if (seconds > 0) return;
    clearInterval(timer);
    place.textContent = words.over;
    status.textContent = words.over;
    document.getElementById(words.submit)?.requestSubmit();
  }

  const timer = setInterval(show, 1000);
  show();
}
