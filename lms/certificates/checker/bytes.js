// Bytes: letters, digests, and unpacking with a limit. Everything else stands on this file.

/** What a file is refused with. `finding` is one of the findings of the check by program. */
class Refused extends Error {
  constructor(finding, why) {
    super(why);
    this.finding = finding;
  }
}

function need(truth, why) {
  if (!truth) throw new Refused("altered", why);
}

function same(left, right) {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}

function join(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Each byte as one character, so that positions stay what they are. */
function latin(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return text;
}

function bytesOf(text) {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function utf8(bytes) {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function fromHex(text) {
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at += 1) {
    bytes[at] = Number.parseInt(text.slice(2 * at, 2 * at + 2), 16);
  }
  return bytes;
}

function fromBase64(text) {
  return bytesOf(atob(text));
}

/** The alphabet for addresses, without padding, and only in the one way to write the bytes. */
function fromBase64Url(text) {
  need(/^[A-Za-z0-9_-]*$/.test(text), "not base 64");
  const bytes = fromBase64(text.replaceAll("-", "+").replaceAll("_", "/"));
  need(toBase64Url(bytes) === text, "more than one way to write the same bytes");
  return bytes;
}

function toBase64Url(bytes) {
  return btoa(latin(bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

async function digest(bytes, name = "SHA-256") {
  return new Uint8Array(await crypto.subtle.digest(name, bytes));
}

/** Unpack "deflate" (zlib), "deflate-raw" or "gzip"; what would grow beyond `most` is refused. */
async function unpack(bytes, kind, most) {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(kind)).getReader();
  const parts = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return join(...parts);
    size += value.length;
    if (size > most) {
      await reader.cancel();
      throw new Refused("altered", "too large when unpacked");
    }
    parts.push(value);
  }
}
