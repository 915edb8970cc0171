from __future__ import annotations

import asyncio
import socket
from contextlib import closing
from pathlib import Path

import psutil
import pytest
import yaml

from server.resources import BOOTSTRAP
from server.stack.envoy import Envoy, render, validate
from server.stack.envoy_tracing import Collector, trace
from server.stack.errors import StackError
from server.stack.readiness import http_answers

PROXY = Path(__file__).with_name("proxy.yaml")


def test_rendering_changes_addresses_and_descriptor_paths_only() -> None:
    config = yaml.safe_load(PROXY.read_text())
    config["extra"] = [{"proto_descriptor": "generated/descriptors.binpb"}, {"proto_descriptor": "/absolute.binpb"}]
    rendered = render(config, listen=("127.0.0.2", 1), upstream=("127.0.0.3", 2), root=Path("/root-of-it"))
    resources = rendered["static_resources"]
    assert resources["listeners"][0]["address"]["socket_address"] == {"address": "127.0.0.2", "port_value": 1}
    endpoint = resources["clusters"][0]["load_assignment"]["endpoints"][0]["lb_endpoints"][0]["endpoint"]
    assert endpoint["address"]["socket_address"] == {"address": "127.0.0.3", "port_value": 2}
    assert rendered["admin"]["address"]["socket_address"]["port_value"] == 0
    assert [part["proto_descriptor"] for part in rendered["extra"]] == [
        "/root-of-it/generated/descriptors.binpb",
        "/absolute.binpb",
    ]
    assert config["admin"]["address"]["socket_address"]["port_value"] == 9901, "the given one is changed"


def test_a_bootstrap_of_another_shape_is_refused() -> None:
    with pytest.raises(StackError, match=r"one entry in static_resources\.listeners, not 0"):
        render({"static_resources": {}}, listen=("127.0.0.1", 1), upstream=("127.0.0.1", 2), root=Path("/"))


def test_validation_tells_what_envoy_says(tmp_path: Path) -> None:
    validate(PROXY)
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("static_resources: {listeners: [{nonsense: 1}]}")
    with pytest.raises(StackError, match="nonsense"):
        validate(wrong)


@pytest.mark.skipif(not BOOTSTRAP.exists(), reason="the checkout has no envoy.yaml")
def test_the_platforms_own_bootstrap_is_valid_and_renders() -> None:
    validate(BOOTSTRAP)
    config = yaml.safe_load(BOOTSTRAP.read_text())
    render(config, listen=("127.0.0.1", 1), upstream=("127.0.0.1", 2), root=BOOTSTRAP.parent)


@pytest.mark.parametrize(
    "endpoint", ["http://127.0.0.1:4317", "https://collector.example.com", "https://[::1]:4318/base"]
)
@pytest.mark.parametrize("grpc", [True, False])
def test_the_platforms_own_bootstrap_is_valid_with_a_collector_of_traces(
    endpoint: str, grpc: bool, tmp_path: Path
) -> None:
    config = yaml.safe_load(BOOTSTRAP.read_text())
    rendered = render(config, listen=("127.0.0.1", 1), upstream=("127.0.0.1", 2), root=BOOTSTRAP.parent)
    trace(rendered, Collector(endpoint, grpc, {"x-key": "c4n4ry"}, 0.25))
    path = tmp_path / "envoy.yaml"
    path.write_text(yaml.safe_dump(rendered))
    validate(path)
    clusters = {cluster["name"]: cluster for cluster in rendered["static_resources"]["clusters"]}
    assert ("transport_socket" in clusters["otlp"]) == endpoint.startswith("https")


async def test_what_may_hold_a_collectors_key_is_for_its_owner_only(tmp_path: Path) -> None:
    collector = Collector("http://127.0.0.1:1", False, {"x-key": "c4n4ry"}, 1.0)
    envoy = Envoy(tmp_path, port=0, upstream=("127.0.0.1", 1), concurrency=1, collector=collector)
    try:
        await envoy.start()
        assert "c4n4ry" in envoy.config.read_text()
        assert envoy.config.stat().st_mode & 0o077 == 0
    finally:
        await envoy.stop()


async def test_it_serves_two_side_by_side_and_stops(tmp_path: Path) -> None:
    answered = asyncio.Event()

    async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answered.set()
        writer.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    upstream = ("127.0.0.1", server.sockets[0].getsockname()[1])
    pair = [Envoy(tmp_path / name, port=0, upstream=upstream, bootstrap=PROXY, concurrency=1) for name in "ab"]
    try:
        await asyncio.gather(*(envoy.start() for envoy in pair))
        pids = [envoy.pid for envoy in pair]
        for envoy in pair:
            await asyncio.wait_for(http_answers("127.0.0.1", envoy.port, "/x"), 5)
            assert psutil.Process(envoy.pid).environ().keys() <= {"LC_CTYPE"}, "it is given what it needs, no secret"
        assert answered.is_set()
    finally:
        for envoy in pair:
            await envoy.stop()
        server.close()
        await server.wait_closed()
    assert not any(psutil.pid_exists(pid or 0) for pid in pids)


async def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(StackError, match=f"port {port} .* THEDATA_HTTP_PORT"):
            await Envoy(tmp_path, port=port, bootstrap=PROXY).start()
