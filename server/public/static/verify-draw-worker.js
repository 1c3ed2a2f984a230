// 抽取核验 (Art. 14, shuangsuiji/draw/1): repeats a draw from its bundle, in a worker, as verify_draw.py does.
// Rows are read as a stream; a pool of a million rows is never in memory at once. Nothing is sent anywhere.

const SPEC = "shuangsuiji/draw/1";
const FIXED = ["exclusions.tsv", "holds.tsv", "pool.tsv", "recusals.tsv", "roster.tsv", "rules.json"];
const AT_ONCE = ["drawn.tsv", "entropy.txt", "matches.tsv", "pledges.tsv", "teams.tsv"];
const LATER = ["removals.tsv", "substitutions.tsv"];
const REASSIGNED = "reassignments.tsv";
const NEEDED = [...FIXED, "SHA256SUMS", ...AT_ONCE, ...LATER];
const KEYS = "keys.tsv";
const CEREMONY = "ceremony.tsv";
const DRAND = {"drand-quicknet": [1692803367, 3], "drand-default": [1595431050, 30]}; // first round's second, seconds from round to round
const MAX_TOTAL = 2 ** 34, MAX_PLAIN = 2 ** 25, MAX_LINE = 2 ** 22, MAX_SMALL = 2 ** 22;
const MAX_DRAWN = 2e6, MAX_ROSTER = 1e6, MAX_KEPT = 5e6, MAX_EVENTS = 1e6, MAX_SHOWN = 200;
const HEX64 = /^[0-9a-f]{64}$/;
const ID = /^[A-Za-z0-9_-]{21}[AQgw]$/;
const PASSED = /^(?:recused|expired|(?:leave|moved):[0-9a-f]{16})$/;
const MOMENT = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2})$/;
const FORBIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\uFEFF]/u;
const SUSPECT = /[\x00-\x08\x0A-\x1F\x7F-\x9F\u2028\u2029\uFEFF,]/;
const VALUE = {
  witness: /^(?:[1-6]{50}|[0-9a-f]{32,64})$/,
  beacon: /^[0-9a-f]{64}$/,
  lottery: /^[0-9]{1,20}(?: [0-9]{1,20})*$/,
};
const encoder = new TextEncoder();

class Stop extends Error {
  constructor(file, zh, en) {
    super(en);
    Object.assign(this, {file, zh, en});
  }
}

// ---- SHA-256: a million tickets one by one through WebCrypto would take a minute ---------------------------

const K = new Int32Array(64);
const START = new Int32Array(8);
{
  const root = (p, power) => (p ** (1 / power) % 1) * 2 ** 32 | 0;
  for (let n = 2, found = 0; found < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (!prime) continue;
    if (found < 8) START[found] = root(n, 2);
    K[found++] = root(n, 3);
  }
}

class Sha256 {
  constructor() {
    this.state = START.slice();
    this.block = new Uint8Array(64);
    this.words = new Int32Array(64);
    this.filled = 0;
    this.length = 0;
  }

  reset() {
    this.state.set(START);
    this.filled = this.length = 0;
    return this;
  }

  update(bytes) {
    this.length += bytes.length;
    let at = 0;
    if (this.filled) {
      at = Math.min(64 - this.filled, bytes.length);
      this.block.set(bytes.subarray(0, at), this.filled);
      this.filled += at;
      if (this.filled < 64) return this;
      this.compress(this.block, 0);
    }
    for (; at + 64 <= bytes.length; at += 64) this.compress(bytes, at);
    this.filled = bytes.length - at;
    this.block.set(bytes.subarray(at));
    return this;
  }

  digest() {
    const {block} = this;
    block[this.filled++] = 0x80;
    if (this.filled > 56) {
      block.fill(0, this.filled);
      this.compress(block, 0);
      this.filled = 0;
    }
    block.fill(0, this.filled, 56);
    const view = new DataView(block.buffer);
    view.setUint32(56, Math.floor(this.length / 0x20000000));
    view.setUint32(60, (this.length << 3) >>> 0);
    this.compress(block, 0);
    const out = new Uint8Array(32), words = new DataView(out.buffer);
    for (let n = 0; n < 8; n++) words.setInt32(n * 4, this.state[n]);
    return out;
  }

  compress(bytes, at) {
    const w = this.words, h = this.state;
    for (let n = 0; n < 16; n++, at += 4) {
      w[n] = bytes[at] << 24 | bytes[at + 1] << 16 | bytes[at + 2] << 8 | bytes[at + 3];
    }
    for (let n = 16; n < 64; n++) {
      const x = w[n - 15], y = w[n - 2];
      const s = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3;
      const t = (y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10;
      w[n] = w[n - 16] + s + w[n - 7] + t | 0;
    }
    let a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], i = h[7];
    for (let n = 0; n < 64; n++) {
      const s = (e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7);
      const one = i + s + (e & f ^ ~e & g) + K[n] + w[n] | 0;
      const t = (a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10);
      const two = t + (a & b ^ a & c ^ b & c) | 0;
      i = g; g = f; f = e; e = d + one | 0; d = c; c = b; b = a; a = one + two | 0;
    }
    h[0] += a; h[1] += b; h[2] += c; h[3] += d; h[4] += e; h[5] += f; h[6] += g; h[7] += i;
    this.filled = 0;
  }
}

const hasher = new Sha256();
const HEX = Array.from({length: 256}, (_, n) => n.toString(16).padStart(2, "0"));
const digest = (...parts) => parts.reduce((sha, part) => sha.update(part), hasher.reset()).digest();
const hex = bytes => Array.from(bytes, byte => HEX[byte]).join("");
const shaText = text => hex(digest(encoder.encode(text)));
const unhex = text => Uint8Array.from(text.match(/../g) || [], pair => parseInt(pair, 16));

function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

// ---- text ----------------------------------------------------------------------------------------------------

/** Order by UTF-8 bytes, which is the order of code points and not JavaScript's own. */
function order(a, b) {
  const end = Math.min(a.length, b.length);
  for (let n = 0; n < end; n++) {
    const x = a.charCodeAt(n), y = b.charCodeAt(n);
    if (x !== y) return x >= 0xD800 && y >= 0xD800 ? lifted(x) - lifted(y) : x - y;
  }
  return a.length - b.length;
}

const lifted = unit => (unit >= 0xE000 ? unit - 0x2000 : unit + 0x2000);
const sorted = values => [...values].sort(order);

function orderBytes(a, b) {
  for (let n = 0; n < a.length; n++) if (a[n] !== b[n]) return a[n] - b[n];
  return 0;
}

/** A value for the eye: no control characters, not endless. */
function show(value) {
  let chars = [...String(value)];
  if (chars.length > 300) chars = [...chars.slice(0, 300), "…"];
  return "「" + chars.map(char => (char === "\t" ? " ⇥ " : char === " " ? char : /[\p{C}\p{Z}]/u.test(char) ? escaped(char) : char)).join("") + "」";
}

function escaped(char) {
  const code = char.codePointAt(0), known = {10: "\\n", 13: "\\r", 92: "\\\\"}[code];
  if (known) return known;
  if (code < 256) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code < 65536 ? `\\u${code.toString(16).padStart(4, "0")}` : `\\U${code.toString(16).padStart(8, "0")}`;
}

const normalised = code => code.normalize("NFKC").toUpperCase().replace(/[\s\x1C-\x1F\x85]/gu, char => (char === "\uFEFF" ? char : ""));
/** A certificate may look like an id, but it is upper case. */
const isId = text => ID.test(text) && text !== normalised(text);
const forbidden = (text, commas) => FORBIDDEN.test(text) || (!commas && text.includes(","));

/** An instant as [seconds, fraction], or null. */
function moment(text) {
  const found = MOMENT.exec(text);
  if (!found) return null;
  const [, year, month, day, hour, minute, second = "0", fraction = "", offset] = found;
  const date = new Date(0);
  date.setUTCFullYear(+year, +month - 1, +day);
  if (+year < 1 || date.getUTCMonth() !== +month - 1 || date.getUTCDate() !== +day) return null;
  if (+hour > 23 || +minute > 59 || +second > 59) return null;
  let shift = 0;
  if (offset !== "Z") {
    const hours = +offset.slice(1, 3), minutes = +offset.slice(4);
    if (hours > 23 || minutes > 59) return null;
    shift = (hours * 60 + minutes) * (offset[0] === "+" ? 60 : -60);
  }
  return [date.getTime() / 1000 + hour * 3600 + minute * 60 + +second - shift, fraction.padEnd(9, "0")];
}

const orderMoments = (a, b) => a[0] - b[0] || order(a[1], b[1]);
const key = at => at.join(".");

class Report {
  constructor() {
    Object.assign(this, {lines: [], notes: [], facts: [], count: 0, foreign: false, perFile: new Map(), once: new Set()});
  }

