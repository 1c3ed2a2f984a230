"""Texts with entities, counted in UTF-16 units as Telegram counts them.

HTML, MarkdownV2 and the old Markdown are read as the Bot API reads them and refused as it refuses them
("can't parse entities"); commands, mentions and links are found by themselves.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from server.practice.refusals import ApiRefusal, bad

Entity = dict[str, Any]

_HTML_TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "span": "spoiler", "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote",
    "tg-emoji": "custom_emoji", "tg-time": "date_time",
}  # fmt: skip
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>")
_ATTRIBUTE = re.compile(r"([a-zA-Z-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_CHARACTER = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-fA-F]+);")
_RESERVED = frozenset("_*[]()~`>#+-=|{}.!")
_SIGNS = {
    "2": {"||": "spoiler", "__": "underline", "*": "bold", "_": "italic", "~": "strikethrough"},
    "1": {"*": "bold", "_": "italic"},
}
_FOUND = (
    ("bot_command", re.compile(r"(?<![\w/.@])/[A-Za-z0-9_]{1,32}(?:@[A-Za-z0-9_]{3,32})?(?!\w|/)", re.ASCII)),
    ("email", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)),
    ("mention", re.compile(r"(?<![\w@])@[A-Za-z][A-Za-z0-9_]{3,31}(?!\w)", re.ASCII)),
    ("url", re.compile(r"(?:https?|tg)://[^\s<>\"'，。；、）】」]+[^\s<>\"'，。；、）】」.,;:!?)]")),
    ("hashtag", re.compile(r"(?<![\w&#])#(?=\w*[^\W\d_])\w{1,255}")),
)


def units(text: str) -> int:
    """Length in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse(text: str, mode: str | None) -> tuple[str, list[Entity]]:
    """The plain text and its entities; raises ApiRefusal with Telegram's words when it cannot be read."""
    plain, entities = text, list[Entity]()
    match (mode or "").lower():
        case "":
            pass
        case "html":
            plain, entities = _Html(text).read()
        case "markdownv2":
            plain, entities = _Markdown(text, "2").read()
        case "markdown":
            plain, entities = _Markdown(text, "1").read()
        case _:
            raise bad("unsupported parse_mode")
    return finished(plain, entities)


