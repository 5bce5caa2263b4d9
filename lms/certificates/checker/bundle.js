// The trust bundle: what is carried in this page, or another one that a person gives.

const BUNDLE_FORMAT = "concord-trust-bundle/1";
const DEVELOPMENT = "UNTRUSTED DEVELOPMENT AUTHORITY";
const LARGEST_BUNDLE = 64 * 1024 * 1024;

/** Make the data of a bundle ready for checks. */
async function openBundle(told) {
  need(told && told.format === BUNDLE_FORMAT, "not a trust bundle in a format known here");
  const now = Date.parse(told.as_of);
  need(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(told.as_of) && now > 0, "a bundle without its moment");
  need(told.badge_keys && Array.isArray(told.badge_keys.keys), "a bundle without badge keys");
  const roots = told.roots.map(fromPem).map(readCertificate);
  for (const root of roots) {
    root.fingerprint = hex(await digest(root.der));
    root.name = textsIn(root.subject).at(-1);
    root.development = textsIn(root.subject).some((text) => text.includes(DEVELOPMENT));
  }
  return {
    ...told,
    now,
    day: told.as_of.slice(0, 10),
    trust: {
      now,
      roots,
      stampRoots: told.stamp_roots.map(fromPem).map(readCertificate),
      lists: told.crls.map(fromBase64).map(readList),
    },
  };
}

function fromPem(text) {
  const form = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/;
  const found = form.exec(text);
  need(found, "not a certificate");
  return fromBase64(found[1].replace(/\s/g, ""));
}

/** Read a trust-bundle.zip into the form that this page carries. */
async function bundleFromZip(data) {
  const files = await unzip(data);
  const text = (name) => utf8(files.get(name));
  need(files.has("manifest.json"), "not a trust bundle: there is no manifest.json in it");
  const manifest = JSON.parse(text("manifest.json"));
  for (const [name, said] of Object.entries(manifest.files)) {
    need(files.has(name) && hex(await digest(files.get(name))) === said, `${name} is damaged`);
  }
  const under = (folder, ending) => Object.keys(manifest.files).sort()
    .filter((name) => name.startsWith(folder) && name.endsWith(ending));
  const tokens = under("badges/status/", ".jwt").map((name) => text(name).trim());
  return openBundle({
    format: manifest.format,
    issuer: manifest.issuer,
    address: manifest.address,
    as_of: manifest.as_of,
    development: manifest.development,
    roots: under("roots/", ".pem").map(text),
    stamp_roots: under("stamp-roots/", ".pem").map(text),
    chain: under("chain/", ".pem").map(text),
    crls: under("crls/", ".crl").map((name) => btoa(latin(files.get(name)))),
    badge_keys: JSON.parse(text("badges/badge-keys.json")),
    lists: Object.fromEntries(tokens.map((token) => [addressIn(token), token])),
  });
}

/** The address of a signed list; whether the list holds is asked when it is needed. */
function addressIn(token) {
  return JSON.parse(utf8(fromBase64Url(token.split(".")[1]))).id;
}

/** Unpack a ZIP of plain members, stored or deflated. */
async function unzip(data) {
  need(data.length <= LARGEST_BUNDLE, "too large for a trust bundle");
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  let end = data.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end -= 1;
  need(end >= 0, "not a ZIP file");
  const files = new Map();
  let at = view.getUint32(end + 16, true), total = 0;
  for (let left = view.getUint16(end + 10, true); left; left -= 1) {
    need(view.getUint32(at, true) === 0x02014b50, "a damaged ZIP file");
    total += view.getUint32(at + 24, true);
    need(total <= LARGEST_BUNDLE, "too large for a trust bundle");
    const [name, extra, note] = [28, 30, 32].map((place) => view.getUint16(at + place, true));
    const path = utf8(data.subarray(at + 46, at + 46 + name));
    need(!files.has(path), "a ZIP file in which a name stands twice");
    files.set(path, await member(data, view, at));
    at += 46 + name + extra + note;
  }
  return files;
}

async function member(data, view, entry) {
  const kind = view.getUint16(entry + 10, true);
  const packed = view.getUint32(entry + 20, true), size = view.getUint32(entry + 24, true);
  const head = view.getUint32(entry + 42, true);
  const start = head + 30 + view.getUint16(head + 26, true) + view.getUint16(head + 28, true);
  const bytes = data.subarray(start, start + packed);
  need(kind === 0 || kind === 8, "a ZIP file of an unknown kind");
  const found = kind ? await unpack(bytes, "deflate-raw", size) : bytes;
  need(found.length === size, "a damaged ZIP file");
  return found;
}