  differ(file, row, zh, en) {
    this.count++;
    const before = this.perFile.get(file) || 0;
    this.perFile.set(file, before + 1);
    if (before < MAX_SHOWN) this.lines.push(`${row === null ? file : `${file} 第${row}行 row ${row}`}: ${zh} | ${en}`);
  }

  expected(file, row, wanted, found) {
    this.differ(file, row, `应为 ${show(wanted)}，实为 ${show(found)}`, `expected ${show(wanted)}, found ${show(found)}`);
  }

  form(file, row, zh, en) {
    const mark = `${file}\t${row}\t${en}`;
    if (this.once.has(mark)) return;
    if (this.once.size < 100000) this.once.add(mark);
    this.differ(file, row, zh, en);
  }

  note(zh, en) { this.notes.push(`${zh} | ${en}`); }

  fact(zh, en, value) { this.facts.push(`${zh} ${en}: ${show(value)}`); }
}

// ---- the archive ---------------------------------------------------------------------------------------------

const CRC = Int32Array.from({length: 256}, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? n >>> 1 ^ 0xEDB88320 : n >>> 1;
  return n;
});

class Archive {
  static async open(file) {
    const archive = new Archive();
    archive.file = file;
    archive.entries = new Map();
    const tail = await bytesOf(file, Math.max(0, file.size - 65557), file.size);
    let at = tail.length - 22;
    while (at >= 0 && !(tail[at] === 80 && tail[at + 1] === 75 && tail[at + 2] === 5 && tail[at + 3] === 6)) at--;
    if (at < 0) throw new Stop(file.name, "不是 ZIP 压缩包", "not a ZIP archive");
    const end = new DataView(tail.buffer, at);
    let count = end.getUint16(10, true), length = end.getUint32(12, true), start = end.getUint32(16, true);
    const before = file.size - tail.length + at;
    if ((count === 0xFFFF || length === 0xFFFFFFFF || start === 0xFFFFFFFF) && before >= 20) {
      const locator = new DataView((await bytesOf(file, before - 20, before)).buffer);
      if (locator.getUint32(0, true) === 0x07064B50) {
        const record = await bytesOf(file, Number(locator.getBigUint64(8, true)), Number(locator.getBigUint64(8, true)) + 56);
        const view = new DataView(record.buffer);
        if (record.length === 56 && view.getUint32(0, true) === 0x06064B50) {
          [count, length, start] = [32, 40, 48].map(place => Number(view.getBigUint64(place, true)));
        }
      }
    }
    if (count > 64 || length > 2 ** 20) throw new Stop(file.name, "压缩包目录过大", "the archive's directory is too large");
    archive.list(await bytesOf(file, start, start + length), count);
    return archive;
  }

  list(directory, count) {
    const view = new DataView(directory.buffer);
    let at = 0, total = 0;
    for (let n = 0; n < count; n++) {
      if (at + 46 > directory.length || view.getUint32(at, true) !== 0x02014B50) throw new Stop(this.file.name, "压缩包目录损坏", "the archive's directory is damaged");
      const [nameLength, extraLength, commentLength] = [28, 30, 32].map(place => view.getUint16(at + place, true));
      const raw = directory.subarray(at + 46, at + 46 + nameLength);
      const name = new TextDecoder("utf-8").decode(raw);
      const entry = {
        flags: view.getUint16(at + 8, true), method: view.getUint16(at + 10, true), crc: view.getInt32(at + 16, true),
        packed: view.getUint32(at + 20, true), size: view.getUint32(at + 24, true), start: view.getUint32(at + 42, true),
      };
      this.large(entry, new DataView(directory.buffer, at + 46 + nameLength, Math.min(extraLength, directory.length - at - 46 - nameLength)));
      this.admit(name, entry);
      total += entry.size;
      at += 46 + nameLength + extraLength + commentLength;
    }
    if (total > MAX_TOTAL) throw new Stop(this.file.name, "解压后过大", "too large when unpacked");
  }

  large(entry, extra) {
    for (let at = 0; at + 4 <= extra.byteLength;) {
      const kind = extra.getUint16(at, true), length = extra.getUint16(at + 2, true);
      if (kind === 1) {
        let place = at + 4;
        for (const name of ["size", "packed", "start"]) {
          if (entry[name] === 0xFFFFFFFF && place + 8 <= extra.byteLength) {
            entry[name] = Number(extra.getBigUint64(place, true));
            place += 8;
          }
        }
      }
      at += 4 + length;
    }
  }

  admit(name, entry) {
    if (!NEEDED.includes(name) && name !== KEYS && name !== CEREMONY && name !== REASSIGNED) throw new Stop(show(name), "压缩包内有不属于证明包的文件名", "this name has no place in a bundle");
    if (this.entries.has(name)) throw new Stop(name, "压缩包内同名文件出现两次", "the archive holds this name twice");
    if (entry.flags & 1) throw new Stop(name, "文件被加密", "the file is encrypted");
    if (entry.method !== 0 && entry.method !== 8) throw new Stop(name, "压缩方式不受支持", "unknown compression");
    if (entry.size > MAX_PLAIN && entry.size > 100 * entry.packed) throw new Stop(name, "压缩率异常，疑为压缩炸弹", "compressed beyond belief: a bomb");
    this.entries.set(name, entry);
  }

  /** The bytes of a file, chunk by chunk, never more than the directory promised. */
  async *chunks(name) {
    const entry = this.entries.get(name);
    const head = await bytesOf(this.file, entry.start, entry.start + 30);
    const view = new DataView(head.buffer);
    if (head.length < 30 || view.getUint32(0, true) !== 0x04034B50) throw broken(name, "local header");
    const from = entry.start + 30 + view.getUint16(26, true) + view.getUint16(28, true);
    if (from + entry.packed > this.file.size) throw broken(name, "truncated");
    let stream = this.file.slice(from, from + entry.packed).stream();
    if (entry.method === 8) stream = stream.pipeThrough(new DecompressionStream("deflate-raw"));
    const reader = stream.getReader();
    let left = entry.size, crc = -1;
    try {
      for (;;) {
        const {value, done} = await reader.read();
        if (done) break;
        left -= value.length;
        if (left < 0) throw broken(name, "larger than declared");
        for (let n = 0; n < value.length; n++) crc = CRC[(crc ^ value[n]) & 255] ^ crc >>> 8;
        yield value;
      }
    } catch (error) {
      throw error instanceof Stop ? error : broken(name, error.message);
    } finally {
      reader.cancel().catch(() => {});
    }
    if (left || ~crc !== entry.crc) throw broken(name, "CRC");
  }
}

const broken = (name, why) => new Stop(name, `无法读取（${why}）`, `cannot be read (${why})`);

async function bytesOf(file, from, to) {
  return new Uint8Array(await file.slice(from, Math.min(to, file.size)).arrayBuffer());
}

const strict = new TextDecoder("utf-8", {fatal: true, ignoreBOM: true});

function joined(one, other) {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}

/** The lines of these bytes, all decoded at once, or one by one where that fails. */
function linesOf(bytes) {
  try {
    return strict.decode(bytes).split("\n");
  } catch {
    const lines = [];
    for (let from = 0; from <= bytes.length;) {
      const found = bytes.indexOf(10, from), to = found < 0 ? bytes.length : found;
      try {
        lines.push(strict.decode(bytes.subarray(from, to)));
      } catch {
        lines.push(null);
      }
      from = to + 1;
    }
    return lines;
  }
}

class Bundle {
  constructor(archive, report, progress) {
    Object.assign(this, {archive, report, progress, rowsRead: 0});
  }

  has(name) { return this.archive.entries.has(name); }

  async small(name) {
    if (this.archive.entries.get(name).size > MAX_SMALL) throw new Stop(name, "文件过大", "the file is too large");
    const parts = [];
    for await (const chunk of this.archive.chunks(name)) parts.push(chunk);
    return new Uint8Array(await new Blob(parts).arrayBuffer());
  }

  async sha256(name) {
    const sha = new Sha256();
    for await (const chunk of this.archive.chunks(name)) sha.update(chunk);
    return hex(sha.digest());
  }

  /** Batches of lines without their LF; null for a line that is not UTF-8. */
  async *batches(name) {
    let rest = new Uint8Array(), count = 0;
    for await (const chunk of this.archive.chunks(name)) {
      const bytes = rest.length ? joined(rest, chunk) : chunk, end = bytes.lastIndexOf(10);
      if (bytes.length - end > MAX_LINE) throw new Stop(name, `第${count + 1}行过长`, `row ${count + 1} is too long`);
      rest = bytes.slice(end + 1);
      if (end < 0) continue;
      const lines = linesOf(bytes.subarray(0, end));
      count += lines.length;
      this.rowsRead += lines.length;
      this.progress(this.rowsRead, name);
      yield lines;
    }
    if (rest.length) {
      this.report.form(name, count + 1, "行末缺换行符", "no line feed at the end of the row");
      yield linesOf(rest);
    }
  }

