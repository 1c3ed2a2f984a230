// The public page's check of a draw, in a worker, without a network once the bundle is here.
// The worker gets {bundle, commitment, results} and answers {ok, text}.

const box = document.getElementById("verify-draw");
const [button, said, differs] = box.querySelectorAll("button, p, pre");

button.addEventListener("click", async () => {
  button.disabled = true;
  said.textContent = box.dataset.working;
  const bundle = await (await fetch(box.dataset.bundle)).arrayBuffer();
  const worker = new Worker(box.dataset.worker);
  worker.onerror = () => { said.textContent = box.dataset.bad; };
  worker.onmessage = ({ data }) => {
    said.textContent = data.ok ? box.dataset.good : box.dataset.bad;
    differs.textContent = data.text || "";
    differs.hidden = !data.text;
    button.disabled = false;
    worker.terminate();
  };
  worker.postMessage({ bundle, commitment: box.dataset.commitment, results: box.dataset.results }, [bundle]);
});
