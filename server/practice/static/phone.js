// One phone: frame, chat, toasts. Draws what the server says is there, and nothing else.

import { act, botStart, dayOf, el, fetched, icon, timeOf, word } from "./dom.js";
import { blocksOf, bubble } from "./bubble.js";
import { Composer } from "./composer.js";

const PRESS_PATIENCE = 15000;

export class Phone {
  constructor(person) {
    this.id = person.id;
    this.person = person;
    /** @type {any} */ this.dot = null;
    /** @type {any} */ this.chip = null;
    /** @type {((count: number) => void) | null} */ this.onUnread = null;
    this.drawn = new Map();
    this.busy = new Map();
    this.seenToast = null;
    this.composer = new Composer(person.id, (name) => this.toast(word(name)));
    this.clock = el("span", {}, timeOf(Date.now() / 1000));
    this.title = el("b", {});
    this.list = el("div", { class: "list", role: "log", tabindex: "0", "aria-label": person.name });
    this.pinned = el("button", { type: "button", class: "pinned", hidden: true });
    this.hint = el("p", { class: "hint" }, word("start_hint"));
    this.toasts = el("div", { class: "toasts", role: "status" });
    this.alert = el("div", { class: "alert", role: "alertdialog", hidden: true });
    this.element = el("section", { class: "phone", id: `phone-${person.id}`, "aria-label": `${person.name} ${person.role}` },
      el("h2", { class: "holder" }, el("b", {}, person.name), el("span", {}, person.role)),
      el("div", { class: "frame" },
        el("div", { class: "glass" },
          el("div", { class: "status" }, this.clock, el("span", {}, person.number || "")),
          el("header", { class: "chat-head" }, el("span", { class: "avatar" }, "双"), el("span", {}, this.title, el("small", {}, word("bot")))),
          this.pinned, this.list, this.toasts, this.composer.element, this.alert)));
    this.atEnd = true;
    this.list.addEventListener("scroll", () => {
      this.atEnd = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 80;
    });
    new ResizeObserver(() => { if (this.atEnd) this.toEnd(); }).observe(this.list);
    this.hands = {
      say: (text) => act(this.id, "say", { text }),
      open: (link) => this.open(link),
      press: (...press) => this.press(...press),
      reply: (message) => this.composer.aim("reply", message),
      edit: (message) => this.composer.aim("edit", message),
    };
  }

  async refresh() {
    if (this.fetching) { this.again = true; return; }
    this.fetching = true;
    try {
      do {
        this.again = false;
        this.draw(await fetched(`api/phones/${this.id}`));
      } while (this.again);
    } finally {
      this.fetching = false;
    }
  }

  draw(screen) {
    this.screen = screen;
    this.title.textContent = screen.bot.name;
    this.clock.textContent = timeOf(Date.now() / 1000);
    const { atEnd } = this;
    const grown = this.drawMessages(screen.messages);
    this.composer.draw(screen);
    this.drawPinned(screen);
    this.drawToasts(screen.toasts);
    if (atEnd || (grown && screen.messages.at(-1)?.mine)) this.toEnd();
    this.onUnread?.(screen.person.unread);
  }

  toEnd() {
    this.list.scrollTop = this.list.scrollHeight;
    for (const image of this.list.querySelectorAll("img")) {
      if (!image.complete) image.addEventListener("load", () => { this.list.scrollTop = this.list.scrollHeight; }, { once: true });
    }
  }

  drawMessages(messages) {
    const wanted = new Map(blocksOf(messages).map((block) => [block.key, block]));
    for (const [key, { element }] of this.drawn) if (!wanted.has(key)) { element.remove(); this.drawn.delete(key); }
    let grown = false;
    let day = "";
    /** @type {any} */
    let previous = null;
    const first = this.drawn.size === 0;
    for (const [key, block] of wanted) {
      const known = this.drawn.get(key);
      if (known?.stamp === block.stamp) { previous = known.element; day = dayOf(block.messages[0].date); continue; }
      const element = bubble(block, this.hands);
      const today = dayOf(block.messages[0].date);
      if (today !== day) { element.prepend(el("p", { class: "day" }, today)); day = today; }
      if (known) {
        element.classList.add("changed");
        known.element.replaceWith(element);
      } else {
        if (previous) previous.after(element); else this.list.prepend(element);
        if (!first) element.classList.add("fresh");
        grown = true;
      }
      this.drawn.set(key, { element, stamp: block.stamp });
      previous = element;
    }
    if (!messages.length) this.list.append(this.hint); else this.hint.remove();
    return grown;
  }

  drawPinned({ pinned, messages }) {
    const message = messages.find(({ message_id }) => message_id === pinned[0]);
    this.pinned.hidden = !message;
    if (!message) return;
    this.pinned.replaceChildren(icon("pin"), el("span", {}, (message.text || message.caption || word("photo")).split("\n")[0]));
    this.pinned.onclick = () => this.drawn.get(String(message.message_id))?.element.scrollIntoView({ block: "center", behavior: "smooth" });
  }

  drawToasts(toasts) {
    const newest = toasts.at(-1)?.number || 0;
    for (const toast of toasts) {
      this.free(toast.press);
      if (this.seenToast === null || toast.number <= this.seenToast) continue;
      if (toast.url) window.open(toast.url, "_blank", "noopener");
      if (toast.text && toast.alert) this.showAlert(toast.text);
      else if (toast.text) this.toast(toast.text);
    }
    this.seenToast = newest;
  }

  toast(text) {
    const shown = el("p", { class: "toast" }, text);
    this.toasts.replaceChildren(shown);
    setTimeout(() => shown.remove(), 3500);
  }

  showAlert(text) {
    const close = el("button", { type: "button", onclick: () => { this.alert.hidden = true; } }, word("ok"));
    this.alert.replaceChildren(el("div", {}, el("p", {}, text), close));
    this.alert.hidden = false;
    close.focus({ preventScroll: true });
  }

  // True when the link was for the bot and has been followed on this phone.
  open(link) {
    if (!botStart(link, this.screen.bot.username)) return false;
    act(this.id, "open", { link });
    return true;
  }

  async press(key, message_id, row, column, button) {
    const tab = button.web_app ? window.open("about:blank") : null;
    key.classList.add("busy");
    const done = await act(this.id, "press", { message_id, row, column }).catch(() => ({ refused: "" }));
    if (done.kind === "callback") {
      this.busy.set(done.value, key);
      setTimeout(() => this.free(done.value), PRESS_PATIENCE);
      this.refresh();
      return;
    }
    key.classList.remove("busy");
    if (tab && done.value) tab.location = done.value;
    if (done.kind === "copy") navigator.clipboard?.writeText(done.value).then(() => this.toast(word("copied")), () => this.toast(done.value));
    if ("refused" in done) this.toast(word("failed"));
  }

  free(press) {
    this.busy.get(press)?.classList.remove("busy");
    this.busy.delete(press);
  }
}
