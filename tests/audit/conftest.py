"""Somebody who reads the audit."""

from __future__ import annotations

from typing import Any

import grpc
import pytest
from pydantic import SecretStr
from thedata.v1 import admin_pb2_grpc, audit_pb2

from server.settings import Settings
from tests.auth.people import Person, log_in, register

ADMIN_PASSWORD = "root's own password"


class Auditor(Person):
    """Somebody who reads the audit."""

    @property
    def admin(self) -> admin_pb2_grpc.AdminServiceAsyncStub:
        return admin_pb2_grpc.AdminServiceStub(self.channel)

    async def entries(self, **wanted: Any) -> list[audit_pb2.AuditEntry]:
        """Entries, newest first."""
        request = audit_pb2.ListAuditEntriesRequest(**{"page_size": 1000, **wanted})
        return list((await self.admin.ListAuditEntries(request, metadata=self.metadata)).entries)

    def watch(self, after: str = "", organization_id: str = "", seconds: float = 20) -> Any:
        """Follows the audit."""
        request = audit_pb2.WatchAuditEntriesRequest(after=after, organization_id=organization_id)
        return self.admin.WatchAuditEntries(request, metadata=self.metadata, timeout=seconds)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A server with a platform administrator whose password is known."""
    return settings.model_copy(
        update={"admin_email": "root@example.com", "admin_password": SecretStr(ADMIN_PASSWORD), "migrate": True}
    )


@pytest.fixture
async def root(channel: grpc.aio.Channel) -> Auditor:
    """The platform's administrator."""
    return Auditor(channel, (await log_in(channel, "root", ADMIN_PASSWORD)).session)


@pytest.fixture
async def ann(channel: grpc.aio.Channel) -> Auditor:
    """The owner of an organization."""
    return Auditor(channel, (await register(channel, "ann")).session)
