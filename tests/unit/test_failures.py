"""Failures: each has one gRPC code and exactly one ErrorInfo, and the contract knows every reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import grpc
import pytest
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2
from thedata.v1 import error_reason_pb2

from server import errors
from server.alerts import errors as alert_errors
from server.analytics import errors as analytics_errors
from server.auth import errors as auth_errors
from server.data_sources import errors as data_source_errors
from server.errors import Failure, Kind, Violation
from server.keys import SecretUnreadable
from server.limits.model import Subject, SubjectKind, reached
from server.network import errors as network_errors
from server.organizations import errors as organization_errors
from server.pipelines import errors as pipeline_errors
from server.rpc.interceptors.errors import DeadlineExceeded
from server.rpc.status import CODES, internal_error, status_of
from server.rpc.unimplemented import Unimplemented
from server.sync.errors import ErrorType, Origin, SyncError

Code = grpc.StatusCode
BAD_REQUEST, RETRY = error_details_pb2.BadRequest, error_details_pb2.RetryInfo
QUOTA = error_details_pb2.QuotaFailure

# What a caller is told of each failure; beside ErrorInfo and RequestInfo, which every one has.
TABLE: list[tuple[Failure, grpc.StatusCode, set[type[Message]]]] = [
    (errors.InvalidFields(Violation("a.b", "no")), Code.INVALID_ARGUMENT, {BAD_REQUEST}),
    (errors.InvalidPageToken(), Code.INVALID_ARGUMENT, {BAD_REQUEST}),
    (errors.InvalidCursor(), Code.INVALID_ARGUMENT, {BAD_REQUEST}),
    (errors.RequestIdReused("id"), Code.INVALID_ARGUMENT, {BAD_REQUEST}),
    (errors.OrganizationRequired(2), Code.INVALID_ARGUMENT, {BAD_REQUEST}),
    (errors.MalformedRequest(), Code.INVALID_ARGUMENT, set()),
    (errors.PermissionDenied("PIPELINES_RUN"), Code.PERMISSION_DENIED, set()),
    (errors.NotFound("pipeline", uuid4()), Code.NOT_FOUND, set()),
    (errors.AlreadyExists("pipeline", "name"), Code.ALREADY_EXISTS, set()),
    (errors.EtagMismatch('"2"'), Code.ABORTED, set()),
    (errors.Conflict(), Code.ABORTED, set()),
    (errors.InUse("data source", "pipelines"), Code.FAILED_PRECONDITION, set()),
    (errors.LimitReached("logins", "wait", timedelta(seconds=3)), Code.RESOURCE_EXHAUSTED, {RETRY}),
    (
        reached("runs_per_day", 5, Subject(SubjectKind.ORGANIZATION, uuid4()), "Enough.", 60.0),
        Code.RESOURCE_EXHAUSTED,
        {RETRY, QUOTA},
    ),
    (errors.Unavailable(), Code.UNAVAILABLE, {RETRY}),
    (auth_errors.Unauthenticated(), Code.UNAUTHENTICATED, set()),
    (auth_errors.InvalidCredentials(), Code.UNAUTHENTICATED, set()),
    (auth_errors.InvalidRefreshToken(), Code.UNAUTHENTICATED, set()),
    (organization_errors.LastOwner(uuid4()), Code.FAILED_PRECONDITION, set()),
    (pipeline_errors.RunInFlight(uuid4()), Code.FAILED_PRECONDITION, set()),
    (pipeline_errors.NoRunInFlight(), Code.FAILED_PRECONDITION, set()),
    (data_source_errors.ConnectorIncapable("files", "destination"), Code.FAILED_PRECONDITION, set()),
    (
        data_source_errors.DataSourceFailed(
            SyncError(origin=Origin.SOURCE, type=ErrorType.CONFIG, code="X", message="It broke", advice="Mend it.")
        ),
        Code.FAILED_PRECONDITION,
        set(),
    ),
    (pipeline_errors.PipelinePaused(), Code.FAILED_PRECONDITION, set()),
    (pipeline_errors.WebhookRefused(), Code.UNAUTHENTICATED, set()),
    (analytics_errors.AnalyticsMissing(), Code.FAILED_PRECONDITION, set()),
    (analytics_errors.StoreUnavailable(), Code.UNAVAILABLE, {RETRY}),
    (analytics_errors.QueryTooSlow(30), Code.DEADLINE_EXCEEDED, set()),
    (analytics_errors.QueryTooLarge(), Code.RESOURCE_EXHAUSTED, {RETRY}),
    (analytics_errors.SequenceGap("p", 3, 1), Code.FAILED_PRECONDITION, {BAD_REQUEST}),
    (analytics_errors.BatchReused(), Code.INVALID_ARGUMENT, {BAD_REQUEST}),
    (analytics_errors.UnknownTable("t"), Code.NOT_FOUND, set()),
    (analytics_errors.ViewBroken("v", "t", "there is no table t any more"), Code.FAILED_PRECONDITION, set()),
    (network_errors.HostNotAllowed("h"), Code.FAILED_PRECONDITION, set()),
    (network_errors.HostNotFound("h"), Code.FAILED_PRECONDITION, set()),
    (alert_errors.AlertOver(uuid4()), Code.FAILED_PRECONDITION, set()),
    (alert_errors.RulesUnreadable(3), Code.FAILED_PRECONDITION, set()),
    (SecretUnreadable(), Code.FAILED_PRECONDITION, set()),
    (Unimplemented("AdminService/X"), Code.UNIMPLEMENTED, set()),
    (DeadlineExceeded(), Code.DEADLINE_EXCEEDED, set()),
]
# Told by the gateway, or for bugs: no rule raises them.
NOT_RAISED = {"UNSPECIFIED", "INTERNAL", "UNKNOWN_PATH", "METHOD_NOT_ALLOWED", "REQUEST_TOO_LARGE"}
DETAILS = {
    kind.DESCRIPTOR.full_name: kind
    for kind in (error_details_pb2.ErrorInfo, error_details_pb2.RequestInfo, BAD_REQUEST, RETRY, QUOTA)
}


def subclasses(kind: type[Any]) -> Iterator[type[Any]]:
    for child in kind.__subclasses__():
        yield child
        yield from subclasses(child)


def details(status: Any) -> list[Any]:
    packed = dict(status.trailing_metadata)["grpc-status-details-bin"]
    told = status_pb2.Status.FromString(packed)
    found = []
    for item in told.details:
        message = DETAILS[item.TypeName()]()
        assert item.Unpack(message)
        found.append(message)
    return found


@pytest.mark.parametrize(("failure", "code", "extra"), TABLE, ids=lambda value: getattr(value, "reason", None))
def test_a_failure_has_its_code_and_exactly_one_error_info(
    failure: Failure, code: grpc.StatusCode, extra: set[type[Message]]
) -> None:
    status = status_of(failure, "the-request")
    found = details(status)
    assert status.code is code
    assert status.details == failure.message
    infos = [item for item in found if isinstance(item, error_details_pb2.ErrorInfo)]
    assert [(info.reason, info.domain) for info in infos] == [(failure.reason, "thedata.io")]
    assert dict(infos[0].metadata) == failure.metadata
    kinds = [type(item) for item in found]
    assert len(kinds) == len(set(kinds))
    assert set(kinds) == {error_details_pb2.ErrorInfo, error_details_pb2.RequestInfo} | extra


def test_every_failure_of_the_platform_is_in_the_table() -> None:
    ours = {kind for kind in subclasses(Failure) if kind.__module__.startswith("server.")}
    assert {type(failure) for failure, _, _ in TABLE} == ours


def test_the_contract_s_reasons_are_those_of_the_failures_both_ways() -> None:
    contract = {name.removeprefix("ERROR_REASON_") for name in error_reason_pb2.ErrorReason.DESCRIPTOR.values_by_name}
    assert {failure.reason for failure, _, _ in TABLE} == contract - NOT_RAISED
    assert contract >= NOT_RAISED


def test_the_contract_s_comments_name_the_code_that_is_sent() -> None:
    lines = (Path(__file__).parents[2] / "protos/thedata/v1/error_reason.proto").read_text().splitlines()
    for failure, code, _ in TABLE:
        at = next(i for i, line in enumerate(lines) if line.strip().startswith(f"ERROR_REASON_{failure.reason} ="))
        assert f"// {code.name}." in lines[at - 1], failure.reason


def test_every_kind_has_a_code() -> None:
    assert set(CODES) == set(Kind)


def test_the_wait_is_told_exactly() -> None:
    failure = errors.LimitReached("logins", "wait", timedelta(seconds=90, milliseconds=500))
    (retry,) = [item for item in details(status_of(failure, "")) if isinstance(item, RETRY)]
    assert retry.retry_delay.ToTimedelta() == timedelta(seconds=90, milliseconds=500)


def test_each_violation_is_told_with_its_path() -> None:
    failure = errors.InvalidFields(Violation("config.host", "must be set"), Violation("name", "too long"))
    (bad,) = [item for item in details(status_of(failure, "")) if isinstance(item, BAD_REQUEST)]
    assert [(v.field, v.description) for v in bad.field_violations] == [
        ("config.host", "must be set"),
        ("name", "too long"),
    ]


def test_a_bug_tells_nothing_but_under_which_id_it_was_logged() -> None:
    status = internal_error("the-request")
    info, request = details(status)
    assert status.code is Code.INTERNAL
    assert (info.reason, request.request_id) == ("INTERNAL", "the-request")
