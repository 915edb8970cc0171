"""The API's methods, as the generated code has them."""

from __future__ import annotations

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
