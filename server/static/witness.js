// The witness's value and pledge, made on this device; nothing is sent anywhere.
// SHA-256 is written out here because browsers offer theirs only over https.

export function sha256(text) {
  const data = new TextEncoder().encode(text);
  const words = new Uint32Array(((data.length + 72) >> 6) << 4);
  data.forEach((byte, i) => { words[i >> 2] |= byte << (24 - 8 * (i & 3)); });
  words[data.length >> 2] |= 0x80 << (24 - 8 * (data.length & 3));
  words[words.length - 1] = data.length * 8;
  const hash = Uint32Array.from(ROOTS.square);
  for (let block = 0; block < words.length; block += 16) mix(hash, words.subarray(block, block + 16));
  return [...hash].map((word) => word.toString(16).padStart(8, "0")).join("");
}

const ROOTS = fractions();

function fractions() {
  const square = [], cube = [];
  const part = (root) => ((root - Math.floor(root)) * 2 ** 32) >>> 0;
  for (let n = 2; cube.length < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (!prime) continue;
    if (square.length < 8) square.push(part(Math.sqrt(n)));
    cube.push(part(Math.cbrt(n)));
  }
  return { square, cube };
}

function mix(hash, block) {
  const turn = (x, n) => (x >>> n) | (x << (32 - n));
  const w = new Uint32Array(64);
  w.set(block);
  for (let i = 16; i < 64; i++) {
    const a = turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ (w[i - 15] >>> 3);
    const b = turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ (w[i - 2] >>> 10);
    w[i] = w[i - 16] + a + w[i - 7] + b;
  }
  let [a, b, c, d, e, f, g, h] = hash;
  for (let i = 0; i < 64; i++) {
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROOTS.cube[i] + w[i]) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => { hash[i] += word; });
}

/** @type {any} */
const form = typeof document === "undefined" ? null : document.getElementById("witness");

if (form) {
  const [value, state, pledge, copy] = ["value", "state", "pledge", "copy"].map((id) => /** @type {any} */ (document.getElementById(id)));
  const show = () => {
    const given = value.value.replace(/\s/g, "").toLowerCase();
    const dice = /^[1-6]*$/.test(given) && given.length <= 50;
    const good = /^[1-6]{50}$/.test(given) || /^[0-9a-f]{32,64}$/.test(given);
    const why = dice ? form.dataset.dice.replace("{n}", given.length) : form.dataset.short;
    state.textContent = !given ? "" : good ? form.dataset.ready : /^[0-9a-f]*$/.test(given) ? why : form.dataset.wrong;
    pledge.textContent = good ? sha256(`${form.dataset.commitment}\n${given}\n`) : "";
    copy.hidden = !good;
  };
  value.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("random")?.addEventListener("click", () => {
    value.value = [...crypto.getRandomValues(new Uint8Array(32))].map((b) => b.toString(16).padStart(2, "0")).join("");
    show();
  });
  copy.addEventListener("click", async () => {
    const range = document.createRange();
    range.selectNodeContents(pledge);
    getSelection()?.removeAllRanges();
    getSelection()?.addRange(range);
    try { await navigator.clipboard.writeText(pledge.textContent); } catch { document.execCommand("copy"); }
    state.textContent = form.dataset.copied;
  });
}
