// The page: takes files, shows verdicts. Whatever comes from a file is shown as text only.

const ICONS = {
  valid: "seal", expired: "clock", not_yet: "clock", suspended: "pause", revoked: "off",
  unverifiable: "info", unknown_signer: "person", not_signed: "file", unreadable: "file",
};
const DANGEROUS = /^[=+\-@\t\r]/;
const OLD_AFTER_DAYS = 7;
const held = { bundle: null, files: [], turn: 0, answers: [] };

const at = (name) => document.getElementById(name);

/** Make an element; what stands in it are elements or texts, never markup. */
function make(kind, given = {}, ...inside) {
  const made = document.createElement(kind);
  for (const [name, value] of Object.entries(given)) made.setAttribute(name, value);
  made.append(...inside.flat().filter((one) => one !== null));
  return made;
}

function icon(name) {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  drawing.append(use);
  return drawing;
}

function code(text) {
  return make("span", { class: "code", translate: "no" }, text);
}

function asIs(text, language) {
  const given = { translate: "no", dir: "auto" };
  if (language) given.lang = language;
  return make("span", given, text);
}

const FORM = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };

function dayText(day) {
  return new Intl.DateTimeFormat("en-GB", FORM).format(Date.parse(`${day}T12:00:00Z`));
}

function momentText(moment) {
  const clock = { ...FORM, hour: "2-digit", minute: "2-digit" };
  return `${new Intl.DateTimeFormat("en-GB", clock).format(moment)} UTC`;
}

/** Labels and values one under another; what has no value is left out. */
function factList(pairs) {
  const shown = pairs.filter(([, value]) => value !== null && value !== "");
  return make("dl", { class: "facts" },
    shown.flatMap(([label, value]) => [make("dt", {}, label), make("dd", {}, value)]));
}

function printedFacts(facts, given) {
  const language = String(facts.language);
  const printed = (text) => (text ? asIs(String(text), language) : null);
  const version = [facts.instrument_ref, facts.instrument_note].filter(Boolean).join(", ");
  const release = `${facts.module_slug} ${facts.release_version} `
    + `(${String(facts.release_digest).slice(0, 12)})`;
  const line = facts.agreement;
  return [
    ["Name", asIs(String(facts.name))],
    ["Certified for", printed(facts.title)],
    ["Instrument", printed(facts.instrument_title)],
    ["Instrument version", printed(version)],
    ["Module", printed(facts.module_title)],
    ["Module release", asIs(release)],
    ["Level", printed(facts.level)],
    ["Language", languageName(language)],
    ["Issued", dayText(facts.issued_on)],
    ["Valid until", facts.expires_on ? dayText(facts.expires_on) : "does not end"],
    ["Agreement", line && `${line.reached} of ${line.of} ${line.unit}, ${line.required} required`],
    ...facts.score.map((one) => [printed(one.label), printed(one.value)]),
    ["Rights", printed(facts.rights)],
    ["Issued by", asIs(String(facts.issuer))],
    ["Code", code(shownCode(given))],
  ];
}

function languageName(tag) {
  try {
    return new Intl.DisplayNames(["en"], { type: "language" }).of(tag) || tag;
  } catch {
    return tag;
  }
}

function explanationOf(answer) {
  return answer.why || WORDS.verdicts[answer.verdict].explanation;
}

function card(answer) {
  const words = WORDS.verdicts[answer.verdict];
  const drawing = ICONS[answer.verdict] || "alert";
  const head = make("div", { class: `verdict verdict-${words.tone}` }, icon(drawing),
    make("div", {},
      make("h3", {}, make("bdi", { class: "file" }, answer.name), " ", words.headline),
      make("p", {}, explanationOf(answer))));
  const advice = words.advice ? make("p", {}, words.advice) : null;
  const facts = answer.facts ? trustedPart(answer) : [filePart(answer)];
  return make("article", { class: "sheet", "data-verdict": answer.verdict, id: answer.id },
    head, marks(answer), advice, ...facts);
}

