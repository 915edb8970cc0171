"""The store's tables, and the ledger of the steps that made them.

One text serves the embedded engine, a server and a replicated cluster: only the prefix of the engines, `ON CLUSTER` and
the name of the setting that remembers insert tokens differ.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from server.analytics.clickhouse.client import Clickhouse, quote

LEDGER = "schema_steps"
REMEMBERED_INSERTS = 10_000

_AGGREGATES = """
    organization_id UUID, name LowCardinality(String), series UInt64, time DateTime('UTC'),
    labels SimpleAggregateFunction(anyLast, Map(String, String)),
    number SimpleAggregateFunction(sum, UInt64), total SimpleAggregateFunction(sum, Float64),
    least SimpleAggregateFunction(min, Float64), greatest SimpleAggregateFunction(max, Float64),
    digest AggregateFunction(quantilesTDigest(0.5, 0.95, 0.99), Float64)"""

STEPS: tuple[tuple[str, ...], ...] = (
    (
        """
CREATE TABLE IF NOT EXISTS {metric_points} {on_cluster} (
    organization_id UUID, name LowCardinality(String),
    series UInt64 DEFAULT cityHash64(mapKeys(mapSort(labels)), mapValues(mapSort(labels))),
    time DateTime64(6, 'UTC') CODEC(DoubleDelta, ZSTD(1)), value Float64 CODEC(Gorilla, ZSTD(1)),
    labels Map(String, String), batch UInt64 CODEC(Delta, ZSTD(1)),
    INDEX by_batch batch TYPE minmax GRANULARITY 1
) ENGINE = {MergeTree} PARTITION BY toYYYYMM(time) ORDER BY (organization_id, name, series, time)
SETTINGS {settings}""",
        """
CREATE TABLE IF NOT EXISTS {events} {on_cluster} (
    organization_id UUID, kind LowCardinality(String), time DateTime64(6, 'UTC') CODEC(DoubleDelta, ZSTD(1)), id UUID,
    message String CODEC(ZSTD(1)), attributes String CODEC(ZSTD(1)), batch UInt64 CODEC(Delta, ZSTD(1)),
    INDEX by_kind kind TYPE set(100) GRANULARITY 4, INDEX by_batch batch TYPE minmax GRANULARITY 1
) ENGINE = {MergeTree} PARTITION BY toYYYYMM(time) ORDER BY (organization_id, time, id) SETTINGS {settings}""",
        *(
            f"CREATE TABLE IF NOT EXISTS {{{table}}} {{on_cluster}} ({_AGGREGATES}) ENGINE = {{AggregatingMergeTree}}"
            " PARTITION BY toYYYYMM(time) ORDER BY (organization_id, name, series, time) SETTINGS {settings}"
            for table in ("metric_minutes", "metric_hours")
        ),
    ),
)


@dataclass(frozen=True)
class Flavour:
    """How tables are made here: on one server, or on all of a cluster."""

    cluster: str = ""

    @property
    def on_cluster(self) -> str:
        """What a DDL statement says about the servers."""
        return f"ON CLUSTER {quote(self.cluster)}" if self.cluster else ""

    def engine(self, name: str) -> str:
        """An engine of the MergeTree family."""
        return f"Replicated{name}" if self.cluster else name

    @property
    def settings(self) -> str:
        """What each table is made with: acknowledged rows survive the loss of power, and tokens are remembered."""
        window = "replicated_deduplication_window" if self.cluster else "non_replicated_deduplication_window"
        return (
            f"{window} = {REMEMBERED_INSERTS}, fsync_after_insert = 1, fsync_part_directory = 1,"
            " min_compressed_bytes_to_fsync_after_merge = 1, old_parts_lifetime = 480, merge_with_ttl_timeout = 3600"
        )


class Schema:
    """The tables of a database, made and kept up to date."""

    def __init__(self, client: Clickhouse, flavour: Flavour) -> None:
        self._client = client
        self.flavour = flavour

    async def upgrade(self) -> int:
        """Carries out the steps that are missing; all at once on several servers does no harm. Gives how many."""
        flavour = self.flavour
        if flavour.cluster:
            # The client has made it on the server that it is connected to.
            await self._client.execute(
                f"CREATE DATABASE IF NOT EXISTS {quote(self._client.database)} {flavour.on_cluster}"
            )
        await self._client.execute(
            f"CREATE TABLE IF NOT EXISTS {LEDGER} {flavour.on_cluster}"
            " (number UInt32, checksum String, applied_at DateTime64(3, 'UTC') DEFAULT now64())"
            f" ENGINE = {flavour.engine('ReplacingMergeTree')} ORDER BY number"
        )
        done = {number for (number,) in await self._client.rows(f"SELECT number FROM {LEDGER}")}  # noqa: S608 - our own
        missing = [number for number in range(1, len(STEPS) + 1) if number not in done]
        for number in missing:
            for statement in STEPS[number - 1]:
                await self._client.execute(self._filled(statement))
            checksum = hashlib.sha256("".join(STEPS[number - 1]).encode()).hexdigest()
            await self._client.execute(
                f"INSERT INTO {LEDGER} (number, checksum) VALUES ({{number:UInt32}}, {{checksum:String}})",  # noqa: S608
                {"number": number, "checksum": checksum},
            )
        return len(missing)

    def _filled(self, statement: str) -> str:
        flavour = self.flavour
        tables = {name: quote(name) for name in ("metric_points", "metric_minutes", "metric_hours", "events")}
        engines = {name: flavour.engine(name) for name in ("MergeTree", "AggregatingMergeTree")}
        return statement.format(on_cluster=flavour.on_cluster, settings=flavour.settings, **tables, **engines).strip()
