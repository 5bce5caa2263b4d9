// What follows for a day from the signature, the dates and the lists.

/**
 * Return the verdict on a file; never throws.
 *
 * Facts and code are there only where the signature holds under a root of the bundle.
 */
async function judge(file, bundle, day) {
  const found = { name: file.name, size: file.size, sha256: "", day };
  const data = await bytesFrom(file);
  if (!data) return { ...found, verdict: "unreadable" };
  found.sha256 = hex(await digest(data));
  try {
    return { ...found, ...(await verdictOf(data, bundle, day)) };
  } catch (error) {
    // what cannot be judged is not good
    return { ...found, verdict: error instanceof Refused ? error.finding : "altered" };
  }
}

/** The bytes of a file, or null where it is too large, a folder, or gone meanwhile. */
async function bytesFrom(file) {
  if (file.size > LARGEST) return null;
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    return null;
  }
}

async function verdictOf(data, bundle, day) {
  const { pdf, root, signedAt, stampedAt } = await checkSignature(data, latin(data), bundle.trust);
  const { code, facts } = await readRecord(pdf);
  const badge = await readBadge(pdf, code);
  const state = await stateOn(day, facts, badge, bundle);
  return { ...state, code, facts, root, signedAt, stampedAt };
}

async function stateOn(day, facts, badge, bundle) {
  if (day > bundle.day) return { verdict: "unverifiable", why: WORDS.why.after_bundle };
  if (day < facts.issued_on) return { verdict: "not_yet" };
  try {
    const withdrawn = await statusOf(badge, bundle);
    if (withdrawn) return { verdict: withdrawn };
  } catch (error) {
    const known = error instanceof Unknown;
    return { verdict: "unverifiable", why: known ? error.message : WORDS.why.bad_list };
  }
  const over = facts.expires_on !== null && day > facts.expires_on;
  return { verdict: over ? "expired" : "valid" };
}