function marks(answer) {
  const said = [];
  if (answer.facts && answer.facts.demonstration) said.push(WORDS.demonstration);
  if (answer.root && answer.root.development) said.push(WORDS.development);
  if (!said.length) return null;
  return make("div", { class: "note note-view" }, make("p", {}, said.join(" ")));
}

function trustedPart(answer) {
  const facts = factList(printedFacts(answer.facts, answer.code));
  return [make("div", { class: "cols" },
    make("div", {}, make("h4", {}, "What it says"), facts),
    make("div", {}, make("h4", {}, "The file"), filePart(answer)))];
}

function filePart(answer) {
  const { root, signedAt, stampedAt, bundle } = answer;
  return factList([
    ["Asked about", dayText(answer.day)],
    ["As of", momentText(bundle.now)],
    ["Signed", signedAt ? momentText(signedAt) : null],
    ["Signed under", root ? asIs(root.name) : null],
    ["Time stamp", stampedAt ? momentText(stampedAt) : null],
    ["SHA-256", answer.sha256 ? code(answer.sha256) : null],
  ]);
}

const COLUMNS = ["File", "Answer", "Name", "Certified for", "Issued", "Valid until", "Code",
  "Asked about", "As of", "SHA-256"];

function row(answer) {
  const { facts, bundle } = answer;
  const known = facts
    ? [facts.name, facts.title, facts.issued_on, facts.expires_on || "does not end",
      shownCode(answer.code)]
    : ["", "", "", "", ""];
  return [answer.name, inOneLine(answer), ...known, answer.day, bundle.as_of, answer.sha256]
    .map(String);
}

function inOneLine(answer) {
  const headline = WORDS.verdicts[answer.verdict].headline;
  const development = answer.root && answer.root.development;
  return development ? `${headline} (${WORDS.development_short})` : headline;
}

function showTable(answers) {
  const rows = answers.map((answer) => {
    const [name, said, ...others] = row(answer);
    const link = make("a", { href: `#${answer.id}` }, make("bdi", {}, name));
    const tone = `tone-${WORDS.verdicts[answer.verdict].tone}`;
    const cell = (text, place) =>
      make("td", { "data-label": COLUMNS[place + 2], dir: "auto" }, text);
    return make("tr", {}, make("th", { scope: "row" }, link),
      make("td", { "data-label": COLUMNS[1], class: tone }, said), others.map(cell));
  });
  at("rows").replaceChildren(...rows);
  at("together").hidden = false;
}

/** Lines for a spreadsheet; a text that one would take for a formula is marked as text. */
function asText(answers) {
  const plain = (text) => {
    const line = text.replace(/[\t\r\n]+/g, " ");
    return DANGEROUS.test(line) ? `'${line}` : line;
  };
  return [COLUMNS, ...answers.map(row)].map((cells) => cells.map(plain).join("\t")).join("\n");
}

async function copyTable() {
  try {
    await navigator.clipboard.writeText(asText(held.answers));
    say(at("copied"), "Copied. Paste it into a spreadsheet or a document.");
  } catch {
    getSelection().selectAllChildren(at("table"));
    say(at("copied"), "This browser does not let pages copy. The table is selected: press Ctrl+C.");
  }
}

function say(place, text) {
  place.textContent = text;
}

