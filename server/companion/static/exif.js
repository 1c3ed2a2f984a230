// What the camera wrote about a photo (EXIF): found in its file, and put whole into a smaller picture of it.

const EXIF = [0x45, 0x78, 0x69, 0x66, 0, 0], LONGEST = 65533 - EXIF.length - 2;
const ORIENTATION = 0x0112, UPRIGHT = 1, SHORT = 3;

const at = (bytes, place, wanted) => wanted.every((one, n) => bytes[place + n] === one);
const letters = (bytes, place) => String.fromCharCode(...bytes.subarray(place, place + 4));
const view = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

// True where this module can tell whether a file has any: JPEG, PNG, WebP.
export const readable = (bytes) => at(bytes, 0, [0xff, 0xd8, 0xff]) || at(bytes, 0, [0x89, 0x50, 0x4e, 0x47]) || (letters(bytes, 0) === "RIFF" && letters(bytes, 8) === "WEBP");

// The TIFF block of a file, as it stands; null where there is none, or where what says so is broken.
export function exifOf(bytes) {
  try {
    const found = at(bytes, 0, [0xff, 0xd8]) ? inJpeg(bytes) : at(bytes, 0, [0x89, 0x50, 0x4e, 0x47]) ? chunk(bytes, 8, "eXIf", { big: true, tail: 4 }) : chunk(bytes, 12, "EXIF", { big: false, tail: 0 });
    return found && at(found, 0, EXIF) ? found.slice(EXIF.length) : found;
  } catch (no) {
    if (no instanceof RangeError) return null;
    throw no;
  }
}

function inJpeg(bytes) {
  const words = view(bytes);
  for (let place = 2; place + 4 <= bytes.length && bytes[place] === 0xff;) {
    if (bytes[place + 1] === 0xff) { place += 1; continue; }
    const marker = bytes[place + 1], long = words.getUint16(place + 2);
    if (marker === 0xda) return null;
    if (marker === 0xe1 && at(bytes, place + 4, EXIF)) return bytes.slice(place + 4, place + 2 + long);
    place += 2 + Math.max(long, 2);
  }
  return null;
}

function chunk(bytes, place, wanted, { big, tail }) {
  const words = view(bytes);
  while (place + 8 <= bytes.length) {
    const long = words.getUint32(place + (big ? 0 : 4), !big);
    if (letters(bytes, place + (big ? 4 : 0)) === wanted) return bytes.slice(place + 8, place + 8 + long);
    place += 8 + long + (big ? tail : long % 2);
  }
  return null;
}

// The JPEG with this block in front, its orientation set to upright, since the pixels are; null if it does not fit.
export function withExif(jpeg, block) {
  if (block.length > LONGEST) return null;
  const upright = turned(block), made = new Uint8Array(jpeg.length + 4 + EXIF.length + upright.length);
  made.set([0xff, 0xd8, 0xff, 0xe1]);
  view(made).setUint16(4, 2 + EXIF.length + upright.length);
  made.set(EXIF, 6);
  made.set(upright, 6 + EXIF.length);
  made.set(jpeg.subarray(2), 6 + EXIF.length + upright.length);
  return made;
}

function turned(block) {
  const made = block.slice(), words = view(made), little = made[0] === 0x49;
  try {
    let place = words.getUint32(4, little);
    for (let directory = 0; place && directory < 2; directory++) { // the picture's own, and its thumbnail's
      const count = words.getUint16(place, little);
      for (let n = 0; n < count; n++) {
        const entry = place + 2 + 12 * n;
        if (words.getUint16(entry, little) === ORIENTATION && words.getUint16(entry + 2, little) === SHORT) words.setUint16(entry + 8, UPRIGHT, little);
      }
      place = words.getUint32(place + 2 + 12 * count, little);
    }
  } catch (no) {
    if (!(no instanceof RangeError)) throw no; // a broken block is carried as it is
  }
  return made;
}
