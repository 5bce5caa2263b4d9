// Arrow keys turn the slides by following the links that are there anyway.
//
// <section data-slides> with a[rel=prev] and a[rel=next].

export function start(deck) {
  const rightwards = document.documentElement.dir === "rtl" ? "prev" : "next";
  const leftwards = rightwards === "next" ? "prev" : "next";
  const links = { ArrowRight: rightwards, ArrowLeft: leftwards, PageDown: "next", PageUp: "prev" };

  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest("input, select, textarea, video, [contenteditable], [tabindex='0']")) return;
    const link = links[event.key] && deck.querySelector(`a[rel~=${links[event.key]}]`);
    if (!link) return;
    event.preventDefault();
    link.click();
  });
}
