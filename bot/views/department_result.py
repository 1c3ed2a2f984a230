"""各部门结果: which department entered what, and who is still awaited (Art. 16 (3))."""

from __future__ import annotations

from collections.abc import Sequence

from bot.buttons import Act
from bot.views import Button, bold, button, literal
from locales import Words
from models.queries.card import TaskCard
from models.queries.department_result import DepartmentPart
from models.rules.department_result import MEASURES
from models.states import BEFORE_PUBLICATION


def standing(card: TaskCard, words: Words) -> list[str]:
    """A line for each department of a joint task; one department alone needs none."""
    if card.state not in BEFORE_PUBLICATION or len(card.departments) < 2:
        return []
    return [line(department, words) for department in card.departments]


def line(department: DepartmentPart, words: Words) -> str:
    """A department with its result, or that it has none yet."""
    name = literal(department.name, 40)
    if department.silent:
        return bold(words.html("department_part.silent", name=department.name))
    if department.returned:
        return words("department_part.returned", name=name, reason=literal(department.returned, 120))
    if not department.entered:
        return words("department_part.awaited", name=name)
    types = words.joined(words(f"result.{code}") for code in department.types)
    key = "department_part.late" if department.late else "department_part.entered"
    return words(key, name=name, types=types)


def offers(card: TaskCard, words: Words) -> list[list[Button] | None]:
    """The own department's entry, and for the leader the whole once nobody is awaited."""
    own = card.own_result
    anew = bool(own and own.entered)
    left_out = sum(department.silent for department in card.departments)
    label = words("button.confirm_without", n=left_out) if left_out else words("button.confirm_result")
    enter = button(
        words("button.result_anew" if anew else "button.result"),
        Act.RESULT,
        card.id,
        style="" if anew else "primary",
    )
    return [
        [button(label, Act.CONFIRM_RESULT, card.id, style="success")] if card.may_confirm else None,
        [enter] if card.may_enter else None,
    ]


def measures(card: TaskCard, chosen: Sequence[str], words: Words) -> list[list[Button]]:
    """后续处置措施: a tap chooses, another takes back."""
    return [
        [button(words("entry.yes" if code in chosen else "entry.no", type=words(f"measure.{code}")), Act.MEASURE, card.id, code)]
        for code in MEASURES
    ]  # fmt: skip
