// What this person chose for this phone; nothing of an inspection.

const NAME = "field-settings";
export const settings = { language: "", size: "", theme: "", original: false, place: false, ...read() };

function read() {
  try {
    return JSON.parse(localStorage.getItem(NAME) ?? "{}");
  } catch {
    return {};
  }
}

/** @param {string} name @param {unknown} value */
export function choose(name, value) {
  settings[name] = value;
  try {
    localStorage.setItem(NAME, JSON.stringify(settings));
  } catch { /* a private window keeps nothing: the choice holds until it is closed */ }
  apply();
}

export function apply() {
  const root = document.documentElement;
  for (const name of ["size", "theme"]) {
    if (settings[name]) root.dataset[name] = settings[name];
    else delete root.dataset[name];
  }
}
