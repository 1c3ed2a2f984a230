"""The rows of 一单两库 as values: departments, items, checklists, targets, inspectors (Art. 4, 7, 9, 10).

Field names are the columns of `models.tables`, so a row becomes a record without a translation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

EVERYWHERE = ("*",)


class TargetKind(StrEnum):
    FOR_PROFIT = "for_profit"  # 营利性市场主体
    NON_PROFIT = "non_profit"  # 非营利性市场主体
    NON_MARKET = "non_market"  # 非市场主体: products, projects, conduct


class TargetStatus(StrEnum):
    OPERATING = "operating"  # 存续、在业、在建/在用
    CLOSED = "closed"  # 停业、歇业
    DEREGISTERED = "deregistered"  # 注销
    REVOKED = "revoked"  # 吊销
    ANNULLED = "annulled"  # 撤销
    MOVED = "moved"  # 迁出
    RETIRED = "retired"  # 移出名录: taken out of the register by its department, with a reason
    UNKNOWN = "status-unknown"  # the list does not say: kept out of the pool until one does


class InspectorStatus(StrEnum):
    IN_POST = "in_post"
    ON_LEAVE = "on_leave"
    LEFT = "left"


class Method(StrEnum):
    """检查方式 (Art. 16)."""

    ON_SITE = "ON_SITE"
    DOCUMENT = "DOCUMENT"
    NETWORK = "NETWORK"
    SAMPLE_TEST = "SAMPLE_TEST"
    ENTRUSTED = "ENTRUSTED"


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    code: str
    name: str
    unit: str
    note: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class ItemRow:
    """`methods`, `initiating`, `participating`: codes joined by `;`."""

    code: str
    field: str
    name: str
    targets: str
    target_kind: str
    key: bool
    methods: str
    initiating: str
    participating: str
    basis: str
    content: str
    rate: str
    frequency: str
    basis_checked: str
    verified: str


@dataclass(frozen=True, slots=True)
class ChecklistRow:
    """One question; `checklist` and `title` name the list it stands in.

    `condition`: under which it is asked, in its one form.
    `items`: those of the list's items that it belongs to. `prepare`: what the entity gets ready for it, in words
    for the entity, parted by ； where there are several.
    """

    checklist: str
    title: str
    number: int
    department: str
    text: str
    basis: str
    answer: str
    fill_in: str
    photo: str
    network: str
    network_source: str
    key: bool
    may_not_apply: bool
    prepare: str = ""
    items: tuple[str, ...] = ()
    condition: str = ""
    sample: str = "allowed"


@dataclass(frozen=True, slots=True)
class TargetRow:
    """Coordinates in millionths of a degree; `risk` is internal and never published."""

    code: str
    kind: TargetKind
    form: str
    name: str
    credit_code: str | None
    registration: str
    mark: str
    linked: str
    industry: str
    industry_name: str
    address: str
    street: str
    street_name: str
    longitude_e6: int | None
    latitude_e6: int | None
    datum: str
    representative: str
    contact: str
    phone: str
    email: str
    fax: str
    channels: tuple[str, ...]
    registrar: str
    status: TargetStatus
    founded: date | None
    licence: str
    licence_number: str
    licence_until: date | None
    risk: str
    risk_on: date | None
    key: bool
    departments: tuple[str, ...]
    items: tuple[str, ...]
    checked_this_year: int
    complaint: bool
    source: str
    updated_on: date | None


@dataclass(frozen=True, slots=True)
class InspectorRow:
    """`areas`: street codes or `EVERYWHERE`; `items`: item codes or `EVERYWHERE`; `hours`: 工作时间 in its
    one form (`rules.working_hours`)."""

    code: str
    name: str
    gender: str
    department: str
    section: str
    certificate: str | None
    certificate_kind: str
    certificate_until: date | None
    level: str
    areas: tuple[str, ...]
    expertise: str
    items: tuple[str, ...]
    rank: str
    may_lead: bool
    expert: bool
    status: InspectorStatus
    recused: tuple[str, ...]
    phone: str
    email: str
    updated_on: date | None
    leave_from: date | None = None
    leave_until: date | None = None
    hours: str = ""


def served_items(checklist: str) -> tuple[str, ...]:
    """The items a checklist serves: `XH-GA-02/03` serves `XH-GA-02` and `XH-GA-03`."""
    first, *others = checklist.split("/")
    stem = first[: first.rfind("-") + 1]
    return (first, *(other if "-" in other else stem + other for other in others))


def own_items(checklist: str, named: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """For each question of a checklist the items that it belongs to. `named`: what each question names.

    In a list of which no question names an item, each belongs to every item; elsewhere one that names none belongs
    to none: what is said of an item rests on its own questions (Art. 7).
    """
    everything = () if any(named) else served_items(checklist)
    return [tuple(items) or everything for items in named]
