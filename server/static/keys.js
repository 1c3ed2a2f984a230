// The keys of the console: ? shows them, / goes to the search, g and a letter to a page. Nothing while somebody types, and
// nothing at all once they are turned off (WCAG 2.1.4).

const OFF = "keys-off";
const AFTER_G = 1500;
/** @type {any} */
const dialog = document.getElementById("keys");
/** @type {any} */
const shown_by = document.getElementById("keys-open");
/** @type {any} */
const works = document.getElementById("keys-work");
let since = 0;

const stored = () => { try { return localStorage.getItem(OFF) === "1"; } catch { return false; } };
const off = () => !works.checked;

/** @param {KeyboardEvent} event */
function typing(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** @param {string} key */
function page(key) {
  return /** @type {HTMLAnchorElement | null} */ (document.querySelector(`a[data-key="${CSS.escape(key)}"]`));
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  if (event.key === "?") { dialog.showModal(); return true; }
  if (dialog.open) return false;
  const after = since && event.timeStamp - since < AFTER_G;
  since = event.key === "g" ? event.timeStamp : 0;
  if (event.key === "/") {
    const search = /** @type {HTMLElement | null} */ (document.querySelector("main input[type=search]"));
    search?.focus();
    return search !== null;
  }
  const link = after ? page(event.key) : null;
  link?.click();
  return link !== null;
}

works.checked = !stored();
works.addEventListener("change", () => {
  try { localStorage.setItem(OFF, off() ? "1" : ""); } catch { /* for this page alone */ }
});
document.getElementById("keys-shut")?.addEventListener("click", () => dialog.close());
shown_by.hidden = false;
shown_by.addEventListener("click", () => dialog.showModal());
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || typing(event) || off()) return;
  if (pressed(event)) event.preventDefault();
});
