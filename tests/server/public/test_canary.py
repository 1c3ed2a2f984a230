"""A name and a telephone in every cell that a person fills: no public page, feed or file shows either (Art. 8)."""

import io
import json
import zipfile
from urllib.parse import urldefrag, urljoin, urlsplit

import pypdf
from python_calamine import CalamineWorkbook
from tortoise import fields
from tortoise.models import Model

from models import tables
from models.states import BatchState
from models.tables import Account, Batch, Inspector, PlanDraft, Target
from tests.server.pages import site
from tests.support.district import VISIT, written
from tests.support.evidence import filled

NAME, PHONE = "甄金丝雀", "13712345678"
LINE = f"{NAME}{PHONE}"
NOT_PUBLIC = ("/console/", "/login", "/n/", "/r/", "/field/", "/static/", "/verify/")
STARTS = (
    "/",
    "/sitemap.xml",
    "/robots.txt",
    "/roots.json",
    "/results.json",
    "/results.csv",
    "/results.xlsx",
    "/results.atom",
)
ROOM = 24  # characters that a cell must have for a line that names somebody
CODES = frozenset({
    "sha", "sha256", "code", "number", "key", "hash", "token", "commitment", "state", "kind", "seed", "by",
    "object", "stamped", "thumbnail", "link", "chain", "mode", "language", "root", "proof", "credit",
    "registration", "previous", "value", "pledge", "source", "ceremony", "keys", "screenshot", "signature",
    "picture", "marked", "batch", "type", "crew", "signed", "aggregates", "origin", "format",
    "entry", "into",
})  # fmt: skip
"""Parts of the names of columns that hold what a program made: hashes, numbers, names of files and of states."""
FORMAL = {
    "item",
    "department",
    "plan_entry",
    "anchor",
    "plan_change.title",
    "question.condition",
    "draw_text",
}
"""Public word for word by a decision of its own: item list, departments, plans, the district's name (decision 0454). A
question's condition is written in codes that were checked when it came (decision 0424). The files of a draw are made by it."""


def typed_cells(table: type[Model]) -> list[str]:
    """The columns of a table that a person fills with words of their own."""
    return [
        name
        for name, column in table._meta.fields_map.items()
        if isinstance(column, fields.TextField)
        or (isinstance(column, fields.CharField) and column.max_length >= ROOM)
        if not column.pk and not column.unique and name not in table._meta.fk_fields
        if not name.endswith("_id") and not any(part in CODES for part in name.split("_"))
    ]


async def plant() -> set[str]:
    """Every such cell that is filled ends with the line; whom the registers know bears the name."""
    planted = set()
    async with written():
        for table in vars(tables).values():
            if isinstance(table, type) and issubclass(table, Model) and table._meta.db_table not in FORMAL:
                for column in typed_cells(table):
                    if f"{table._meta.db_table}.{column}" in FORMAL:
                        continue
                    if await table.filter(**{f"{column}__isnull": False}).update(**{column: LINE}):
                        planted.add(f"{table._meta.db_table}.{column}")
        draft = {"begun_by": LINE, "begun_at": VISIT, "published_at": VISIT, "reason": LINE}
        await PlanDraft.create(year=2026, department="GA", **draft)
        moved = ["2026-12-01", "2026-12-31", LINE, LINE, VISIT.isoformat()]
        await Batch.all().update(extensions=[moved])
        undrawn = await Batch.all().first()
        undrawn.code, undrawn.state, undrawn.void_reason = f"{undrawn.code}9", BatchState.VOIDED, LINE
        await Batch.create(**{name: getattr(undrawn, name) for name in undrawn._meta.db_fields})
        await Inspector.all().update(name=NAME, phone=PHONE)
        await Account.all().update(name=NAME)
        await Target.all().update(representative=NAME, contact=NAME, phone=PHONE, name="示例宾馆")
    return planted


def readable(body: bytes, kind: str) -> str:
    """What a person or a program reads in an answer."""
    if kind == "application/pdf":
        return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages)
    if kind == "application/json":
        return json.dumps(json.loads(body), ensure_ascii=False)
    if body[:2] == b"PK" and "sheet" in kind:
        return str(CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0).to_python())
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as pack:
            return "".join(pack.read(name).decode("utf-8", "replace") for name in pack.namelist())
    return body.decode("utf-8", "replace")


async def test_no_public_page_feed_or_file_shows_a_name_or_a_telephone(db):
    made = await filled()
    planted = await plant()
    assert {"publication.reason", "draw.void_reason", "item_list_version.words", "target.phone"} <= planted
    assert len(planted) > 60, sorted(planted)
    shown, seen, waiting = [], set(), [*STARTS]
    async with site() as world:
        stranger = await world.browser()
        while waiting:
            address = waiting.pop()
            if address in seen or address.startswith(NOT_PUBLIC):
                continue
            seen.add(address)
            page = await stranger.get(address)
            assert page.status < 500, address
            text = readable(page.body, page.response.content_type)
            shown += [
                (address, text[max(0, at - 60) : at + 20])
                for at in [text.find(NAME), text.find(PHONE)]
                if at >= 0
            ]
            for link in page.reader.links:
                target = urlsplit(urldefrag(urljoin(f"http://x{address}", link))[0])
                if target.netloc == "x":
                    waiting.append(target.path + (f"?{target.query}" if target.query else ""))
    assert any(made.whole in address for address in seen) and len(seen) > 15, sorted(seen)
    assert shown == [], "\n".join(map(str, shown))
