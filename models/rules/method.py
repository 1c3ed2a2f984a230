"""检查方式: how an answer was come by: on site, from papers, by a sample's test, by an agency (Art. 16).

The network check keeps a ledger of its own and is none of these.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from models.rules.registry.rows import Method


class CheckMethod(StrEnum):
    """The value is what an answer keeps."""

    ON_SITE = ""
    DOCUMENT = "document"
    SAMPLE = "sample"
    ENTRUSTED = "entrusted"


PLANNED = {
    Method.DOCUMENT: CheckMethod.DOCUMENT,
    Method.SAMPLE_TEST: CheckMethod.SAMPLE,
    Method.ENTRUSTED: CheckMethod.ENTRUSTED,
}


def offered(planned: Iterable[str], *, agency: bool = False) -> tuple[CheckMethod, ...]:
    """The ways to choose from besides looking on site: those of the plan, and an agency that was entrusted."""
    methods = [how for method, how in PLANNED.items() if str(method) in set(planned)]
    return (
        tuple(methods)
        if not agency or CheckMethod.ENTRUSTED in methods
        else (*methods, CheckMethod.ENTRUSTED)
    )
