"""The store's tables: one text for the embedded engine, a server and a cluster, and a ledger of its steps."""

from __future__ import annotations

import pytest

from server.analytics.clickhouse.client import Clickhouse
from server.analytics.clickhouse.schema import STEPS, Flavour, Schema


class Written(Clickhouse):
    """Keeps what it is told instead of sending it: there is no cluster here."""

    def __init__(self) -> None:
        super().__init__("http://nowhere/own")
        self.statements: list[str] = []

    async def rows(self, *_: object, **__: object) -> list[list[object]]:
        return []

    async def execute(self, sql: str, *_: object, **__: object) -> None:
        self.statements.append(sql)


async def test_each_table_of_a_cluster_is_on_all_its_servers_and_replicated() -> None:
    client = Written()
    assert await Schema(client, Flavour("our `own`")).upgrade() == len(STEPS)
    database, *made = [sql for sql in client.statements if sql.startswith("CREATE")]
    assert database == "CREATE DATABASE IF NOT EXISTS `own` ON CLUSTER `our \\`own\\``"
    assert len(made) == 1 + sum(map(len, STEPS))
    for sql in made:
        assert "ON CLUSTER `our \\`own\\``" in sql
        assert "ENGINE = Replicated" in sql
        assert "non_replicated" not in sql


async def test_what_was_carried_out_is_in_the_ledger_and_not_carried_out_again(clickhouse: Clickhouse) -> None:
    schema = Schema(clickhouse, Flavour())
    assert await schema.upgrade() == len(STEPS)
    assert await schema.upgrade() == 0
    assert await clickhouse.rows("SELECT count() FROM schema_steps") == [[len(STEPS)]]


async def test_a_step_that_stops_halfway_is_carried_out_whole_by_the_next_start(
    clickhouse: Clickhouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    execute = clickhouse.execute

    async def dying(sql: str, *rest: object, **more: object) -> None:
        if "metric_minutes" in sql:
            raise ConnectionError
        await execute(sql, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(clickhouse, "execute", dying)
    with pytest.raises(ConnectionError):
        await Schema(clickhouse, Flavour()).upgrade()
    monkeypatch.undo()
    assert await Schema(clickhouse, Flavour()).upgrade() == len(STEPS)
    tables = {name for (name,) in await clickhouse.rows("SHOW TABLES")}
    assert tables == {"events", "metric_points", "metric_minutes", "metric_hours", "schema_steps"}
