// Pictures as the camera gave them, or made smaller where the district's policy says so, and then it says so.

const QUALITY = 0.86;

export async function prepared(file, policy, keepOriginal) {
  const bytes = await file.arrayBuffer();
  const type = file.type || "image/jpeg";
  const original = { bytes, type, shrunk: false };
  const large = policy.original && file.size > policy.original;
  if ((keepOriginal || !large) && file.size <= policy.largest) return original;
  try {
    const made = await smaller(file, policy.side);
    return made && made.size < file.size ? { bytes: await made.arrayBuffer(), type: "image/jpeg", shrunk: true } : original;
  } catch {
    return original; // HEIC and others that this browser cannot draw go as they are
  }
}

async function smaller(file, side) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  const pen = canvas.getContext("2d");
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
