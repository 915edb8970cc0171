from __future__ import annotations

import re

import pytest
from google.protobuf.descriptor import MethodDescriptor
from thedata.v1 import options_pb2

from tests.contract.methods import HTTP, METHODS, bindings

# Every path that the platform has promised, method by method; a variable's name is free, its place is not.
PROMISED = """
POST   /api/v1/auth/login
POST   /api/v1/auth/register
GET    /api/v1/auth/me
POST   /api/v1/auth/logout
GET    /api/v1/users
GET    /api/v1/users/{user_id}
PUT    /api/v1/users/{user_id}
DELETE /api/v1/users/{user_id}
GET    /api/v1/organizations
POST   /api/v1/organizations
GET    /api/v1/organizations/{org_id}
PUT    /api/v1/organizations/{org_id}
DELETE /api/v1/organizations/{org_id}
GET    /api/v1/organizations/{org_id}/members
POST   /api/v1/organizations/{org_id}/members
GET    /api/v1/data-sources
POST   /api/v1/data-sources
PUT    /api/v1/data-sources/{source_id}
DELETE /api/v1/data-sources/{source_id}
GET    /api/v1/data-sources/{source_id}/metrics
GET    /api/v1/pipelines
POST   /api/v1/pipelines
PUT    /api/v1/pipelines/{pipeline_id}
DELETE /api/v1/pipelines/{pipeline_id}
POST   /api/v1/pipelines/{pipeline_id}/start
POST   /api/v1/pipelines/{pipeline_id}/stop
GET    /api/v1/pipelines/{pipeline_id}/logs
GET    /api/v1/analytics/metrics
GET    /api/v1/analytics/events
GET    /api/v1/analytics/realtime/{view_name}
GET    /api/v1/analytics/historical/{table_name}
GET    /api/v1/admin/system/status
GET    /api/v1/admin/system/config
PUT    /api/v1/admin/system/config
GET    /api/v1/admin/metrics/config
PUT    /api/v1/admin/metrics/config
GET    /api/v1/admin/alerts/config
PUT    /api/v1/admin/alerts/config
GET    /api/v1/admin/alerts/active
"""


def placed(path: str) -> str:
    return re.sub(r"{[^}]*}", "{}", path)


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_a_method_has_a_path_and_a_permission(method: MethodDescriptor) -> None:
    options = method.GetOptions()
    assert options.HasExtension(HTTP)
    assert options.Extensions[options_pb2.permission] != options_pb2.PERMISSION_UNSPECIFIED


@pytest.mark.parametrize("promise", PROMISED.strip().splitlines(), ids=lambda line: " ".join(line.split()))
def test_a_promised_path_is_bound(promise: str) -> None:
    verb, path = promise.split()
    assert (verb.lower(), placed(path)) in {(kind, placed(template)) for m in METHODS for kind, template in bindings(m)}


def test_no_two_methods_share_a_path() -> None:
    everything = [(kind, placed(template)) for method in METHODS for kind, template in bindings(method)]
    assert len(everything) == len(set(everything))


def test_only_registering_logging_in_and_signed_messages_are_public() -> None:
    public = {
        m.name for m in METHODS if m.GetOptions().Extensions[options_pb2.permission] == options_pb2.PERMISSION_PUBLIC
    }
    assert public == {"Register", "Login", "RefreshToken", "ReceivePipelineWebhook"}
