"""The API's methods, as the generated code has them."""

from __future__ import annotations

from typing import Any

from google.api import annotations_pb2, field_behavior_pb2
from google.protobuf.descriptor import MethodDescriptor
from thedata.v1 import (
    admin_pb2,
    analytics_pb2,
    auth_pb2,
    data_sources_pb2,
    organizations_pb2,
    pipelines_pb2,
    users_pb2,
)

FILES = (admin_pb2, analytics_pb2, auth_pb2, data_sources_pb2, organizations_pb2, pipelines_pb2, users_pb2)
METHODS: tuple[MethodDescriptor, ...] = tuple(
    method for file in FILES for service in file.DESCRIPTOR.services_by_name.values() for method in service.methods
)

# The stubs don't know a descriptor as a key of Extensions.
HTTP: Any = annotations_pb2.http
FIELD_BEHAVIOR: Any = field_behavior_pb2.field_behavior


def bindings(method: MethodDescriptor) -> list[tuple[str, str]]:
    """Returns the HTTP methods, in lower case, and paths at which a method answers."""
    rule = method.GetOptions().Extensions[HTTP]
    return [
        (one.WhichOneof("pattern"), getattr(one, one.WhichOneof("pattern")))
        for one in (rule, *rule.additional_bindings)
    ]
