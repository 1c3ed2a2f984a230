"""What differs in the evidence, in words (Art. 16 (3), 20)."""

from __future__ import annotations

from locales import Words
from models.queries.objects import Difference


def worded(difference: Difference, words: Words) -> str:
    """Which thing differs, where it stands, and how."""
    table, _, number = difference.subject.rpartition(":")
    named = words.has(f"evidence.table.{table}")
    subject = words(f"evidence.table.{table}", number=number) if named else difference.subject
    place = difference.chain + (f" #{difference.seq}" if difference.seq else "")
    text = words(
        f"evidence.{difference.kind}", subject=subject, place=place, seen=difference.seen, seq=difference.seq
    )
    return f"{text} [{difference.subject}]" if named else text
