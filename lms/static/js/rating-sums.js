// The arithmetic of lms/instruments/domain/scoring.py, to show figures while somebody types.
// A test computes the same ratings in both places; what counts is what the server computes.
//
// found: a Map from a field's name to what it holds: {points}, where null = a level without a
// number; {na: true}; or {} = not answered. `yes` stands beside them where an item says yes.

export function withDerived(found, derived) {
  const all = new Map(found);
  for (const one of derived) all.set(one.name, derive(one, all));
  return all;
}

// {value, scored, of, state}; value is what is scored so far where the state is a gap.
export function totalOf(total, found) {
  const terms = total.terms.map(([name, weight, low, high]) => ({
    ...(found.get(name) ?? {}),
    weight,
    low,
    high,
  }));
  const scored = terms.filter(isScored);
  const gap = gapOf(terms);
  const prorated =
    gap === "not_assessed" && total.least !== null && scored.length >= total.least;
  const scaled = prorated || total.combine !== "sum";
  return {
    value: scaled ? share(total, scored) : weighted(scored),
    scored: scored.length,
    of: terms.length,
    state: prorated ? "rest_na" : (gap ?? "done"),
  };
}

// Halves go up, as on the server; sums of tenths are not exact in a browser.
export function shownFigure(value, places) {
  const shift = 10 ** places;
  return (Math.floor(Number((value * shift).toFixed(6)) + 0.5) / shift).toFixed(places);
}

const isScored = (one) => typeof one.points === "number";

function gapOf(members) {
  if (members.some((one) => !one.na && one.points === undefined)) return "unanswered";
  if (members.some((one) => one.points === null)) return "no_number";
  return members.some((one) => one.na) ? "not_assessed" : null;
}

const AS_GAP = { unanswered: {}, no_number: { points: null }, not_assessed: { na: true } };

function derive(one, found) {
  const members = one.items.map((name) => found.get(name) ?? {});
  const scored = members.filter(isScored).map((member) => member.points);
  const gap = gapOf(members);
  if (gap && !(gap === "not_assessed" && scored.length >= one.needed)) return AS_GAP[gap];
  let points = combined(one.combine, scored);
  for (const rule of one.rules) {
    const said = saysYes(rule, found);
    if (typeof said === "string") return AS_GAP[said];
    if (!said) continue;
    if (rule.times !== null) points *= rule.times;
    if (rule.raise !== null) points = Math.max(points, rule.raise);
  }
  return { points };
}

function combined(how, figures) {
  if (how === "highest") return Math.max(...figures);
  const whole = figures.reduce((sum, figure) => sum + figure, 0);
  return how === "mean" ? whole / figures.length : whole;
}

function saysYes(rule, found) {
  const given = rule.items.map(([name, optional]) => ({ optional, ...(found.get(name) ?? {}) }));
  if (given.some((one) => one.yes)) return true;
  if (given.some((one) => !one.optional && !one.na && one.points === undefined)) return "unanswered";
  return given.some((one) => one.na) ? "not_assessed" : false;
}

const weighted = (scored) => scored.reduce((sum, one) => sum + one.points * one.weight, 0);

function share(total, scored) {
  const low = scored.reduce((sum, one) => sum + one.low, 0);
  const high = scored.reduce((sum, one) => sum + one.high, 0);
  if (high === low) return 0;
  const [least, most] = total.range;
  return least + ((weighted(scored) - low) / (high - low)) * (most - least);
}