  /** Batches of [row number, line]. */
  async *lines(name) {
    let number = 0;
    for await (const lines of this.batches(name)) {
      const good = [];
      for (const line of lines) {
        number++;
        if (line === null) this.report.form(name, number, "不是 UTF-8 文本", "not UTF-8 text");
        else good.push([number, line]);
      }
      yield good;
    }
  }

  /** Batches of [row number, fields] of rows that are well formed; complaints about the others. */
  async *rows(name, width, {commas = [], empty = [], inOrder = true} = {}) {
    let before = null, number = 0;
    const {report} = this;
    for await (const lines of this.batches(name)) {
      const good = [];
      for (const line of lines) {
        number++;
        if (line === null) {
          report.form(name, number, "不是 UTF-8 文本", "not UTF-8 text");
          continue;
        }
        if (inOrder && before !== null) {
          const way = order(line, before);
          if (way === 0) report.form(name, number, "与上一行相同", "the same as the row before");
          else if (way < 0) report.form(name, number, "未按字节排序", "not in byte order");
        }
        before = line;
        const fields = line.split("\t");
        if (fields.length !== width) {
          report.form(name, number, `应有 ${width} 个字段，实有 ${fields.length} 个`, `${width} fields expected, ${fields.length} found`);
          continue;
        }
        if (SUSPECT.test(line) || fields.includes("")) {
          const bad = fields.findIndex((field, n) => (!field && !empty.includes(n)) || forbidden(field, commas.includes(n)));
          if (bad >= 0) {
            report.form(name, number, `第 ${bad + 1} 个字段为空或含不允许的字符`, `field ${bad + 1} is empty or holds a character that is not allowed`);
            continue;
          }
        }
        good.push([number, fields]);
      }
      yield good;
    }
  }
}

/** One by one through batches, waiting only where a batch ends. */
class Cursor {
  constructor(batches) {
    Object.assign(this, {batches, batch: [], at: 0});
  }

  async refill() {
    while (this.at >= this.batch.length) {
      const {value, done} = await this.batches.next();
      if (done) {
        this.batch = [undefined];
        this.at = 0;
        return;
      }
      this.batch = value;
      this.at = 0;
    }
  }

  get ready() { return this.at < this.batch.length; }

  get here() { return this.batch[this.at]; }

  step() { if (this.here !== undefined) this.at++; }
}

const poolIds = bundle => new Cursor(bundle.rows("pool.tsv", 3));

// ---- rules, roster, entropy ----------------------------------------------------------------------------------

class Rules {
  static async read(bundle) {
    const text = new TextDecoder("utf-8", {ignoreBOM: true}).decode(await bundle.small("rules.json"));
    const rules = new Rules();
    rules.report = bundle.report;
    let raw, again;
    try {
      raw = JSON.parse(text);
      again = canonical(raw) + "\n";
    } catch {
      throw new Stop("rules.json", "不是 JSON", "not JSON");
    }
    if (again !== text) rules.report.differ("rules.json", 1, "书写不规范（键未排序、有空格或重复）", "not written as agreed (keys sorted, no spaces, nothing twice)");
    rules.types(raw);
    rules.sense(raw);
    return rules;
  }

  types(raw) {
    const wanted = ["areas", "crew", "draw", "entropy", "initiating", "mode", "number", "previous", "spec", "strata"];
    if (!isMap(raw) || sorted(Object.keys(raw)).join() !== wanted.join()) throw new Stop("rules.json", "项目不全或有多余", "not the entries agreed");
    for (const [name, least] of [["areas", 1], ["crew", 1], ["strata", 0]]) {
      if (!isMap(raw[name]) || !Object.keys(raw[name]).length) throw new Stop("rules.json", `${name} 为空或类型不对`, `${name} is empty or of a wrong type`);
      this[name] = new Map(Object.entries(raw[name]));
      for (const [entry, count] of this[name]) {
        if (!Number.isSafeInteger(count) || count < least || !entry || forbidden(entry, false)) {
          throw new Stop("rules.json", `${name} 中 ${show(entry)} 的值 ${show(count)} 不可用`, `${name}: ${show(entry)} has the unusable value ${show(count)}`);
        }
      }
    }
    for (const name of ["draw", "initiating", "mode", "previous", "spec"]) {
      if (typeof raw[name] !== "string" || forbidden(raw[name], name === "draw")) throw new Stop("rules.json", `${name} 不是文本`, `${name} is not a plain text`);
    }
    if (!Array.isArray(raw.entropy) || !raw.entropy.every(source => typeof source === "string" && source && !forbidden(source, false))) {
      throw new Stop("rules.json", "entropy 不可用", "entropy is unusable");
    }
    if (!Number.isSafeInteger(raw.number)) throw new Stop("rules.json", "number 不是整数", "number is no integer");
    if (sum(this.strata.values()) > MAX_DRAWN) throw new Stop("rules.json", "抽取数过大，本程序不核验", "more targets than this program checks");
    Object.assign(this, {draw: raw.draw, initiating: raw.initiating, sources: raw.entropy, official: raw.mode === "official"});
  }

  sense(raw) {
    const bad = (zh, en) => this.report.differ("rules.json", 1, zh, en);
    if (raw.spec !== SPEC) bad(`规则版本应为 ${SPEC}`, `spec should be ${SPEC}`);
    if (!raw.draw) bad("缺抽取编号", "the draw has no ID");
    if (!["official", "practice"].includes(raw.mode)) bad("mode 应为 official 或 practice", "mode should be official or practice");
    if (raw.number < 1) bad("number 应从 1 起", "number should be 1 or more");
    if (!(raw.number > 1 ? HEX64.test(raw.previous) : raw.previous === "")) bad("previous 与 number 不相符", "previous does not go with number");
    if (!this.crew.has(raw.initiating)) bad("发起部门不在 crew 中", "the initiating department is not in crew");
    const witnesses = new Set();
    for (const source of raw.entropy) {
      const [, kind, name] = /^([^:]*):?(.*)$/su.exec(source);
      if (!Object.hasOwn(VALUE, kind) || !name || (kind !== "witness" && !/^\S.* \S+$/u.test(name))) bad(`随机来源 ${show(source)} 不可用`, `the source ${show(source)} is unusable`);
      else if (kind === "witness") {
        witnesses.add(name);
        if (!this.crew.has(name)) bad(`见证部门 ${show(name)} 不在 crew 中`, `the witness's department ${show(name)} is not in crew`);
      }
    }
    if (!raw.entropy.length) bad("没有随机来源", "there is no source of entropy");
    if (raw.mode === "official" && witnesses.size < 2) bad("正式抽取至少要有两个不同部门的见证人", "an official draw needs witnesses of two departments");
  }
}

const isMap = value => typeof value === "object" && value !== null && !Array.isArray(value);
const sum = values => [...values].reduce((total, value) => total + value, 0);

