"""Every method by every caller, against the matrix of permissions.yaml."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import pytest
import yaml
from google.api import annotations_pb2
from google.protobuf import json_format, message_factory

from tests.rpc.cast import ROLES, Cast, gathered
from tests.rpc.conftest import ADMIN_EMAIL, Served
from tests.rpc.story import BY_NAME, GrpcTransport, filled

MATRIX: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("permissions.yaml").read_text())
CALLERS = ("viewer", "member", "admin", "owner", "platform_admin", "stranger")
CELLS = [
    (name, who, sign) for name, row in MATRIX.items() for who, sign in zip(CALLERS, row["who"].split(), strict=True)
]
OUTCOMES = {"-": "PERMISSION_DENIED", "?": "NOT_FOUND", "0": "UNIMPLEMENTED"}
NOT_ALLOWED = {"PERMISSION_DENIED", "NOT_FOUND", "UNAUTHENTICATED", "UNIMPLEMENTED", "INTERNAL", "UNKNOWN"}


@dataclass
class Stage:
    """An organization of the cast's own for one call; what the call does not name is not made."""

    channel: grpc.Channel
    cast: Cast
    made: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        if name in self.cast.variables and name != "org":
            return self.cast.variables[name]
        if name not in self.made:
            self.made[name] = MAKERS[name](self)
        return self.made[name]

    def do(self, call: str, **request: Any) -> Any:
        answer = GrpcTransport(self.channel).call(BY_NAME[call], request, self.cast.tokens["owner"])
        assert answer.status == "OK", answer
        return answer.body

    def organization(self) -> str:
        made: str = self.do("OrganizationsService/CreateOrganization", name="Stage")["id"]
        for who, role in ROLES.items():
            self.do(
                "OrganizationsService/AddMember",
                organization_id=made, user_id=self.cast.variables[f"{who}_id"], role=role,
            )  # fmt: skip
        return made

    def data_source(self, connector: str, config: dict[str, Any]) -> Any:
        return self.do(
            "DataSourcesService/CreateDataSource",
            organization_id=self["org"], name=connector, connector=connector, config=config,
        )["id"]  # fmt: skip

    def pipeline(self) -> Any:
        return self.do(
            "PipelinesService/CreatePipeline",
            organization_id=self["org"], name="p", source_id=self["source"], destination_id=self["destination"],
        )["id"]  # fmt: skip

    def api_key(self) -> Any:
        made = self.do("AuthService/CreateApiKey", organization_id=self["org"], name="stage", role="ROLE_VIEWER")
        return made["api_key"]["id"]

    def view(self) -> Any:
        return self.do(
            "AnalyticsService/CreateRealtimeView",
            organization_id=self["org"], name="kept", definition={"source": "events"},
        )["name"]  # fmt: skip

    def alert_channel(self) -> str:
        channel = {"name": "stage-channel", "webhook": {"url": "http://127.0.0.1:1/"}}
        self.do("AdminService/UpdateAlertsConfig", organization_id=self["org"], config={"channels": [channel]})
        return "stage-channel"

    def alert(self) -> Any:
        rule = {"name": "Always", "condition": "queue_age", "comparison": "COMPARISON_AT_LEAST"}
        self.do("AdminService/UpdateAlertsConfig", organization_id=self["org"], config={"rules": [rule]})
        until = time.monotonic() + 15
        while not (found := self.do("AdminService/ListActiveAlerts", organization_id=self["org"])["alerts"]):
            assert time.monotonic() < until, "the rule raises no alert"
            time.sleep(0.05)
        return found[0]["id"]

    def ended_run(self) -> Any:
        run = self["run"]
        self.do("PipelinesService/StopPipeline", pipeline_id=self["pipeline"])
        return run


