// DER (X.690): read strictly, and written in the one way that there is.

const INTEGER = 0x02, BITS = 0x03, OCTETS = 0x04, OID = 0x06, SEQUENCE = 0x30, SET = 0x31;
const DEEPEST = 40;

/**
 * Read one value that takes all of the bytes.
 *
 * A node has `tag`, `whole` (with tag and length), `body`, and `parts` where it holds others.
 */
function readDer(bytes, depth = 0) {
  const node = readNode(bytes, 0, depth);
  need(node.whole.length === bytes.length, "something stands behind a value");
  return node;
}

/** Read the value that stands first; what stands behind it is not looked at. */
function readNode(bytes, start, depth) {
  need(depth < DEEPEST, "nested too deeply");
  const { tag, from, to } = readHead(bytes, start);
  const body = bytes.subarray(from, to);
  const node = { tag, body, whole: bytes.subarray(start, to), parts: [] };
  if (tag & 0x20) {
    for (let at = 0; at < body.length; at += node.parts.at(-1).whole.length) {
      node.parts.push(readNode(body, at, depth + 1));
    }
  }
  return node;
}

function readHead(bytes, start) {
  need(start + 2 <= bytes.length, "cut short");
  const tag = bytes[start];
  need((tag & 0x1f) !== 0x1f, "a tag of several bytes");
  let size = bytes[start + 1];
  let from = start + 2;
  if (size > 0x7f) {
    const count = size & 0x7f;
    need(count >= 1 && count <= 3 && from + count <= bytes.length, "a length that is not DER");
    size = bytes.subarray(from, from + count).reduce((sum, byte) => sum * 256 + byte, 0);
    need(size > 0x7f && bytes[from] !== 0, "a length that is not the shortest");
    from += count;
  }
  need(from + size <= bytes.length, "cut short");
  return { tag, from, to: from + size };
}

function expect(node, tag, least = 0) {
  need(node && node.tag === tag && node.parts.length >= least, "another kind of value");
  return node;
}

/** The part with a context tag, or nothing. */
function tagged(node, number) {
  return node.parts.find((part) => (part.tag & 0xdf) === (0x80 | number));
}

function oidOf(node) {
  const bytes = expect(node, OID).body;
  const numbers = [];
  let number = 0;
  for (const byte of bytes) {
    number = number * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      numbers.push(number);
      number = 0;
    }
  }
  const first = Math.min(2, Math.floor(numbers[0] / 40));
  return [first, numbers[0] - 40 * first, ...numbers.slice(1)].join(".");
}

function smallInteger(node) {
  const bytes = expect(node, INTEGER).body;
  need(bytes.length >= 1 && bytes.length <= 3 && bytes[0] < 0x80, "a number out of bounds");
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** The bytes of a bit string that is whole bytes. */
function bitsOf(node) {
  need(expect(node, BITS).body[0] === 0, "bits that are no whole bytes");
  return node.body.subarray(1);
}

/** A moment in milliseconds since 1970; UTCTime (RFC 5280: 50 to 49) or GeneralizedTime. */
function momentOf(node) {
  const text = latin(node.body);
  const form = { 0x17: /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)()Z$/,
                 0x18: /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{1,6}))?Z$/ }[node.tag];
  const found = form && form.exec(text);
  need(found, "not a moment");
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map(Number);
  const century = node.tag === 0x18 ? 0 : year < 50 ? 2000 : 1900;
  const fraction = Number(`0.${found[7] || 0}`) * 1000;
  return Date.UTC(century + year, month - 1, day, hour, minute, second) + Math.floor(fraction);
}

function writeDer(tag, ...parts) {
  const body = join(...parts);
  if (body.length < 0x80) return join([tag, body.length], body);
  const length = [];
  for (let rest = body.length; rest; rest >>= 8) length.unshift(rest & 0xff);
  return join([tag, 0x80 | length.length, ...length], body);
}

function sequence(...parts) {
  return writeDer(SEQUENCE, ...parts);
}

/** A set, each part once and in the order that DER asks for. */
function setOf(...parts) {
  const kept = new Map(parts.map((part) => [hex(part), part]));
  return writeDer(SET, ...[...kept.keys()].sort().map((key) => kept.get(key)));
}

/** The same value under another tag. */
function retag(bytes, tag) {
  return join([tag], bytes.subarray(1));
}