function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isMap(value)) return JSON.stringify(value);
  return `{${sorted(Object.keys(value)).map(name => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

async function readRoster(bundle, rules) {
  const {report} = bundle, people = new Map(), file = "roster.tsv";
  for await (const batch of bundle.rows(file, 4, {commas: [2]})) {
    for (const [number, [certificate, department, areas, lead]] of batch) {
      const where = areas.split(",");
      if (people.size >= MAX_ROSTER) throw new Stop(file, "人员过多，本程序不核验", "more inspectors than this program checks");
      if (people.has(certificate)) {
        report.differ(file, number, `证号 ${show(certificate)} 重复`, `${show(certificate)} twice`);
        continue;
      }
      if (certificate !== normalised(certificate)) report.differ(file, number, "证号未规范化", "the certificate is not normalised");
      if (lead !== "0" && lead !== "1") report.differ(file, number, "lead 应为 0 或 1", "lead should be 0 or 1");
      if (sorted(new Set(where)).join() !== areas) report.differ(file, number, "区域未排序或重复", "areas are not sorted or not different");
      const unknown = where.find(area => !rules.areas.has(area));
      if (unknown !== undefined) report.differ(file, number, `未知区域 ${show(unknown)}`, `unknown area ${show(unknown)}`);
      if (!rules.crew.has(department)) {
        report.differ(file, number, `未知部门 ${show(department)}`, `unknown department ${show(department)}`);
        continue;
      }
      people.set(certificate, {certificate, department, areas: new Set(where), written: areas, lead: lead === "1"});
    }
  }
  return people;
}

async function checkSums(bundle) {
  const {report} = bundle, bytes = await bundle.small("SHA256SUMS"), wanted = [];
  for (const name of FIXED) wanted.push(`${await bundle.sha256(name)}  ${name}`);
  const text = new TextDecoder("utf-8", {ignoreBOM: true}).decode(bytes), have = text.split("\n");
  wanted.forEach((line, n) => {
    if (have[n] === line) return;
    report.expected("SHA256SUMS", n + 1, line, have[n] ?? "");
    report.differ(FIXED[n], null, "内容与承诺的 SHA-256 不符", "not the content whose SHA-256 was committed");
  });
  if (text !== wanted.join("\n") + "\n") report.differ("SHA256SUMS", null, "与六个文件的实际哈希不一致", "not the hashes of the six files");
  return hex(digest(bytes));
}

async function isForeign(bundle) {
  try {
    return JSON.parse(new TextDecoder().decode(await bundle.small("rules.json")))?.mode === "platform";
  } catch (error) {
    if (error instanceof Stop) throw error;
    return false;
  }
}

// What can be checked of a draw that the provincial platform held: no file was changed since it was brought in.
async function checkForeign(bundle) {
  const {report} = bundle, bytes = await bundle.small("SHA256SUMS"), names = sorted([...FIXED, ...AT_ONCE, CEREMONY]);
  let wanted = "", drawn = 0;
  report.foreign = true;
  for (const name of names) if (bundle.has(name)) wanted += `${await bundle.sha256(name)}  ${name}\n`;
  if (new TextDecoder("utf-8", {ignoreBOM: true}).decode(bytes) !== wanted) report.differ("SHA256SUMS", null, "与文件的实际哈希不一致", "not the hashes of the files");
  report.note("抽取由省级平台进行，本包没有随机来源，无法复算；这里只核对了文件未被改动", "the provincial platform drew it and the bundle has no source of chance: only that no file was changed is checked");
  for await (const batch of bundle.lines("drawn.tsv")) drawn += [...batch].length;
  report.fact("抽中对象", "targets drawn", drawn);
  return hex(digest(bytes));
}

async function checkEntropy(bundle, rules, commitment) {
  const {report} = bundle, data = await bundle.small("entropy.txt"), values = [], revealed = [];
  for await (const batch of bundle.lines("entropy.txt")) for (const [, value] of batch) values.push(value);
  if (values.length !== rules.sources.length) {
    report.differ("entropy.txt", null, `应有 ${rules.sources.length} 行，实有 ${values.length} 行`, `${rules.sources.length} rows expected, ${values.length} found`);
  }
  rules.sources.slice(0, values.length).forEach((source, n) => {
    const kind = source.split(":")[0];
    if (Object.hasOwn(VALUE, kind) && !VALUE[kind].test(values[n])) report.differ("entropy.txt", n + 1, `${show(source)} 的值格式不对`, `not a value of ${show(source)}`);
    if (kind === "witness") revealed.push([source, values[n]]);
  });
  let pledged = 0;
  for await (const batch of bundle.rows("pledges.tsv", 2, {inOrder: false})) {
    for (const [number, [source, pledge]] of batch) {
      pledged++;
      if (number > revealed.length) {
        report.differ("pledges.tsv", number, "多余的一行", "one row too many");
        continue;
      }
      const [wanted, value] = revealed[number - 1];
      if (source !== wanted) report.expected("pledges.tsv", number, wanted, source);
      if (pledge !== shaText(`${commitment}\n${value}\n`)) {
        report.differ("pledges.tsv", number, `${show(wanted)} 揭示的值与其预先承诺不符`, `the value revealed by ${show(wanted)} does not meet its pledge`);
      }
    }
  }
  if (pledged < revealed.length) report.differ("pledges.tsv", null, `应有 ${revealed.length} 行，实有 ${pledged} 行`, `${revealed.length} rows expected, ${pledged} found`);
  return digest(encoder.encode(`${SPEC}\n${rules.draw}\n${commitment}\n`), data);
}

/** When an outside source's value comes out, as the source itself says; null where it does not say. */
function comesOut(source) {
  const round = /^beacon:(.+) ([1-9][0-9]{0,11})$/.exec(source);
  if (round) return Object.hasOwn(DRAND, round[1]) ? [DRAND[round[1]][0] + (+round[2] - 1) * DRAND[round[1]][1], "0".repeat(9)] : null;
  const lottery = /^lottery:.+@(\S+) \S+$/.exec(source);
  return lottery ? moment(lottery[1]) : null;
}

/** Map from source, TAB, act to who gave it, when. */
async function readCeremony(bundle, rules) {
  const {report} = bundle, given = new Map();
  for await (const batch of bundle.rows(CEREMONY, 5)) {
    for (const [number, [source, act, time, account, evidence]] of batch) {
      const acts = source.startsWith("witness:") ? ["pledge", "value"] : ["value", "confirm"], at = moment(time);
      if (!rules.sources.includes(source) || !acts.includes(act) || given.has(`${source}\t${act}`)) {
        report.differ(CEREMONY, number, `${show(source)} ${show(act)} 不应出现`, `${show(source)} ${show(act)} has no place`);
      } else if (at === null) report.differ(CEREMONY, number, "时间格式不对", "not a time with offset");
      else given.set(`${source}\t${act}`, {source, act, number, at, account, evidence});
    }
  }
  for (const source of rules.sources) {
    for (const act of source.startsWith("witness:") ? ["pledge", "value"] : ["value"]) {
      if (!given.has(`${source}\t${act}`)) report.differ(CEREMONY, null, `缺 ${show(source)} ${act}`, `${show(source)} ${act} is missing`);
    }
  }
  return given;
}

/** Who gave what, when: nobody for another, no value before all pledges, what is outside comes last. */
async function checkCeremony(bundle, rules) {
  const {report} = bundle, outside = rules.sources.filter(source => !source.startsWith("witness:"));
  if (!bundle.has(CEREMONY)) report.note("本包没有 ceremony.tsv：未载明随机数由谁、何时录入", "without ceremony.tsv nothing says who entered the values, and when");
  if (rules.official && !outside.length) report.note("没有外部随机数：掌握全部见证值的人可以选择结果", "no value from outside: whoever knew every witness's value could choose the outcome");
  if (!rules.official) report.note("演练：随机数可由一人代录，不能证明结果是随机的", "a rehearsal: one hand may have typed every value; it proves nothing about chance");
  if (!bundle.has(CEREMONY)) return;
  const given = await readCeremony(bundle, rules), rows = [...given.values()];
  const pledged = rows.filter(row => row.act === "pledge"), revealed = rows.filter(row => row.act === "value" && !outside.includes(row.source));
  for (const row of revealed) {
    if (pledged.some(other => orderMoments(row.at, other.at) < 0)) report.differ(CEREMONY, row.number, "早于最后一个封存值", "before the last pledge");
  }
  if (!rules.official) return;
  checkWitnesses(report, given, revealed);
  for (const [number, source] of rules.sources.entries()) {
    if (outside.includes(source)) await checkOutside(bundle, given, revealed, source, number);
  }
}

/** Official: each from an account of the department's own, the same for pledge and value. */
function checkWitnesses(report, given, revealed) {
  for (const row of revealed) {
    const {source} = row, before = given.get(`${source}\tpledge`);
    const own = row.account === `head:${source.slice(8)}` || row.account.split(":")[0] === "inspector";
    if (row.evidence !== "own" || !own || (before && before.evidence !== "own")) {
      report.differ(CEREMONY, row.number, `${show(source)} 不是由见证人本人账号交出`, `${show(source)} was not given from the witness's own account`);
    } else if ((before && before.account !== row.account) || revealed.filter(other => other.account === row.account).length > 1) {
      report.differ(CEREMONY, row.number, `${show(source)} 的账号前后不一或代表多方`, `the account of ${show(source)} changed or speaks for several`);
    }
  }
}

/** Official: it came out after the last reveal; a beacon's signature gives the value, a lottery's two read. */
async function checkOutside(bundle, given, revealed, source, number) {
  const {report} = bundle, row = given.get(`${source}\tvalue`), out = comesOut(source), confirm = given.get(`${source}\tconfirm`);
  if (!row) return;
  if (out === null) {
    report.differ(CEREMONY, row.number, `${show(source)} 没有载明产生时间`, `${show(source)} does not say when it comes out`);
    return;
  }
  if (orderMoments(row.at, out) < 0) report.differ(CEREMONY, row.number, "录入早于产生时间", "entered before it came out");
  for (const other of revealed) {
    if (orderMoments(other.at, out) >= 0) report.differ(CEREMONY, other.number, `揭示不早于 ${show(source)} 的产生时间`, `revealed when ${show(source)} was out already`);
  }
  const values = [];
  for await (const batch of bundle.lines("entropy.txt")) for (const [, value] of batch) values.push(value);
  if (source.startsWith("beacon:")) {
    const signature = /^(?:[0-9a-f]{96}|[0-9a-f]{192})$/.test(row.evidence) ? row.evidence : "";
    if (hex(digest(unhex(signature))) !== (values[number] ?? "")) report.differ(CEREMONY, row.number, `签名的 SHA-256 不是 ${show(source)} 的值`, `the signature's SHA-256 is not the value of ${show(source)}`);
    report.note(`${show(source)} 的签名本程序未核验，请与任一 drand 站点该轮的内容对照`, `the signature of ${show(source)} is not checked here: compare the round at any drand site`);
  } else if (!confirm || confirm.account === row.account || orderMoments(confirm.at, row.at) < 0) {
    report.differ(CEREMONY, row.number, `${show(source)} 没有第二人核对`, `${show(source)} was not confirmed by a second person`);
  } else report.note(`${show(source)} 由 ${show(row.account)} 和 ${show(confirm.account)} 分别录入，请与公布的结果对照`, `${show(source)} was read by ${show(row.account)} and ${show(confirm.account)}: compare it with the published result`);
}

