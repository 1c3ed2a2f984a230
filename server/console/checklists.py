"""检查表: a checklist with its versions, its draft edited point by point, published and retired by whose it is (Art. 7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from aiohttp import web

from models.procedure import checklist_draft
from models.queries import checklist_drafts, checklists, person
from models.queries.checklist_drafts import DraftOfChecklist
from models.rules.actor import Role
from models.rules.registry.cells import Remark
from models.rules.registry.checklist_points import NUMBER, OWNER, number_of
from models.rules.registry.entry import seen
from models.rules.registry.rows import served_items
from server import wrong_input
from server.access import KEEPERS, Routes
from server.app_keys import WAKE, by, now
from server.pages import back_to, field, render

routes = Routes()
HERE = "/console/registers/checklists"
DRAFT = f"{HERE}/drafts/{{id:[0-9]{{1,9}}}}"
POINT = f"{DRAFT}/points/{{number:[0-9]{{1,4}}}}"
LONGEST = 2000
ITEMS = "对应事项"
NAMES = {
    OWNER: "department", "检查要点": "text", "依据": "basis", "答案类型": "answer", "单位或补充填写": "fill_in",
    "出现条件": "condition", "请准备的材料": "prepare", "拍照要求": "photo", "抽样要求": "sample",
    "网络检查先行": "network", "网络核查来源": "network_source",
    "要点级别": "level", "允许不适用": "may_not_apply", ITEMS: "items",
}  # fmt: skip
"""The columns of a point as the page's words call them, in the order of the form."""
COLUMNS = {column: name for column, name in NAMES.items() if column != ITEMS}
CHOICES = {
    "答案类型": {kind: kind for kind in ("TRI", "NUM", "DATE", "TEXT", "ONE", "MANY")},
    "拍照要求": {rule: rule for rule in ("no", "on_fail", "always")},
    "抽样要求": {rule: rule for rule in ("allowed", "required", "no")},
    "网络检查先行": {extent: extent for extent in ("no", "partial", "full")},
    "要点级别": {"一般": "usual", "重点": "key"}, "允许不适用": {"是": "yes", "否": "no"},
}  # fmt: skip


@routes.get(f"{HERE}/new", audience=KEEPERS)
async def new(request: web.Request) -> web.Response:
    return await _new_page(request)


@routes.post(f"{HERE}/drafts", audience=KEEPERS)
async def begin(request: web.Request) -> web.Response:
    """From the published version to its draft, or a new checklist."""
    draft = await checklist_draft.begin(
        await field(request, "code", 64), await field(request, "title", 120), by=by(request), at=now(request)
    )
    return back_to(f"{HERE}/drafts/{draft.id}", done="kept")


@routes.post(f"{HERE}/drafts/file", audience=KEEPERS)
async def read_file(request: web.Request) -> web.Response:
    """A list or a form into the draft of its checklist; what is wrong is named by the file's rows."""
    file, code = (await request.post()).get("file"), await field(request, "code", 64)
    if not isinstance(file, web.FileField):
        raise wrong_input.no_file()
    outcome = await checklist_draft.read_file(file.file.read(), code, by=by(request), at=now(request))
    if outcome.draft is None:
        return await _new_page(request, outcome.bad)
    return back_to(f"{HERE}/drafts/{outcome.draft.id}", done="kept")


@routes.get(DRAFT, audience=KEEPERS)
async def show(request: web.Request) -> web.Response:
    return await _page(request, await _draft(request))


@routes.post(DRAFT, audience=KEEPERS)
async def end(request: web.Request) -> web.Response:
    """Publish the draft, give it up, or call it otherwise."""
    draft, act, who, at = await _draft(request), await field(request, "act", 12), by(request), now(request)
    if act == "publish":
        outcome = await checklist_draft.publish(draft.id, await field(request, "reason", 500), by=who, at=at)
        if not outcome.taken:
            return await _page(request, outcome.draft, outcome.bad)
        request.config_dict[WAKE]()
        return back_to(f"{HERE}/{quote(draft.code)}", done="checklist_published")
    if act == "drop":
        await checklist_draft.drop(draft.id, by=who, at=at)
        return back_to(HERE, done="kept")
    if act != "rename":
        raise wrong_input.choice("act", act)
    await checklist_draft.rename(draft.id, await field(request, "title", 120), by=who, at=at)
    return back_to(f"{HERE}/drafts/{draft.id}", done="kept")


@routes.get(f"{DRAFT}/points/new", audience=KEEPERS)
async def new_point(request: web.Request) -> web.Response:
    draft = await _draft(request)
    last = number_of(draft.points[-1]) if draft.points else 0
    asked = request.query.get("at", "")
    number = int(asked) if asked.isdecimal() and len(asked) < 5 else last + 1
    return await _form(
        request, draft, number, {"答案类型": "TRI", "允许不适用": "是", OWNER: by(request).department}, True
    )


