"""Events in ClickHouse."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pyarrow as pa

from server.analytics.clickhouse.client import Clickhouse, Limits
from server.analytics.clickhouse.conditions import Bound, all_of, on_attribute
from server.analytics.model import Event, EventQuery, Facets

TABLE = "events"
SAME_ID_WITHIN = timedelta(days=1)
SPANS = 100
MOST_KINDS = 100
Place = tuple[datetime, UUID]


class EventTable:
    """The events of all organizations; every statement names one."""

    def __init__(self, client: Clickhouse) -> None:
        self._client = client

    async def insert(self, rows: pa.Table, batch: int) -> None:
        """Stores a batch's rows: id, kind, time, message, attributes, organization_id; the same batch again is none."""
        numbered = rows.append_column("batch", pa.array([batch] * len(rows), pa.uint64()))
        await self._client.insert(TABLE, numbered, f"events:{batch}")

    async def known(
        self, organization_id: UUID, ids: Sequence[UUID], first: datetime, last: datetime, batch: int
    ) -> set[UUID]:
        """Which of some ids other batches have brought at about these times."""
        bound = Bound()
        sql = (
            f"SELECT DISTINCT id FROM {TABLE} WHERE organization_id = {bound.add(str(organization_id), 'UUID')}"  # noqa: S608
            f" AND time >= {bound.add(moment(first - SAME_ID_WITHIN), TIME)}"
            f" AND time <= {bound.add(moment(last + SAME_ID_WITHIN), TIME)}"
            f" AND batch != {bound.add(batch, 'UInt64')}"
            f" AND id IN {bound.add([str(key) for key in ids], 'Array(UUID)')}"
        )
        return {UUID(key) for (key,) in await self._client.rows(sql, bound.values)}

    async def count(self, organization_id: UUID, batch: int) -> int:
        """How many rows of a batch are there."""
        return await count(self._client, TABLE, organization_id, batch)

    async def forget(self, organization_id: UUID, batch: int) -> None:
        """Removes what is there of a batch."""
        await forget(self._client, TABLE, organization_id, batch)

    async def drop(self, organization_id: UUID) -> None:
        """Removes all events of an organization."""
        await drop(self._client, TABLE, organization_id)

    async def forget_kinds(self, prefixes: Sequence[str]) -> None:
        """Removes all events whose kinds begin with some texts, of all organizations."""
        condition = "arrayExists(prefix -> startsWith(kind, prefix), {prefixes:Array(String)})"
        await self._client.execute(f"ALTER TABLE {TABLE} DELETE WHERE {condition}", {"prefixes": list(prefixes)})

    async def owners(self) -> set[UUID]:
        """Whose events there are."""
        return await owners(self._client, TABLE)

    async def page(self, organization_id: UUID, query: EventQuery, size: int, before: Place | None) -> list[Event]:
        """Events that are asked for, newest first, after a place in that order."""
        bound = Bound()
        where = self._where(organization_id, query, bound)
        if before:
            time, key = before
            where += f" AND (time, id) < ({bound.add(moment(time), TIME)}, {bound.add(str(key), 'UUID')})"
        sql = (
            f"SELECT id, kind, time, message, attributes FROM {TABLE} WHERE {where}"  # noqa: S608 - all is bound
            f" ORDER BY organization_id DESC, time DESC, id DESC LIMIT {bound.add(size, 'UInt32')}"
        )
        return [
            Event(UUID(key), kind, datetime.fromisoformat(time), message, attributes)
            for key, kind, time, message, attributes in await self._client.rows(sql, bound.values)
        ]

    async def facets(self, organization_id: UUID, query: EventQuery) -> Facets:
        """How many of the events that are asked for there are, by kind and by time."""
        bound = Bound()
        where = self._where(organization_id, query, bound)
        kinds = await self._client.rows(
            f"SELECT kind, count() FROM {TABLE} WHERE {where}"  # noqa: S608 - all is bound
            f" GROUP BY kind ORDER BY count() DESC, kind LIMIT {MOST_KINDS}",
            bound.values,
        )
        if not kinds:
            return Facets()
        first, last = (
            await self._client.rows(f"SELECT min(time), max(time) FROM {TABLE} WHERE {where}", bound.values)  # noqa: S608
        )[0]
        begin, end = query.start or datetime.fromisoformat(first), query.end or datetime.fromisoformat(last)
        seconds = nice_step((end - begin) / SPANS).total_seconds()
        step = bound.add(int(seconds), "UInt32")
        times = await self._client.rows(
            f"SELECT intDiv(toUnixTimestamp(time), {step}) * {step} AS at, count() FROM {TABLE} WHERE {where}"  # noqa: S608
            f" GROUP BY at ORDER BY at LIMIT {10 * SPANS}",
            bound.values,
        )
        return Facets(
            [(kind, number) for kind, number in kinds],
            [(datetime.fromtimestamp(at, UTC), number) for at, number in times],
        )

    def _where(self, organization_id: UUID, query: EventQuery, bound: Bound) -> str:
        found = [f"organization_id = {bound.add(str(organization_id), 'UUID')}"]
        if query.kinds:
            found.append(f"kind IN {bound.add(list(query.kinds), 'Array(String)')}")
        if query.start:
            found.append(f"time >= {bound.add(moment(query.start), TIME)}")
        if query.end:
            found.append(f"time < {bound.add(moment(query.end), TIME)}")
        if query.text:
            text = bound.add(query.text, "String")
            places = [f"positionCaseInsensitiveUTF8({column}, {text}) > 0" for column in ("message", "attributes")]
            found.append(f"({' OR '.join(places)})")
        return all_of([*found, *(on_attribute(condition, bound) for condition in query.filters)])


