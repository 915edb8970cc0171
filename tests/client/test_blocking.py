"""The blocking client in front of a whole platform, through Envoy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pyarrow as pa
import pytest
from thedata_client import Client, RunFailed, errors, types

from tests.client.conftest import Platform

ROWS = 300


@pytest.fixture(scope="module")
def ann(platform: Platform) -> Iterator[Client]:
    with platform.client("ann") as client:
        yield client


@pytest.fixture(scope="module")
def landed(ann: Client, platform: Platform) -> types.Pipeline:
    """A pipeline that has landed a file of trips in the analytics store."""
    (platform.files / "trips.csv").write_text(
        "id,city,fare,day\n"
        + "".join(f"{n},{'Oslo' if n % 3 else 'Rome'},{n}.25,2026-01-{n % 28 + 1:02}\n" for n in range(ROWS))
    )
    source = ann.sources.create("trips", "files", {"path": str(platform.files / "trips.csv")})
    store = ann.sources.create("store", "analytics", {})
    pipeline = ann.pipelines.create("trips", source.id, store.id)
    seen: list[types.Run] = []
    run = ann.pipelines.start(pipeline.id).wait(progress=seen.append, timeout=60)
    assert run.state == types.RUN_STATE_SUCCEEDED
    assert run.rows_committed == ROWS
    assert seen[-1].rows_committed == ROWS
    assert len(seen) > 1
    return ann.pipelines.get(pipeline.id)


def test_a_run_tells_its_log_its_receipt_and_its_events(ann: Client, landed: types.Pipeline) -> None:
    run = ann.pipelines.run(landed.id, landed.last_run.id)
    tail = run.tail()
    lines = list(tail)
    assert [line.message for line in lines] == [line.message for line in ann.pipelines.list_logs(landed.id)]
    assert tail.state == types.RUN_STATE_SUCCEEDED
    assert list(run.tail(after=tail.cursor)) == []
    assert run.receipt().streams[0].rows_committed == ROWS
    assert run.refresh().state == types.RUN_STATE_SUCCEEDED
    assert {message.WhichOneof("event") for message in run.watch()} >= {"run", "log", "verification"}


def test_history_comes_as_rows_and_tables(ann: Client, landed: types.Pipeline) -> None:
    question = ann.analytics.history("trips", where=["city:eq:Rome"], order_by=["id"], page_size=7)
    rows = question.all()
    assert [row["id"] for row in rows] == list(range(0, ROWS, 3))
    assert isinstance(rows[0]["id"], int)
    assert len(list(question.pages())) == 15
    table = question.arrow()
    assert isinstance(table, pa.Table)
    assert table.column("id").to_pylist() == list(range(0, ROWS, 3))
    assert len(question.pandas()) == 100


def test_history_comes_as_a_polars_frame(ann: Client, landed: types.Pipeline) -> None:
    polars = pytest.importorskip("polars")
    frame = ann.analytics.history("trips", group_by=["city"], measure=["count"], order_by=["city"]).polars()
    assert isinstance(frame, polars.DataFrame)
    assert frame["city"].to_list() == ["Oslo", "Rome"]


def test_history_is_saved_as_a_file(ann: Client, landed: types.Pipeline, tmp_path: Path) -> None:
    path = tmp_path / "trips.csv"
    size = ann.analytics.history("trips", columns=["id", "city"]).save(path, "csv")
    assert path.stat().st_size == size
    assert len(path.read_text().splitlines()) == ROWS + 1


def test_events_are_sent_and_found_by_their_time(ann: Client) -> None:
    kind, time = f"seen.{uuid4().hex[:8]}", datetime(2026, 11, 1, 12, tzinfo=UTC)
    event = types.Event(kind=kind, message="a bird")
    event.time.FromDatetime(time)
    assert ann.analytics.ingest_events([event]).accepted == 1
    found = ann.analytics.get_events(kinds=[kind], start_time=time, end_time=datetime(2026, 11, 2, tzinfo=UTC)).all()
    assert [one.message for one in found] == ["a bird"]


def test_batches_are_sent_as_a_stream(ann: Client) -> None:
    batches = (
        types.IngestStreamRequest(producer="p", sequence=n, points=[types.MetricPoint(name="m", value=n)])
        for n in (1, 2, 3)
    )
    assert ann.analytics.ingest_stream(batches).durable_sequence == 3
    assert ann.analytics.get_producer("p").durable_sequence == 3


def test_a_list_is_asked_for_page_by_page(ann: Client) -> None:
    made = [ann.sources.create(f"page {n}", "files", {"path": "x"}, description="p").id for n in range(5)]
    pages = ann.sources.list(page_size=2, connector="files")
    assert [one.id for one in pages][:5] == made[::-1]
    assert len(next(iter(pages.pages())).data_sources) == 2
    first = pages.first()
    assert first is not None
    assert first.id == made[-1]
    assert ann.sources.list(connector="mysql").first() is None


def test_failures_are_exceptions_with_all_that_is_known(ann: Client) -> None:
    missing = str(uuid4())
    with pytest.raises(errors.NotFound) as not_found:
        ann.pipelines.get(missing)
    assert not_found.value.reason == "NOT_FOUND"
    assert not_found.value.metadata == {"resource": "pipeline", "id": missing}
    assert not_found.value.request_id
    with pytest.raises(errors.InvalidFields) as invalid:
        ann.pipelines.create("", "not an id", "nor this")
    assert {one.field for one in invalid.value.violations} == {"name", "source_id", "destination_id"}
    assert "source_id" in str(invalid.value)
    source = ann.sources.create("taken", "files", {"path": "x"})
    with pytest.raises(errors.AlreadyExists):
        ann.sources.create("taken", "files", {"path": "x"})
    with pytest.raises(errors.EtagMismatch):
        ann.sources.update(source.id, description="new", etag="an old one")


def test_a_run_that_fails_raises_with_its_failure(ann: Client) -> None:
    source = ann.sources.create("nothing", "files", {"path": "there/is/none.csv"})
    store = ann.sources.create("to nowhere", "analytics", {})
    run = ann.pipelines.start(
        ann.pipelines.create("fails", source.id, store.id, retry_policy=types.RetryPolicy(max_attempts=1)).id
    )
    with pytest.raises(RunFailed) as failed:
        run.wait(timeout=60)
    assert failed.value.run.state == types.RUN_STATE_FAILED
    assert failed.value.run.failure.code
    assert run.wait(check=False).state == types.RUN_STATE_FAILED


def test_enums_are_given_by_name(ann: Client) -> None:
    organization = ann.auth.get_current_user().memberships[0].organization_id
    key = ann.auth.create_api_key("reader", role="viewer", organization_id=organization)
    assert key.api_key.role == types.ROLE_VIEWER
    with pytest.raises(ValueError, match="one of viewer, member, admin, owner"):
        ann.auth.create_api_key("reader", role="king")


def test_a_key_is_a_token(ann: Client, platform: Platform) -> None:
    secret = ann.auth.create_api_key("reader", role="viewer").secret
    with Client(platform.address, token=secret) as reader:
        assert reader.auth.get_current_user().api_key_id
        with pytest.raises(errors.PermissionDenied):
            reader.sources.create("s", "files", {"path": "x"})


def test_a_client_without_a_name_is_told_so(platform: Platform) -> None:
    with Client(platform.address) as nobody, pytest.raises(errors.Unauthenticated):
        nobody.pipelines.list().all()


def test_a_call_has_its_time(ann: Client) -> None:
    with pytest.raises(errors.DeadlineExceeded):
        ann.pipelines.list(call_timeout=0.000001).all()