def finished(plain: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Trims the text as Telegram does, moves the entities along and adds those it finds by itself."""
    stored = plain.rstrip()
    front = len(stored) - len(stored.lstrip())
    moved = units(stored[:front])
    stored = stored[front:]
    end = units(stored)
    result = []
    for entity in entities:
        start = max(entity["offset"] - moved, 0)
        stop = min(entity["offset"] + entity["length"] - moved, end)
        if stop > start:
            result.append({**entity, "offset": start, "length": stop - start})
    result += _found(stored, result)
    return stored, sorted(result, key=lambda entity: (entity["offset"], -entity["length"]))


def _found(text: str, given: list[Entity]) -> list[Entity]:
    taken = [
        (entity["offset"], entity["offset"] + entity["length"])
        for entity in given
        if entity["type"] in ("code", "pre", "text_link")
    ]
    rows: list[Entity] = []
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            offset, length = units(text[: match.start()]), units(match.group())
            if all(offset + length <= start or stop <= offset for start, stop in taken):
                rows.append({"type": kind, "offset": offset, "length": length})
                taken.append((offset, offset + length))
    return rows


def _cannot(text: str, at: int, reason: str) -> ApiRefusal:
    place = len(text[:at].encode("utf-8", "surrogatepass"))
    return bad(f"can't parse entities: {reason.format(at=place)}")


class _Html:
    def __init__(self, text: str) -> None:
        self.text = text
        self.out: list[str] = []
        self.length = 0
        self.open: list[tuple[str, Entity, int]] = []
        self.entities: list[Entity] = []

    def read(self) -> tuple[str, list[Entity]]:
        at = 0
        while at < len(self.text):
            at = self._step(at)
        if self.open:
            name, _, place = self.open[-1]
            raise _cannot(self.text, place, f'Can\'t find end tag corresponding to start tag "{name}"')
        return "".join(self.out), self.entities

    def _step(self, at: int) -> int:
        letter = self.text[at]
        if letter == "<":
            match = _TAG.match(self.text, at)
            if match is None:
                raise _cannot(self.text, at, 'Unsupported start tag "" at byte offset {at}')
            (self._close if match[1] else self._begin)(match, at)
            return match.end()
        if letter == "&" and (entity := _CHARACTER.match(self.text, at)):
            self._add(unescape(entity.group()))
            return entity.end()
        self._add(letter)
        return at + 1

    def _add(self, text: str) -> None:
        self.out.append(text)
        self.length += units(text)

    def _begin(self, match: re.Match[str], at: int) -> None:
        name = match[2].lower()
        attributes = {
            result[1].lower(): unescape(next((part for part in result.groups()[1:] if part is not None), ""))
            for result in _ATTRIBUTE.finditer(match[3])
        }
        if name not in _HTML_TAGS or (name == "span" and attributes.get("class") != "tg-spoiler"):
            raise _cannot(self.text, at, f'Unsupported start tag "{name}" at byte offset {{at}}')
        self.open.append((name, _html_entity(name, attributes, self.length), at))

    def _close(self, match: re.Match[str], at: int) -> None:
        name = match[2].lower()
        if not self.open:
            raise _cannot(self.text, at, "Unexpected end tag at byte offset {at}")
        expected, entity, _ = self.open.pop()
        if name != expected:
            raise _cannot(
                self.text, at,
                f'Unmatched end tag at byte offset {{at}}, expected "</{expected}>", found "</{name}>"',
            )  # fmt: skip
        entity["length"] = self.length - entity["offset"]
        if entity["length"] and (entity["type"] != "text_link" or entity.get("url")):
            self.entities.append(entity)


def _html_entity(name: str, attributes: dict[str, str], offset: int) -> Entity:
    entity: Entity = {"type": _HTML_TAGS[name], "offset": offset, "length": 0}
    if name == "a":
        entity["url"] = attributes.get("href", "")
    elif name == "blockquote" and "expandable" in attributes:
        entity["type"] = "expandable_blockquote"
    elif name == "code" and attributes.get("class", "").startswith("language-"):
        entity["language"] = attributes["class"].removeprefix("language-")
    elif name == "tg-emoji":
        entity["custom_emoji_id"] = attributes.get("emoji-id", "")
    elif name == "tg-time":
        entity["unix_time"] = int(attributes.get("unix", "0") or 0)
        entity["date_time_format"] = attributes.get("format", "")
    return entity


class _Markdown:
    def __init__(self, text: str, version: str) -> None:
        self.text = text
        self.version = version
        self.signs = _SIGNS[version]
        self.out: list[str] = []
        self.length = 0
        self.open: list[tuple[str, Entity, int]] = []
        self.entities: list[Entity] = []
        self.quote: Entity | None = None

    def read(self) -> tuple[str, list[Entity]]:
        at = 0
        while at < len(self.text):
            at = self._step(at)
        self._end_quote()
        if self.open:
            _, entity, place = self.open[-1]
            name = entity["type"].title().replace("_", "")
            raise _cannot(self.text, place, f"Can't find end of {name} entity at byte offset {{at}}")
        return "".join(self.out), self.entities

    def _step(self, at: int) -> int:
        text, letter = self.text, self.text[at]
        line_start = at == 0 or text[at - 1] == "\n"
        if line_start and self.version == "2":
            if letter == ">":
                self.quote = self.quote or {"type": "blockquote", "offset": self.length, "length": 0}
                return at + 1
            self._end_quote()
        if letter == "\\" and at + 1 < len(text) and self._escapable(text[at + 1]):
            self._add(text[at + 1])
            return at + 2
        if letter == "`":
            return self._code(at)
        if (step := self._link(at)) or (step := self._sign(at)):
            return step
        if self.version == "2" and letter in _RESERVED:
            raise _cannot(
                text, at, f"Character '{letter}' is reserved and must be escaped with the preceding '\\'"
            )
        self._add(letter)
        return at + 1

    def _escapable(self, letter: str) -> bool:
        return letter in "_*`[" if self.version == "1" else 0 < ord(letter) < 127

    def _add(self, text: str) -> None:
        self.out.append(text)
        self.length += units(text)

    def _end_quote(self) -> None:
        if self.quote is not None:
            self.quote["length"] = self.length - self.quote["offset"]
            self.entities.append(self.quote)
            self.quote = None

    def _code(self, at: int) -> int:
        sign = "```" if self.text.startswith("```", at) else "`"
        kind = "pre" if sign == "```" else "code"
        start = at + len(sign)
        end = self.text.find(sign, start)
        if end < 0:
            raise _cannot(self.text, at, f"Can't find end of {kind.title()} entity at byte offset {{at}}")
        inside = self.text[start:end]
        entity: Entity = {"type": kind, "offset": self.length, "length": 0}
        if kind == "pre" and (language := re.match(r"([A-Za-z0-9_+-]+)\n", inside)):
            entity["language"] = language[1]
            inside = inside[language.end() :]
        self._add(re.sub(r"\\([`\\])", r"\1", inside.removeprefix("\n") if kind == "pre" else inside))
        entity["length"] = self.length - entity["offset"]
        self.entities.append(entity)
        return end + len(sign)

    def _link(self, at: int) -> int:
        if self.text[at] == "[":
            self.open.append(("]", {"type": "text_link", "offset": self.length, "length": 0}, at))
            return at + 1
        if self.text[at] != "]" or not self.open or self.open[-1][0] != "]":
            return 0
        _, entity, _ = self.open.pop()
        match = re.compile(r"\(((?:\\.|[^\\)])*)\)").match(self.text, at + 1)
        if match:
            entity["url"] = re.sub(r"\\(.)", r"\1", match[1])
            self._finish(entity)
        return match.end() if match else at + 1

    def _sign(self, at: int) -> int:
        sign = next((sign for sign in self.signs if self.text.startswith(sign, at)), None)
        if sign is None:
            return 0
        if self.open and self.open[-1][0] == sign:
            self._finish(self.open.pop()[1])
        elif any(opened == sign for opened, _, _ in self.open):
            _, entity, place = self.open[-1]
            name = entity["type"].title().replace("_", "")
            raise _cannot(self.text, place, f"Can't find end of {name} entity at byte offset {{at}}")
        else:
            self.open.append((sign, {"type": self.signs[sign], "offset": self.length, "length": 0}, at))
        return at + len(sign)

    def _finish(self, entity: Entity) -> None:
        entity["length"] = self.length - entity["offset"]
        if entity["length"]:
            self.entities.append(entity)
