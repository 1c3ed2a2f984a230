// Text with the Bot API's entities as DOM nodes. Offsets are UTF-16 units, which JavaScript counts in too.

import { el, word } from "./dom.js";

const TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre" };

// A block ends its own line: the line feed after it would show as an empty one.
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);

export function richText(text, entities = [], hands = {}) {
  const fragment = document.createDocumentFragment();
  fragment.append(...nodes(text, 0, text.length, entities, hands));
  return fragment;
}

function nodes(text, from, to, entities, hands) {
  const result = [];
  let at = from;
  const inside = entities.filter((entity) => entity.offset >= from && entity.offset + entity.length <= to);
  while (inside.length) {
    const entity = inside.shift();
    if (entity.offset < at) continue;
    const end = entity.offset + entity.length;
    if (entity.offset > at) result.push(text.slice(at, entity.offset));
    const within = inside.filter((other) => other.offset + other.length <= end && other.offset < end);
    const children = nodes(text, entity.offset, end, within, hands);
    result.push(wrapped(entity, text.slice(entity.offset, end), children, hands));
    at = BLOCKS.has(entity.type) && text[end] === "\n" && end < to ? end + 1 : end;
  }
  if (at < to) result.push(text.slice(at, to));
  return result;
}

function wrapped(entity, plain, children, hands) {
  if (TAGS[entity.type]) return el(TAGS[entity.type], {}, ...children);
  switch (entity.type) {
    case "text_link": return link(entity.url, children, hands);
    case "url": return link(plain, children, hands);
    case "email": return el("a", { href: `mailto:${plain}` }, ...children);
    case "bot_command":
      return el("a", { href: "#", role: "button", class: "command",
        onclick: (event) => { event.preventDefault(); hands.say?.(plain); } }, ...children);
    case "blockquote": case "expandable_blockquote": return el("blockquote", {}, ...children);
    case "spoiler": {
      const hidden = el("span", { class: "spoiler", role: "button", tabindex: "0", title: word("spoiler") }, ...children);
      hidden.addEventListener("click", () => hidden.classList.add("open"));
      return hidden;
    }
    default: return el("span", { class: `mark-${entity.type}` }, ...children);
  }
}

function link(address, children, hands) {
  if (!/^(https?|tg):/i.test(address)) return el("span", {}, ...children);
  const anchor = el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, ...children);
  anchor.addEventListener("click", (event) => { if (hands.open?.(address)) event.preventDefault(); });
  return anchor;
}
