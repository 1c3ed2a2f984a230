"""Every table is sealed, or it is written down column by column why it need not be (Art. 16 (3), 20)."""

from models import store
from models.tables.hashed_rows import HOMES, UNHASHED_COLUMNS, UNHASHED_TABLES

WHAT_TO_DO = """
A table or column is in no list of models/tables/hashed_rows.py.
- Does anything public or legal depend on the table? Then give it a Home in HOMES: the chain whose events keep
  the hashes of its rows (a task's, an account's, the registry's ...). Nothing else: its columns are sealed by
  themselves, acts need not name the rows they write. Give it a name for people (evidence.table.NAME, both
  languages), and let tests/support/evidence.py write a row of it.
- Does nothing depend on it? Then name it in UNSEALED with its columns and the reason.
- A new column of a table that UNSEALED names already: add its name to that table's columns there, if the reason
  holds for it too; if it does not, the table belongs into HOMES.
"""


async def test_e5_every_table_is_sealed_or_says_why_not(db):
    tables = set(store.tables())
    assert sorted(t.__name__ for t in tables - set(HOMES) - set(UNHASHED_TABLES)) == [], WHAT_TO_DO
    assert set(HOMES) & set(UNHASHED_TABLES) == set()
    assert tables >= set(HOMES) | set(UNHASHED_TABLES), "a list names a table that is no more"


async def test_e5_every_column_that_is_not_sealed_is_named_with_its_reason(db):
    for table, (names, reason) in UNHASHED_TABLES.items():
        there = set(table._meta.fields_db_projection_reverse)
        assert there == set(names.split()), f"{table.__name__}: {there ^ set(names.split())}{WHAT_TO_DO}"
        assert len(reason) > 10
    for table, free in UNHASHED_COLUMNS.items():
        assert set(free) <= set(table._meta.fields_db_projection_reverse)
        assert table in HOMES
        assert all(len(reason) > 10 for reason in free.values())


async def test_e5_every_sealed_table_has_a_name_for_people():
    from locales import words

    for language in ("zh_Hans", "en"):
        said = words(language)
        assert [t._meta.db_table for t in HOMES if not said.has(f"evidence.table.{t._meta.db_table}")] == []
