// Elements made in one line: h("button", { class: "main", onclick }, "文字"). Text is always text, never markup.

/** @param {string} tag @param {Record<string, any> | null} [props] @param {...any} children @returns {any} */
export function h(tag, props, ...children) {
  const [name, ...classes] = tag.split(".");
  const made = document.createElement(name || "div");
  if (classes.length) made.className = classes.join(" ");
  for (const [key, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "class") made.classList.add(...value.split(" ").filter(Boolean));
    else if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key === "value") Object.assign(made, { value });
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat(4).filter((one) => one !== undefined && one !== null && one !== false && one !== ""));
  return made;
}

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  back: "M15 5l-7 7 7 7",
  next: "M9 5l7 7-7 7",
  check: "M5 13l4.5 4.500L19 7",
  cross: "M6 6l12 12M18 6L6 18",
  dash: "M6 12h12",
  camera: "M4 8h3.500l1.500-2.500h6L16.500 8H20v11H4zM12 16.500a3.200 3.200 0 1 0 0-6.400 3.200 3.200 0 0 0 0 6.400z",
  gallery: "M4 5h16v14H4zM4 16l5-5 4 4 2.500-2.500L20 17M15.500 9.500h.01",
  list: "M8 7h12M8 12h12M8 17h12M4 7h.01M4 12h.01M4 17h.01",
  undo: "M9 7L4 12l5 5M4 12h10a6 6 0 0 1 0 12",
  up: "M12 19V6M6.500 11.500L12 6l5.500 5.500",
  tasks: "M6 4h12v16H6zM9 9h6M9 13h6M9 17h3",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.500 20a7.500 7.500 0 0 1 15 0",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7.500V12l3 2",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM20 20l-4-4",
  pen: "M5 19l1-4L16 5l3 3L9 18z",
  warn: "M12 4l9 16H3zM12 10v4M12 17h.01",
  off: "M4 4l16 16M5 12.500a10 10 0 0 1 4-2.400M19 12.500a10 10 0 0 0-3-2M8.500 16a5 5 0 0 1 6.500-.500M12 19.500h.01",
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" })) svg.setAttribute(key, value);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

// Put new children in place, keeping the field that is being typed in, the cursor in it, and what was folded open.
export function replace(parent, ...children) {
  const open = folds(parent).filter(([fold]) => fold.open).map(([, key]) => key);
  const active = /** @type {HTMLInputElement | null} */ (document.activeElement);
  const held = active && parent.contains(active) && active.id
    ? { id: active.id, start: active.selectionStart, end: active.selectionEnd }
    : null;
  parent.replaceChildren(...children.flat(4).filter(Boolean));
  for (const [fold, key] of folds(parent)) if (open.includes(key)) fold.open = true;
  if (!held) return;
  const again = /** @type {HTMLInputElement | null} */ (document.getElementById(held.id));
  again?.focus({ preventScroll: true });
  if (again?.setSelectionRange && held.start !== null && held.start !== undefined) {
    try { again.setSelectionRange(held.start, held.end); } catch { /* number and date fields have no cursor to set */ }
  }
}

// Everything that folds, by what stands on it and which of those it is.
/** @param {HTMLElement} parent @returns {[HTMLDetailsElement, string][]} */
function folds(parent) {
  /** @type {string[]} */
  const seen = [];
  return [...parent.querySelectorAll("details")].map((fold) => {
    const said = fold.querySelector("summary")?.textContent ?? "";
    seen.push(said);
    return [fold, `${said} ${seen.filter((other) => other === said).length}`];
  });
}
