// Certificates and revocation lists (RFC 5280), and the signatures under them.

const RSA = "1.2.840.113549.1.1.1", PSS = "1.2.840.113549.1.1.10";
const ELLIPTIC = "1.2.840.10045.2.1";
const HASHES = {
  "2.16.840.1.101.3.4.2.1": "SHA-256",
  "2.16.840.1.101.3.4.2.2": "SHA-384",
  "2.16.840.1.101.3.4.2.3": "SHA-512",
};
const RSA_WITH = {
  "1.2.840.113549.1.1.11": "SHA-256",
  "1.2.840.113549.1.1.12": "SHA-384",
  "1.2.840.113549.1.1.13": "SHA-512",
};
const ELLIPTIC_WITH = {
  "1.2.840.10045.4.3.2": "SHA-256",
  "1.2.840.10045.4.3.3": "SHA-384",
  "1.2.840.10045.4.3.4": "SHA-512",
};
const CURVES = {
  "1.2.840.10045.3.1.7": { name: "P-256", size: 32 },
  "1.3.132.0.34": { name: "P-384", size: 48 },
  "1.3.132.0.35": { name: "P-521", size: 66 },
};
const KEY_USAGE = "2.5.29.15", CONSTRAINTS = "2.5.29.19", PURPOSES = "2.5.29.37";
const REASON = "2.5.29.21";
const TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
const DIGITAL_SIGNATURE = 0, NON_REPUDIATION = 1, SIGNS_CERTIFICATES = 5, SIGNS_LISTS = 6;
// superseded, cessationOfOperation, affiliationChanged: nobody else has the key
const NOT_COMPROMISED = new Set([3, 4, 5]);

function readCertificate(bytes) {
  const [inside, algorithm, signature] = expect(readDer(bytes), SEQUENCE, 3).parts;
  const fields = inside.parts.filter((part) => part.tag !== 0xa0 && part.tag !== 0xa3);
  const [serial, inner, issuer, validity, subject, key] = fields;
  need(key && same(inner.whole, algorithm.whole), "two algorithms in one certificate");
  const found = readExtensions(tagged(inside, 3));
  return {
    der: bytes,
    signed: inside.whole,
    algorithm,
    signature: bitsOf(signature),
    serial: expect(serial, INTEGER),
    issuer: expect(issuer, SEQUENCE),
    subject: expect(subject, SEQUENCE),
    from: momentOf(validity.parts[0]),
    until: momentOf(validity.parts[1]),
    key: expect(key, SEQUENCE, 2),
    ...meaningOf(found),
  };
}

function readExtensions(node) {
  const found = new Map();
  for (const part of node ? expect(node, 0xa3, 1).parts[0].parts : []) {
    const name = oidOf(part.parts[0]);
    need(!found.has(name), "an extension stands twice");
    const critical = part.parts.length === 3 && part.parts[1].body[0] === 0xff;
    found.set(name, { critical, value: expect(part.parts.at(-1), OCTETS).body });
  }
  return found;
}

/** What the extensions mean for us; `odd` is true for a critical one that we do not know. */
function meaningOf(found) {
  const known = [KEY_USAGE, CONSTRAINTS, PURPOSES];
  const value = (name) => (found.has(name) ? readDer(found.get(name).value) : null);
  const [usage, constraints, purposes] = known.map(value);
  const limits = constraints ? constraints.parts : [];
  const depth = limits.find((part) => part.tag === INTEGER);
  return {
    usages: usage && usagesOf(usage),
    authority: limits.some((part) => part.tag === 0x01 && part.body[0] === 0xff),
    depth: depth ? smallInteger(depth) : Infinity,
    purposes: purposes && purposes.parts.map(oidOf),
    odd: [...found].some(([name, { critical }]) => critical && !known.includes(name)),
  };
}

function usagesOf(node) {
  const bits = expect(node, BITS).body.subarray(1);
  const set = new Set();
  for (let bit = 0; bit < 8 * bits.length; bit += 1) {
    if (bits[bit >> 3] & (0x80 >> (bit & 7))) set.add(bit);
  }
  return set;
}

function mayDo(certificate, ...usages) {
  return !certificate.usages || usages.some((usage) => certificate.usages.has(usage));
}

