"""Files in S3, Google Cloud Storage and Azure Blob Storage: there and back, cut commits, and what cannot be used."""

from __future__ import annotations

import asyncio
import json
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pyarrow import fs

from server.sync import arrow_lane
from server.sync.connectors.base import ConfigInvalidError, ConnectorContext
from server.sync.connectors.registry import connector
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.files.config import FilesConfig
from server.sync.files.manifest import listed_files
from server.sync.files.object_storage import ObjectStorage, open_object_storage
from server.sync.files.storage import Changed
from server.sync.spec import Endpoint, StreamSpec, SyncMode, Verification
from tests.servers.fault_proxy import FaultProxy
from tests.servers.object_stores import AZURE_ACCOUNT, AZURE_KEY, azure_server, gcs_server, s3_server
from tests.sync.conftest import Lab
from tests.sync.test_backpressure import before_a_wall, plain, table

__all__ = ["table"]

NOBODYS = "http://127.0.0.1:9"  # nothing listens there


@dataclass(frozen=True)
class Store:
    """A server, and how it is configured and spoken to."""

    scheme: str
    title: str
    config: dict[str, Any]
    filesystem: Any

    @property
    def port(self) -> int:
        return int(self.config["endpoint"].rpartition(":")[2])

    def at(self, path: str, **changes: Any) -> FilesConfig:
        return FilesConfig.model_validate({"path": f"{self.scheme}://{path}", **self.config, **changes})


def s3(address: str) -> Store:
    keys = {"access_key": "key", "secret_key": "secret"}
    files = fs.S3FileSystem(**keys, endpoint_override=address, region="us-east-1", allow_bucket_creation=True)
    config = {"endpoint": address, "access_key_id": "key", "secret_access_key": "secret"}
    return Store("s3", "S3", config, files)


def gcs(address: str) -> Store:
    files = fs.GcsFileSystem(
        access_token="token",
        credential_token_expiration=datetime.now(UTC) + timedelta(hours=1),
        scheme="http",
        endpoint_override=address.removeprefix("http://"),
        project_id="project",
    )
    return Store("gs", "Google Cloud Storage", {"endpoint": address, "access_token": "token"}, files)


def azure(address: str) -> Store:
    host = address.removeprefix("http://")
    files = fs.AzureFileSystem(
        AZURE_ACCOUNT,
        account_key=AZURE_KEY,
        blob_storage_authority=host,
        dfs_storage_authority=host,
        blob_storage_scheme="http",
        dfs_storage_scheme="http",
    )
    config = {"endpoint": address, "account_name": AZURE_ACCOUNT, "account_key": AZURE_KEY}
    return Store("az", "Azure Blob Storage", config, files)


Server = Callable[[], AbstractContextManager[str]]
pytestmark = pytest.mark.timeout(1000)  # the first test of a machine compiles and installs the servers

STORES: dict[str, tuple[Server, Callable[[str], Store]]] = {
    "s3": (s3_server, s3), "gcs": (gcs_server, gcs), "azure": (azure_server, azure),
}  # fmt: skip


@pytest.fixture(scope="module", params=STORES)
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    serve, make = STORES[request.param]
    with serve() as address:
        yield make(address)


@pytest.fixture
def bucket(store: Store) -> str:
    """A bucket, or a container, of the test's own."""
    name = f"b{uuid.uuid4().hex}"
    store.filesystem.create_dir(name)
    return name


def end(config: FilesConfig) -> Endpoint:
    return Endpoint("files", config)


def opened(config: FilesConfig) -> ObjectStorage:
    return open_object_storage(config, ConnectorContext(), Origin.DESTINATION)[0]


async def refusal(config: FilesConfig, lab: Lab, origin: Origin) -> SyncError:
    with pytest.raises(SyncError) as caught:
        await connector("files").check(config, replace(lab.context, timeout_seconds=5), origin=origin)
    return caught.value


@pytest.mark.parametrize("format_", ["parquet", "csv", "jsonl"])
async def test_tables_come_back_as_they_went(lab: Lab, store: Store, bucket: str, format_: str) -> None:
    await lab.source.execute(
        "CREATE TABLE t AS SELECT g AS id, g % 3 AS k, 'ä ' || g AS s FROM generate_series(1, 5000) g"
    )
    to = store.at(f"{bucket}/lake", format=format_, partition_by=["k"])
    checked = await connector("files").check(to, lab.context, origin=Origin.DESTINATION)
    assert checked.server_version == store.title
    for epoch in (1, 2):  # the second replaces what the first has landed
        spec = StreamSpec("t", "public")
        await lab.run(lab.postgres(), spec, to=end(to), epoch=epoch, verification=Verification.CONTENT)
    source = store.at(f"{bucket}/lake")
    assert "3 files in 1 streams" in (await connector("files").check(source, lab.context)).message
    catalog = await connector("files").discover(source, lab.context)
    assert [stream.name for stream in catalog.streams] == ["t"]
    assert catalog.streams[0].estimated_rows == pytest.approx(5000, rel=0.2)
    shown = await connector("files").preview(source, lab.context, StreamSpec("t"), 5)
    assert len(shown.rows) == 5
    await lab.run(end(source), StreamSpec("t", table="back"), run="back")
    assert await lab.rows("SELECT count(*), sum(id), sum(k), max(s) FROM back") == [(5000, 12502500, 5001, "ä 999")]


