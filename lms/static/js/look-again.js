// What does not go together follows the answers: [data-look-again] holds the notes that the server
// sends with each saved answer, as {"notes": "<input …>"}.

export function start(place) {
  const form = place.closest("form");
  if (location.hash === `#${place.id}`) place.focus();
  form?.addEventListener("autosave:saved", ({ detail }) => {
    if (detail.notes === undefined) return;
    const drawn = document.createElement("template");
    drawn.innerHTML = detail.notes;
    // Only a change is told: what is the same would be read aloud with every answer.
    if (noted(drawn.content) !== noted(place)) place.replaceChildren(drawn.content);
  });
}

function noted(root) {
  return root.querySelector("[name=noted]")?.value;
}
