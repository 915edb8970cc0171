"""The gRPC server itself: its options, its services, health and reflection, and how it ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_health.v1._async import HealthServicer
from grpc_reflection.v1alpha import reflection
from thedata.v1 import (
    admin_pb2_grpc,
    analytics_pb2_grpc,
    auth_pb2_grpc,
    data_sources_pb2_grpc,
    organizations_pb2_grpc,
    pipelines_pb2_grpc,
    users_pb2_grpc,
)

from server.limits.limiter import Limiter
from server.observability.tracing import Tracing
from server.rpc.calls import CallCounter
from server.rpc.interceptors import chain
from server.rpc.interceptors.auditing import Auditing
from server.rpc.interceptors.authentication import Authenticator
from server.rpc.methods import SERVICES

SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING
NAMES = ("", *(service.full_name for service in SERVICES))
"""What the health service tells of: the server itself, and each service."""

OPTIONS = {
    # The default of 1,000 rejects thousands of clients that reconnect at once after a restart.
    "grpc.server.max_pending_requests": 20_000,
    "grpc.server.max_pending_requests_hard_limit": 20_000,
    # Of those the last would be cancelled after 30 seconds; how long they wait is for the callers' deadlines to say.
    "grpc.server_max_unrequested_time_in_server": 600,
    "grpc.max_concurrent_streams": 1_000,
    "grpc.keepalive_time_ms": 30_000,
    "grpc.keepalive_timeout_ms": 10_000,
    # Its default of a minute would outlast the keepalive timeout.
    "grpc.http2.ping_timeout_ms": 10_000,
    "grpc.http2.min_recv_ping_interval_without_data_ms": 10_000,
    "grpc.so_reuseport": 0,
}


class RpcServer:
    """The gRPC server with its services."""

    def __init__(
        self,
        authenticator: Authenticator,
        servicers: dict[str, Any],
        calls: CallCounter,
        auditing: Auditing,
        limiter: Limiter,
        *,
        reflect: bool,
        largest: int,
        slow_seconds: Callable[[], float],
        tracing: Tracing | None = None,
    ) -> None:
        limits = {"grpc.max_receive_message_length": largest, "grpc.max_send_message_length": 4 * largest}
        self._server = grpc.aio.server(
            interceptors=chain(authenticator, calls, auditing, limiter, slow_seconds, tracing),
            options=list({**OPTIONS, **limits}.items()),
        )
        self._health = HealthServicer()
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        auth_pb2_grpc.add_AuthServiceServicer_to_server(servicers["auth"], self._server)
        users_pb2_grpc.add_UsersServiceServicer_to_server(servicers["users"], self._server)
        organizations_pb2_grpc.add_OrganizationsServiceServicer_to_server(servicers["organizations"], self._server)
        data_sources_pb2_grpc.add_DataSourcesServiceServicer_to_server(servicers["data_sources"], self._server)
        pipelines_pb2_grpc.add_PipelinesServiceServicer_to_server(servicers["pipelines"], self._server)
        analytics_pb2_grpc.add_AnalyticsServiceServicer_to_server(servicers["analytics"], self._server)
        admin_pb2_grpc.add_AdminServiceServicer_to_server(servicers["admin"], self._server)
        if reflect:
            names = [service.full_name for service in SERVICES]
            reflection.enable_server_reflection(
                [*names, "grpc.health.v1.Health", reflection.SERVICE_NAME], self._server
            )

    async def start(self, host: str, port: int) -> int:
        """Listens and serves; returns the port, which is chosen where 0 is asked for."""
        bound = self._server.add_insecure_port(f"{host}:{port}")
        await self._server.start()
        return bound

    async def tell_health(self, ready: Mapping[str, bool]) -> None:
        """Says on the health service which of `NAMES` can serve."""
        for name, serves in ready.items():
            await self._health.set(name, SERVING if serves else NOT_SERVING)

    async def drain(self) -> None:
        """Says on the health service that no new calls are wanted."""
        await self._health.enter_graceful_shutdown()

    async def stop(self, grace_seconds: float) -> None:
        """Waits for calls in flight, at most so many seconds, and ends."""
        await self._server.stop(grace_seconds)
