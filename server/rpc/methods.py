"""What the contract says about each method."""

from __future__ import annotations

from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from thedata.v1 import (
    admin_pb2,
    analytics_pb2,
    auth_pb2,
    data_sources_pb2,
    options_pb2,
    organizations_pb2,
    pipelines_pb2,
    users_pb2,
)

from server.auth.permissions import Permission

FILES = (auth_pb2, users_pb2, organizations_pb2, data_sources_pb2, pipelines_pb2, analytics_pb2, admin_pb2)

SERVICES: tuple[ServiceDescriptor, ...] = tuple(
    service for file in FILES for service in file.DESCRIPTOR.services_by_name.values()
)

METHODS: dict[str, MethodDescriptor] = {
    f"/{service.full_name}/{method.name}": method for service in SERVICES for method in service.methods
}


def permission_of(method: MethodDescriptor) -> Permission | None:
    """The permission that a call of the method needs; None where the contract names none, which denies it."""
    value = method.GetOptions().Extensions[options_pb2.permission]
    name = options_pb2.Permission.Name(value).removeprefix("PERMISSION_")
    return None if name == "UNSPECIFIED" else Permission(name)


PERMISSIONS = {path: permission_of(method) for path, method in METHODS.items()}
