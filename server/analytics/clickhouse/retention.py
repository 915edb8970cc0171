"""What becomes too old is removed: by a TTL on the store's own tables, and on landed ones that are to have one.

The expression is exact where ClickHouse's own arithmetic would begin again at 1970: a time that lies beyond 2106, or
none, is never too old; 0 would be taken for no end, so that the earliest one is 1.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog

from server.analytics.clickhouse.client import Clickhouse, quote
from server.analytics.clickhouse.databases import database_of, owner_of
from server.analytics.clickhouse.schema import Flavour
from server.config.model import TableRetention

log = structlog.get_logger("analytics")

EVENTS = {"events": 1}
POINTS = {"metric_points": 1, "metric_minutes": 10, "metric_hours": 10}
HIDDEN = "_thedata"
LAST = 4294967295  # the last second that a DateTime can hold

_MADE = re.compile(
    r" TTL toDateTime\(toUInt32\(least\(greatest\(ifNull\(intDiv\(toUnixTimestamp64Milli\(toDateTime64\("
    r"(?:`(?P<quoted>(?:[^`\\]|\\.)*)`|(?P<plain>\w+)), 3, 'UTC'\)\), 1000\), \d+\) \+ (?P<seconds>\d+), 1\)"
)


@dataclass(frozen=True)
class Ttl:
    """Rows go when the time in a column is so many seconds ago."""

    column: str
    seconds: int

    @property
    def expression(self) -> str:
        """As ClickHouse has it, for a column of any type of date or time, Nullable too."""
        time = f"intDiv(toUnixTimestamp64Milli(toDateTime64({quote(self.column)}, 3, 'UTC')), 1000)"
        return f"toDateTime(toUInt32(least(greatest(ifNull({time}, {LAST}) + {self.seconds}, 1), {LAST})), 'UTC')"

    @classmethod
    def found(cls, engine: str) -> Ttl | None:
        """The TTL that a table was made with here."""
        made = _MADE.search(engine)
        if made is None:
            return None
        column = re.sub(r"\\(.)", r"\1", made["quoted"]) if made["quoted"] is not None else made["plain"]
        return cls(column, int(made["seconds"]))


class Retention:
    """The TTLs of a store's tables; rows are removed in the background, also those that are there already."""

    def __init__(self, client: Clickhouse, flavour: Flavour) -> None:
        self._client = client
        self._flavour = flavour

    async def keep(self, events: timedelta | None, points: timedelta | None) -> None:
        """Has events and points removed when they are older, roll-ups when they are ten times as old; None: never."""
        wanted = {
            table: Ttl("time", int(length.total_seconds()) * times) if length else None
            for length, tables in ((events, EVENTS), (points, POINTS))
            for table, times in tables.items()
        }
        rows = await self._client.rows(
            "SELECT name, engine_full FROM system.tables WHERE database = currentDatabase()"
            " AND name IN {names:Array(String)}",
            {"names": list(wanted)},
        )
        for table, engine in rows:
            await self._set(quote(table), engine, wanted[table], self._flavour.on_cluster)

    async def keep_landed(self, tables: Sequence[TableRetention]) -> None:
        """Has rows of landed tables removed, and of no others; a table that is not there yet waits for it."""
        wanted = {
            (database_of(table.organization_id), table.table_name): Ttl(table.time_column, table.seconds)
            for table in tables
        }
        rows = await self._client.rows(
            "SELECT database, name, engine_full FROM system.tables WHERE database IN"
            " (SELECT name FROM system.databases WHERE comment = {owner:String})"
            " AND endsWith(engine, 'MergeTree') AND NOT startsWith(name, {hidden:String})"
            " AND (position(engine_full, ' TTL ') > 0 OR (database, name) IN"
            " (SELECT arrayJoin(arrayZip({databases:Array(String)}, {names:Array(String)})) AS pair))",
            {
                "owner": owner_of(f"//store/{self._client.database}"),
                "hidden": HIDDEN,
                "databases": [database for database, _ in wanted],
                "names": [name for _, name in wanted],
            },
        )
        for database, name, engine in rows:
            await self._set_landed(database, name, engine, wanted.get((database, name)))

    async def _set_landed(self, database: str, name: str, engine: str, wanted: Ttl | None) -> None:
        from clickhouse_connect.driver.exceptions import DatabaseError

        try:
            await self._set(quote(database, name), engine, wanted, "")
        except DatabaseError as error:
            # It has gone, or was made anew with other columns: the others are to lose their rows all the same.
            organization = UUID(database.removeprefix("t_"))
            log.warning("retention_not_set", organization=str(organization), table=name, code=error.code)

    async def _set(self, table: str, engine: str, wanted: Ttl | None, where: str) -> None:
        there = Ttl.found(engine)
        if wanted == there and (wanted or " TTL " not in engine):
            return
        change = f"MODIFY TTL {wanted.expression}" if wanted else "REMOVE TTL"
        await self._client.execute(f"ALTER TABLE {table} {where} {change}", settings={"mutations_sync": "0"})
        log.info("retention_set", table=table, seconds=wanted.seconds if wanted else None)
