"""方案草案: a scheme as it is filled in at a desk, before the heads have signed it (Art. 13)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from json import dumps
from typing import Any

from models.rules.plan import Entry
from models.rules.registry.known import Known
from models.rules.scheme import ARTICLE, BatchPlan, Scheme, read_scheme
from models.rules.signed_file import FileSection, read_paper

UNSIGNED = "-"
"""What stands in a draft's file where nobody has signed yet."""


@dataclass(frozen=True, slots=True)
class BatchForm:
    """One batch as it was filled in. `strata`: class to quantity; `teams`: street, or `*`, to teams; `crew`:
    department to officers; `entropy`: sources of the seed."""

    code: str
    opens: date
    closes: date
    strata: Mapping[str, int]
    teams: Mapping[str, int]
    crew: Mapping[str, int]
    entropy: Sequence[str]
    ceremony: str = ""

    @property
    def outside(self) -> list[str]:
        """Sources that no witness gives: a beacon, a lottery."""
        return [source for source in self.entropy if not source.startswith("witness:")]


@dataclass(frozen=True, slots=True)
class SchemeForm:
    """`entry`: the number of the published plan's entry that the scheme carries out."""

    code: str
    entry: str
    batches: Sequence[BatchForm]


def checked(form: SchemeForm, entry: Entry, initiating: str, known: Known) -> Scheme:
    """The scheme that the form means; refused as a signed file is, with the field and the value."""
    crews = {known.department(name) or name for batch in form.batches for name in batch.crew}
    data = file_of(form.code, form.entry, form.batches, dict.fromkeys(sorted(crews), UNSIGNED))
    return read_scheme(data, entry, initiating, known)


def form_in(data: bytes) -> SchemeForm:
    """What a scheme's file says that nobody has signed yet; who stands under `adopted_by` signs here. `checked` does the
    rest."""
    paper = read_paper(data, ARTICLE)
    if paper.has("adopted_by"):
        paper.section("adopted_by")
    code, entry = paper.code("code"), paper.code("plan_entry")
    batches = [_batch_in(section) for section in paper.sections("batches")]
    paper.end()
    return SchemeForm(code, entry, batches)


def _batch_in(section: FileSection) -> BatchForm:
    form = BatchForm(
        section.code("code"), section.day("from"), section.day("until"), section.counts("strata", 0),
        section.counts("teams", 0), section.counts("crew", 0), section.texts("entropy"),
        section.text("ceremony", 200, default=""),
    )  # fmt: skip
    section.end()
    return form


def content_of(batches: Iterable[BatchPlan]) -> list[dict[str, Any]]:
    """The batches as a row keeps them: one form for one content."""
    return [
        {
            "code": batch.code, "opens": batch.opens.isoformat(), "closes": batch.closes.isoformat(),
            "strata": dict(batch.strata), "teams": dict(batch.teams), "crew": dict(batch.crew),
            "entropy": list(batch.entropy), "ceremony": batch.ceremony,
        }
        for batch in batches
    ]  # fmt: skip


def batch_plan(form: BatchForm) -> BatchPlan:
    """A batch that was kept, as the rules know it."""
    return BatchPlan(
        form.code,
        form.strata,
        form.teams,
        form.crew,
        form.opens,
        form.closes,
        tuple(form.entropy),
        form.ceremony,
    )


def form_of(code: str, entry: str, content: Iterable[Mapping[str, Any]]) -> SchemeForm:
    """The form as it stands filled in for what was kept."""
    return SchemeForm(
        code, entry,
        [
            BatchForm(
                batch["code"], date.fromisoformat(batch["opens"]), date.fromisoformat(batch["closes"]),
                batch["strata"], batch["teams"], batch["crew"], batch["entropy"], batch["ceremony"],
            )
            for batch in content
        ],
    )  # fmt: skip


def file_of(
    code: str, entry: str, batches: Iterable[BatchForm | BatchPlan], signed: Mapping[str, str]
) -> bytes:
    """The scheme as a signed file: what takes effect can be read, kept and adopted like any other."""
    lines = [f"plan_entry = {_text(entry)}", f"code = {_text(code)}", f"adopted_by = {_table(signed, _text)}"]
    for batch in batches:
        lines += [
            "", "[[batches]]", f"code = {_text(batch.code)}", f"strata = {_table(batch.strata, str)}",
            f"teams = {_table(batch.teams, str)}", f"crew = {_table(batch.crew, str)}",
            f"from = {batch.opens.isoformat()}", f"until = {batch.closes.isoformat()}",
            f"entropy = [{', '.join(map(_text, batch.entropy))}]",
        ]  # fmt: skip
        lines += [f"ceremony = {_text(batch.ceremony)}"] if batch.ceremony else []
    return ("\n".join(lines) + "\n").encode()


def _text(value: str) -> str:
    return dumps(value, ensure_ascii=False)


def _table(values: Mapping[str, Any], shown: Any) -> str:
    return "{ " + ", ".join(f"{_text(name)} = {shown(value)}" for name, value in values.items()) + " }"
