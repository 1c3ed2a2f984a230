"""What differs in the evidence, in words (Art. 16 (3), 20)."""

from __future__ import annotations

from locales import Words
from models.queries.objects import Difference


def worded(one: Difference, words: Words) -> str:
    """Which thing differs, where it stands, and how."""
    table, _, number = one.subject.rpartition(":")
    named = words.has(f"evidence.table.{table}")
    subject = words(f"evidence.table.{table}", number=number) if named else one.subject
    place = one.chain + (f" #{one.seq}" if one.seq else "")
    said = words(f"evidence.{one.kind}", subject=subject, place=place, seen=one.seen, seq=one.seq)
    return f"{said} [{one.subject}]" if named else said
