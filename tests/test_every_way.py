"""Every act of every thing has its ways: found in the code, held against what is written down (Art. 12-18)."""

from __future__ import annotations

import ast

from models.rules.actor import Role
from models.states import FINAL, LATER, MOVES
from tests.support import code_survey
from tests.support.act_owners import ALONE, BUT, MANY, OTHERS, SURFACES, WHO
from tests.support.code_survey import CONSOLE


def test_every_act_of_the_code_is_in_the_table_and_no_other():
    """An act that nobody wrote down is found by its decorator."""
    known = set(WHO) | set(MANY)
    files = {name.partition(".")[0] for name in code_survey.acts()}
    assert not [
        name
        for name in code_survey.acts()
        if name not in known and not {name, name.partition(".")[0]} & set(OTHERS)
    ]
    assert not [name for name in known if name not in code_survey.acts()]
    assert not [name for name in OTHERS if name not in code_survey.acts() and name not in files]
    assert set(MANY.values()) <= set(WHO)


def test_the_table_says_whose_an_act_is_as_the_act_itself_does():
    for name, roles in WHO.items():
        asked = code_survey.required(name)
        assert not asked or asked - {Role.PUBLIC} == set(roles), (name, asked)


def test_what_a_role_may_do_it_can_do_on_each_of_its_surfaces_or_the_reason_is_written_down():
    ways, wrong = code_survey.ways(), []
    for name, roles in WHO.items():
        for role in roles:
            for surface in SURFACES[role]:
                there = surface in ways[name]
                if there and surface == CONSOLE and role != Role.ENTITY:
                    there = role in code_survey.audience(name)
                if there == (surface in BUT.get(name, {})):
                    wrong.append(
                        (name, str(role), surface, "a way and a reason against it" if there else "no way")
                    )
    assert wrong == [], "\n".join(map(str, wrong))


def test_every_act_has_a_second_way():
    ways = code_survey.ways()
    for name, roles in WHO.items():
        for role in roles:
            count = len([surface for surface in SURFACES[role] if surface in ways[name]])
            assert (count >= 2) != (name in ALONE), (name, role, count)


def test_every_state_is_led_to_by_an_act_or_said_to_be_built_later():
    """Read from the acts: `Task(state=...)`, `create(state=...)`, `move(..., X)`, `to(..., X)`, `move_to(..., X)`."""
    written = {
        one for module in code_survey.modules(code_survey.models.procedure) for one in _states_in(module)
    }
    for kind in MOVES:
        for state in kind:
            assert (f"{kind.__name__}.{state.name}" in written) != (state in LATER), state


def test_no_act_writes_a_state_past_the_moves():
    for module in code_survey.modules(code_survey.models.procedure):
        for node in ast.walk(code_survey.tree(module)):
            if isinstance(node, ast.Assign) and any(
                isinstance(one, ast.Attribute) and one.attr == "state" for one in node.targets
            ):
                said = ast.unparse(node.value)
                assert said.startswith("move(") or "InboxState" in said or "OutboxState" in said, (
                    module.__name__,
                    said,
                )


def test_a_state_without_a_move_on_is_final_with_its_reason():
    for kind, moves in MOVES.items():
        for state in kind:
            assert bool(moves.get(state)) != (state in FINAL.get(kind, {})), state


def _states_in(module):
    """The states that a module's calls name, by kind and name."""
    aliases = {
        "T": "TaskState",
        "N": "NoticeState",
        "B": "BatchState",
        "P": "PlanState",
        "R": "RectificationState",
    }
    for node in ast.walk(code_survey.tree(module)):
        if isinstance(node, ast.Call):
            named = ast.unparse(node.func).rpartition(".")[2]
            given = (
                [one.value for one in node.keywords if one.arg == "state"]
                if named == "create" or named.istitle()
                else []
            )
            given += list(node.args) if named in ("move", "to", "move_to", "_scheme") else []
            for one in given:
                for part in ast.walk(one):
                    if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
                        yield f"{aliases.get(part.value.id, part.value.id)}.{part.attr}"