@routes.get(POINT, audience=KEEPERS)
async def edit_point(request: web.Request) -> web.Response:
    draft, number = await _draft(request), int(request.match_info["number"])
    if (point := draft.point(number)) is None:
        raise web.HTTPNotFound
    return await _form(request, draft, number, point, False)


@routes.post(f"{DRAFT}/points", audience=KEEPERS)
async def put(request: web.Request) -> web.Response:
    """Keep a point, new or changed; what is wrong stands beside each field, and nothing typed is lost."""
    draft, form = await _draft(request), await request.post()
    number = wrong_input.number_of("number", await field(request, "number", 4))
    values = {column: (await field(request, column, LONGEST)) for column in COLUMNS if column in form}
    values[ITEMS] = ";".join(str(item) for item in form.getall(ITEMS, []))
    is_new = bool(await field(request, "new", 3))
    outcome = await checklist_draft.put(
        draft.id, number, values, new=is_new, seen_as=await field(request, "seen", 64), by=by(request), at=now(request)
    )  # fmt: skip
    if not outcome.taken:
        return await _form(request, draft, number, values, is_new, outcome.bad)
    return back_to(f"{HERE}/drafts/{draft.id}", done="kept")


@routes.post(f"{POINT}/remove", audience=KEEPERS)
async def remove(request: web.Request) -> web.Response:
    draft = await _draft(request)
    outcome = await checklist_draft.remove(
        draft.id, int(request.match_info["number"]), by=by(request), at=now(request)
    )
    if not outcome.taken:
        return await _page(request, outcome.draft, outcome.bad)
    return back_to(f"{HERE}/drafts/{draft.id}", done="kept")


@routes.get(f"{HERE}/{{code:.+}}", audience=KEEPERS)
async def kept(request: web.Request) -> web.Response:
    """A checklist as it is published: its points, its versions, what was done to it."""
    code = request.match_info["code"]
    stands = await checklist_drafts.kept(code)
    if stands is None:
        raise web.HTTPNotFound
    points = [{OWNER: question["department"]} for question in stands.questions]
    return render(
        request, "console/register_points.html", kept=stands, departments=await person.departments(),
        may_keep=await checklist_drafts.may_keep(code, by(request)),
        may_write=await checklist_drafts.may_write(code, points, by(request)),
    )  # fmt: skip


@routes.post(f"{HERE}/{{code:.+}}", audience=KEEPERS)
async def use(request: web.Request) -> web.Response:
    """Take the checklist out of use, or back into it."""
    code, act = request.match_info["code"], await field(request, "act", 12)
    if act not in ("retire", "restore"):
        raise wrong_input.choice("act", act)
    deed = checklist_draft.retire if act == "retire" else checklist_draft.restore
    await deed(code, await field(request, "reason", 500), by=by(request), at=now(request))
    return back_to(f"{HERE}/{quote(code)}", done="kept")


async def _new_page(request: web.Request, refused: Sequence[Remark] = ()) -> web.Response:
    return render(
        request, "console/checklist_new.html", open_drafts=await checklist_drafts.open_drafts(), refused=refused, names=NAMES
    )  # fmt: skip


async def _draft(request: web.Request) -> DraftOfChecklist:
    draft = await checklist_drafts.draft(int(request.match_info["id"]))
    if draft is None:
        raise web.HTTPNotFound
    return draft


def _named(draft: DraftOfChecklist) -> list[dict[str, str]]:
    """The points by the words' names, `of` the items that each belongs to."""
    return [
        {NAMES.get(column, column): CHOICES.get(column, {}).get(cell, cell) for column, cell in point.items()}
        | {"number": point[NUMBER], "of": point.get(ITEMS, "")}
        for point in draft.points
    ]  # fmt: skip


async def _page(
    request: web.Request, draft: DraftOfChecklist, bad: Sequence[Remark] = ()
) -> web.Response:  # fmt: skip
    who = by(request)
    return render(
        request, "console/checklist_draft.html", draft=draft, refused=bad, names=NAMES, points=_named(draft),
        departments=await person.departments(),
        may_keep=await checklist_drafts.may_keep(draft.code, who), own="" if who.role == Role.OFFICE else who.department,
    )  # fmt: skip


async def _form(
    request: web.Request, draft: DraftOfChecklist, number: int, values: Mapping[str, str], is_new: bool,
    bad: Sequence[Remark] = (),
) -> web.Response:  # fmt: skip
    point, who, items = draft.point(number), by(request), sorted(served_items(draft.code))
    return render(
        request, "console/checklist_point.html", draft=draft, number=number, values=values, bad=bad, is_new=is_new,
        columns=COLUMNS, names=NAMES, choices=CHOICES, departments=await person.departments(), item_column=ITEMS,
        items=list(zip(items, await checklists.names(items), strict=True)) if len(items) > 1 else (),
        chosen=values.get(ITEMS, "").split(";"), own="" if who.role == Role.OFFICE else who.department,
        seen=seen(list(point.values())) if point and not is_new else "",
    )  # fmt: skip
