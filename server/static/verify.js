// The public page's check of a draw: the bundle is fetched once and repeated in a worker on this device.
// Whoever has a copy of the bundle may choose it instead (<verify-draw>).

import { verifyDraw } from "/verify/verify-draw.js";

/** @type {any} */
const box = document.getElementById("verify");
const [button, said, found] = box.querySelectorAll("button, [role=status], ul");

button.addEventListener("click", async () => {
  button.disabled = true;
  box.removeAttribute("outcome");
  found.replaceChildren();
  said.textContent = box.dataset.working;
  try {
    const file = await (await fetch(box.dataset.bundle)).blob();
    const { agrees, lines, notes } = await verifyDraw(file, { expect: box.dataset.expect.split(" ") });
    said.textContent = agrees ? box.dataset.good : box.dataset.bad;
    box.setAttribute("outcome", agrees ? "agrees" : "differs");
    for (const line of [...lines, ...notes]) found.append(Object.assign(document.createElement("li"), { textContent: line }));
  } catch (error) {
    said.textContent = `${box.dataset.bad} ${error instanceof Error ? error.message : error}`;
    box.setAttribute("outcome", "failed");
  }
  button.disabled = false;
});
