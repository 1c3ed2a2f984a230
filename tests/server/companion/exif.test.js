// What the camera wrote goes along when a photo is made smaller (Art. 16 (3)).

import assert from "node:assert/strict";
import { test } from "node:test";
import { fitted } from "../../../server/companion/static/camera.js";
import { exifOf, readable, withExif } from "../../../server/companion/static/exif.js";

const bytes = (...parts) => Uint8Array.from(parts.flatMap((one) => (typeof one === "string" ? [...one].map((c) => c.charCodeAt(0)) : one)));
const EXIF = bytes("Exif", [0, 0]);
// One directory with the orientation 6, in either order of bytes.
const little = bytes("II", [0x2a, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0], "2026:12:08 09:00:00");
const big = bytes("MM", [0, 0x2a, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0], "2026:12:08 09:00:00");
const segment = (marker, body) => bytes([0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255], [...body]);
const jpeg = (...segments) => bytes([0xff, 0xd8], ...segments.map((one) => [...one]), [0xff, 0xda, 0, 2, 1, 2, 3, 0xff, 0xd9]);

for (const [name, block, place] of [["little", little, 18], ["big", big, 19]]) {
  test(`b3: the block is carried over whole, upright, in ${name} order`, () => {
    const from = jpeg(segment(0xe0, bytes("JFIF", [0])), segment(0xe1, bytes([...EXIF], [...block])));
    const found = exifOf(from);
    assert.deepEqual(found, block);
    const carried = exifOf(withExif(jpeg(segment(0xe0, bytes("JFIF", [0]))), found));
    assert.equal(carried[place], 1);
    const before = [...block], after = [...carried];
    assert.deepEqual([...before.slice(0, place), ...before.slice(place + 1)], [...after.slice(0, place), ...after.slice(place + 1)]);
    assert.equal(block[place], 6); // the original's own stays
  });
}

test("b3: PNG and WebP tell theirs, with or without the prefix", () => {
  const chunk = (name, body, word) => bytes(word(body.length), name, [...body]);
  const up = (n) => [n >> 24, (n >> 16) & 255, (n >> 8) & 255, n & 255], down = (n) => up(n).reverse();
  const png = bytes([0x89], "PNG\r\n", [0x1a, 0x0a], up(0), "IHDR", [0, 0, 0, 0], up(little.length), "eXIf", [...little], [0, 0, 0, 0]);
  assert.deepEqual(exifOf(png), little);
  const odd = bytes([...little], [0]);
  const webp = bytes("RIFF", down(99), "WEBP", "VP8X", down(3), [1, 2, 3, 0], "EXIF", down(EXIF.length + little.length), [...EXIF], [...little]);
  assert.deepEqual(exifOf(webp), little);
  assert.ok(readable(png) && readable(webp) && odd.length && chunk);
});

test("b3: a photo without a block has none, and a broken file says nothing", () => {
  assert.equal(exifOf(jpeg(segment(0xe0, bytes("JFIF", [0])))), null);
  for (let cut = 0; cut < 40; cut++) exifOf(jpeg(segment(0xe1, bytes([...EXIF], [...little]))).slice(0, cut));
  assert.equal(readable(bytes([0, 0, 0, 24], "ftypheic")), false);
});

test("b3: a block that points at itself or out of the file is carried as it is", () => {
  const loop = little.slice();
  loop[4] = 250;
  assert.deepEqual(exifOf(withExif(jpeg(), loop)), loop);
});

test("b3: a block that does not fit is not cut", () => {
  assert.equal(withExif(jpeg(), new Uint8Array(70_000)), null);
});

test("b5: a long screenshot keeps a short side that can be read", () => {
  assert.deepEqual(fitted(1080, 12000, 2560, 1080), [1080, 12000]);
  assert.deepEqual(fitted(12000, 1440, 2560, 1080), [9000, 1080]);
  assert.deepEqual(fitted(4000, 3000, 2560, 1080), [2560, 1920]);
  assert.deepEqual(fitted(640, 480, 2560, 1080), [640, 480]);
  const [wide, high] = fitted(3000, 30000, 2560, 1080);
  assert.ok(wide >= 1080 && wide * high <= 16_000_000);
});