/** Tickets of one kind under one seed. */
class Tickets {
  constructor(seed, kind) {
    this.bytes = new Uint8Array(33 + 3 * 4096);
    this.bytes.set(seed);
    this.bytes[32] = kind.charCodeAt(0);
  }

  of(text) {
    const {written, read} = encoder.encodeInto(text, this.bytes.subarray(33));
    if (read === text.length) return digest(this.bytes.subarray(0, 33 + written));
    return digest(this.bytes.subarray(0, 33), encoder.encode(text));
  }
}

// ---- section 3: targets --------------------------------------------------------------------------------------

class Sampler {
  constructor(seed, rules, spare) {
    this.tickets = new Tickets(seed, "T");
    this.strata = new Map([...rules.strata].map(([stratum, count]) => [stratum, {need: count + spare, kept: [], limit: null, size: 0}]));
  }

  offer(id, stratum, area) {
    const layer = this.strata.get(stratum), ticket = this.tickets.of(id);
    layer.size++;
    if (layer.limit && orderBytes(ticket, layer.limit) >= 0) return;
    layer.kept.push({ticket, id, stratum, area});
    if (layer.kept.length > 2 * layer.need + 1000) this.trim(layer);
  }

  trim(layer) {
    layer.kept.sort((a, b) => orderBytes(a.ticket, b.ticket) || order(a.id, b.id));
    const cut = layer.kept.length > layer.need;
    layer.kept.length = Math.min(layer.kept.length, layer.need);
    if (cut) layer.limit = layer.need ? layer.kept[layer.need - 1].ticket : new Uint8Array(32);
  }

  ordered(stratum) {
    this.trim(this.strata.get(stratum));
    return this.strata.get(stratum).kept;
  }
}

async function drawTargets(bundle, rules, seed, spare) {
  const {report} = bundle, sampler = new Sampler(seed, rules, spare), file = "pool.tsv";
  let last = null;
  for await (const batch of bundle.rows(file, 3)) {
    for (const [number, [id, stratum, area]] of batch) {
      if (id === last) {
        report.differ(file, number, `对象 ${show(id)} 重复`, `${show(id)} twice`);
        continue;
      }
      last = id;
      if (!ID.test(id)) report.differ(file, number, `编号 ${show(id)} 格式不对`, `${show(id)} is no id`);
      if (!rules.areas.has(area)) {
        report.differ(file, number, `区域 ${show(area)} 没有抽查组`, `no team for the area ${show(area)}`);
        continue;
      }
      if (!rules.strata.has(stratum)) {
        report.differ(file, number, `未知层 ${show(stratum)}`, `unknown stratum ${show(stratum)}`);
        continue;
      }
      sampler.offer(id, stratum, area);
    }
  }
  const drawn = [], reserve = new Map();
  for (const [stratum, count] of rules.strata) {
    const {size} = sampler.strata.get(stratum);
    if (count > size) report.differ("rules.json", 1, `层 ${show(stratum)} 应抽 ${count} 户，只有 ${size} 户`, `stratum ${show(stratum)}: ${count} to draw, only ${size} there`);
    const kept = sampler.ordered(stratum);
    for (const one of kept.slice(0, count)) drawn.push(one);
    reserve.set(stratum, kept.slice(count).reverse());
  }
  drawn.sort((a, b) => orderBytes(a.ticket, b.ticket) || order(a.id, b.id));
  await compareInPlace(bundle, "drawn.tsv", drawn.map((one, n) => `${n + 1}\t${one.stratum}\t${one.id}\t${hex(one.ticket)}`));
  return {drawn, reserve};
}

async function compareInPlace(bundle, name, wanted) {
  const {report} = bundle;
  let row = 0;
  for await (const batch of bundle.lines(name)) {
    for (const [number, have] of batch) {
      row = number;
      const want = wanted[number - 1];
      if (want === undefined) report.differ(name, number, `多出 ${show(have)}`, `${show(have)} is one too many`);
      else if (want !== have) report.expected(name, number, want, have);
    }
  }
  for (; row < wanted.length; row++) report.differ(name, row + 1, `缺 ${show(wanted[row])}`, `missing ${show(wanted[row])}`);
}

async function compareSorted(bundle, name, width, wanted) {
  const {report} = bundle, missing = new Set(wanted);
  for await (const batch of bundle.rows(name, width)) {
    for (const [number, fields] of batch) {
      const row = fields.join("\t");
      if (!missing.delete(row)) report.differ(name, number, `多出 ${show(row)}`, `${show(row)} does not follow from the draw`);
    }
  }
  for (const row of sorted(missing)) report.differ(name, null, `缺 ${show(row)}`, `missing ${show(row)}`);
}

async function readRecusals(bundle, people, wanted) {
  const {report} = bundle, recused = new Map(), file = "recusals.tsv", pool = poolIds(bundle);
  let last = null, kept = 0;
  for await (const batch of bundle.rows(file, 3)) {
    for (const [number, [id, certificate, ground]] of batch) {
      if (!pool.ready) await pool.refill();
      while (pool.here !== undefined && order(pool.here[1][0], id) < 0) {
        pool.step();
        if (!pool.ready) await pool.refill();
      }
      if (pool.here?.[1][0] !== id) report.differ(file, number, `对象 ${show(id)} 不在抽查库中`, `${show(id)} is not in the pool`);
      const pair = `${id}\t${certificate}`;
      if (pair === last) report.differ(file, number, "同一对人员与对象重复", "the same pair twice");
      last = pair;
      if (!people.has(certificate)) report.differ(file, number, `证号 ${show(certificate)} 不在人员库中`, `${show(certificate)} is not in the roster`);
      if (!["self", "register", "entity"].includes(ground)) report.differ(file, number, `回避理由 ${show(ground)} 不可用`, `${show(ground)} is no ground`);
      if (!wanted.has(id)) continue;
      if (!recused.has(id)) recused.set(id, new Set());
      recused.get(id).add(certificate);
      if (++kept > MAX_KEPT) throw new Stop(file, "回避过多，本程序不核验", "more recusals than this program checks");
    }
  }
  return recused;
}

async function checkExclusions(bundle, people) {
  const {report} = bundle, file = "exclusions.tsv", pool = poolIds(bundle);
  for await (const batch of bundle.rows(file, 2)) {
    for (const [number, [subject]] of batch) {
      if (!pool.ready) await pool.refill();
      while (pool.here !== undefined && order(pool.here[1][0], subject) < 0) {
        pool.step();
        if (!pool.ready) await pool.refill();
      }
      if (pool.here?.[1][0] === subject || people.has(subject)) {
        report.differ(file, number, `${show(subject)} 既被排除又可被抽取`, `${show(subject)} is left out and yet may be drawn`);
      }
    }
  }
}

async function readHolds(bundle, opened) {
  const {report} = bundle, found = new Set();
  let count = 0;
  for await (const batch of bundle.rows("holds.tsv", 1)) {
    for (const [number, [row]] of batch) {
      count++;
      if (!HEX64.test(row)) report.differ("holds.tsv", number, "不是 SHA-256", "not a SHA-256");
      if (opened.has(row)) found.add(row);
    }
  }
  if (count % 10) report.differ("holds.tsv", null, `行数 ${count} 不是十的倍数`, `${count} rows are no multiple of ten`);
  return found;
}

async function checkKeys(bundle) {
  const {report} = bundle, pool = poolIds(bundle), out = new Cursor(bundle.rows("exclusions.tsv", 2)), codes = new Set();
  let lastOut = null;
  /** The next id that must have a row, without taking it. */
  const needed = async () => {
    if (!pool.ready) await pool.refill();
    if (!out.ready) await out.refill();
    while (out.here !== undefined && (out.here[1][0] === lastOut || !isId(out.here[1][0]))) {
      out.step();
      if (!out.ready) await out.refill();
    }
    const one = pool.here?.[1][0], two = out.here?.[1][0];
    return two === undefined || (one !== undefined && order(one, two) < 0) ? one : two;
  };
  const take = id => {
    if (pool.here?.[1][0] === id) pool.step();
    else { lastOut = id; out.step(); }
  };
  let here = await needed();
  for await (const batch of bundle.rows(KEYS, 3)) {
    for (const [number, [id, salt, code]] of batch) {
      for (; here !== undefined && order(here, id) < 0; here = await needed()) {
        report.differ(KEYS, null, `缺 ${show(here)}`, `missing ${show(here)}`);
        take(here);
      }
      if (here === id) { take(id); here = await needed(); }
      else report.differ(KEYS, number, `${show(id)} 不在抽查库或排除名单中`, `${show(id)} is neither in the pool nor left out`);
      if (!/^[0-9a-f]{32}$/.test(salt)) {
        report.differ(KEYS, number, "盐不是 16 字节的十六进制", "the salt is not 16 bytes in hex");
        continue;
      }
      if (base64url(digest(unhex(salt), encoder.encode(code)).subarray(0, 16)) !== id) report.differ(KEYS, number, `盐与代码算不出 ${show(id)}`, `salt and code do not give ${show(id)}`);
      if (code !== normalised(code)) report.differ(KEYS, number, "代码未规范化", "the code is not normalised");
      if (codes.has(code)) report.differ(KEYS, number, `代码 ${show(code)} 重复`, `the code ${show(code)} twice`);
      if (codes.size < 4e6) codes.add(code);
    }
  }
  for (; here !== undefined; here = await needed()) {
    report.differ(KEYS, null, `缺 ${show(here)}`, `missing ${show(here)}`);
    take(here);
  }
}