MAKERS: dict[str, Callable[[Stage], Any]] = {
    "org": Stage.organization,
    "source": lambda stage: stage.data_source("files", {"path": stage["files"], "format": "csv"}),
    "destination": lambda stage: stage.data_source("postgres", stage["database"]),
    "pipeline": Stage.pipeline,
    "run": lambda stage: stage.do("PipelinesService/StartPipeline", pipeline_id=stage["pipeline"])["id"],
    "ended_run": Stage.ended_run,
    "view": Stage.view,
    "api_key": Stage.api_key,
    "alert": Stage.alert,
    "alert_channel": Stage.alert_channel,
    "silence": lambda stage: stage.do(
        "AdminService/CreateAlertSilence",
        organization_id=stage["org"],
        end_time="2099-06-01T00:00:00Z",
        start_time="2099-01-01T00:00:00Z",
    )["id"],
    "guest_email": lambda _stage: ADMIN_EMAIL,
}


class Nothing:
    """Ids in the form of all others, of which nothing exists; the rest is as it is on a stage."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.instead_of: dict[str, str] = {}

    def __getitem__(self, name: str) -> Any:
        real = self._stage[name]
        if name in {"files", "guest_email"}:
            return real
        return self.instead_of.setdefault(real, f"00000000-0000-7000-8000-{len(self.instead_of) + 1:012}")


@pytest.fixture(scope="module")
def cast(grpc_channel: grpc.Channel, grpc_server: Served) -> Cast:
    (grpc_server.files / "people.csv").write_text("id,name\n1,Ann\n")
    return gathered(grpc_channel, grpc_server)


def changes(name: str) -> bool:
    """Whether a method may change something: by HTTP's rule, one that is not bound to GET."""
    options: Any = BY_NAME[name].GetOptions()
    return bool(options.Extensions[annotations_pb2.http].WhichOneof("pattern") != "get")


@pytest.fixture(scope="module")
def untouched(grpc_channel: grpc.Channel, cast: Cast) -> Stage:
    """The stage of all calls that leave it as it is: those that are refused, and those that only read."""
    return Stage(grpc_channel, cast)


def raw_error(channel: grpc.Channel, call: str, request: dict[str, Any], token: str) -> tuple[str, bytes]:
    """The text and the details of an error, as they came."""
    method = BY_NAME[call]
    message = json_format.ParseDict(request, message_factory.GetMessageClass(method.input_type)())
    sent: Any = channel
    metadata = (("authorization", f"Bearer {token}"), ("x-request-id", "same"))
    path, body = f"/{method.containing_service.full_name}/{method.name}", message.SerializeToString()
    call_it = sent.unary_stream(path) if method.server_streaming else sent.unary_unary(path)
    with pytest.raises(grpc.RpcError) as caught:
        list(call_it(body, metadata=metadata, timeout=30))
    error: Any = caught.value
    assert error.code() is grpc.StatusCode.NOT_FOUND, error
    return error.details(), dict(error.trailing_metadata())["grpc-status-details-bin"]


def test_the_matrix_has_every_method() -> None:
    assert set(MATRIX) == set(BY_NAME)


@pytest.mark.parametrize(("call", "who", "sign"), CELLS, ids=[f"{call}-{who}" for call, who, _ in CELLS])
def test_the_outcome_is_what_the_matrix_says(
    call: str, who: str, sign: str, grpc_channel: grpc.Channel, cast: Cast, untouched: Stage
) -> None:
    stage = Stage(grpc_channel, cast) if sign == "+" and changes(call) else untouched
    request = filled(MATRIX[call]["request"], stage)
    if sign == "?":
        nothing = Nothing(stage)
        of_nothing = filled(MATRIX[call]["request"], nothing)
        text, details = raw_error(grpc_channel, call, request, cast.tokens[who])
        for real, instead in nothing.instead_of.items():
            text, details = text.replace(real, instead), details.replace(real.encode(), instead.encode())
        assert (text, details) == raw_error(grpc_channel, call, of_nothing, cast.tokens[who])
        return
    answer = GrpcTransport(grpc_channel).call(BY_NAME[call], request, cast.tokens[who])
    if sign == "+":
        assert answer.status not in NOT_ALLOWED, answer
    else:
        assert (answer.status, answer.reason) == (OUTCOMES[sign], OUTCOMES[sign]), answer