TIME = "DateTime64(6, 'UTC')"
FIRST, LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2299, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
NICE_SECONDS = (1, 5, 10, 15, 30, 60, 300, 900, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 604_800)


def moment(time: datetime) -> str:
    """A time as a parameter, as far as the store's types go: nothing that is stored lies beyond."""
    return min(max(time.astimezone(UTC), FIRST), LAST).strftime("%Y-%m-%d %H:%M:%S.%f")


def nice_step(least: timedelta) -> timedelta:
    """The next length of time, not less than one, that people like; above weeks, whole ones."""
    seconds = least.total_seconds()
    for nice in NICE_SECONDS:
        if nice >= seconds:
            return timedelta(seconds=nice)
    return timedelta(weeks=-(-seconds // NICE_SECONDS[-1]))


async def count(client: Clickhouse, table: str, organization_id: UUID, batch: int) -> int:
    """How many rows of a batch a table has."""
    rows = await client.rows(f"SELECT count() FROM {table} WHERE {OF_BATCH}", _of_batch(organization_id, batch))  # noqa: S608
    return int(rows[0][0])


async def forget(client: Clickhouse, table: str, organization_id: UUID, batch: int) -> None:
    """Removes the rows of a batch from a table."""
    await client.execute(f"ALTER TABLE {table} DELETE WHERE {OF_BATCH}", _of_batch(organization_id, batch))


async def drop(client: Clickhouse, table: str, organization_id: UUID) -> None:
    """Removes an organization's rows from a table."""
    sql = f"ALTER TABLE {table} DELETE WHERE organization_id = {{organization:UUID}}"
    await client.execute(sql, {"organization": str(organization_id)})


async def owners(client: Clickhouse, *tables: str) -> set[UUID]:
    """Whose rows some tables have."""
    limits = Limits(seconds=600)
    found = [
        await client.rows(f"SELECT DISTINCT organization_id FROM {table}", limits=limits)  # noqa: S608 - our own
        for table in tables
    ]
    return {UUID(key) for rows in found for (key,) in rows}


OF_BATCH = "organization_id = {organization:UUID} AND batch = {batch:UInt64}"


def _of_batch(organization_id: UUID, batch: int) -> dict[str, str | int]:
    return {"organization": str(organization_id), "batch": batch}