async def test_one_object_and_a_pattern_are_read(lab: Lab, store: Store, bucket: str) -> None:
    for name in ("a", "b"):
        with store.filesystem.open_output_stream(f"{bucket}/in/{name}.csv") as file:
            file.write(b"id\n1\n2\n")
    for number, (path, stream) in enumerate(((f"{bucket}/in/a.csv", "a"), (f"{bucket}/in/*.csv", "b")), 1):
        receipt = await lab.run(end(store.at(path)), StreamSpec(stream, table=stream), epoch=number)
        assert receipt.rows_committed == 2


async def test_appends_add_each_row_once(lab: Lab, store: Store, bucket: str) -> None:
    await lab.source.execute("CREATE TABLE t (id int, at int); INSERT INTO t VALUES (1, 10), (2, 20)")
    to = end(store.at(f"{bucket}/lake"))
    spec = StreamSpec("t", "public", sync_mode=SyncMode.INCREMENTAL_APPEND, cursor="at")
    assert (await lab.run(lab.postgres(), spec, to=to)).rows_inserted == 2
    await lab.source.execute("INSERT INTO t VALUES (3, 20), (4, 30)")
    assert (await lab.run(lab.postgres(), spec, to=to, epoch=2)).rows_inserted == 2
    await lab.run(to, StreamSpec("t", table="back"), run="back")
    assert await lab.rows("SELECT id FROM back ORDER BY id") == [(1,), (2,), (3,), (4,)]


@pytest.mark.parametrize("again", ["cut", "other"])
async def test_objects_of_a_commit_that_is_cut_are_taken_back(
    lab: Lab, store: Store, bucket: str, monkeypatch: pytest.MonkeyPatch, again: str
) -> None:
    monkeypatch.setattr(arrow_lane, "CHUNK_ROWS", 1000)
    (lab.folder / "in.csv").write_text("id\n" + "".join(f"{n}\n" for n in range(800_000)))
    config = store.at(f"{bucket}/lake")
    to, spec = end(config), StreamSpec("in", table="t")
    await lab.run(lab.files(), spec, to=to)
    move, moved = ObjectStorage.move, 0

    class CutError(Exception):
        """The worker is gone."""

    def cut(storage: ObjectStorage, source: str, target: str) -> None:
        nonlocal moved
        moved += "/staging/" in source
        if moved > 1:
            raise CutError
        move(storage, source, target)

    with monkeypatch.context() as patch:
        patch.setattr(ObjectStorage, "move", cut)
        with pytest.raises(CutError):
            await lab.run(lab.files(), spec, to=to, run="cut", epoch=2)
    assert moved >= 2
    back = StreamSpec("t", table="back")
    await lab.run(to, back, run="back")
    assert await lab.rows("SELECT count(*), count(DISTINCT id) FROM back") == [(800_000, 800_000)]
    await lab.run(lab.files(), spec, to=to, run=again, epoch=3, verification=Verification.CONTENT)
    storage = opened(config)
    paths = {entry.path.removeprefix("t/") for entry in storage.walk("t")}
    content = storage.read_small("t/_thedata/manifest.json")
    assert content is not None
    assert paths - {"_thedata/manifest.json"} == listed_files(content[0])
    await lab.run(to, back, run="back2", epoch=2)
    assert await lab.rows("SELECT count(*), count(DISTINCT id) FROM back") == [(800_000, 800_000)]


