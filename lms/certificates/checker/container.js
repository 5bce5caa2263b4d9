// Signed containers (CMS, RFC 5652) with one signer, and the one form in which ours are written.

const DATA = "1.2.840.113549.1.7.1", SIGNED_DATA = "1.2.840.113549.1.7.2";
const STAMP_INFO = "1.2.840.113549.1.9.16.1.4";
const CONTENT_TYPE = "1.2.840.113549.1.9.3", MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
const WHOSE = "1.2.840.113549.1.9.16.2.12", WHOSE_V2 = "1.2.840.113549.1.9.16.2.47";
const STAMP = "1.2.840.113549.1.9.16.2.14";
const ALGORITHMS = {
  "SHA-256": fromHex("300d06096086480165030402010500"),
  "SHA-384": fromHex("300d06096086480165030402020500"),
  "SHA-512": fromHex("300d06096086480165030402030500"),
};
const MECHANISMS = {
  RSA: {
    "SHA-256": fromHex("300d06092a864886f70d01010b0500"),
    "SHA-384": fromHex("300d06092a864886f70d01010c0500"),
    "SHA-512": fromHex("300d06092a864886f70d01010d0500"),
  },
  EC: {
    "SHA-256": fromHex("300a06082a8648ce3d040302"),
    "SHA-384": fromHex("300a06082a8648ce3d040303"),
    "SHA-512": fromHex("300a06082a8648ce3d040304"),
  },
};
const NAMES = {
  [DATA]: fromHex("06092a864886f70d010701"),
  [SIGNED_DATA]: fromHex("06092a864886f70d010702"),
  [STAMP_INFO]: fromHex("060b2a864886f70d0109100104"),
  [STAMP]: fromHex("060b2a864886f70d010910020e"),
};

/** Take a container apart; nothing in it is believed yet. */
function readContainer(node) {
  need(oidOf(expect(node, SEQUENCE, 2).parts[0]) === SIGNED_DATA, "no signed data");
  const [, , content, ...rest] = expect(tagged(node, 0).parts[0], SEQUENCE, 4).parts;
  const held = rest.find((part) => part.tag === 0xa0);
  const signers = expect(rest.at(-1), SET, 1).parts;
  need(signers.length === 1 && held, "not exactly one signer");
  const [, who, hash, ...others] = expect(signers[0], SEQUENCE, 6).parts;
  const digestName = HASHES[oidOf(hash.parts[0])];
  need(digestName && others[0].tag === 0xa0, "a digest of an unknown kind");
  const certificates = held.parts.map((part) => readCertificate(part.whole));
  return {
    content,
    certificates,
    digestName,
    attributes: readAttributes(others[0]),
    signedBytes: retag(others[0].whole, SET),
    mechanism: others[1],
    signature: expect(others[2], OCTETS).body,
    beside: readAttributes(others[3]),
    signer: certificates.find((one) => isNamed(one, who)),
  };
}

function isNamed(certificate, who) {
  return same(certificate.issuer.whole, who.parts[0].whole)
    && same(certificate.serial.whole, who.parts[1].whole);
}

function readAttributes(node) {
  const found = new Map();
  for (const part of node ? node.parts : []) {
    const name = oidOf(part.parts[0]);
    const values = expect(part.parts[1], SET, 1).parts;
    need(!found.has(name) && values.length === 1, "an attribute stands twice");
    found.set(name, values[0]);
  }
  return found;
}

/** Tell whether one signer signed this content and named their own certificate in it. */
async function containerHolds(container, kind, content) {
  const { signer, attributes, digestName, mechanism, signature, signedBytes } = container;
  if (!signer || !attributes.has(CONTENT_TYPE) || !attributes.has(MESSAGE_DIGEST)) return false;
  const said = expect(attributes.get(MESSAGE_DIGEST), OCTETS).body;
  return oidOf(container.content.parts[0]) === kind
    && oidOf(attributes.get(CONTENT_TYPE)) === kind
    && same(said, await digest(content, digestName))
    && (await namesSigner(attributes, signer))
    && signatureHolds(signer, mechanism, digestName, signature, signedBytes);
}

/** The signer's certificate is named by its digest within what is signed (RFC 5035). */
async function namesSigner(attributes, signer) {
  const newer = attributes.get(WHOSE_V2);
  const told = newer || attributes.get(WHOSE);
  if (!told) return false;
  const [first, second] = told.parts[0].parts[0].parts;
  const named = newer && first.tag === SEQUENCE;
  const hash = newer ? (named ? HASHES[oidOf(first.parts[0])] : "SHA-256") : "SHA-1";
  const said = expect(named ? second : first, OCTETS).body;
  return Boolean(hash) && same(said, await digest(signer.der, hash));
}

/**
 * Write a container anew from what was verified.
 *
 * A signature does not cover its own container: its certificates, its padding and its unsigned
 * parts could be changed unseen. Ours are written in one form, and only that form is taken.
 */
function writeContainer(version, content, container, path, mechanism, beside) {
  const { signer, digestName, signedBytes, signature } = container;
  const hash = ALGORITHMS[digestName];
  const who = sequence(signer.issuer.whole, signer.serial.whole);
  const info = sequence(
    writeDer(INTEGER, [1]), who, hash, retag(signedBytes, 0xa0), mechanism,
    writeDer(OCTETS, signature), beside ? retag(beside, 0xa1) : []);
  const held = retag(setOf(...neededOf(path)), 0xa0);
  const inside = sequence(
    writeDer(INTEGER, [version]), setOf(hash), sequence(...content), held, setOf(info));
  return sequence(NAMES[SIGNED_DATA], writeDer(0xa0, inside));
}

/** The signing certificate and those on its way up, without the root. */
function neededOf(path) {
  return [path[0], ...path.slice(1, -1)].map((one) => one.der);
}

function writtenStamp(stamp) {
  const { container, path, stated } = stamp;
  const kind = oidOf(container.signer.key.parts[0].parts[0]) === ELLIPTIC ? "EC" : "RSA";
  const pss = oidOf(container.mechanism.parts[0]) === PSS;
  const mechanism = pss ? container.mechanism.whole : MECHANISMS[kind][container.digestName];
  const content = [NAMES[STAMP_INFO], writeDer(0xa0, writeDer(OCTETS, stated))];
  return writeContainer(3, content, container, path, mechanism, null);
}

function writtenDocument(container, path, stamp) {
  const beside = stamp && setOf(sequence(NAMES[STAMP], writeDer(SET, writtenStamp(stamp))));
  const mechanism = MECHANISMS.RSA["SHA-256"];
  return writeContainer(1, [NAMES[DATA]], container, path, mechanism, beside);
}
