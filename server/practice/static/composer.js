// The lower edge of a phone: text field, keyboard of the bot, and everything that can be attached.

import { act, el, icon, word } from "./dom.js";

const PLACES = ["camera", "photo", "file", "location", "contact", "link", "sticker", "voice", "block"];
const LABELS = { camera: "practice_photo" };

export class Composer {
  constructor(person, failed) {
    this.person = person;
    this.failed = failed;
    this.target = null;
    this.field = el("textarea", { rows: "1", placeholder: word("message"), "aria-label": word("message") });
    this.sendButton = round("send", () => this.send());
    this.keysButton = round("keyboard", () => this.toggleKeys());
    this.attachButton = round("attach", () => this.toggleSheet());
    this.context = el("div", { class: "context", hidden: true });
    this.commandList = el("div", { class: "command-list", hidden: true });
    this.keys = el("div", { class: "keys" });
    this.sheet = this.buildSheet();
    this.stage = el("div", { class: "sheet stage", hidden: true });
    this.menu = el("button", { type: "button", class: "menu", hidden: true });
    this.line = el("div", { class: "line" }, this.attachButton, this.menu, this.field, this.keysButton, this.sendButton);
    this.startButton = el("button", { type: "button", class: "wide", onclick: () => this.begin() }, word("start"));
    this.linkButton = el("button", { type: "button", class: "quiet below", onclick: () => this.askLink() }, word("link"));
    this.element = el("footer", { class: "composer" }, this.commandList, this.context, this.line, this.startButton, this.linkButton, this.keys, this.sheet, this.stage);
    this.field.addEventListener("keydown", (event) => this.onKey(event));
    this.field.addEventListener("input", () => this.grow());
  }

  draw(screen) {
    this.screen = screen;
    const talking = screen.opened && !screen.blocked;
    this.line.hidden = !talking;
    this.startButton.hidden = talking;
    this.linkButton.hidden = talking || screen.blocked;
    this.startButton.textContent = word(screen.blocked ? "unblock" : "start");
    this.field.placeholder = screen.keyboard?.input_field_placeholder || word("message");
    this.drawKeys(talking ? screen.keyboard : null);
    this.drawMenu(screen);
  }

  begin() {
    return this.run(this.screen.blocked ? "unblock" : "start");
  }

  drawKeys(keyboard) {
    const drawn = JSON.stringify(keyboard);
    if (drawn === this.drawnKeys) return;
    this.drawnKeys = drawn;
    if (keyboard) this.closeSheets();
    this.keysButton.hidden = !keyboard;
    this.keys.hidden = !keyboard;
    this.keys.replaceChildren(...(keyboard?.keyboard || []).map((row, y) =>
      el("div", { class: "row" }, ...row.map((key, x) =>
        el("button", { type: "button", class: `reply-key ${key.style || ""}`, onclick: () => this.pressKey(key, y, x) },
          key.request_contact ? icon("contact") : null, key.request_location ? icon("location") : null, key.text)))));
  }

  async pressKey(key, row, column) {
    const tab = key.web_app ? window.open("about:blank") : null;
    const done = await this.run("press", { row, column });
    if (tab && done?.value) tab.location = done.value;
  }

  drawMenu({ menu, commands }) {
    const app = menu.type === "web_app";
    this.menu.hidden = !app && !commands.length;
    this.menu.textContent = app ? menu.text : "/";
    this.menu.setAttribute("aria-label", app ? menu.text : word("commands"));
    this.menu.onclick = app ? () => this.launch(menu.web_app.url) : () => { this.commandList.hidden = !this.commandList.hidden; };
    this.commandList.replaceChildren(...commands.map(({ command, description }) =>
      el("button", { type: "button", onclick: () => { this.commandList.hidden = true; this.run("say", { text: `/${command}` }); } },
        el("b", {}, `/${command}`), description)));
  }

  async launch(url) {
    const tab = window.open("about:blank");
    const done = await this.run("launch", { url });
    if (tab && done?.url) tab.location = done.url;
  }

