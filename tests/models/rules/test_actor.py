"""Who acts is called by a name, never by a code of the house (Art. 5-7)."""

from __future__ import annotations

import pytest

from models.rules.actor import Actor, Role


@pytest.mark.parametrize(
    ("actor", "called"),
    [
        (Actor(Role.HEAD, "GA", "GA", "GA"), ""),
        (Actor(Role.OFFICE, "1", "office"), ""),
        (Actor(Role.HEAD, "GA", "示例负责人", "GA"), "示例负责人"),
        (Actor(Role.OFFICE, "1", "示例经办人"), "示例经办人"),
    ],
)
def test_c16_a_code_in_the_place_of_a_name_is_none(actor: Actor, called: str) -> None:
    assert actor.called == called