// ---- section 4: who, and where -------------------------------------------------------------------------------

/** Seats of one department. A bench is the alike seats of one area; a sort is alike inspectors. */
class Department {
  constructor(rules, name) {
    this.benches = [];
    this.leading = name === rules.initiating;
    for (const area of sorted(rules.areas.keys())) {
      const teams = rules.areas.get(area);
      if (this.leading) this.benches.push({area, leader: true, seats: teams});
      const others = teams * rules.crew.get(name) - (this.leading ? teams : 0);
      if (others) this.benches.push({area, leader: false, seats: others});
    }
    this.total = sum(this.benches.map(bench => bench.seats));
    this.sorts = new Map();
    this.room = this.benches.map(bench => bench.seats);
    this.table = this.benches.map(() => new Map());
  }

  sortOf(person) {
    const lead = person.lead && this.leading, name = `${person.written}\t${lead}`;
    if (!this.sorts.has(name)) {
      const doors = this.benches.flatMap((bench, n) => (person.areas.has(bench.area) && (lead || !bench.leader) ? [n] : []));
      this.sorts.set(name, {doors, hopeless: false, waiting: []});
    }
    return this.sorts.get(name);
  }

  /** Breadth first from benches where one more must sit to one that can end it: the moves, or null. */
  chain(starts, isEnd) {
    const via = new Map(starts.map(bench => [bench, null])), queue = [...starts], tried = new Set();
    for (let n = 0; n < queue.length; n++) {
      let bench = queue[n];
      if (isEnd(bench)) {
        const moves = [], end = bench;
        while (via.get(bench) !== null) {
          const [origin, sort] = via.get(bench);
          moves.push([sort, origin, bench]);
          bench = origin;
        }
        return {moves, first: bench, last: end};
      }
      for (const sort of this.table[bench].keys()) {
        if (tried.has(sort)) continue;
        tried.add(sort);
        for (const target of sort.doors) {
          if (!via.has(target)) {
            via.set(target, [bench, sort]);
            queue.push(target);
          }
        }
      }
    }
    return null;
  }

  move(bench, sort, by) {
    const count = (this.table[bench].get(sort) || 0) + by;
    if (count) this.table[bench].set(sort, count);
    else this.table[bench].delete(sort);
  }

  shift(moves) {
    for (const [sort, origin, target] of moves) {
      this.move(origin, sort, -1);
      this.move(target, sort, 1);
    }
  }

  seatOne(sort) {
    const found = this.chain(sort.doors, bench => this.room[bench] > 0);
    if (!found) return false;
    this.shift(found.moves);
    this.move(found.first, sort, 1);
    this.room[found.last]--;
    return true;
  }

  give(bench, sort) {
    const found = this.chain([bench], other => this.table[other].has(sort));
    if (!found) return false;
    this.shift(found.moves);
    this.move(found.last, sort, -1);
    return true;
  }

  /** Who: by ticket, everyone who fits beside those kept before. */
  choose(people) {
    let kept = 0;
    for (const person of people) {
      if (kept === this.total) break;
      const sort = this.sortOf(person);
      if (sort.hopeless) continue;
      if (this.seatOne(sort)) sort.waiting.push([kept++, person]);
      else sort.hopeless = true;
    }
    return kept;
  }

  /** Where: each seat the smallest ticket that leaves a complete seating of the rest. */
  *place() {
    for (const sort of this.sorts.values()) sort.waiting.reverse();
    for (const [n, bench] of this.benches.entries()) {
      let suited = [...this.sorts.values()].filter(sort => sort.waiting.length && sort.doors.includes(n));
      for (let seat = 0; seat < bench.seats; seat++) {
        for (;;) {
          suited = suited.filter(sort => sort.waiting.length);
          const best = suited.reduce((a, b) => (a.waiting.at(-1)[0] < b.waiting.at(-1)[0] ? a : b));
          if (this.give(n, best)) {
            yield {area: bench.area, leader: bench.leader, seat, person: best.waiting.pop()[1]};
            break;
          }
          suited = suited.filter(sort => sort !== best);
        }
      }
    }
  }
}

async function seatEverybody(bundle, rules, seed, people) {
  const {report} = bundle, tickets = new Tickets(seed, "I"), seats = [], own = new Map();
  const byTicket = [...people.values()].map(person => [tickets.of(person.certificate), person]);
  byTicket.sort((a, b) => orderBytes(a[0], b[0]));
  for (const [, person] of byTicket) {
    if (!own.has(person.department)) own.set(person.department, []);
    own.get(person.department).push(person);
  }
  const teams = sum(rules.areas.values());
  let complete = true;
  for (const name of sorted(rules.crew.keys())) {
    const total = teams * rules.crew.get(name), crowd = own.get(name) || [];
    const department = crowd.length >= total ? new Department(rules, name) : null;
    if (!department || department.choose(crowd) < total) {
      report.differ("roster.tsv", null, `部门 ${show(name)} 的 ${total} 个席位坐不满`, `department ${show(name)} cannot fill its ${total} seats`);
      complete = false;
      continue;
    }
    for (const {area, leader, seat, person} of department.place()) {
      seats.push({area, team: seat % rules.areas.get(area) + 1, department: name, leader, holder: person.certificate});
    }
  }
  if (!complete) return {seats: null, own};
  await compareSorted(bundle, "teams.tsv", 5, seats.map(s => `${s.area}\t${s.team}\t${s.department}\t${s.holder}\t${+s.leader}`));
  return {seats, own};
}

// ---- sections 3, 5 and 6: what happens with the teams --------------------------------------------------------

class Course {
  constructor(bundle, rules, seed, seats, own, recused) {
    Object.assign(this, {bundle, report: bundle.report, recused, own});
    this.tickets = new Tickets(seed, "M");
    this.seatOf = new Map(seats.map(seat => [seat.holder, seat]));
    this.left = new Map();
    this.teams = new Map();
    for (const seat of seats) this.at(seat.area, seat.team).seats.push(seat);
    this.loads = new Map([...rules.areas].map(([area, teams]) => [area, new Array(teams + 1).fill(0)]));
    this.teamOf = new Map();
    this.covers = new Map();
    this.owed = new Map();
  }

  at(area, team) {
    const name = `${area}\t${team}`;
    if (!this.teams.has(name)) this.teams.set(name, {area, team, seats: [], targets: new Set(), visited: new Set()});
    return this.teams.get(name);
  }

  isRecused(id, certificate) { return this.recused.get(id)?.has(certificate) || false; }

  /** Section 5 for one target. */
  match(id, area) {
    const loads = this.loads.get(area), barred = new Map();
    for (const certificate of this.recused.get(id) || []) {
      const seat = this.seatOf.get(certificate);
      if (seat && seat.area === area) barred.set(seat.team, [...(barred.get(seat.team) || []), seat]);
    }
    const lightest = open => {
      let ties = [], least = Infinity;
      for (let team = 1; team < loads.length; team++) {
        if (!open(team) || loads[team] > least) continue;
        if (loads[team] < least) { least = loads[team]; ties = []; }
        ties.push(team);
      }
      return ties;
    };
    let ties = lightest(team => !barred.has(team));
    if (!ties.length) ties = lightest(() => true);
    let [team] = ties;
    if (ties.length > 1) {
      let best = null;
      for (const one of ties) {
        const ticket = this.tickets.of(`${id}\t${one}`);
        if (!best || orderBytes(ticket, best) < 0) { best = ticket; team = one; }
      }
    }
    loads[team]++;
    const place = this.at(area, team);
    this.teamOf.set(id, place);
    place.targets.add(id);
    for (const seat of barred.get(team) || []) this.owed.set(`${id}\t${seat.holder}`, [id, seat.holder]);
    return team;
  }

