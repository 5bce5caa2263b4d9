// The facts of a certificate and its badge, as they travel inside the PDF.

const RECORD = "certificate.json", BADGE = "credential.json", FORMAT = "concord-certificate/1";
const LARGEST_RECORD = 64 * 1024, LARGEST_BADGE = 256 * 1024;

/** The one written form of JSON that this house uses: sorted names, no blanks. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

/** Read the attached record. Refused as unreadable where it is not one in its one form. */
async function readRecord(pdf) {
  try {
    const text = utf8(await pdf.attached(RECORD, LARGEST_RECORD));
    const record = JSON.parse(text);
    const { code, facts } = record;
    const said = hex(await digest(new TextEncoder().encode(canonical(facts))));
    need(canonical(record) === text && said === record.facts_sha256, "another form");
    need(facts.format === FORMAT && /^[0-9A-HJKMNP-TV-Z]{17}$/.test(code), "another form");
    need(isDay(facts.issued_on), "no day of issue");
    need(facts.expires_on === null || isDay(facts.expires_on), "no last day");
    return { code, facts };
  } catch {
    throw new Refused("unreadable", "there is no record of a certificate in it");
  }
}

function isDay(text) {
  return typeof text === "string" && /^\d{4}-\d\d-\d\d$/.test(text);
}

/**
 * Read the badge, or return null where there is none for this certificate.
 *
 * Its own proof is not computed: the signature of the PDF covers the badge as it covers the page.
 */
async function readBadge(pdf, code) {
  try {
    const badge = JSON.parse(utf8(await pdf.attached(BADGE, LARGEST_BADGE)));
    need(badge.credentialSubject.licenseNumber === shownCode(code), "of another certificate");
    return badge;
  } catch {
    return null;
  }
}

function shownCode(code) {
  return [...code.matchAll(/.{1,4}/g)].join("-");
}
