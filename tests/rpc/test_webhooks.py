"""Signed messages of other systems, over gRPC and over REST, where the body is whatever they send."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from shutil import which
from typing import Any
from uuid import uuid4

import grpc
import httpx
import pytest
from google.api import httpbody_pb2
from grpc_status import rpc_status
from thedata.v1 import pipelines_pb2, pipelines_pb2_grpc

from tests.conftest import ROOT
from tests.rpc.cast import Cast, gathered
from tests.rpc.conftest import Served
from tests.rpc.story import BY_NAME, GrpcTransport, told

BODIES = [
    (b'{"event": "loaded",  "n": 1.0}', "application/json"),
    (b"", "application/json"),
    (b"{not json", "application/json"),
    (b"\x00\xff\xfe\n\r\n\x80", "application/octet-stream"),
    (b"a=1&b=%20", "application/x-www-form-urlencoded"),
    ("<ä/>".encode("utf-16"), "text/xml; charset=utf-16"),
    (b"x" * 65536, "text/plain"),
]
Deliver = Callable[..., tuple[str, str, str]]


class Sender:
    """Another system, which knows a pipeline's webhook."""

    def __init__(self, pipeline_id: str, webhook: dict[str, str], deliver: Deliver) -> None:
        self.pipeline_id = pipeline_id
        self.path, self.secret = webhook["path"], webhook["secret"]
        self._deliver = deliver

    def send(
        self,
        body: bytes = b"{}",
        *,
        message_id: str = "",
        ago: float = 0.0,
        kind: str = "application/json",
        **wrong: Any,
    ) -> tuple[str, str, str]:
        """Sends a message: the status, the reason, and the run."""
        message_id, timestamp = message_id or f"msg_{uuid4().hex}", str(int(time.time() - ago))
        key = base64.b64decode(wrong.get("secret", self.secret).removeprefix("whsec_"))
        digest = hmac.new(key, f"{message_id}.{timestamp}.".encode() + wrong.get("signed", body), hashlib.sha256)
        headers = {
            "webhook-id": message_id,
            "webhook-timestamp": timestamp,
            "webhook-signature": "v1,AAAA v1," + base64.b64encode(digest.digest()).decode(),
        }
        for name in wrong.get("without", ()):
            del headers[name]
        return self._deliver(wrong.get("pipeline_id", self.pipeline_id), headers, body, kind)


@pytest.fixture(scope="module")
def cast(grpc_channel: grpc.Channel, grpc_server: Served) -> Cast:
    return gathered(grpc_channel, grpc_server)


@pytest.fixture
def do(grpc_channel: grpc.Channel, cast: Cast) -> Callable[..., Any]:
    def call(name: str, /, **request: Any) -> Any:
        answer = GrpcTransport(grpc_channel).call(BY_NAME[name], request, cast.tokens["member"])
        assert answer.status == "OK", answer
        return answer.body

    return call


@pytest.fixture(params=["grpc", "rest"])
def deliver(request: pytest.FixtureRequest, grpc_channel: grpc.Channel, rest: httpx.Client) -> Deliver:
    def by_grpc(pipeline_id: str, headers: dict[str, str], body: bytes, kind: str) -> tuple[str, str, str]:
        stub = pipelines_pb2_grpc.PipelinesServiceStub(grpc_channel)
        message = pipelines_pb2.ReceivePipelineWebhookRequest(
            pipeline_id=pipeline_id, payload=httpbody_pb2.HttpBody(content_type=kind, data=body)
        )
        try:
            answer = stub.ReceivePipelineWebhook(message, metadata=tuple(headers.items()), timeout=30)
        except grpc.RpcError as error:
            failed = told(error.code().name, rpc_status.from_call(error))
            return failed.status, failed.reason, ""
        return "OK", "", answer.run_id

    def by_rest(pipeline_id: str, headers: dict[str, str], body: bytes, kind: str) -> tuple[str, str, str]:
        path = f"/api/v1/webhooks/pipelines/{pipeline_id}"
        answer = rest.post(path, content=body, headers={**headers, "content-type": kind})
        content = answer.json()
        if answer.status_code == httpx.codes.OK:
            return "OK", "", content["run_id"]
        status = next(item.name for item in grpc.StatusCode if item.value[0] == content["code"])
        return status, content["details"][0]["reason"], ""

    return by_grpc if request.param == "grpc" else by_rest


@pytest.fixture
def sender(do: Callable[..., Any], cast: Cast, deliver: Deliver) -> Sender:
    """A new pipeline's webhook."""
    name = uuid4().hex
    files = {"path": cast.variables["files"], "format": "csv"}
    source, destination = (
        do("DataSourcesService/CreateDataSource", name=f"{kind} {name}", connector=kind, config=config)["id"]
        for kind, config in (("files", files), ("postgres", cast.variables["database"]))
    )
    pipeline_id = do("PipelinesService/CreatePipeline", name=name, source_id=source, destination_id=destination)["id"]
    webhook = do("PipelinesService/RotatePipelineWebhook", pipeline_id=pipeline_id)
    assert webhook["path"] == f"/api/v1/webhooks/pipelines/{pipeline_id}"
    return Sender(pipeline_id, webhook, deliver)


