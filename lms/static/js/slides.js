// Arrow keys turn the slides by pressing what is there anyway.
//
// <section data-slides> with a link or button [data-slides-back] and one [data-slides-on].

export function start(deck) {
  const rightwards = document.documentElement.dir === "rtl" ? "back" : "on";
  const leftwards = rightwards === "on" ? "back" : "on";
  const ways = { ArrowRight: rightwards, ArrowLeft: leftwards, PageDown: "on", PageUp: "back" };

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest("input, select, textarea, video, [contenteditable], [tabindex='0']")) return;
    const way = ways[event.key] && deck.querySelector(`[data-slides-${ways[event.key]}]`);
    if (!way) return;
    event.preventDefault();
    way.click();
  });
}
