"""Reading what a gateway says, in whatever form it says it: JSON by pointer, text by regular expression."""

from __future__ import annotations

import json
import re
from typing import Any

SEPARATOR = "="


def extract(text: str, where: str) -> str:
    """The value at `where`: `/data/0/id` in JSON, or the first group of a regular expression; "" if none."""
    if where.startswith("/"):
        try:
            return at(json.loads(text), where)
        except ValueError:
            return ""
    match = re.search(where, text)
    return "" if match is None else (match[1] if match.re.groups else match[0]) or ""


def at(value: Any, pointer: str) -> str:
    """The value of a JSON pointer (RFC 6901) as text; "" where there is none."""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list) and name.isascii() and name.isdigit() and int(name) < len(value):
            value = value[int(name)]
        elif isinstance(value, dict) and name in value:
            value = value[name]
        else:
            return ""
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def matches(text: str, condition: str) -> bool:
    """`/code=0`: the value there is this; otherwise a regular expression that must be found."""
    if condition.startswith("/"):
        where, _, wanted = condition.partition(SEPARATOR)
        return extract(text, where) == wanted
    return re.search(condition, text) is not None
