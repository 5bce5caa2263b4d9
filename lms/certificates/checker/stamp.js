// Time stamps (RFC 3161): what moment is proven, and by whom.

/** Take the stamp of a signature apart, or return null where there is none. */
function readStamp(beside) {
  const token = beside.get(STAMP);
  if (!token) return null;
  const container = readContainer(token);
  const stated = expect(tagged(container.content, 0).parts[0], OCTETS).body;
  const [version, , imprint, , moment] = expect(readDer(stated), SEQUENCE, 5).parts;
  need(smallInteger(version) === 1, "a stamp of an unknown version");
  return {
    container,
    stated,
    hash: HASHES[oidOf(imprint.parts[0].parts[0])],
    imprint: expect(imprint.parts[1], OCTETS).body,
    moment: momentOf(expect(moment, 0x18)),
    path: null,
  };
}

/** Check a stamp over a signature; its path is null where it leads to no named root. */
async function checkStamp(stamp, signature, roots, now) {
  const { container, stated, hash, imprint, moment } = stamp;
  const whole = hash && same(imprint, await digest(signature, hash))
    && (await containerHolds(container, STAMP_INFO, stated));
  const { signer } = container;
  if (!whole || !signer.purposes || !signer.purposes.includes(TIME_STAMPING)) return;
  if (!mayDo(signer, DIGITAL_SIGNATURE, NON_REPUDIATION)) return;
  const at = Math.min(moment, now);
  stamp.path = await pathToRoot(signer, container.certificates, roots, at);
}

/**
 * Return the moment that is proven, or null.
 *
 * A stamping key that somebody else may have proves nothing; one that was only replaced proves
 * what it stamped before.
 */
async function provenMoment(stamp, lists) {
  if (!stamp || !stamp.path) return null;
  const ended = await withdrawnOn(stamp.path, lists);
  const void_ = ended.some((one) => one.compromised || stamp.moment >= one.since);
  return void_ ? null : stamp.moment;
}
