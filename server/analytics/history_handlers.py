"""The Analytics service's handlers about tables: convert, call, convert."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

from google.api import httpbody_pb2
from thedata.v1 import analytics_pb2

from server.analytics.convert_history import (
    FORMS,
    bodies,
    history_response,
    rows_before,
    table_query,
    tables_response,
)
from server.analytics.history import HistoryService
from server.rpc.caller import caller
from server.rpc.page_token import page_request
from server.rpc.values import optional_id


class HistoryHandlers:
    """What pipelines have landed, and events and metrics as tables."""

    _history: HistoryService

    async def GetHistoricalData(
        self, request: analytics_pb2.GetHistoricalDataRequest, context: Any
    ) -> analytics_pb2.GetHistoricalDataResponse:
        """Gets rows of a table."""
        page, organization = page_request(request), optional_id(request.organization_id)
        answer = await self._history.page(caller(), organization, table_query(request), page.size, rows_before(page))
        return history_response(request, answer)

    async def ListHistoricalTables(
        self, request: analytics_pb2.ListHistoricalTablesRequest, context: Any
    ) -> analytics_pb2.ListHistoricalTablesResponse:
        """Lists the tables."""
        return tables_response(await self._history.tables(caller(), optional_id(request.organization_id)))

    async def ExportHistoricalData(
        self, request: analytics_pb2.ExportHistoricalDataRequest, context: Any
    ) -> AsyncIterator[httpbody_pb2.HttpBody]:
        """Streams all rows of an answer as a file."""
        form, organization = FORMS[request.format], optional_id(request.organization_id)
        pieces = self._history.stream(caller(), organization, table_query(request), form)
        async with aclosing(bodies(pieces, form)) as messages:
            async for message in messages:
                yield message