  onKey(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.send();
    } else if (event.key === "Escape") this.forget();
  }

  grow() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 110)}px`;
  }

  async send() {
    const text = this.field.value.trim();
    if (!text) return;
    const target = this.target;
    this.field.value = "";
    this.forget();
    this.grow();
    const done = target?.kind === "edit"
      ? await this.run("edit", { message_id: target.id, text })
      : await this.run("say", { text, reply_to: target?.id });
    if (!done) { this.field.value = text; this.grow(); }
  }

  aim(kind, message) {
    this.target = { kind, id: message.message_id };
    const text = message.text || message.caption || word(message.photo ? "photo" : "message");
    this.context.replaceChildren(icon(kind), el("span", {}, el("b", {}, word(kind === "edit" ? "editing" : "replying")), text.slice(0, 60)),
      round("close", () => this.forget(), "cancel"));
    this.context.hidden = false;
    if (kind === "edit") { this.field.value = text; this.grow(); }
    this.field.focus();
  }

  forget() {
    if (this.target?.kind === "edit") this.field.value = "";
    this.target = null;
    this.context.hidden = true;
    this.commandList.hidden = true;
  }

  toggleKeys() {
    this.closeSheets();
    this.keys.hidden = !this.keys.hidden;
  }

  toggleSheet() {
    const open = this.sheet.hidden;
    this.closeSheets();
    this.sheet.hidden = !open;
    if (open) this.keys.hidden = true;
    this.attachButton.classList.toggle("on", !this.sheet.hidden);
  }

  closeSheets() {
    if (!this.sheet.hidden || !this.stage.hidden) this.keys.hidden = !this.screen?.keyboard;
    this.sheet.hidden = this.stage.hidden = true;
    this.attachButton.classList.remove("on");
  }

  buildSheet() {
    return el("div", { class: "sheet places", hidden: true }, ...PLACES.map((place) =>
      el("button", { type: "button", class: `place-${place}`, onclick: () => this.attach(place) },
        el("span", { class: "place-icon" }, icon(place)), word(LABELS[place] || place))));
  }

  attach(place) {
    this.closeSheets();
    switch (place) {
      case "camera": return this.chooseForm([], (fields, asFile) => this.run("shoot", { ...fields, as_file: asFile }));
      case "photo": return this.pick("image/jpeg,image/png,image/webp");
      case "file": return this.pick("");
      case "link": return this.askLink();
      default: return this.run(place);
    }
  }

  pick(accept) {
    const input = el("input", { type: "file", multiple: true, accept: accept || null, hidden: true, class: "picker" });
    input.addEventListener("change", () => {
      const files = [...input.files].slice(0, 10);
      input.remove();
      if (files.length) this.chooseForm(files, (fields, asFile) => this.upload(files, fields, asFile), !accept);
    });
    this.element.append(input);
    input.click();
  }

  // Asks how to send: as photo (compressed) or as file (byte for byte), with a caption.
  chooseForm(files, send, onlyFile = false) {
    const caption = el("input", { type: "text", placeholder: word("caption"), "aria-label": word("caption"), maxlength: "1024" });
    const choose = (asFile) => {
      this.closeSheets();
      send({ caption: caption.value, reply_to: this.target?.id }, asFile);
      this.forget();
    };
    const choice = (name, hint, asFile) => el("button", { type: "button", class: asFile ? "" : "main", onclick: () => choose(asFile) },
      el("b", {}, word(name)), el("small", {}, word(hint)));
    this.stage.replaceChildren(
      files.length ? el("div", { class: "thumbs" }, ...files.slice(0, 5).map(thumb), el("span", {}, word("chosen", { n: files.length }))) : "",
      caption, el("div", { class: "choices" }, onlyFile ? "" : choice("as_photo", "as_photo_hint", false), choice("as_file", "as_file_hint", true)),
      el("button", { type: "button", class: "quiet", onclick: () => this.closeSheets() }, word("cancel")));
    this.keys.hidden = true;
    this.stage.hidden = false;
  }

  upload(files, fields, asFile) {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) if (value) form.append(name, value);
    files.forEach((file, index) => form.append(`file${index}`, file, file.name));
    return this.run(asFile ? "files" : "photos", form);
  }

  askLink() {
    const field = el("input", { type: "url", placeholder: word("link_hint"), "aria-label": word("link_hint") });
    const open = async () => {
      this.closeSheets();
      const done = await this.run("open", { link: field.value });
      if (done?.url) window.open(done.url, "_blank", "noopener");
    };
    field.addEventListener("keydown", (event) => { if (event.key === "Enter") open(); });
    this.stage.replaceChildren(field, el("div", { class: "choices" },
      el("button", { type: "button", class: "main", onclick: open }, el("b", {}, word("link")))),
      el("button", { type: "button", class: "quiet", onclick: () => this.closeSheets() }, word("cancel")));
    this.keys.hidden = true;
    this.stage.hidden = false;
    field.focus();
  }

  async run(name, body) {
    const done = await act(this.person, name, body).catch(() => ({ status: 0 }));
    if (done.status === 200) return done;
    this.failed(done.status === 413 || /too big/.test(done.refused || "") ? "too_big" : /IMAGE|PHOTO/.test(done.refused || "") ? "not_a_photo" : "failed");
    return null;
  }
}

function thumb(file) {
  if (!/^image\/(jpeg|png|webp|gif)$/.test(file.type)) return el("span", { class: "thumb" }, icon("file"));
  const url = URL.createObjectURL(file);
  const image = el("img", { class: "thumb", src: url, alt: file.name });
  image.addEventListener("load", () => URL.revokeObjectURL(url));
  return image;
}

function round(name, run, label = name) {
  return el("button", { type: "button", class: `round ${name}`, title: word(label), "aria-label": word(label), onclick: run }, icon(name));
}
