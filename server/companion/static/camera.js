// Pictures as the camera gave them, or made smaller where the district's policy says so, and then it says so.

import { exifOf, readable, withExif } from "./exif.js";

const QUALITY = 0.86, MOST = 16_000_000; // pixels: what phones can draw

// What will be sent: { bytes, type, shrunk, exif, original }. `exif`: "carried" from the file, "none" where the file had
// none, "" where it cannot be told. `original`: the camera's own bytes, where what is sent is smaller.
export async function prepared(file, policy, keepOriginal) {
  const bytes = await file.arrayBuffer();
  const type = file.type || "image/jpeg";
  const own = new Uint8Array(bytes), known = readable(own);
  const asIs = { bytes, type, shrunk: false };
  const large = policy.original && file.size > policy.original && known;
  if ((keepOriginal || !large) && file.size <= policy.largest) return asIs;
  try {
    const blob = await smaller(file, policy);
    if (!blob || blob.size >= file.size) return asIs;
    const made = new Uint8Array(await blob.arrayBuffer()), block = exifOf(own);
    const carried = block && withExif(made, block);
    if (block && !carried && file.size <= policy.largest) return asIs; // what would be lost is worth more than the bytes
    return { bytes: (carried ?? made).buffer, type: "image/jpeg", shrunk: true, exif: carried ? "carried" : known && !block ? "none" : "", original: { bytes, type } };
  } catch {
    return asIs; // HEIC and others that this browser cannot draw go as they are
  }
}

// The size of a picture made smaller: the long side bounded, but never so that the short one can no longer be read.
export function fitted(width, height, side, short) {
  const long = Math.max(width, height), thin = Math.min(width, height);
  const scale = Math.min(1, Math.max(side / long, Math.min(short, side) / thin), Math.sqrt(MOST / (width * height)));
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}

async function smaller(file, policy) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = fitted(picture.width, picture.height, policy.side, policy.short ?? policy.side);
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("no canvas");
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
}

// Where the phone is, if the person said that photos may carry it; never waited for longer than four seconds.
export function place() {
  if (!navigator.geolocation) return Promise.resolve(null);
  return new Promise((resolve) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ latitude: coords.latitude, longitude: coords.longitude, accuracy: Math.round(coords.accuracy) }),
      () => resolve(null),
      { enableHighAccuracy: true, timeout: 4000, maximumAge: 60_000 },
    );
  });
}
