"""What a draw must hold before it may be fixed (Art. 14): contradictions are refused, with numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from models.refusal import Refusal
from models.rules.draw import crew
from models.rules.draw.files import ARTICLE, normal, plain, refuse_duplicates
from models.rules.draw.rows import (
    HASH,
    SPEC,
    DrawRules,
    ExclusionRow,
    Hold,
    Mode,
    PoolRow,
    RecusalRow,
    RosterRow,
)

ID = re.compile(r"[A-Za-z0-9_-]{21}[AQgw]")
SOURCE = re.compile(r"witness:[^ ].*|(?:beacon|lottery):[^ ].* [^ ]+")


def check(
    rules: DrawRules,
    pool: Sequence[PoolRow],
    roster: Sequence[RosterRow],
    recusals: Sequence[RecusalRow],
    exclusions: Sequence[ExclusionRow],
) -> None:
    """Refuses a draw that contradicts itself or cannot be carried out."""
    check_rules(rules)
    _check_pool(rules, pool)
    _check_roster(rules, roster)
    _check_recusals(pool, roster, recusals)
    _check_exclusions(pool, roster, exclusions)
    for department in sorted(rules.crew):
        crew.check(rules, department, roster)


def check_rules(rules: DrawRules) -> None:
    plain(rules.draw, "draw")
    for field, least in (("areas", 1), ("crew", 1), ("strata", 0)):
        counts: Mapping[str, int] = getattr(rules, field)
        if not isinstance(counts, Mapping) or not counts:
            raise Refusal("draw.rules_malformed", ARTICLE, field=field)
        for name, count in counts.items():
            plain(name, field)
            if type(count) is not int or count < least:
                raise Refusal(
                    "draw.count_too_small", ARTICLE, field=field, name=name, count=count, least=least
                )
    if rules.initiating not in rules.crew:
        raise Refusal("draw.initiating_not_in_crew", "15", department=rules.initiating)
    if rules.mode is Mode.PLATFORM:  # nothing of it was drawn here
        raise Refusal("draw.rules_malformed", ARTICLE, field="mode")
    if rules.spec != SPEC:
        raise Refusal("draw.rules_malformed", ARTICLE, field="spec")
    if type(rules.number) is not int or rules.number < 1:
        raise Refusal("draw.number_malformed", ARTICLE, number=rules.number)
    if not re.fullmatch("" if rules.number == 1 else HASH, rules.previous):
        raise Refusal("draw.previous_malformed", ARTICLE, number=rules.number, previous=rules.previous)
    _check_sources(rules)


def _check_sources(rules: DrawRules) -> None:
    if not rules.entropy:
        raise Refusal("draw.no_entropy", "14(1)")
    refuse_duplicates(rules.entropy, "draw.source_twice", "source")
    for source in rules.entropy:
        if not SOURCE.fullmatch(plain(source, "entropy")):
            raise Refusal("draw.source_malformed", "14(1)", source=source)
    for department in rules.witnesses:
        if department not in rules.crew:
            raise Refusal("draw.department_unknown", "14(1)", department=department, file="rules.json")
    if rules.mode is Mode.OFFICIAL and len(rules.witnesses) < 2:
        raise Refusal("draw.too_few_witnesses", "14(1)", witnesses=len(rules.witnesses), least=2)


def _check_pool(rules: DrawRules, pool: Sequence[PoolRow]) -> None:
    ids = [row.id for row in pool]
    refuse_duplicates(ids, "draw.id_twice", "id")
    if not all(map(ID.fullmatch, ids)):
        raise Refusal("draw.id_malformed", ARTICLE, id=next(id for id in ids if not ID.fullmatch(id)))
    sizes = Counter([row.stratum for row in pool])
    if strange := sizes.keys() - rules.strata:
        lost = next(row for row in pool if row.stratum in strange)
        raise Refusal("draw.stratum_unknown", "14(1)", stratum=lost.stratum, id=lost.id)
    if without := {row.area for row in pool} - rules.areas.keys():
        lost = next(row for row in pool if row.area in without)
        raise Refusal("draw.area_without_team", "14(2)", area=lost.area, id=lost.id)
    for stratum, count in sorted(rules.strata.items()):
        if count > sizes[stratum]:
            size = sizes[stratum]
            raise Refusal("draw.stratum_too_small", "14(1)", stratum=stratum, count=count, size=size)


def _check_roster(rules: DrawRules, roster: Sequence[RosterRow]) -> None:
    refuse_duplicates((row.certificate for row in roster), "draw.certificate_twice", "certificate")
    for row in roster:
        if plain(row.certificate, "certificate") != normal(row.certificate):
            raise Refusal("draw.certificate_not_normal", ARTICLE, certificate=row.certificate)
        if row.department not in rules.crew:
            raise Refusal(
                "draw.department_unknown", "14(2)", department=row.department, certificate=row.certificate
            )
        if not row.areas or list(row.areas) != sorted(set(row.areas)):
            raise Refusal("draw.areas_malformed", "14(2)", certificate=row.certificate)
        if unknown := [area for area in row.areas if area not in rules.areas]:
            raise Refusal("draw.area_unknown", "14(2)", area=unknown[0], certificate=row.certificate)


def _check_recusals(
    pool: Sequence[PoolRow], roster: Sequence[RosterRow], recusals: Sequence[RecusalRow]
) -> None:
    ids, certificates = {row.id for row in pool} if recusals else set(), {row.certificate for row in roster}
    refuse_duplicates(((row.id, row.certificate) for row in recusals), "draw.recusal_twice", "pair")
    for row in recusals:
        if row.id not in ids:
            raise Refusal("draw.id_unknown", "14(2)", id=row.id, file="recusals.tsv")
        if row.certificate not in certificates:
            raise Refusal(
                "draw.certificate_unknown", "14(2)", certificate=row.certificate, file="recusals.tsv"
            )


def _check_exclusions(
    pool: Sequence[PoolRow], roster: Sequence[RosterRow], exclusions: Sequence[ExclusionRow]
) -> None:
    drawable = {row.certificate for row in roster} | ({row.id for row in pool} if exclusions else set())
    refuse_duplicates(exclusions, "draw.exclusion_twice", "row")
    for row in exclusions:
        plain(row.subject, "subject")
        plain(row.ground, "ground")
        if row.subject in drawable:
            raise Refusal("draw.excluded_yet_drawable", "3", subject=row.subject, ground=row.ground)


def check_holds(holds: Sequence[Hold], ids: set[str]) -> None:
    refuse_duplicates((hold.id for hold in holds), "draw.hold_twice", "id")
    for hold in holds:
        plain(hold.ground, "ground")
        if hold.id not in ids:
            raise Refusal("draw.id_unknown", "3", id=hold.id, file="holds.tsv")
        if not HASH.fullmatch(hold.document) or len(hold.salt) != 16:
            raise Refusal("draw.hold_malformed", "3", id=hold.id)


def check_sealed(sealed: Sequence[str]) -> None:
    refuse_duplicates(sealed, "draw.hold_twice", "id")
    for number, row in enumerate(sealed, 1):
        if not HASH.fullmatch(row):
            raise Refusal("draw.file_row_malformed", ARTICLE, file="holds.tsv", row=number)
    if len(sealed) % 10:
        raise Refusal("draw.holds_not_padded", "3", rows=len(sealed))
