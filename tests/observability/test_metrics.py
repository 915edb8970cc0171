"""What a server and a worker tell Prometheus, and that it is told nowhere else than asked for."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import grpc
import pytest
from pydantic import SecretStr
from thedata.v1 import pipelines_pb2

from server.app import App, build
from server.rpc.calls import CallCounter
from server.settings import Settings
from server.stack.clickhouse import EmbeddedClickhouse
from server.stack.ports import free_port
from tests.auth.people import Person, failure_of, register
from tests.auth.serving import served
from tests.conftest import running_worker
from tests.e2e.story import postgres_config
from tests.observability.exposed import named_by_deployments
from tests.observability.scraping import Scraped, scraped
from tests.sync.conftest import until

STATES = {"succeeded", "failed", "cancelled"}


@pytest.fixture
def watched(settings: Settings, clickhouse_server: EmbeddedClickhouse) -> Settings:
    """A platform with everything, whose metrics are served."""
    analytics = urlsplit(clickhouse_server.url)._replace(path=f"/m_{uuid4().hex[:12]}").geturl()
    ports = {"metrics_port": 0, "worker_metrics_port": free_port("127.0.0.1")}
    return settings.model_copy(update={"analytics_url": SecretStr(analytics), **ports})


@dataclass
class Platform:
    """A server and a worker, after a run of 60 rows."""

    app: App
    settings: Settings
    ann: Person

    async def server(self) -> Scraped:
        return await scraped(self.app._foundation.telemetry.port)

    async def worker(self) -> Scraped:
        return await scraped(self.settings.worker_metrics_port)


@pytest.fixture
async def platform(watched: Settings, empty_database_url: str, destination_url: str) -> AsyncIterator[Platform]:
    connection = await asyncpg.connect(empty_database_url)
    await connection.execute("CREATE TABLE t AS SELECT generate_series(1, 60) AS id")
    await connection.close()
    app = build(watched)
    await app.start()
    async with grpc.aio.insecure_channel(f"127.0.0.1:{app.port}") as channel, running_worker(watched):
        ann = await register(channel, "ann")
        source = await ann.new_source("from", "postgres", postgres_config(empty_database_url))
        destination = await ann.new_source("to", "postgres", postgres_config(destination_url))
        pipeline = await ann.new_pipeline("p", source, destination)
        request = pipelines_pb2.GetRunRequest(pipeline_id=pipeline, run_id=await ann.start(pipeline))

        async def ended() -> bool:
            return (await ann.pipelines.GetRun(request, metadata=ann.metadata)).HasField("end_time")

        await until(ended, 60)
        yield Platform(app, watched, ann)
    await app.stop()


async def test_a_server_and_a_worker_tell_what_has_happened(platform: Platform) -> None:
    stranger = Person(platform.ann.channel, platform.ann.session)
    stranger.session.access_token = "nonsense"
    await failure_of(stranger.organization())

    async def counted() -> bool:
        return (await platform.server()).value("thedata_workers") == 1

    await until(counted, 20)
    server, worker = await platform.server(), await platform.worker()
    register_ = {"method": "AuthService/Register", "code": "OK", "type": "unary"}
    assert server.value("thedata_rpc_seconds_count", **register_) == 1
    assert 0 < server.value("thedata_rpc_seconds_sum", **register_) < 30
    assert server.value("thedata_rpc_seconds_bucket", **register_, le="+Inf") == 1
    assert server.value("thedata_rpc_seconds_count", method="AuthService/GetCurrentUser", code="UNAUTHENTICATED") == 1
    assert server.value("thedata_queue_waiting_runs") == 0
    assert (server.value("thedata_database_up"), server.value("thedata_analytics_up")) == (1, 1)
    assert server.value("thedata_database_connections_limit") >= server.value("thedata_database_connections_in_use")
    kinds = {"source": "postgres", "destination": "postgres"}
    assert worker.value("thedata_sync_rows_read_total", **kinds) == 60
    assert worker.value("thedata_sync_rows_committed_total", **kinds) == 60
    assert worker.value("thedata_sync_bytes_read_total", **kinds) > 60
    assert worker.value("thedata_sync_rows_rejected_total", **kinds) == 0
    assert worker.value("thedata_sync_streams_total", **kinds, outcome="succeeded") == 1
    assert {state: worker.value("thedata_runs_ended_total", state=state) for state in STATES} == {
        "succeeded": 1, "failed": 0, "cancelled": 0,
    }  # fmt: skip
    assert worker.value("thedata_run_attempt_seconds_count") == 1
    for process, role in ((server, "server"), (worker, "worker")):
        assert process.value("thedata_build_info", role=role) == 1
        assert process.value("thedata_event_loop_lag_seconds_count") > 0
        assert process.value("thedata_database_statement_seconds_count") > 10
        assert process.value("process_resident_memory_bytes") > 1 << 20


async def test_dashboards_name_only_what_is_served_and_no_label_tells_who_it_was(platform: Platform) -> None:
    server, worker = await platform.server(), await platform.worker()
    for telling in (await platform.ann.organization(), platform.ann.id, "ann@example.com"):
        assert telling not in str(server.samples) + str(worker.samples)
    named = named_by_deployments()
    assert len(named) > 15
    for metric, labels in named.items():
        served_by = [process for process in (server, worker) if metric in process.names]
        assert served_by, f"nobody serves {metric}"
        # Prometheus itself adds these two.
        known = {label for process in served_by for label in process.labels(metric)} | {"job", "instance"}
        assert labels <= known, f"{metric} has no label {labels - known}"


async def test_a_stream_that_is_open_is_told(settings: Settings) -> None:
    app = build(settings.model_copy(update={"metrics_port": 0}))
    await app.start()
    opened = {"method": "PipelinesService/WatchPipelines", "type": "stream"}

    async def open_streams() -> float:
        return (await scraped(app._foundation.telemetry.port)).value("thedata_rpc_open", **opened)

    async with grpc.aio.insecure_channel(f"127.0.0.1:{app.port}") as channel:
        ann = await register(channel, "ann")
        call = ann.pipelines.WatchPipelines(pipelines_pb2.WatchPipelinesRequest(), metadata=ann.metadata)
        await call.read()
        assert await open_streams() == 1
        call.cancel()

        async def closed() -> bool:
            return await open_streams() == 0

        await until(closed, 10)
    await app.stop()


async def test_without_a_port_nothing_is_served(app: App) -> None:
    assert app._foundation.telemetry.port is None
    assert not app._foundation.telemetry.told


async def test_a_port_that_is_taken_is_told_at_the_start(settings: Settings) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(AssertionError, match=r"ended before it served(.|\n)*not_started(.|\n)*in use"):
            async with served(settings.model_copy(update={"metrics_port": port})):
                pass


def test_calls_are_counted_once_for_both_who_ask() -> None:
    calls = CallCounter()
    for seconds in (0.0005, 0.001, 0.2, 100.0):
        calls.begin("S/M")
        calls.add("S/M", "OK", seconds)
    total = calls.totals["S/M", "OK"]
    assert (total.buckets[0], total.buckets[-1], sum(total.buckets)) == (2, 1, 4)
    assert calls.take()["S/M", "OK"].count == 4
    assert not calls.take()
    assert sum(calls.totals["S/M", "OK"].buckets) == 4, "they go on from where they were"
    assert calls.open["S/M"] == 0
