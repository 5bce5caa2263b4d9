// The status lists of a bundle: which badges are revoked or suspended as of its moment.

const PLACES = 131072, LONGEST_LIST = 64 * 1024;
const CLOCKS_DIFFER = 5 * 60 * 1000;
const ED25519 = [0xed, 0x01];
const LETTERS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/** Why the state of a certificate cannot be told. */
class Unknown extends Error {}

function demand(truth, why) {
  if (!truth) throw new Unknown(why);
}

/**
 * Return "revoked", "suspended" or null, by the place that the badge names in both lists.
 *
 * Throws Unknown, with a sentence, where a list is missing, old, not the issuer's or not readable.
 */
async function statusOf(badge, bundle) {
  demand(badge, WORDS.why.no_badge);
  const entry = badge.credentialStatus || {};
  const address = String(entry.statusListCredential);
  const place = Number(entry.statusListIndex);
  const known = entry.statusPurpose === "revocation" && address.includes("/status/revocation/");
  demand(known && Number.isInteger(place) && place >= 0 && place < PLACES, WORDS.why.no_place);
  const other = address.replace("/status/revocation/", "/status/suspension/");
  const issuer = badge.issuer.id;
  const revoked = await isSet(bundle, address, "revocation", issuer, place);
  const suspended = await isSet(bundle, other, "suspension", issuer, place);
  return revoked ? "revoked" : suspended ? "suspended" : null;
}

async function isSet(bundle, address, purpose, issuer, place) {
  const token = Object.hasOwn(bundle.lists, address) ? bundle.lists[address] : null;
  demand(typeof token === "string", WORDS.why.no_list);
  bundle.opened ??= new Map();
  const name = `${issuer} ${address}`;
  if (!bundle.opened.has(name)) {
    bundle.opened.set(name, await openList(bundle, token, { address, purpose, issuer }));
  }
  return Boolean(bundle.opened.get(name)[place >> 3] & (0x80 >> (place & 7)));
}

/** Check a signed list and return its bits. */
async function openList(bundle, token, wanted) {
  const [key, algorithm] = await listKey(bundle, token, wanted.issuer);
  try {
    const [header, payload, signature] = token.split(".");
    const said = JSON.parse(utf8(fromBase64Url(payload)));
    const bytes = bytesOf(`${header}.${payload}`);
    need(await crypto.subtle.verify(algorithm, key.open, fromBase64Url(signature), bytes), "no");
    demandList(said, wanted, key, bundle.now);
    return await bitsIn(said.credentialSubject.encodedList);
  } catch (error) {
    if (error instanceof Unknown) throw error;
    throw new Unknown(WORDS.why.bad_list);
  }
}

/** The key of the issuer that a token names; this browser may not know its kind of signature. */
async function listKey(bundle, token, issuer) {
  const named = bundle.badge_keys.keys.find((one) => isKeyOf(one, token, issuer));
  demand(named && !named.withdrawn_at, WORDS.why.no_key);
  const algorithm = { name: "Ed25519" };
  try {
    const raw = fromBase58(named.multikey.slice(1));
    need(named.multikey[0] === "z" && raw.length === 34, "no key");
    need(same(raw.subarray(0, 2), ED25519), "no key");
    const open = await crypto.subtle.importKey("raw", raw.subarray(2), algorithm, false,
      ["verify"]);
    return [{ open, ...named }, algorithm];
  } catch (error) {
    throw new Unknown(error instanceof Refused ? WORDS.why.no_key : WORDS.why.no_ed25519);
  }
}

function isKeyOf(key, token, issuer) {
  try {
    const header = JSON.parse(utf8(fromBase64Url(token.split(".")[0])));
    const ours = header.alg === "EdDSA" && header.typ === "vc+jwt";
    return ours && header.kid === key.id && key.controller === issuer;
  } catch {
    return false;
  }
}

function demandList(said, wanted, key, now) {
  const { address, purpose, issuer } = wanted;
  need(said.id === address && said.issuer === issuer && said.iss === issuer, "another list");
  need(said.type.includes("BitstringStatusListCredential"), "another list");
  need(said.credentialSubject.statusPurpose === purpose, "another list");
  const created = said.iat * 1000;
  const until = key.used_until ? Date.parse(key.used_until) : Infinity;
  need(created >= Date.parse(key.used_from) && created <= until, "signed out of time");
  const from = Date.parse(said.validFrom), ends = Date.parse(said.validUntil);
  demand(now >= from - CLOCKS_DIFFER && now <= ends, WORDS.why.old_list);
}

async function bitsIn(text) {
  need(text[0] === "u" && text.length <= LONGEST_LIST, "no list");
  const bits = await unpack(fromBase64Url(text.slice(1)), "gzip", PLACES / 8);
  need(bits.length === PLACES / 8, "no list of the one size");
  return bits;
}

function fromBase58(text) {
  need(/^[1-9A-HJ-NP-Za-km-z]{1,60}$/.test(text), "not base 58");
  let number = 0n;
  for (const letter of text) number = number * 58n + BigInt(LETTERS.indexOf(letter));
  const digits = number.toString(16);
  return fromHex(digits.length % 2 ? `0${digits}` : digits);
}