/** Check all the given files one after the other; a newer question ends an older one. */
async function check() {
  held.turn += 1;
  const { turn, files, bundle } = held;
  const day = at("day").value || bundle.day;
  const answers = [];
  at("answers").hidden = files.length === 0;
  at("cards").replaceChildren();
  at("together").hidden = true;
  // of one file the answer itself comes first, of several the overview
  at("cards")[files.length > 1 ? "before" : "after"](at("together"));
  at("copied").textContent = "";
  at("progress").hidden = false;
  at("progress").max = files.length;
  say(at("said"), files.length > 1 ? `Checking ${files.length} files.` : "Checking one file.");
  for (const file of files) {
    at("progress").value = answers.length;
    const id = `answer-${answers.length + 1}`;
    const answer = { id, bundle, ...(await judge(file, bundle, day)) };
    if (turn !== held.turn) return;
    answers.push(answer);
    at("cards").append(card(answer));
  }
  at("progress").hidden = true;
  held.answers = answers;
  showTable(answers);
  say(at("said"), summary(answers));
}

function summary(answers) {
  const good = answers.filter((answer) => answer.verdict === "valid").length;
  if (answers.length === 1) return `${answers[0].name}: ${inOneLine(answers[0])}.`;
  const development = answers.some((answer) => answer.root && answer.root.development);
  const under = development ? ` The root is an ${WORDS.development_short}.` : "";
  return `${answers.length} files checked: ${good} valid, ${answers.length - good} not.${under}`;
}

function take(files) {
  if (!files.length) return;
  held.files = [...files];
  check();
}

function showBundle(bundle) {
  const { trust } = bundle;
  const roots = trust.roots.map((root) => make("p", {}, root.name, make("br"),
    code(root.fingerprint.match(/../g).join(":").toUpperCase())));
  const lists = Object.keys(bundle.lists).length;
  at("trusted").replaceChildren(factList([
    ["Issuer", asIs(String(bundle.issuer))],
    ["Address", code(String(bundle.address))],
    ["As of", momentText(bundle.now)],
    [roots.length === 1 ? "Root certificate" : "Root certificates", make("div", {}, roots)],
    ["Lists", `${lists} of certificates, ${trust.lists.length} of signing keys`],
  ]));
  at("development").hidden = !(bundle.development || trust.roots.some((root) => root.development));
  const age = Math.floor((Date.now() - bundle.now) / 86400000);
  at("old").hidden = age <= OLD_AFTER_DAYS;
  at("age").textContent = `${age} days`;
  at("as-of").textContent = dayText(bundle.day);
  at("day").value = bundle.day;
}

async function useBundle(file) {
  try {
    need(file.size <= LARGEST_BUNDLE, "too large for a trust bundle");
    held.bundle = await bundleFromZip(new Uint8Array(await file.arrayBuffer()));
  } catch (error) {
    const why = error instanceof Refused ? error.message : "it is damaged or no trust bundle";
    say(at("bundle-said"), `${file.name} cannot be used: ${why}. The one before stays in use.`);
    return;
  }
  showBundle(held.bundle);
  say(at("bundle-said"), `${file.name} is in use. Compare the root's fingerprint above.`);
  if (held.files.length) await check();
}

function listen() {
  at("files").addEventListener("change", () => take(at("files").files));
  at("day").addEventListener("change", () => held.files.length && check());
  at("copy").addEventListener("click", copyTable);
  at("bundle-file").addEventListener("change", () => {
    if (at("bundle-file").files.length) useBundle(at("bundle-file").files[0]);
  });
  at("ask").addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    at("drop").classList.add("is-over");
  });
  for (const name of ["dragleave", "drop"]) {
    document.addEventListener(name, () => at("drop").classList.remove("is-over"));
  }
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    take(event.dataTransfer.files);
  });
}

function missing() {
  if (!globalThis.crypto || !crypto.subtle) return WORDS.missing_crypto;
  return typeof DecompressionStream === "undefined" ? WORDS.missing_unpacking : null;
}

async function begin() {
  try {
    need(!missing(), "this browser is not able to");
    held.bundle = await openBundle(JSON.parse(at("bundle").textContent));
    showBundle(held.bundle);
  } catch {
    at("problem").hidden = false;
    say(at("problem"), missing() || WORDS.bad_bundle);
    return;
  }
  listen();
  at("files").disabled = false;
  document.body.dataset.ready = "";
}

begin();
