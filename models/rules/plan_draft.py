"""计划草案: a plan's entry as its liaison fills it in, before anybody signed it (Art. 12)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from json import dumps
from typing import Any

from models.refusal import Refusal
from models.rules.plan import ARTICLE, Entry, read_entry
from models.rules.registry.known import Known
from models.rules.signed_file import FileSection


@dataclass(frozen=True, slots=True)
class EntryForm:
    """What the liaison filled in: codes or names, as the register spells them. `rates`: `A=1`, one for each class."""

    code: str
    title: str
    items: Sequence[str]
    participating: Sequence[str]
    opens: date
    closes: date
    methods: Sequence[str]
    rates: Sequence[str]
    industries: Sequence[str] = ()
    areas: Sequence[str] = ()


def checked(form: EntryForm, year: int, department: str, known: Known) -> Entry:
    """The entry that the form means; refused as an entry of a signed file is, with the field and the value."""
    values = {
        "code": form.code, "title": form.title, "items": list(form.items),
        "targets": {"industries": list(form.industries), "areas": list(form.areas)},
        "participating": list(form.participating), "from": form.opens, "until": form.closes,
        "method": list(form.methods), "rates": dict(map(_rate, form.rates)),
    }  # fmt: skip
    return read_entry(FileSection(values, "", ARTICLE), year, department, known)


def _rate(written: str) -> tuple[str, Decimal]:
    stratum, _, share = written.partition("=")
    try:
        return stratum.strip(), Decimal(share.strip().removesuffix("%"))
    except ArithmeticError:
        raise Refusal("plan.rate", ARTICLE, key=f"rates.{stratum}", value=share) from None


def content_of(entry: Entry) -> dict[str, Any]:
    """The entry as a row keeps it: one form for one content."""
    return {
        "title": entry.title, "items": list(entry.items), "industries": list(entry.industries),
        "areas": list(entry.areas), "participating": list(entry.participating),
        "rates": {stratum: f"{rate.normalize():f}" for stratum, rate in entry.rates.items()},
        "opens": entry.opens.isoformat(), "closes": entry.closes.isoformat(), "methods": list(map(str, entry.methods)),
    }  # fmt: skip


def form_of(code: str, content: Mapping[str, Any]) -> EntryForm:
    """The form as it stands filled in for a kept entry."""
    return EntryForm(
        code, content["title"], content["items"], content["participating"], date.fromisoformat(content["opens"]),
        date.fromisoformat(content["closes"]), content["methods"],
        [f"{stratum}={rate}" for stratum, rate in content["rates"].items()], content["industries"], content["areas"],
    )  # fmt: skip


def file_of(year: int, department: str, handed_in: date, entries: Iterable[Entry]) -> bytes:
    """The plan as a signed file: what is published can be read, kept and adopted like any other."""
    lines = [f"year = {year}", f"department = {_text(department)}", f"submitted = {handed_in.isoformat()}"]
    planned = tuple(entries)
    if not planned:  # everything was withdrawn
        lines.append("entries = []")
    for entry in planned:
        rates = ", ".join(f"{stratum} = {rate.normalize():f}" for stratum, rate in entry.rates.items())
        lines += [
            "", "[[entries]]", f"code = {_text(entry.code)}", f"title = {_text(entry.title)}",
            f"items = {_texts(entry.items)}",
            f"targets = {{ industries = {_texts(entry.industries)}, areas = {_texts(entry.areas)} }}",
            f"participating = {_texts(entry.participating)}", f"from = {entry.opens.isoformat()}",
            f"until = {entry.closes.isoformat()}", f"method = {_texts(map(str, entry.methods))}", f"rates = {{ {rates} }}",
        ]  # fmt: skip
    return ("\n".join(lines) + "\n").encode()


def _text(value: str) -> str:
    return dumps(value, ensure_ascii=False)  # a basic string of TOML: visible characters on one line


def _texts(values: Iterable[str]) -> str:
    return "[" + ", ".join(map(_text, values)) + "]"
