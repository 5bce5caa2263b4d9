// The few pieces of PDF that lead to an attached file, as our own writer makes them.
//
// It is asked only about files whose signature holds, so what it reads is what the issuer wrote:
// tables of positions as streams, objects packed in streams, and nothing encrypted.

const BLANK = /[\0\t\n\f\r ]/;
const LARGEST_STREAM = 4 * 1024 * 1024;
const MOST_REVISIONS = 8;

/** Reads values from a text of one character a byte: numbers, names, texts, lists, dictionaries. */
class PdfReader {
  constructor(text, at = 0) {
    this.text = text;
    this.at = at;
  }

  skip() {
    for (;;) {
      while (BLANK.test(this.text[this.at] || "")) this.at += 1;
      if (this.text[this.at] !== "%") return;
      while (!/[\r\n]/.test(this.text[this.at] || "\n")) this.at += 1;
    }
  }

  match(form) {
    this.skip();
    form.lastIndex = this.at;
    const found = form.exec(this.text);
    if (found) this.at = form.lastIndex;
    return found;
  }

  value(depth = 0) {
    need(depth < 32, "nested too deeply");
    if (this.match(/<</y)) return this.dictionary(depth);
    if (this.match(/\[/y)) return this.list(depth);
    if (this.match(/\(/y)) return { text: this.literal() };
    const digits = this.match(/<([0-9A-Fa-f\s]*)>/y);
    if (digits) return { text: hexText(digits[1]) };
    const reference = this.match(/(\d{1,9}) \d{1,5} R\b/y);
    if (reference) return { to: Number(reference[1]) };
    const number = this.match(/[+-]?\d*\.?\d+\.?/y);
    if (number) return Number(number[0]);
    const name = this.match(/\/([^\0\t\n\f\r ()<>[\]{}/%]*)/y);
    if (name) return `/${name[1]}`;
    const word = this.match(/true|false|null/y);
    need(word, "no value where one belongs");
    return { true: true, false: false, null: null }[word[0]];
  }

  dictionary(depth) {
    const found = new Map();
    while (!this.match(/>>/y)) {
      const name = this.value(depth + 1);
      need(typeof name === "string" && !found.has(name), "no name where one belongs");
      found.set(name, this.value(depth + 1));
    }
    return found;
  }

  list(depth) {
    const found = [];
    while (!this.match(/\]/y)) found.push(this.value(depth + 1));
    return found;
  }

  literal() {
    let text = "";
    for (let open = 1; ; this.at += 1) {
      const letter = this.text[this.at];
      need(letter !== undefined, "a text without an end");
      if (letter === "(") open += 1;
      if (letter === ")") open -= 1;
      if (open === 0) break;
      text += letter === "\\" ? this.escaped() : letter;
    }
    this.at += 1;
    return text;
  }

  escaped() {
    const form = /\\([0-7]{1,3}|\r\n|[^])/y;
    form.lastIndex = this.at;
    const [whole, letter] = form.exec(this.text);
    this.at += whole.length - 1;
    if (/^[0-7]/.test(letter)) return String.fromCharCode(Number.parseInt(letter, 8) & 0xff);
    if (/^[\r\n]/.test(letter)) return "";
    return { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" }[letter] || letter;
  }
}

function hexText(digits) {
  const plain = digits.replace(/\s/g, "");
  return latin(fromHex(plain.length % 2 ? `${plain}0` : plain));
}

/** A text of a PDF as people read it. */
function readable(value) {
  const text = value && typeof value.text === "string" ? value.text : "";
  if (!text.startsWith("\xfe\xff")) return text;
  return new TextDecoder("utf-16be").decode(bytesOf(text.slice(2)));
}

/** A PDF whose objects can be asked for, one after the other. */
class Pdf {
  constructor(data, text) {
    this.data = data;
    this.text = text;
    this.places = new Map();
    this.packed = new Map();
  }

  static async open(data, text) {
    const pdf = new Pdf(data, text);
    const last = /startxref\s+(\d{1,9})\s+%%EOF\s*$/.exec(text.slice(-64));
    need(last, "no table of positions");
    let at = Number(last[1]);
    for (let turn = 0; at !== undefined; turn += 1) {
      need(turn < MOST_REVISIONS, "too many revisions");
      const dictionary = await pdf.readTable(at);
      pdf.root ??= dictionary.get("/Root");
      at = dictionary.get("/Prev");
    }
    pdf.catalog = await pdf.follow(pdf.root);
    need(pdf.catalog instanceof Map, "no catalogue");
    return pdf;
  }

  /** Read one table of positions; what a newer one said of an object stays. */
  async readTable(at) {
    const { value, stream } = await this.readAt(at);
    need(stream && value.get("/Type") === "/XRef", "another kind of table of positions");
    const widths = value.get("/W");
    const [kind, place, more] = widths;
    const rows = await this.unpacked(value, stream);
    const sections = value.get("/Index") || [0, value.get("/Size")];
    let next = 0;
    const number = (width) => {
      next += width;
      return rows.subarray(next - width, next).reduce((sum, byte) => sum * 256 + byte, 0);
    };
    for (let section = 0; section < sections.length; section += 2) {
      for (let which = 0; which < sections[section + 1]; which += 1) {
        need(next + kind + place + more <= rows.length, "a table that is too short");
        const entry = { kind: kind ? number(kind) : 1, place: number(place), more: number(more) };
        const name = sections[section] + which;
        if (!this.places.has(name)) this.places.set(name, entry);
      }
    }
    return value;
  }

  /** Read the object that begins at a position: its value, and the bytes of its stream. */
  async readAt(at) {
    const reader = new PdfReader(this.text, at);
    need(reader.match(/\d+ \d+ obj\b/y), "no object where one belongs");
    const value = reader.value();
    if (!reader.match(/stream\r?\n/y)) return { value, stream: null };
    const size = await this.follow(value.get("/Length"));
    const stream = this.data.subarray(reader.at, reader.at + size);
    need(Number.isInteger(size) && size >= 0 && stream.length === size, "a stream cut short");
    return { value, stream };
  }

  async unpacked(dictionary, stream, most = LARGEST_STREAM) {
    need(!dictionary.has("/DecodeParms"), "a stream of an unknown kind");
    const filter = dictionary.get("/Filter");
    if (filter === undefined && stream.length <= most) return stream;
    need(filter === "/FlateDecode", "a stream of an unknown kind");
    return unpack(stream, "deflate", most);
  }

  /** What a reference leads to; anything else is what it is. */
  async follow(value, depth = 0) {
    if (!value || value.to === undefined) return value;
    need(depth < MOST_REVISIONS, "references in a circle");
    const entry = this.places.get(value.to);
    need(entry && entry.kind, "a reference that leads nowhere");
    const found = entry.kind === 2
      ? await this.readPacked(entry)
      : (await this.readAt(entry.place)).value;
    return this.follow(found, depth + 1);
  }

  async readPacked({ place, more }) {
    if (!this.packed.has(place)) this.packed.set(place, await this.openPacked(place));
    const { text, starts } = this.packed.get(place);
    need(starts[more] !== undefined, "a reference that leads nowhere");
    return new PdfReader(text, starts[more]).value();
  }

  async openPacked(name) {
    const entry = this.places.get(name);
    need(entry && entry.kind === 1, "a stream that is not there");
    const { value, stream } = await this.readAt(entry.place);
    const text = latin(await this.unpacked(value, stream));
    const head = text.slice(0, value.get("/First")).trim().split(/\s+/).map(Number);
    const starts = head.filter((_number, at) => at % 2).map((at) => at + value.get("/First"));
    return { text, starts };
  }

  /** The bytes of an attached file, or null where there is none of that name. */
  async attached(name, most) {
    const names = await this.follow(this.catalog.get("/Names"));
    const tree = names && (await this.follow(names.get("/EmbeddedFiles")));
    const list = (tree && (await this.follow(tree.get("/Names")))) || [];
    for (let at = 1; at < list.length; at += 2) {
      const spec = await this.follow(list[at]);
      if (readable(spec.get("/UF")) === name) return this.streamOf(spec, most);
    }
    return null;
  }

  async streamOf(spec, most) {
    const files = await this.follow(spec.get("/EF"));
    const entry = this.places.get(files.get("/F").to);
    need(entry && entry.kind === 1, "an attached file that is not there");
    const { value, stream } = await this.readAt(entry.place);
    need(stream, "an attached file that is not there");
    return this.unpacked(value, stream, most);
  }
}
