"""Whose word is asked for where leaders and heads must agree (合并上门, 改派), and what each has said (Art. 15)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from models.queries.person import departments
from models.rules import text
from models.rules.actor import Actor, Role
from models.tables import Inspector


@dataclass(frozen=True, slots=True)
class AnsweringParty:
    """A leader or a head who is asked; `agreed` None: has not answered."""

    key: str
    name: str
    agreed: bool | None
    reason: str


def key_of(by: Actor) -> str:
    """Under which name a person answers: a leader by code, a head by department."""
    return f"{by.role}:{by.department if by.role == Role.HEAD else by.id}"


def awaits(parties: Iterable[AnsweringParty], by: Actor) -> bool:
    """True while this person's word is missing."""
    return any(party.key == key_of(by) and party.agreed is None for party in parties)


async def parties_of(asked: Iterable[str], answers: Mapping[str, Any]) -> tuple[AnsweringParty, ...]:
    """By name everybody who is asked (`asked`: their keys), with what they answered."""
    names = await departments()
    parties = []
    for key in asked:
        role, _, code = key.partition(":")
        officer = await Inspector.get(code=code) if role == Role.INSPECTOR else None
        answer = answers.get(key, {})
        name = text.name(officer.name) if officer else names.get(code, code)
        parties.append(AnsweringParty(key, name, answer.get("agreed"), answer.get("reason", "")))
    return tuple(parties)
