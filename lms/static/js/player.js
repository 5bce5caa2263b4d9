// A film: what was played is told to the server, the transcript leads into it and follows it.
//
// <div data-player data-watch="URL" data-position="140" data-seconds="245"> around a
// <video controls> and, if there is one, a transcript with lines that carry data-start in seconds.
// Sent: {"ranges": [[from, to], …], "position": s}, all that was played on this page, every 5 s
// while it plays, on pause and on leaving. Answered: {"ranges", "words"} of all that was ever
// played, drawn in [data-watched] (components/lines.html) and written in [data-watch-words].

import { send } from "./send.js";

const EVERY = 5000; // milliseconds

export function start(element) {
  const video = element.querySelector("video");
  const position = Number(element.dataset.position ?? 0);
  if (!video) return;
  if (element.dataset.watch) report(element, video);
  const lines = [...element.querySelectorAll("[data-start]")];
  if (lines.length) follow(video, lines);
  whenReady(video, () => {
    if (position > 0 && position < video.duration - 2) video.currentTime = position;
  });
}

function whenReady(video, action) {
  if (video.readyState >= 1) action();
  else video.addEventListener("loadedmetadata", action, { once: true });
}

function report(element, video) {
  let told = "";
  async function tell(leaving = false, begun = false) {
    const ranges = [];
    for (let i = 0; i < video.played.length; i += 1) {
      ranges.push([round(video.played.start(i)), round(video.played.end(i))]);
    }
    const played = ranges.filter(([from, to]) => to > from);
    const heard = JSON.stringify(played);
    if (!begun && (heard === told || played.length === 0)) return;
    const body = JSON.stringify({ ranges: played, position: round(video.currentTime) });
    const options = { keepalive: leaving, headers: { "Content-Type": "application/json" } };
    const result = await send(element.dataset.watch, body, options);
    if (!result.ok) return; // all of it is sent again with the next tick
    told = heard;
    show(element, result.data);
  }
  // The server compares what was played with the time that it took: it hears when that begins.
  video.addEventListener("play", () => tell(false, true), { once: true });
  setInterval(() => tell(), EVERY);
  for (const event of ["pause", "ended", "seeked"]) video.addEventListener(event, () => tell());
  window.addEventListener("pagehide", () => tell(true));
}

function show(element, { ranges, words }) {
  const seconds = Number(element.dataset.seconds);
  const line = element.querySelector("[data-watched] svg");
  const place = element.querySelector("[data-watch-words]");
  if (place && words && place.textContent !== words) place.textContent = words;
  if (!line || !ranges || !seconds) return;
  for (const old of line.querySelectorAll(".done")) old.remove();
  const rest = line.querySelector(".rest");
  for (const [from, to] of ranges) {
    const piece = rest.cloneNode();
    piece.setAttribute("class", "done");
    piece.setAttribute("x1", `${(from / seconds) * 100}%`);
    piece.setAttribute("x2", `${(to / seconds) * 100}%`);
    rest.after(piece);
  }
}

function follow(video, lines) {
  for (const line of lines) {
    line.querySelector("a")?.addEventListener("click", (event) => {
      event.preventDefault();
      whenReady(video, () => {
        video.currentTime = Number(line.dataset.start);
        video.play().catch(() => {}); // the browser may want a gesture on the film itself
      });
      if (video.readyState < 1) video.load();
    });
  }
  video.addEventListener("timeupdate", () => {
    const now = lines.findLast((line) => Number(line.dataset.start) <= video.currentTime + 0.05);
    for (const line of lines) {
      if (line === now && !line.hasAttribute("aria-current")) {
        line.setAttribute("aria-current", "true");
        bring(line);
      } else if (line !== now) {
        line.removeAttribute("aria-current");
      }
    }
  });
}

// Scrolls the transcript, never the page, and not while somebody reads in it.
function bring(line) {
  const list = line.parentElement;
  if (list.matches(":hover, :focus-within")) return;
  list.scrollTop = line.offsetTop - list.offsetTop - list.clientHeight / 3;
}

function round(seconds) {
  return Math.round(seconds * 100) / 100;
}