  async matchDrawn(drawn) {
    const inOrder = [...drawn].sort((a, b) => order(a.area, b.area) || orderBytes(a.ticket, b.ticket));
    await compareSorted(this.bundle, "matches.tsv", 3, inOrder.map(({id, area}) => `${id}\t${area}\t${this.match(id, area)}`));
  }

  forget(id) {
    const place = this.teamOf.get(id);
    this.teamOf.delete(id);
    this.loads.get(place.area)[place.team]--;
    place.targets.delete(id);
    this.covers.delete(id);
    for (const certificate of this.recused.get(id) || []) this.owed.delete(`${id}\t${certificate}`);
  }

  reassign({number, id, area, team, to}) {
    const {report} = this, from = this.teamOf.get(id), place = this.teams.get(`${area}\t${to}`);
    if (!from || from.area !== area || from.team !== team) {
      report.differ(REASSIGNED, number, `对象 ${show(id)} 不由该组检查`, `${show(id)} is not this team's target`);
      return;
    }
    if (!place || to === team) {
      report.differ(REASSIGNED, number, `${show(area)} 没有另外的第 ${to} 组`, `no other team ${to} in ${show(area)}`);
      return;
    }
    for (const certificate of sorted(this.recused.get(id) || [])) {
      const seat = this.seatOf.get(certificate);
      if (seat && seat.area === area && seat.team === to) report.differ(REASSIGNED, number, `${show(certificate)} 对 ${show(id)} 应当回避`, `${show(certificate)} is recused for ${show(id)}`);
    }
    this.forget(id);
    this.loads.get(area)[to]++;
    this.teamOf.set(id, place);
    place.targets.add(id);
  }

  substitute(number, row, outgoing) {
    const seat = this.outgoingSeat(number, row);
    if (!seat) return;
    if (row.department !== seat.department) this.report.expected("substitutions.tsv", number, seat.department, row.department);
    const place = this.at(seat.area, seat.team), all = row.ids[0] === "*" && row.ids.length === 1;
    const concerned = all ? place.targets : new Set(row.ids), skippable = new Set(outgoing);
    if (!all) for (const id of row.ids) for (const cover of this.covers.get(id)?.values() || []) skippable.add(cover);
    const candidates = (this.own.get(seat.department) || [])
      .filter(person => !this.seatOf.has(person.certificate) && person.areas.has(seat.area) && (person.lead || !seat.leader))
      .map(person => person.certificate);
    this.checkPassed(number, row, candidates, skippable, concerned, place.visited, all);
    this.takeEffect(row, seat, place, all);
  }

  outgoingSeat(number, row) {
    const {report} = this, file = "substitutions.tsv", place = this.teams.get(`${row.area}\t${row.team}`);
    if (!place || !place.seats.length) {
      report.differ(file, number, `没有 ${show(row.area)} 第 ${row.team} 组`, `no team ${row.team} in ${show(row.area)}`);
      return null;
    }
    let seat;
    if (row.ids.length === 1 && row.ids[0] === "*") seat = this.seatOf.get(row.out) || this.left.get(row.out);
    else {
      if (sorted(new Set(row.ids)).join() !== row.ids.join()) report.differ(file, number, "对象未排序或重复", "ids are not sorted or not different");
      const stranger = row.ids.find(id => this.teamOf.get(id) !== place);
      if (stranger !== undefined) {
        report.differ(file, number, `对象 ${show(stranger)} 不由该组检查`, `${show(stranger)} is not this team's target`);
        return null;
      }
      const serving = place.seats.filter(one => row.ids.every(id => this.serves(one, id) === row.out));
      seat = serving.find(one => one.holder !== row.out) || serving[0];
    }
    if (!seat || seat.area !== row.area || seat.team !== row.team) {
      report.differ(file, number, `${show(row.out)} 不在该组席位上`, `${show(row.out)} has no seat in this team`);
      return null;
    }
    return seat;
  }

  serves(seat, id) {
    const cover = this.covers.get(id)?.get(seat) ?? "-";
    return cover === "-" ? seat.holder : cover;
  }

  checkPassed(number, row, candidates, skippable, concerned, visited, all) {
    const {report} = this, file = "substitutions.tsv";
    let at = 0;
    const upTo = certificate => {
      while (at < candidates.length && candidates[at] !== certificate && skippable.has(candidates[at])) at++;
      return at < candidates.length && candidates[at] === certificate ? Boolean(++at) : false;
    };
    for (const [certificate, reason] of row.passed) {
      if (!PASSED.test(reason)) report.differ(file, number, `跳过理由 ${show(reason)} 不可用`, `${show(reason)} is no reason to pass over`);
      if (!upTo(certificate)) {
        const wanted = candidates[at] ?? "-";
        report.differ(file, number, `按抽取号此处应为 ${show(wanted)}，实为 ${show(certificate)}`, `by ticket ${show(wanted)} comes here, not ${show(certificate)}`);
        return;
      }
      if (reason === "recused" && ![...concerned].some(id => !visited.has(id) && this.isRecused(id, certificate))) {
        report.differ(file, number, `${show(certificate)} 并无须回避的对象`, `${show(certificate)} is not recused here`);
      }
    }
    if (row.incoming === "-") {
      while (at < candidates.length && skippable.has(candidates[at])) at++;
      if (at < candidates.length) report.differ(file, number, `${show(candidates[at])} 未被考虑`, `${show(candidates[at])} was not considered`);
      return;
    }
    if (!upTo(row.incoming)) {
      report.expected(file, number, candidates[at] ?? "-", row.incoming);
      return;
    }
    const clash = sorted([...concerned].filter(id => !visited.has(id) && this.isRecused(id, row.incoming)));
    if (!clash.length) return;
    if (!all || clash.length === concerned.size) {
      report.differ(file, number, `${show(row.incoming)} 对 ${show(clash[0])} 应当回避`, `${show(row.incoming)} is recused for ${show(clash[0])}`);
      return;
    }
    for (const id of clash) visited.add(id);
    report.note(
      `${file} 第${number}行: 只有 ${show(clash.join())} 在更换前已检查完毕，${show(row.incoming)} 才可接任`,
      `row ${number}: right only if ${show(clash.join())} had been visited before`,
    );
  }

  takeEffect(row, seat, place, all) {
    for (const id of all ? place.targets : row.ids) this.owed.delete(`${id}\t${row.out}`);
    if (!all) {
      for (const id of row.ids) {
        if (!this.covers.has(id)) this.covers.set(id, new Map());
        this.covers.get(id).set(seat, row.incoming);
      }
      return;
    }
    this.seatOf.delete(row.out);
    this.left.delete(row.out);
    seat.holder = row.incoming;
    if (row.incoming === "-") this.left.set(row.out, seat);
    else this.seatOf.set(row.incoming, seat);
  }
}

async function readRemovals(bundle) {
  const {report} = bundle, file = "removals.tsv", found = [];
  let last = null;
  for await (const batch of bundle.rows(file, 8, {inOrder: false})) {
    for (const [number, [id, ground, document, salt, replacement, area, team, time]] of batch) {
      let at = moment(time);
      if (!at) {
        report.differ(file, number, "时间格式不对", "not a time with offset");
        at = last || [0, ""];
      }
      if (!HEX64.test(document) || !/^[0-9a-f]{32}$/.test(salt)) {
        report.differ(file, number, "文件哈希或盐格式不对", "no hash or salt");
        continue;
      }
      last = checkTime(report, file, number, at, last);
      const seal = hex(digest(unhex(salt), encoder.encode(`${id}\t${ground}\t${document}`)));
      found.push({number, id, replacement, area, team, at, seal});
      if (number > MAX_EVENTS) throw new Stop(file, "行数过多，本程序不核验", "more rows than this program checks");
    }
  }
  return found;
}

async function readSubstitutions(bundle) {
  const {report} = bundle, file = "substitutions.tsv", found = [];
  let last = null;
  for await (const batch of bundle.rows(file, 9, {commas: [2, 5], empty: [5], inOrder: false})) {
    for (const [number, [area, team, ids, out, incoming, passed, reason, department, time]] of batch) {
      if (number > MAX_EVENTS) throw new Stop(file, "行数过多，本程序不核验", "more rows than this program checks");
      let at = moment(time);
      if (!at) {
        report.differ(file, number, "时间格式不对", "not a time with offset");
        at = last || [0, ""];
      }
      if (!["post", "conflict", "recusal", "other"].includes(reason)) report.differ(file, number, `更换理由 ${show(reason)} 不可用`, `${show(reason)} is no reason`);
      last = checkTime(report, file, number, at, last);
      found.push({
        number, area, team: /^[1-9][0-9]{0,14}$/.test(team) ? +team : 0, ids: ids.split(","), out, incoming, department, at,
        passed: passed ? passed.split(",").map(item => (item.includes("=") ? [item.slice(0, item.indexOf("=")), item.slice(item.indexOf("=") + 1)] : [item, ""])) : [],
      });
    }
  }
  return found;
}