/** The texts in a name, for people; the last one is the narrowest. */
function textsIn(name) {
  return name.parts.flatMap((set) => set.parts).map((pair) => textOf(pair.parts[1]));
}

function textOf(node) {
  if (node.tag === 0x1e) return new TextDecoder("utf-16be").decode(node.body);
  return node.tag === 0x0c ? new TextDecoder().decode(node.body) : latin(node.body);
}

/** Tell whether a signature under some bytes is that of a certificate's key; never throws. */
async function signatureHolds(certificate, algorithm, digestName, signature, bytes) {
  try {
    const told = mechanismOf(certificate, algorithm, digestName);
    const key = await crypto.subtle.importKey(
      "spki", certificate.key.whole, told.key, false, ["verify"]);
    if (told.size) signature = plainPair(signature, told.size);
    else need(key.algorithm.modulusLength >= 2048, "a key that is too short");
    return await crypto.subtle.verify(told.check, key, signature, bytes);
  } catch {
    return false;
  }
}

/** `digestName`: the digest that stands elsewhere, for mechanisms that do not name one. */
function mechanismOf(certificate, algorithm, digestName) {
  const name = oidOf(algorithm.parts[0]);
  const kind = oidOf(certificate.key.parts[0].parts[0]);
  if (kind === ELLIPTIC) {
    const curve = CURVES[oidOf(certificate.key.parts[0].parts[1])];
    const hash = ELLIPTIC_WITH[name];
    need(curve && hash, "a signature of an unknown kind");
    return {
      key: { name: "ECDSA", namedCurve: curve.name },
      check: { name: "ECDSA", hash },
      size: curve.size,
    };
  }
  need(kind === RSA, "a key of an unknown kind");
  if (name === PSS) return pssOf(algorithm.parts[1]);
  const hash = RSA_WITH[name] || (name === RSA && digestName);
  need(hash, "a signature of an unknown kind");
  return { key: { name: "RSASSA-PKCS1-v1_5", hash }, check: "RSASSA-PKCS1-v1_5" };
}

function pssOf(told) {
  const hash = HASHES[oidOf(tagged(told, 0).parts[0].parts[0])];
  const mask = tagged(told, 1).parts[0];
  need(oidOf(mask.parts[0]) === "1.2.840.113549.1.1.8", "an unknown mask");
  need(hash && HASHES[oidOf(mask.parts[1].parts[0])] === hash, "an unknown mask");
  const saltLength = tagged(told, 2) ? smallInteger(tagged(told, 2).parts[0]) : 20;
  return { key: { name: "RSA-PSS", hash }, check: { name: "RSA-PSS", saltLength } };
}

/** An elliptic signature as WebCrypto wants it: two numbers of one length, without DER. */
function plainPair(signature, size) {
  const numbers = expect(readDer(signature), SEQUENCE, 2).parts.map((part) => {
    const digits = expect(part, INTEGER).body;
    return digits[0] === 0 ? digits.subarray(1) : digits;
  });
  need(numbers.length === 2 && numbers.every((part) => part.length <= size), "too long");
  return join(...numbers.flatMap((part) => [new Uint8Array(size - part.length), part]));
}

function issued(issuer, certificate) {
  const { algorithm, signature, signed } = certificate;
  return signatureHolds(issuer, algorithm, null, signature, signed);
}

function readList(bytes) {
  const [inside, algorithm, signature] = expect(readDer(bytes), SEQUENCE, 3).parts;
  const fields = inside.parts.filter((part) => part.tag !== INTEGER && part.tag !== 0xa0);
  const [inner, issuer, , ...rest] = fields;
  need(same(inner.whole, algorithm.whole), "two algorithms in one list");
  const entries = rest.find((part) => part.tag === SEQUENCE);
  return {
    signed: inside.whole,
    algorithm,
    signature: bitsOf(signature),
    issuer: expect(issuer, SEQUENCE),
    entries: new Map((entries ? entries.parts : []).map(readEntry)),
  };
}

function readEntry(node) {
  const [serial, since, more] = node.parts;
  const found = readExtensions(more && { tag: 0xa3, parts: [more] });
  const reason = found.has(REASON) ? readDer(found.get(REASON).value).body[0] : 0;
  const told = { since: momentOf(since), compromised: !NOT_COMPROMISED.has(reason) };
  return [hex(serial.body), told];
}
