// Copies the value beside a button; without it a person marks the text by hand.

/** @type {any} */
const table = document.querySelector("[data-copied]");
/** @type {any} */
const told = document.getElementById("copied");

for (const button of table.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    /** @type {any} */
    const value = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(value.textContent);
    } catch {
      getSelection()?.selectAllChildren(value);
      document.execCommand("copy");
    }
    told.textContent = `${table.dataset.copied} ${value.textContent}`;
  });
}
