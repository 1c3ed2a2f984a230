// The draw on the wall: the rows are there and appear one after another. Without scripts all stand at once.

const EACH = 1200; // milliseconds from one ticket to the next
const AGAIN = 5000; // how often a page without a result looks for one

const rows = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("tr.ticket")]);
const all = document.getElementById("room-all"), count = document.getElementById("room-count");
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
let shown = 0;

function show(n) {
  shown = Math.min(n, rows.length);
  rows.forEach((row, i) => { row.hidden = i >= shown; });
  if (count) count.textContent = (count.dataset.said ?? "").replace("#", String(shown));
  if (all) all.hidden = shown === rows.length;
}

if (document.getElementById("room-waits")) {
  setTimeout(() => location.reload(), AGAIN);
} else if (rows.length) {
  show(still ? rows.length : 0);
  const clock = setInterval(() => {
    if (shown === rows.length) clearInterval(clock);
    else show(shown + 1);
  }, EACH);
  all?.addEventListener("click", () => show(rows.length));
}