@pytest.mark.parametrize(("body", "kind"), BODIES, ids=[kind + str(len(body)) for body, kind in BODIES])
def test_a_signed_message_starts_a_run(sender: Sender, do: Callable[..., Any], body: bytes, kind: str) -> None:
    status, _, run_id = sender.send(body, kind=kind)
    assert status == "OK"
    run = do("PipelinesService/GetRun", pipeline_id=sender.pipeline_id, run_id=run_id)
    assert (run["state"], run["trigger"]) == ("RUN_STATE_QUEUED", "RUN_TRIGGER_WEBHOOK")
    assert run["create_user_id"] == ""


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": "whsec_" + base64.b64encode(bytes(32)).decode()},
        {"signed": b"{} "},
        {"ago": 330},
        {"ago": -330},
        {"pipeline_id": "00000000-0000-7000-8000-000000000000"},
        {"without": ["webhook-id"]},
        {"without": ["webhook-timestamp"]},
        {"without": ["webhook-signature"]},
        {"without": ["webhook-id", "webhook-timestamp", "webhook-signature"]},
    ],
    ids=repr,
)
def test_all_others_are_refused_alike(sender: Sender, do: Callable[..., Any], wrong: dict[str, Any]) -> None:
    assert sender.send(**wrong) == ("UNAUTHENTICATED", "WEBHOOK_REFUSED", "")
    assert not do("PipelinesService/ListRuns", pipeline_id=sender.pipeline_id)["runs"]


def test_a_message_that_comes_again_gives_the_run_of_the_first(sender: Sender, do: Callable[..., Any]) -> None:
    first = sender.send(message_id="msg_1")
    assert first[0] == "OK"
    assert sender.send(b"another body, signed anew", message_id="msg_1", ago=60) == first
    do("PipelinesService/StopPipeline", pipeline_id=sender.pipeline_id)
    assert sender.send(message_id="msg_1") == first
    assert len(do("PipelinesService/ListRuns", pipeline_id=sender.pipeline_id)["runs"]) == 1


def test_a_message_that_meets_a_run_in_flight_waits_for_its_end(sender: Sender, do: Callable[..., Any]) -> None:
    assert sender.send()[2]
    assert sender.send() == ("OK", "", "")
    assert len(do("PipelinesService/ListRuns", pipeline_id=sender.pipeline_id)["runs"]) == 1


def test_a_paused_pipeline_takes_no_message(sender: Sender, do: Callable[..., Any]) -> None:
    do("PipelinesService/PausePipeline", pipeline_id=sender.pipeline_id)
    assert sender.send() == ("FAILED_PRECONDITION", "PIPELINE_PAUSED", "")
    assert sender.send(signed=b"?") == ("UNAUTHENTICATED", "WEBHOOK_REFUSED", "")
    do("PipelinesService/ResumePipeline", pipeline_id=sender.pipeline_id)
    assert sender.send()[0] == "OK"


def test_a_new_secret_ends_the_old_one_and_without_any_nothing_starts(sender: Sender, do: Callable[..., Any]) -> None:
    new = do("PipelinesService/RotatePipelineWebhook", pipeline_id=sender.pipeline_id)["secret"]
    assert sender.send() == ("UNAUTHENTICATED", "WEBHOOK_REFUSED", "")
    assert sender.send(secret=new)[0] == "OK"
    do("PipelinesService/DeletePipelineWebhook", pipeline_id=sender.pipeline_id)
    assert sender.send(secret=new) == ("UNAUTHENTICATED", "WEBHOOK_REFUSED", "")


@pytest.mark.skipif(not (which("curl") and which("openssl")), reason="the example needs curl and openssl")
def test_the_example_of_the_docs_signs_as_it_must(
    sender: Sender, rest: httpx.Client, do: Callable[..., Any], tmp_path: Path
) -> None:
    found = re.search(r"```sh\n(#!/bin/sh.*?)```", (ROOT / "docs" / "schedules.md").read_text(), re.DOTALL)
    assert found
    script = tmp_path / "notify.sh"
    script.write_text(found[1])
    environment = {**os.environ, "WEBHOOK_URL": f"{rest.base_url}{sender.path}", "WEBHOOK_SECRET": sender.secret}
    done = subprocess.run(
        ["sh", str(script), '{"loaded": 3, "by": "ä"}'], env=environment, capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 0, done
    run = do("PipelinesService/GetRun", pipeline_id=sender.pipeline_id, run_id=json.loads(done.stdout)["run_id"])
    assert run["trigger"] == "RUN_TRIGGER_WEBHOOK"


def test_a_message_that_is_too_large_is_refused(sender: Sender) -> None:
    assert sender.send(b"x" * 65537) == ("INVALID_ARGUMENT", "INVALID_FIELDS", "")
