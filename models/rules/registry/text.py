"""Which encoding a file of text is in: the one under which its first rows are headings that we know (Art. 10).

A list that was opened in the wrong encoding and saved has lost characters for good; it is named as such.
"""

from __future__ import annotations

from collections.abc import Callable

from models.refusal import Refusal

ARTICLE = "10"
_MARKS = {
    b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe\0\0": "utf-32", b"\0\0\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16",
}  # fmt: skip
_CODECS = ("utf-8", "gb18030")
_WIDE = ("utf-16-le", "utf-16-be")
_WRONG = ("gb18030", "latin-1", "cp1252")
_SAMPLE = 8_192


def decode(data: bytes, known: Callable[[str], int]) -> tuple[str, str]:
    """Codec and text. `known(text)`: how many known headings its first rows hold."""
    marked = next((codec for mark, codec in _MARKS.items() if data.startswith(mark)), None)
    read, furthest = {}, 0
    for codec in [marked] if marked else [*_wide(data), *_CODECS]:
        try:
            read[codec] = data.decode(codec)
        except UnicodeDecodeError as error:
            furthest = max(furthest, error.start)
    scores = {codec: known(text) for codec, text in read.items()}
    best = max(scores, key=scores.__getitem__, default=None)
    if best is None or not scores[best]:
        _refuse_damaged(data, read, known)
    if best is None or (not scores[best] and known(data.decode("utf-8", "replace")) > 1):
        raise Refusal("registry.encoding", ARTICLE, row=data[:furthest].count(b"\n") + 1)
    return best, read[best]


def first_line_number(text: str, sign: str) -> int:
    return text[: text.index(sign)].count("\n") + 1


def _wide(data: bytes) -> tuple[str, ...]:
    """UTF-16 without its mark shows by its zero bytes, which no other text has."""
    head = data[:_SAMPLE]
    return _WIDE if len(data) % 2 == 0 and (head[1::2].count(0) > 8) != (head[::2].count(0) > 8) else ()


def _refuse_damaged(data: bytes, read: dict[str, str], known: Callable[[str], int]) -> None:
    """UTF-8 that was taken for GBK (or the other way round) and saved: characters are gone, say so."""
    broken = data.decode("utf-8", "replace")
    if "utf-8" not in read and "�?" in broken and known(broken) > 1:
        raise Refusal("registry.damaged", ARTICLE, found=broken.splitlines()[0][:60])
    if "utf-8" not in read and known(broken) > 1:
        return
    for text in read.values():
        for codec in _WRONG:
            try:
                meant = text[:_SAMPLE].encode(codec, "ignore").decode("utf-8", "ignore")
            except UnicodeError:
                continue
            if known(meant) > 1:
                raise Refusal("registry.damaged", ARTICLE, found=text.splitlines()[0][:60])
