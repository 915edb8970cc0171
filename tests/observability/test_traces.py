"""One trace from the gateway to the statement, and through the queue to the worker's; nothing secret is in it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import httpx
import pytest
from pydantic import SecretStr

from server.app import App, build
from server.settings import Settings
from tests.conftest import IMPORTS, ROOT, running_worker
from tests.e2e.story import created, finished, postgres_config
from tests.observability.collector import Collector, Span, collecting_over_http
from tests.observability.conftest import Said, gateway

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SAMPLED = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
NOT_SAMPLED = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-00"}


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    app: App = build(settings)
    await app.start()
    try:
        async with gateway(app, settings) as client:
            yield client
    finally:
        await app.stop()


def named(spans: list[Span], name: str) -> Span:
    found = [span for span in spans if span.name == name]
    assert len(found) == 1, [span.name for span in spans]
    return found[0]


def ancestors(span: Span, spans: list[Span]) -> list[str]:
    """The services above a span, from the nearest on."""
    by_id = {span.id: span for span in spans}
    found = []
    while span.parent in by_id:
        span = by_id[span.parent]
        found.append(span.service)
    return found


def statements(spans: list[Span], service: str) -> list[Span]:
    return [span for span in spans if span.service == service and "db.query.text" in span.attributes]


async def test_a_rest_call_is_one_trace_from_the_gateway_to_its_statements(
    traced: Settings, collector: Collector
) -> None:
    async with serving(traced) as rest:
        answer = await rest.get("/auth/me", headers=SAMPLED)
        assert answer.status_code == 200
        await collector.until(lambda c: {s.service for s in c.of(TRACE)} >= {"thedata-gateway", "thedata-server"})
    spans = collector.of(TRACE)
    call = named(spans, "thedata.v1.AuthService/GetCurrentUser")
    assert call.attributes["rpc.response.status_code"] == "OK"
    assert not call.failed
    assert "thedata-gateway" in ancestors(call, spans)
    selects = statements(spans, "thedata-server")
    assert selects
    assert {span.parent for span in selects} == {call.id}
    assert all(ancestors(span, spans)[-1] == "thedata-gateway" for span in selects), "one trace, one root"


async def test_a_run_goes_on_with_the_trace_of_who_started_it(
    traced: Settings, collector: Collector, empty_database_url: str, destination_url: str
) -> None:
    connection = await asyncpg.connect(empty_database_url)
    await connection.execute("CREATE TABLE t AS SELECT generate_series(1, 50) AS id")
    await connection.close()
    async with serving(traced) as rest, running_worker(traced):
        ends = [
            await created(
                rest, "/data-sources", {"name": name, "connector": "postgres", "config": postgres_config(url)}
            )
            for name, url in (("from", empty_database_url), ("to", destination_url))
        ]
        body = {"name": "p", "source_id": ends[0]["id"], "destination_id": ends[1]["id"]}
        pipeline = await created(rest, "/pipelines", body)
        started = await rest.post(f"/pipelines/{pipeline['id']}/start", json={}, headers=SAMPLED)
        await finished(rest, pipeline, started.json())
        await collector.until(lambda c: any(span.name == "run" for span in c.of(TRACE)))
    spans = collector.of(TRACE)
    call, run = named(spans, "thedata.v1.PipelinesService/StartPipeline"), named(spans, "run")
    assert (run.service, run.parent) == ("thedata-worker", call.id)
    assert run.attributes["thedata.run_id"] == started.json()["id"]
    stream = named(spans, "stream")
    assert (stream.parent, stream.attributes["thedata.rows_committed"]) == (run.id, 50)
    updates = statements(spans, "thedata-worker")
    assert any(span.name.startswith("UPDATE") for span in updates)
    assert all(run.id == span.parent for span in updates)
    assert ancestors(updates[0], spans)[-1] == "thedata-gateway"


async def test_a_trace_holds_no_parameter_and_no_secret(traced: Settings, collector: Collector) -> None:
    async with serving(traced) as rest:
        body = {"email": "eve@example.com", "password": "c4n4ry-password"}
        await rest.post("/auth/register", json=body, headers=SAMPLED)
        await rest.get("/auth/me?token=c4n4ry-token", headers=SAMPLED)
        await collector.until(lambda c: len(statements(c.of(TRACE), "thedata-server")) > 3)
    told = "\n".join(str(span) for span in collector.spans)
    assert "INSERT INTO users" in told
    for secret in ("eve@example.com", "c4n4ry-password", "c4n4ry-token", rest.headers["authorization"].split()[1]):
        assert secret not in told


async def test_a_failure_of_the_callers_is_none_of_the_servers(traced: Settings, collector: Collector) -> None:
    async with serving(traced) as rest:
        await rest.get("/auth/me", headers={**SAMPLED, "authorization": "Bearer nonsense"})
        await collector.until(lambda c: any(s.service == "thedata-server" for s in c.of(TRACE)))
    call = named(collector.of(TRACE), "thedata.v1.AuthService/GetCurrentUser")
    assert (call.attributes["rpc.response.status_code"], call.failed) == ("UNAUTHENTICATED", False)


async def test_a_caller_that_is_not_sampled_leaves_no_span_but_its_id_in_the_log(
    traced: Settings, collector: Collector, said: Said
) -> None:
    async with serving(traced) as rest:
        await rest.get("/auth/me", headers=NOT_SAMPLED)
        await rest.get("/auth/me", headers={"traceparent": f"00-{TRACE[::-1]}-00f067aa0ba902b7-01"})
        await collector.until(lambda c: any(s.service == "thedata-server" for s in c.of(TRACE[::-1])))
    assert collector.of(TRACE) == []
    assert [line["method"] for line in said.lines("call") if line.get("trace_id") == TRACE] == [
        "AuthService/GetCurrentUser"
    ]


async def test_without_a_collector_a_callers_trace_is_in_the_log(settings: Settings, said: Said) -> None:
    async with serving(settings) as rest:
        await rest.get("/auth/me", headers=SAMPLED)
        await rest.get("/auth/me", headers={"traceparent": "00-not-a-trace-01"})
    calls = [line for line in said.lines("call") if line["method"] == "AuthService/GetCurrentUser"]
    assert [call.get("trace_id") for call in calls] == [TRACE, None]
    assert all(call["user_id"] and call["organization_id"] for call in calls)


async def test_everything_goes_over_http_as_well_with_the_headers_that_are_set(settings: Settings) -> None:
    async with collecting_over_http() as collector:
        changes = {
            "otlp_endpoint": collector.endpoint,
            "otlp_protocol": "http/protobuf",
            "otlp_headers": SecretStr("X-Key=c4n4ry"),
            "trace_sample_ratio": 1.0,
            "otlp_interval_seconds": 1.0,
        }
        async with serving(settings.model_copy(update=changes)) as rest:
            await rest.get("/auth/me", headers=SAMPLED)
            await collector.until(lambda c: {s.service for s in c.of(TRACE)} >= {"thedata-gateway", "thedata-server"})
            await collector.until(lambda c: "thedata_rpc_seconds" in c.metrics)
        assert collector.headers["x-key"] == "c4n4ry"


async def test_a_sample_ratio_of_nothing_traces_nothing(traced: Settings, collector: Collector) -> None:
    async with serving(traced.model_copy(update={"trace_sample_ratio": 0.0})) as rest:
        await rest.get("/auth/me")
        await rest.get("/auth/me", headers=SAMPLED)
        await collector.until(lambda c: any(s.service == "thedata-server" for s in c.of(TRACE)))
    assert {span.trace for span in collector.spans} == {TRACE}


async def test_metrics_are_sent_as_prometheus_would_scrape_them(traced: Settings, collector: Collector) -> None:
    app = build(traced)
    await app.start()
    async with gateway(app, traced) as rest:
        for _ in range(3):
            await rest.get("/auth/me")
    registry = app._foundation.telemetry.metrics.registry
    labels = {"method": "AuthService/GetCurrentUser", "code": "OK", "type": "unary"}
    assert registry.get_sample_value("thedata_rpc_seconds_count", labels) == 3
    await app.stop()
    seconds = collector.metrics["thedata_rpc_seconds"]
    assert seconds.unit == "s"
    [point] = [p for p in seconds.histogram.data_points if values_of(p) == labels]
    assert (point.count, sum(point.bucket_counts)) == (3, 3)
    assert len(point.bucket_counts) == len(point.explicit_bounds) + 1
    assert point.sum == pytest.approx(registry.get_sample_value("thedata_rpc_seconds_sum", labels))
    assert collector.metrics["thedata_database_slow_statements"].sum.is_monotonic
    assert collector.metrics["thedata_build_info"].gauge.data_points


def values_of(point: object) -> dict[str, str]:
    return {item.key: item.value.string_value for item in point.attributes}  # type: ignore[attr-defined]


def test_without_an_endpoint_nothing_of_opentelemetry_is_loaded(tmp_path: Path) -> None:
    code = """if True:
        import sys
        from server.app import build
        from server.settings import Settings
        build(Settings(database_url="postgresql://u:p@127.0.0.1:1/d", home=sys.argv[1]))
        assert not [name for name in sys.modules if name.startswith("opentelemetry")]"""
    command = [sys.executable, "-c", code, str(tmp_path)]
    subprocess.run(command, cwd=ROOT, env={"PYTHONPATH": IMPORTS}, check=True, timeout=60)
