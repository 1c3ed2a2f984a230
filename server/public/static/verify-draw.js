// 在浏览器里核验一次抽取 (Art. 14): the check runs in a worker, on this device, without a network.
//
//   import {verifyDraw} from "/verify/verify-draw.js";
//   const {agrees, lines, notes, facts} = await verifyDraw(file, {expect: ["…sha-256…"], progress: text => …});
//
// Or put <verify-draw></verify-draw> into a page (attribute `expect`: hashes, separated by spaces).

/** @param {Blob} file @param {{expect?: string[], progress?: (text: string) => void}} [how] @returns {Promise<any>} */
export function verifyDraw(file, {expect = [], progress = () => {}} = {}) {
  const worker = new Worker(new URL("verify-draw-worker.js", import.meta.url), {type: "module"});
  const finished = new Promise((resolve, reject) => {
    worker.onmessage = ({data}) => ("progress" in data ? progress(data.progress) : resolve(data));
    worker.onerror = event => reject(new Error(event.message || "the worker could not be started"));
  });
  worker.postMessage({file, expect});
  return finished.finally(() => worker.terminate());
}

const WORDS = {
  zh: {
    choose: "选择证明包（ZIP）", hint: "文件只在本机核验，不会上传。", busy: "正在复算……",
    agrees: "一致：抽取可以复算，结果相符", foreign: "来源：省级平台，不可复算", differs: n => `不一致：${n} 处`, failed: "无法核验",
    notes: "说明",
  },
  en: {
    choose: "Choose a bundle (ZIP)", hint: "It is checked on this device and sent nowhere.", busy: "Repeating the draw…",
    agrees: "Everything agrees: the draw was repeated with the same result",
    foreign: "From the provincial platform: it cannot be recomputed",
    differs: n => `${n} differences`, failed: "Could not be checked", notes: "Notes",
  },
};

class VerifyDraw extends HTMLElement {
  words = WORDS.zh;
  input = element("input");
  outcome = element("div");

  connectedCallback() {
    if (this.firstElementChild) return;
    const language = (this.closest("[lang]")?.getAttribute("lang") || "zh").toLowerCase().startsWith("en") ? "en" : "zh";
    this.words = WORDS[language];
    const label = element("label", this.words.choose);
    label.append(this.input);
    this.input.type = "file";
    this.input.accept = ".zip,application/zip";
    this.input.addEventListener("change", () => this.check(this.input.files[0]));
    this.outcome.setAttribute("role", "status");
    this.outcome.setAttribute("aria-live", "polite");
    this.append(label, element("p", this.words.hint), this.outcome);
  }

  async check(file) {
    if (!file) return;
    this.removeAttribute("outcome");
    this.input.disabled = true;
    const state = element("p", this.words.busy);
    this.outcome.replaceChildren(state);
    try {
      const expect = (this.getAttribute("expect") || "").split(/\s+/).filter(Boolean);
      const found = await verifyDraw(file, {
        expect, progress: text => { state.textContent = `${this.words.busy} ${text}`; },
      });
      this.show(found);
    } catch (error) {
      state.textContent = `${this.words.failed}: ${error instanceof Error ? error.message : error}`;
      this.setAttribute("outcome", "failed");
    } finally {
      this.input.disabled = false;
    }
  }

  show({agrees, foreign, count, lines, notes, facts}) {
    const outcome = agrees ? "agrees" : foreign ? "foreign" : "differs";
    const verdict = element("p", outcome === "differs" ? this.words.differs(count) : this.words[outcome]);
    verdict.className = outcome;
    const remarks = notes.length ? [element("p", this.words.notes), list(notes)] : [];
    this.outcome.replaceChildren(verdict, list(lines), ...remarks, list(facts));
    this.setAttribute("outcome", outcome);
  }
}

/** @returns {any} */
function element(name, text = "") {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  return made;
}

function list(lines) {
  const made = element("ul");
  made.append(...lines.map(line => element("li", line)));
  return made;
}

if (typeof customElements !== "undefined" && !customElements.get("verify-draw")) {
  customElements.define("verify-draw", VerifyDraw);
}
