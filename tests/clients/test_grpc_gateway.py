"""The case files through a grpc-gateway that is generated from the same protos: its answers are Envoy's.

What differs stands in `docs/grpc-gateway.md`, and here in `GatewayTransport`; nothing else does.
"""

from __future__ import annotations

import json
import re
import select
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import httpx
import pytest
from google.api import annotations_pb2
from google.protobuf.descriptor import MethodDescriptor

from tests.analytics.conftest import only_what_is_sent  # the audit's events would come between
from tests.clients.test_clients import GENERATED, built, run, tools
from tests.conftest import ROOT
from tests.rpc.cast import gathered
from tests.rpc.conftest import Served, _grpc_server, grpc_addr, grpc_server, rest
from tests.rpc.story import Answer, RestTransport, Story, stories
from tools.generate import buf

__all__ = ["_grpc_server", "grpc_addr", "grpc_server", "only_what_is_sent", "rest"]

pytestmark = pytest.mark.timeout(600)  # the first build fetches and compiles

HERE = Path(__file__).parent / "grpc_gateway"
GENERATOR = "github.com/grpc-ecosystem/grpc-gateway/v2/protoc-gen-grpc-gateway@v2.33.0"
START_SECONDS = 30
STORIES = stories()
# What no two calls have in common, by its field; whether there is one is compared.
SECRETS = {"access_token", "refresh_token", "secret", "new_secret", "next_page_token", "cursor"}
# What is measured at the time of the call.
MEASURED = {
    "latency", "uptime", "bytes", "cpu_percent", "load_average", "oldest_age", "disk_free_bytes",
    "memory_available_bytes", "network_received_bytes", "network_sent_bytes",
    "address",  # of a caller on this machine: Envoy tells the machine's own, grpc-gateway the loopback's
}  # fmt: skip
# What PostgreSQL estimates is there or not by when autovacuum last looked at the table.
ESTIMATED = {"estimated_rows", "estimated_bytes"}
# The platform has one configuration: the second story goes on where the first one ended.
OF_ONE = {"admin.yaml": {"etag", "version", "rolled_back_to", "next_page_token"}}
IN_TEXTS = [
    (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "<id>"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)"), "<time>"),
]


class GatewayTransport(RestTransport):
    """REST through a grpc-gateway: it wraps each message of a stream, and takes a client's one after the other."""

    def call(self, method: MethodDescriptor, request: dict[str, Any], token: str) -> Answer:
        if method.client_streaming:
            options: Any = method.GetOptions()
            path, headers = options.Extensions[annotations_pb2.http].post, {"authorization": f"Bearer {token}"}
            sent = self.client.post(path, headers=headers, content=json.dumps(request))
            return self._read(sent.status_code, sent.text)
        answer = super().call(method, request, token)
        # A download's bytes are no messages.
        wrapped = method.server_streaming and method.output_type.full_name != "google.api.HttpBody"
        if wrapped and answer.http == httpx.codes.OK:
            assert set(answer.body) == {"result"}
            return Answer(answer.status, answer.body["result"], http=answer.http)
        return answer

    def _read(self, code: int, text: str) -> Answer:
        parsed = json.loads(text) if text else {}
        if code != httpx.codes.OK and set(parsed) == {"error"}:
            text = json.dumps(parsed["error"])
        return super()._read(code, text)


@pytest.fixture(scope="module")
def gateway(grpc_server: Served) -> Iterator[httpx.Client]:
    """The proxy, built and in front of the server."""
    tools("go")

    def build(folder: Path) -> None:
        run(folder, "go", "install", "-trimpath", GENERATOR, GOBIN=str(folder / "bin"))
        buf(
            "generate", "--template", str((HERE / "buf.gen.yaml").relative_to(ROOT)), "--output", str(folder),
            path=folder / "bin",
        )  # fmt: skip
        for name in ("main.go", "go.sum"):
            shutil.copy(HERE / name, folder)
        module = (HERE / "go.mod").read_text().replace("../../../generated/go", str(GENERATED / "go"))
        (folder / "go.mod").write_text(module)
        run(folder, "go", "build", "-o", "proxy", ".")

    folder = built("grpc-gateway", [HERE, GENERATED / "go", ROOT / "protos"], build)
    command = [str(folder / "proxy"), f"127.0.0.1:{grpc_server.app.port}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            ready, _, _ = select.select([process.stdout], [], [], START_SECONDS)
            assert ready, "the proxy does not start"
            address = process.stdout.readline().strip()
            with httpx.Client(base_url=f"http://{address}", timeout=30, trust_env=False) as client:
                yield client
        finally:
            process.kill()


@dataclass
class Recorded:
    """A transport that keeps what it was answered, without what is not the same the next time."""

    transport: RestTransport
    unique: str
    varying: set[str]
    answers: list[tuple[str, int | None, Any]] = field(default_factory=list)

    def call(self, method: MethodDescriptor, request: dict[str, Any], token: str) -> Answer:
        answer = self.transport.call(method, request, token)
        self.answers.append((method.name, answer.http, self._comparable(answer.body)))
        return answer

    def _comparable(self, value: Any, name: str = "") -> Any:
        if name in self.varying or (name in SECRETS and value):
            return f"<{name}>"
        if isinstance(value, dict):
            told = {key: item for key, item in value.items() if key not in ESTIMATED}
            return {self._comparable(key): self._comparable(item, key) for key, item in told.items()}
        if isinstance(value, list):
            return [self._comparable(item) for item in value]
        if isinstance(value, str):
            for pattern, kind in IN_TEXTS:
                value = pattern.sub(kind, value)
            return value.replace(self.unique, "<unique>")
        return value


@pytest.mark.parametrize("name", STORIES)
def test_the_cases_through_grpc_gateway_are_answered_as_through_envoy(
    name: str, gateway: httpx.Client, rest: httpx.Client, grpc_channel: grpc.Channel, grpc_server: Served
) -> None:
    (grpc_server.files / "people.csv").write_text("id,name\n1,Ann\n")
    told = []
    for transport in (RestTransport(rest), GatewayTransport(gateway)):
        cast = gathered(grpc_channel, grpc_server)
        recorded = Recorded(transport, cast.variables["unique"], MEASURED | OF_ONE.get(name, set()))
        Story(recorded, cast.tokens, cast.variables).run(STORIES[name])
        told.append(recorded.answers)
    for by_envoy, by_gateway in zip(*told, strict=True):
        assert by_gateway == by_envoy
