"""What a field of the scheme's form is called on the screen, for a refusal that names it as the file does (Art. 13)."""

from __future__ import annotations

import re
from collections.abc import Callable

from locales import Words
from models.queries.scheme_drafts import SchemeChoices
from models.refusal import Refusal

_IN_BATCH = re.compile(r"batches\[(\d+)\]\.(\w+)(?:\.(.+))?")
_WORDS = {
    "code": "scheme.batch.code", "from": "web.draft.opens", "until": "web.draft.closes", "strata": "web.batch.strata",
    "teams": "scheme.teams", "crew": "scheme.crews", "entropy": "scheme.witnesses", "ceremony": "scheme.ceremony",
}  # fmt: skip
_OUTSIDE = {"code": "scheme.code", "batches": "scheme.batch.code"}


def labelled(no: Refusal, choices: SchemeChoices, words: Words) -> Refusal:
    """The same refusal with the label in place of the file's key: 批次 1 · 每组派员人数 · 公安."""
    key = no.params.get("key")
    return Refusal(no.code, no.article, **{**no.params, "key": label(key, choices, words)}) if key else no


def label(key: str, choices: SchemeChoices, words: Words) -> str:
    """A key that stands nowhere on the screen stays what it is."""
    if not (match := _IN_BATCH.fullmatch(key)):
        return words(_OUTSIDE[key]) if key in _OUTSIDE else key
    number, name, of = match.groups()
    if name not in _WORDS:
        return key
    parts = [words("scheme.batch", number=number), words(_WORDS[name])]
    return " · ".join([*parts, _called(name, of, choices, words)] if of else parts)


def _called(name: str, of: str, choices: SchemeChoices, words: Words) -> str:
    areas = {area: called or words("web.area.whole") for area, called in choices.areas}
    called: dict[str, Callable[[str], str]] = {
        "strata": lambda key: words("web.stratum", name=key),
        "teams": lambda key: areas.get(key, key),
        "crew": lambda key: dict(choices.departments).get(key, key),
    }
    return called[name](of) if name in called else of
