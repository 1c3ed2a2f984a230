"""Who does an act: the `by=` of every procedure (Art. 5-7, 15, 16 (3): 谁检查、谁录入、谁负责)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from models.refusal import Refusal


class Role(StrEnum):
    """What a human is allowed to be here; one human may hold several roles."""

    OFFICE = "office"  # 联席会议办公室: coordinates, never inspects
    HEAD = "head"  # 部门负责人
    LIAISON = "liaison"  # 部门联络员: keeps the department's own rows of the registers
    INSPECTOR = "inspector"
    ENTITY = "entity"  # the inspected target's own person
    PUBLIC = "public"  # anyone who holds a notice's link
    SYSTEM = "system"  # the clock and the courier


@dataclass(frozen=True, slots=True)
class Actor:
    """A person in one role. `mark` is what the event log keeps: role and id, no personal data.

    `through`: the mark of whoever opened this session for the person; empty when the person did so with a
    chat, a password or a link of their own. It stands in the event log beside `mark`.
    """

    role: Role
    id: str  # certificate, target code, department code or account number
    name: str = ""
    department: str = ""
    account: int | None = None
    through: str = ""

    @property
    def mark(self) -> str:
        return f"{self.role}:{self.id}"

    @property
    def called(self) -> str:
        """The name; "" where a code of the house stands in its place."""
        return called(self.name, self.department)


def called(name: str, department: str) -> str:
    """A stored name, or "" for what is none: a department's code, the name of the role."""
    return "" if name in (department, *Role) else name


CLOCK = Actor(Role.SYSTEM, "clock")
COURIER = Actor(Role.SYSTEM, "courier")


def require(by: Actor, *roles: Role, article: str = "") -> None:
    """Refuse an act to everyone who does not hold one of `roles`."""
    if by.role not in roles:
        raise Refusal("actor.role", article=article, role=by.role, allowed=list(roles))
