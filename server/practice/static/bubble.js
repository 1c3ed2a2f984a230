// One block of the chat: a message, or the messages of an album side by side.

import { el, icon, timeOf, word } from "./dom.js";
import { richText } from "./richtext.js";

export function blocksOf(messages) {
  const blocks = [];
  for (const message of messages) {
    const last = blocks.at(-1);
    const group = message.media_group_id;
    if (group && last?.group === group) {
      last.messages.push(message);
      last.stamp += `.${message.revision}`;
    } else {
      blocks.push({ key: String(message.message_id), group, messages: [message], stamp: String(message.revision) });
    }
  }
  return blocks;
}

export function bubble(block, hands) {
  const [first] = block.messages;
  const captioned = block.messages.find((message) => message.caption) || first;
  const side = first.mine ? "mine" : "theirs";
  const body = el("div", { class: "bubble" },
    first.forward_origin ? el("p", { class: "forwarded" }, word("forwarded")) : null,
    quote(first.reply_to_message), media(block.messages), ...things(first), words(captioned, hands), foot(first, hands));
  body.classList.toggle("bare", Boolean(first.sticker || first.dice));
  const buttons = keyboard(first, hands);
  return el("div", { class: `block ${side}`, "data-message": first.message_id }, body, buttons);
}

function quote(target) {
  if (!target) return null;
  const text = target.text || target.caption || word(target.photo ? "photo" : target.document ? "file" : "message");
  return el("p", { class: "quote" }, text.slice(0, 80));
}

function words(message, hands) {
  const text = message.text || message.caption;
  if (!text) return null;
  return el("div", { class: "words" }, richText(text, message.entities || message.caption_entities, hands));
}

function media(messages) {
  const photos = messages.filter((message) => message.photo);
  if (!photos.length) return null;
  const grid = el("div", { class: `photos n${Math.min(photos.length, 4)}` });
  for (const { photo, caption } of photos) {
    const full = photo.at(-1);
    const small = photo.find((size) => Math.max(size.width, size.height) >= 700) || full;
    grid.append(el("a", { href: `api/files/${full.file_id}`, target: "_blank", rel: "noopener" },
      el("img", { src: `api/files/${small.file_id}`, width: small.width, height: small.height,
        alt: caption || word("photo"), loading: "lazy" })));
  }
  return grid;
}

function* things(message) {
  if (message.document) yield documentCard(message.document);
  if (message.location) {
    const { latitude, longitude } = message.location;
    yield card("location", message.venue?.title || word("location"),
      message.venue?.address || `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`);
  }
  if (message.contact) yield card("contact", message.contact.first_name, message.contact.phone_number);
  if (message.voice) yield card("voice", word("voice"), `0:0${message.voice.duration}`);
  if (message.sticker) yield el("p", { class: "big" }, message.sticker.emoji);
  if (message.dice) yield el("p", { class: "big" }, `${message.dice.emoji} ${message.dice.value}`);
}

function card(symbol, title, detail) {
  return el("div", { class: "card" }, el("span", { class: "card-icon" }, icon(symbol)),
    el("span", { class: "card-text" }, el("b", {}, title), el("small", {}, detail)));
}

function documentCard({ file_id, file_name, file_size }) {
  const size = file_size > 1048576 ? `${(file_size / 1048576).toFixed(1)} MB` : `${Math.max(1, Math.round(file_size / 1024))} KB`;
  const card = el("a", { class: "card", href: `api/files/${file_id}`, download: file_name },
    el("span", { class: "card-icon" }, icon("file")),
    el("span", { class: "card-text" }, el("b", {}, file_name || word("file")), el("small", {}, `${size} · ${word("download")}`)));
  return card;
}

function foot(message, hands) {
  const tools = el("span", { class: "tools" });
  const tool = (name, run) => el("button", { type: "button", title: word(name), "aria-label": word(name), onclick: run }, icon(name));
  if (message.mine && (message.text || message.caption)) tools.append(tool("edit", () => hands.edit(message)));
  tools.append(tool("reply", () => hands.reply(message)));
  return el("p", { class: "foot" }, tools,
    message.edit_date ? el("span", { class: "edited" }, word("edited")) : null,
    el("time", {}, timeOf(message.date)));
}

function keyboard(message, hands) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows) return null;
  return el("div", { class: "inline-keyboard" },
    ...rows.map((row, y) => el("div", { class: "row" }, ...row.map((button, x) => key(button, message, y, x, hands)))));
}

function key(button, message, row, column, hands) {
  const style = `key ${button.style || ""}`;
  const press = (event) => hands.press(event.currentTarget, message.message_id, row, column, button);
  if (!button.url) {
    return el("button", { type: "button", class: style, onclick: press }, button.text, button.web_app ? icon("out") : null);
  }
  const anchor = el("a", { class: style, href: button.url, target: "_blank", rel: "noopener noreferrer" }, button.text, icon("out"));
  anchor.addEventListener("click", (event) => { if (hands.open(button.url)) event.preventDefault(); });
  return anchor;
}
