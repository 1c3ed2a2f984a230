// What a filter comes to while it is being filled in. Without scripts the button beside it counts.

const PAUSE = 400; // milliseconds without a change before it is counted

for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-counts]"))) {
  const place = document.getElementById(form.dataset.counts ?? "");
  const scope = (form.dataset.scope ?? "").split(" ");
  let waiting = 0, asked = new AbortController();

  const count = async () => {
    asked.abort();
    asked = new AbortController();
    const fields = new URLSearchParams(/** @type {any} */ (new FormData(form)));
    fields.set("act", "live");
    try {
      const answer = await fetch(form.action, { method: "POST", body: fields, signal: asked.signal });
      if (place && answer.ok) place.innerHTML = await answer.text();
    } catch {
      // the next change, or the button, asks again
    }
  };

  form.addEventListener("input", (event) => {
    const name = /** @type {any} */ (event.target).name ?? "";
    if (!scope.some((one) => name.startsWith(one))) return;
    clearTimeout(waiting);
    waiting = setTimeout(count, PAUSE);
  });
}
