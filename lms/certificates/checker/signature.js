// The one signature of a PDF: where it stands, what it covers, and whose it is.

const LARGEST = 5 * 1024 * 1024;
const RANGE = /\/ByteRange ?\[0 ([1-9]\d{0,7}) ([1-9]\d{0,7}) ([1-9]\d{0,7})\]/;

/** Find the one signature, or say what the file is instead. Nothing else of it is read. */
function findSignature(data, text) {
  if (!text.startsWith("%PDF-")) throw new Refused("unreadable", "no PDF");
  const count = text.split("/ByteRange").length - 1;
  if (count === 0) throw unsigned(text);
  const found = RANGE.exec(text);
  need(count === 1 && found, "not exactly one signature in the one form");
  const [first, second, rest] = found.slice(1).map(Number);
  const end = second + rest;
  const outside = found.index >= second && found.index + found[0].length <= end;
  need(first < second && end <= data.length && outside, "a range that does not fit");
  const hole = text.slice(first, second);
  need(/^<(?:[0-9A-F]{2})+>$/.test(hole), "a container in another form");
  return {
    hole: fromHex(hole.slice(1, -1)),
    covered: join(data.subarray(0, first), data.subarray(second, end)),
    whole: end === data.length,
    claimed: claimedIn(text.slice(second, end)),
  };
}

function unsigned(text) {
  const traces = /\/Type ?\/Sig\b|\/ETSI\.CAdES\.detached|\/adbe\.pkcs7/;
  if (traces.test(text)) return new Refused("altered", "a signature in another form");
  const ends = /startxref\s+[1-9]\d*\s+%%EOF\s*$/.test(text.slice(-1024));
  return ends ? new Refused("not_signed", "no signature") : new Refused("unreadable", "no PDF");
}

/** The moment that the signer states, in milliseconds, or null. It is covered by the signature. */
function claimedIn(text) {
  const form = /\/M ?\(D(?::|\\072)(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:Z|\+00'00'?)\)/;
  const found = form.exec(text.slice(0, 4096));
  if (!found) return null;
  const [year, month, ...rest] = found.slice(1).map(Number);
  return Date.UTC(year, month - 1, ...rest);
}

/**
 * Judge a file by its signature alone, with the roots of a bundle only.
 *
 * The rules are those of `lms certificates check`. What is returned holds under a named root and
 * covers every byte; everything else is thrown as Refused.
 */
async function checkSignature(data, text, trust) {
  const found = findSignature(data, text);
  const node = readNode(found.hole, 0, 0);
  const container = readContainer(node);
  const holds = await containerHolds(container, DATA, found.covered);
  const ours = container.digestName === "SHA-256" && container.attributes.has(WHOSE_V2);
  need(holds && ours, "the signature does not hold");
  const stamp = readStamp(container.beside);
  const stated = stamp ? stamp.moment : found.claimed ?? trust.now;
  const path = await signerPath(container, trust, Math.min(stated, trust.now));
  if (!found.whole) throw new Refused("added_to", "something stands behind what was signed");
  const pdf = await openedPdf(data, text);
  need(stamp || !pdf.catalog.has("/DSS"), "the time stamp is gone");
  if (stamp) await demandStamp(stamp, container.signature, trust);
  const written = writtenDocument(container, path, stamp);
  const padding = found.hole.subarray(written.length);
  need(same(found.hole.subarray(0, written.length), written), "a container in another form");
  need(padding.every((byte) => byte === 0), "a container in another form");
  const proven = await provenMoment(stamp, trust.lists);
  const ended = await withdrawnOn(path, trust.lists);
  if (ended.some(({ since }) => proven === null || proven >= since)) {
    throw new Refused("signer_revoked", "the signing key was withdrawn");
  }
  return { pdf, root: path.at(-1), signedAt: found.claimed, stampedAt: proven };
}

/** What we signed and cannot read is no certificate of a kind known here. */
async function openedPdf(data, text) {
  try {
    return await Pdf.open(data, text);
  } catch {
    throw new Refused("unreadable", "another kind of PDF");
  }
}

async function signerPath(container, trust, moment) {
  const { signer, certificates } = container;
  const path = await pathToRoot(signer, certificates, trust.roots, moment);
  const stamps = signer.purposes && signer.purposes.every((one) => one === TIME_STAMPING);
  if (!path || stamps) throw new Refused("unknown_signer", "it leads to no named root");
  need(mayDo(signer, DIGITAL_SIGNATURE, NON_REPUDIATION), "a key that may not sign documents");
  return path;
}

async function demandStamp(stamp, signature, trust) {
  await checkStamp(stamp, signature, [...trust.roots, ...trust.stampRoots], trust.now);
  need(stamp.path, "the time stamp does not hold");
}
