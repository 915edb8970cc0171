"""The Admin service's handlers about the audit: convert, call, convert."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from google.api import httpbody_pb2
from thedata.v1 import audit_pb2

from server.audit.convert import audit_event, entry_message, file_of, filter_of
from server.audit.service import AuditService
from server.rpc.caller import caller
from server.rpc.cursor import audit_place_of
from server.rpc.page_token import next_page_token, page_request
from server.rpc.values import optional_id


class AuditHandlers:
    """Lists, downloads and follows the audit."""

    def __init__(self, audit: AuditService) -> None:
        self._audit = audit

    async def ListAuditEntries(
        self, request: audit_pb2.ListAuditEntriesRequest, context: Any
    ) -> audit_pb2.ListAuditEntriesResponse:
        """Lists entries."""
        page = await self._audit.list(caller(), filter_of(request), page_request(request))
        return audit_pb2.ListAuditEntriesResponse(
            entries=map(entry_message, page.items), next_page_token=next_page_token(request, page)
        )

    async def ExportAuditEntries(
        self, request: audit_pb2.ExportAuditEntriesRequest, context: Any
    ) -> AsyncGenerator[httpbody_pb2.HttpBody, None]:
        """Streams entries as a file."""
        async with aclosing(file_of(self._audit.export(caller(), filter_of(request)), request.format)) as pieces:
            async for piece in pieces:
                yield piece

    async def WatchAuditEntries(
        self, request: audit_pb2.WatchAuditEntriesRequest, context: Any
    ) -> AsyncGenerator[audit_pb2.WatchAuditEntriesResponse, None]:
        """Follows the audit."""
        organization, after = optional_id(request.organization_id), audit_place_of(request.after)
        async with aclosing(self._audit.watch(caller(), organization, after)) as events:
            async for place, event in events:
                yield audit_event(place, event)
