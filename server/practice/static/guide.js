// The tour: steps in order, the first unfinished one open, with a way to its phone or page.

import { act, botStart, el, fetched, icon, word } from "./dom.js";

export class Guide {
  constructor(element, phones, show) {
    this.element = element;
    this.phones = phones;
    this.show = show;
  }

  async refresh() {
    const steps = await fetched("api/guide");
    const drawn = JSON.stringify([steps, [...this.phones.keys()]]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const now = steps.findIndex((step) => !step.done);
    const done = steps.filter((step) => step.done).length;
    this.element.replaceChildren(
      el("h2", {}, word("guide")),
      steps.length ? this.progress(done, steps.length) : el("p", { class: "empty" }, word("guide_empty")),
      el("ol", {}, ...steps.map((step, index) => this.step(step, index, index === now))),
      steps.length && now < 0 ? el("p", { class: "finished" }, word("guide_done")) : "");
    if (now > 0) this.element.querySelector(".now")?.scrollIntoView({ block: "nearest" });
  }

  progress(done, all) {
    const bar = el("progress", { max: all, value: done, "aria-label": word("guide") });
    return el("p", { class: "progress" }, bar, el("span", {}, word("guide_progress", { done, all })));
  }

  step(step, index, now) {
    const state = step.done ? "done" : now ? "now" : "later";
    const mark = el("span", { class: "number" }, step.done ? icon("check") : String(index + 1));
    if (step.done) mark.setAttribute("aria-label", word("step_done"));
    const details = el("details", { open: now }, el("summary", {}, mark, el("span", {}, step.title)),
      step.text ? el("p", { class: "what" }, step.text) : "", this.ways(step));
    return el("li", { class: state, "aria-current": now ? "step" : null }, details);
  }

  ways(step) {
    const phone = this.phones.get(step.phone);
    const ways = el("p", { class: "ways" });
    if (step.link && phone && botStart(step.link, phone.screen?.bot.username || "")) {
      ways.append(el("button", { type: "button", class: "main", onclick: () => { this.show(phone); act(phone.id, "open", { link: step.link }); } },
        word("open_here", { name: phone.person.name })));
      return ways;
    }
    if (phone) ways.append(el("button", { type: "button", onclick: () => this.show(phone) }, word("go_phone", { name: phone.person.name })));
    if (step.link) ways.append(el("a", { href: step.link, target: "_blank", rel: "noopener" }, word("open_page"), icon("out")));
    return ways;
  }
}
