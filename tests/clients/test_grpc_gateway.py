"""The case files through a grpc-gateway that is generated from the same protos: its answers are Envoy's.

What differs stands in `docs/grpc-gateway.md`, and here in `GatewayTransport`; nothing else does.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import httpx
import pytest
from google.api import annotations_pb2
from google.protobuf.descriptor import MethodDescriptor

from tests.clients.test_clients import GENERATED, built, run, tools
from tests.conftest import ROOT
from tests.rpc.cast import Cast, gathered
from tests.rpc.conftest import Served, _grpc_server, grpc_addr, grpc_server
from tests.rpc.story import Answer, RestTransport, Story, stories
from tools.generate import buf

__all__ = ["_grpc_server", "grpc_addr", "grpc_server"]

pytestmark = pytest.mark.timeout(600)  # the first build fetches and compiles

HERE = Path(__file__).parent / "grpc_gateway"
GENERATOR = "github.com/grpc-ecosystem/grpc-gateway/v2/protoc-gen-grpc-gateway@v2.33.0"
STORIES = stories()


class GatewayTransport(RestTransport):
    """REST through a grpc-gateway: it wraps each message of a stream, and takes a client's one after the other."""

    def call(self, method: MethodDescriptor, request: dict[str, Any], token: str) -> Answer:
        if method.client_streaming:
            options: Any = method.GetOptions()
            path, headers = options.Extensions[annotations_pb2.http].post, {"authorization": f"Bearer {token}"}
            sent = self.client.post(path, headers=headers, content=json.dumps(request))
            return self._read(sent.status_code, sent.text)
        answer = super().call(method, request, token)
        if method.server_streaming and answer.http == httpx.codes.OK and "result" in answer.body:
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
        assert process.stdout
        address = process.stdout.readline().strip()
        with httpx.Client(base_url=f"http://{address}", timeout=30, trust_env=False) as client:
            yield client
        process.kill()


@pytest.fixture
def cast(grpc_channel: grpc.Channel, grpc_server: Served) -> Cast:
    (grpc_server.files / "people.csv").write_text("id,name\n1,Ann\n")
    return gathered(grpc_channel, grpc_server)


@pytest.mark.parametrize("name", STORIES)
def test_the_cases_through_grpc_gateway(name: str, gateway: httpx.Client, cast: Cast) -> None:
    Story(GatewayTransport(gateway), cast.tokens, cast.variables).run(STORIES[name])