def test_a_replaced_object_is_whole_at_every_moment(store: Store, bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    storage = opened(store.at(f"{bucket}/lake"))
    storage.replace("t/manifest", b"first", None)
    create = type(storage).create

    @contextmanager
    def watched(self: ObjectStorage, path: str) -> Iterator[Any]:
        with create(self, path) as file:
            yield file
            found = opened(store.at(f"{bucket}/lake")).read_small("t/manifest")
            assert found is not None
            assert found[0] == b"first"

    monkeypatch.setattr(ObjectStorage, "create", watched)
    found = storage.read_small("t/manifest")
    assert found is not None
    storage.replace("t/manifest", b"second", found[1])
    with pytest.raises(Changed):
        storage.replace("t/manifest", b"third", found[1])  # somebody has been faster
    with pytest.raises(Changed):
        storage.replace("t/manifest", b"third", None)
    assert (storage.read_small("t/manifest") or (b"",))[0] == b"second"
    assert [entry.path for entry in storage.walk()] == ["t/manifest"]


def test_an_object_that_is_given_up_and_a_folder_that_is_removed_are_gone(store: Store, bucket: str) -> None:
    storage = opened(store.at(f"{bucket}/lake"))
    with pytest.raises(ZeroDivisionError), storage.create("t/a/half") as file:
        file.write(bytes([1 // 0]))
    for path in ("t/a/one", "t/a/b/two", "t/other"):
        with storage.create(path) as file:
            file.write(b"x")
    storage.delete_folder("t/a")
    storage.delete_folder("t/a")
    storage.delete("t/a/one")
    assert [entry.path for entry in storage.walk()] == ["t/other"]


async def test_a_bucket_that_is_not_there_is_named(lab: Lab, store: Store) -> None:
    missing = store.at("no-such-bucket-here/x")
    assert (await refusal(missing, lab, Origin.SOURCE)).code in ("BUCKET_NOT_FOUND", "NO_FILES")
    error = await refusal(missing, lab, Origin.DESTINATION)
    assert (error.code, error.type, error.origin) == ("BUCKET_NOT_FOUND", ErrorType.CONFIG, Origin.DESTINATION)


async def test_an_empty_place_has_no_files(lab: Lab, store: Store, bucket: str) -> None:
    assert (await refusal(store.at(f"{bucket}/nothing"), lab, Origin.SOURCE)).code == "NO_FILES"


@pytest.mark.parametrize("origin", [Origin.SOURCE, Origin.DESTINATION])
async def test_a_server_that_does_not_answer_is_no_fault_of_the_configuration(
    lab: Lab, store: Store, origin: Origin
) -> None:
    error = await refusal(store.at("bucket/x", endpoint=NOBODYS), lab, origin)
    assert (error.code, error.type) in (
        ("CONNECTION_FAILED", ErrorType.TRANSIENT), ("TIMEOUT", ErrorType.TRANSIENT),
    )  # fmt: skip


@pytest.fixture(scope="module")
def azurite() -> Iterator[Store]:
    with azure_server() as address:
        yield azure(address)


@pytest.mark.parametrize("origin", [Origin.SOURCE, Origin.DESTINATION])
async def test_azure_refuses_a_wrong_key(lab: Lab, azurite: Store, origin: Origin) -> None:
    azurite.filesystem.create_dir("secrets")
    error = await refusal(azurite.at("secrets/x", account_key="a" * 86 + "=="), lab, origin)
    assert (error.code, error.type) == ("PERMISSION_DENIED", ErrorType.CONFIG)
    wrong = {"account_key": None, "sas_token": "sv=2021-12-02&ss=b&srt=sco&sp=rwl&se=2099-01-01&sig=AAAA"}
    error = await refusal(azurite.at("secrets/x", **wrong), lab, origin)
    assert (error.code, error.type) == ("PERMISSION_DENIED", ErrorType.CONFIG)


def test_an_azure_key_that_is_no_key_is_refused_before_it_is_used(azurite: Store) -> None:
    config = {**azurite.config, "path": "az://secrets/x", "account_key": "nöt base64"}
    with pytest.raises(ConfigInvalidError) as caught:
        connector("files").parse(config)
    assert "account_key" in str(caught.value)
    assert "nöt" not in str(caught.value)


def refuses(status: int) -> type[BaseHTTPRequestHandler]:
    """What GCS answers to a token that it does not take: the test's server takes every one."""

    class Refuses(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            body = json.dumps({"error": {"code": status, "message": "Invalid Credentials"}}).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - the library's name

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Refuses


@pytest.mark.parametrize("status", [401, 403])
async def test_gcs_refusing_a_token_is_a_fault_of_the_configuration(lab: Lab, status: int) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), refuses(status)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            config = FilesConfig.model_validate(
                {"path": "gs://bucket/x", "access_token": "old", "endpoint": f"http://127.0.0.1:{server.server_port}"}
            )
            for origin in Origin.SOURCE, Origin.DESTINATION:
                error = await refusal(config, lab, origin)
                assert (error.code, error.type) == ("PERMISSION_DENIED", ErrorType.CONFIG)
        finally:
            await asyncio.to_thread(server.shutdown)
            thread.join(10)


@pytest.mark.usefixtures("table")
async def test_a_storage_that_stops_taking_bytes_does_not_fill_the_worker(lab: Lab, store: Store, bucket: str) -> None:
    async with FaultProxy("127.0.0.1", store.port) as proxy:
        to = store.at(f"{bucket}/lake", format="csv", endpoint=f"http://127.0.0.1:{proxy.port}")
        async with before_a_wall(lab, proxy, plain(end(to)), arrow=True):
            pass