async function readReassignments(bundle) {
  const {report} = bundle, found = [], which = text => (/^[1-9][0-9]{0,14}$/.test(text) ? +text : 0);
  let last = null;
  if (!bundle.has(REASSIGNED)) return found;
  for await (const batch of bundle.rows(REASSIGNED, 5, {inOrder: false})) {
    for (const [number, [id, area, team, to, time]] of batch) {
      if (number > MAX_EVENTS) throw new Stop(REASSIGNED, "行数过多，本程序不核验", "more rows than this program checks");
      let at = moment(time);
      if (!at) {
        report.differ(REASSIGNED, number, "时间格式不对", "not a time with offset");
        at = last || [0, ""];
      }
      last = checkTime(report, REASSIGNED, number, at, last);
      found.push({number, id, area, team: which(team), to: which(to), at});
    }
  }
  if (!found.length) report.differ(REASSIGNED, null, "空文件不应出现", "an empty file has no place");
  return found;
}

function checkTime(report, file, number, at, last) {
  if (last && orderMoments(at, last) < 0) {
    report.differ(file, number, "未按时间先后排列", "not in order of time");
    return last;
  }
  return at;
}

function follow(course, removals, substitutions, reassignments, reserve, stratumOf, sealed) {
  const instants = new Map();
  const at = row => {
    if (!instants.has(key(row.at))) instants.set(key(row.at), {at: row.at, gone: [], changed: [], moved: []});
    return instants.get(key(row.at));
  };
  for (const row of removals) at(row).gone.push(row);
  for (const row of substitutions) at(row).changed.push(row);
  for (const row of reassignments) at(row).moved.push(row);
  for (const {gone, changed, moved} of [...instants.values()].sort((a, b) => orderMoments(a.at, b.at))) {
    for (const row of moved) course.reassign(row);
    const outgoing = new Map(), leaving = new Set(gone.map(row => row.id));
    for (const row of changed) outgoing.set(row.department, (outgoing.get(row.department) || new Set()).add(row.out));
    const touched = row => row.ids.some(id => leaving.has(id));
    for (const row of changed) {
      if (touched(row) && row.ids.every(id => course.teamOf.has(id))) course.substitute(row.number, row, outgoing.get(row.department));
    }
    const before = new Set(course.teamOf.keys());
    removeAtOnce(course, gone, reserve, stratumOf, sealed);
    for (const row of changed) {
      if (!touched(row)) course.substitute(row.number, row, outgoing.get(row.department));
      else if (!row.ids.every(id => before.has(id)) && !row.ids.every(id => leaving.has(id))) course.outgoingSeat(row.number, row);
    }
  }
  checkOrderAtOnce(course.report, substitutions);
  for (const [, [id, certificate]] of [...course.owed].sort((a, b) => order(a[0], b[0]))) {
    const zh = `${show(certificate)} 对 ${show(id)} 应当回避，未见更换`;
    const en = `${show(certificate)} is recused for ${show(id)} and was not substituted`;
    if (substitutions.length) course.report.differ("substitutions.tsv", null, zh, en);
    else course.report.note(zh, en);
  }
}

function removeAtOnce(course, gone, reserve, stratumOf, sealed) {
  const {report} = course, file = "removals.tsv", broughtIn = new Set();
  let previous = null;
  for (const row of gone) {
    const {number, id} = row;
    if (previous !== null && order(id, previous) < 0 && !broughtIn.has(id)) report.differ(file, number, "同一时刻未按编号排列", "not in order of id at one instant");
    previous = id;
    broughtIn.add(row.replacement);
    if (!sealed.has(row.seal)) report.differ(file, number, "holds.tsv 中没有对应的密封行", "opens no row of holds.tsv");
    if (!course.teamOf.has(id)) {
      report.differ(file, number, `${show(id)} 未被抽中或已移除`, `${show(id)} is not in play`);
      continue;
    }
    course.forget(id);
    const stratum = stratumOf.get(id), next = reserve.get(stratum).pop();
    let wanted = ["-", "-", "-"];
    if (next) {
      stratumOf.set(next.id, stratum);
      wanted = [next.id, next.area, String(course.match(next.id, next.area))];
    }
    [row.replacement, row.area, row.team].forEach((have, n) => {
      if (have !== wanted[n]) report.expected(file, number, wanted[n], have);
    });
  }
}

function checkOrderAtOnce(report, substitutions) {
  const groups = new Map();
  for (const row of substitutions) {
    const name = [key(row.at), row.area, row.team, row.department, row.ids.join()].join("\t");
    groups.set(name, [...(groups.get(name) || []), row]);
  }
  for (const group of groups.values()) {
    for (let n = 2; n < group.length; n++) {
      if (order(group[n].out, group[n - 1].out) < 0) {
        report.differ("substitutions.tsv", group[n].number, "同一时刻未按证号排列", "not in order of certificates at one instant");
      }
    }
  }
}

// ---- all of it -----------------------------------------------------------------------------------------------

export async function check(file, expect = [], progress = () => {}) {
  const report = new Report();
  try {
    await checkBundle(new Bundle(await Archive.open(file), report, progress), expect);
  } catch (error) {
    if (error instanceof Stop) report.differ(error.file, null, error.zh, error.en);
    else report.differ(show(file.name), null, `无法读取（${show(error.message)}）`, `cannot be read (${show(error.message)})`);
  }
  for (const [name, count] of report.perFile) {
    if (count > MAX_SHOWN) report.lines.push(`${name}: 另有 ${count - MAX_SHOWN} 处 | ${count - MAX_SHOWN} more`);
  }
  return {agrees: report.count === 0 && !report.foreign, foreign: report.foreign && report.count === 0, count: report.count, lines: report.lines, notes: report.notes.slice(0, MAX_SHOWN), facts: report.facts};
}

async function checkBundle(bundle, expect) {
  const {report} = bundle, missing = NEEDED.filter(name => !bundle.has(name));
  for (const name of missing) report.differ(name, null, "缺此文件", "this file is missing");
  if (missing.length) return;
  const foreign = await isForeign(bundle);
  const commitment = await (foreign ? checkForeign(bundle) : checkSums(bundle)), hashes = [commitment];
  report.fact("承诺", "commitment", commitment);
  for (const [names, zh, en] of [[AT_ONCE, "抽取结果", "results"], [[...AT_ONCE, ...LATER, ...(bundle.has(REASSIGNED) ? [REASSIGNED] : [])], "结果及后续", "results and what followed"]]) {
    let listing = "";
    for (const name of sorted(names)) listing += `${await bundle.sha256(name)}  ${name}\n`;
    hashes.push(shaText(listing));
    report.fact(zh, en, hashes.at(-1));
  }
  if (bundle.has(CEREMONY)) {
    hashes.push(await bundle.sha256(CEREMONY));
    report.fact("录入经过", "who gave what", hashes.at(-1));
  }
  for (const value of expect) {
    if (!hashes.includes(value.trim().toLowerCase())) report.differ("--expect", null, `${show(value)} 不是本包的哈希`, `${show(value)} is none of the hashes of this bundle`);
  }
  if (!foreign) await checkDraw(bundle, commitment);
  if (bundle.has(KEYS)) await checkKeys(bundle);
}

async function checkDraw(bundle, commitment) {
  const {report} = bundle, rules = await Rules.read(bundle), people = await readRoster(bundle, rules);
  await checkExclusions(bundle, people);
  const seed = await checkEntropy(bundle, rules, commitment);
  report.fact("种子", "seed", hex(seed));
  await checkCeremony(bundle, rules);
  const removals = await readRemovals(bundle), substitutions = await readSubstitutions(bundle);
  const reassignments = await readReassignments(bundle);
  const sealed = await readHolds(bundle, new Set(removals.map(row => row.seal)));
  const {drawn, reserve} = await drawTargets(bundle, rules, seed, removals.length);
  const stratumOf = new Map(drawn.map(one => [one.id, one.stratum]));
  const inPlay = new Set(stratumOf.keys());
  for (const queue of reserve.values()) for (const one of queue) inPlay.add(one.id);
  const recused = await readRecusals(bundle, people, inPlay);
  const {seats, own} = await seatEverybody(bundle, rules, seed, people);
  if (!seats) return;
  const course = new Course(bundle, rules, seed, seats, own, recused);
  await course.matchDrawn(drawn);
  follow(course, removals, substitutions, reassignments, reserve, stratumOf, sealed);
  if (reassignments.length) report.fact("改派对象", "targets reassigned", reassignments.length);
  report.fact("抽中对象", "targets drawn", drawn.length);
  report.fact("抽查组", "teams", sum(rules.areas.values()));
}

if (typeof WorkerGlobalScope !== "undefined") {
  self.onmessage = async ({data: {file, expect}}) => {
    let told = 0;
    const progress = (rows, name) => {
      if (rows - told >= 50000) {
        told = rows;
        self.postMessage({progress: `${name} ${rows}`});
      }
    };
    self.postMessage(await check(file, expect, progress));
  };
}
