import asyncio

from models import store


async def test_an_act_is_kept(any_db):
    async def deed():
        await store.connection().execute_query("CREATE TABLE t (n INTEGER)")
        await store.connection().execute_query("INSERT INTO t VALUES (1)")

    await store.act(deed)
    _, rows = await store.connection().execute_query("SELECT n FROM t")
    assert [row["n"] for row in rows] == [1]
