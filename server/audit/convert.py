"""Messages of the audit, in and out."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any

from google.api import httpbody_pb2
from google.protobuf import json_format
from thedata.v1 import audit_pb2, common_pb2, run_events_pb2

from server.audit.model import AuditEntry, AuditFilter, AuditPlace
from server.audit.service import AuditEvent
from server.live import Alive, Resume
from server.rpc.cursor import cursor_of_audit
from server.rpc.values import moment, optional_id, struct, timestamp
from server.scope import PLATFORM

Asks = audit_pb2.ListAuditEntriesRequest | audit_pb2.ExportAuditEntriesRequest
COLUMNS = [field.name for field in audit_pb2.AuditEntry.DESCRIPTOR.fields]
JSON_COLUMNS = ("changes", "before")
NDJSON, CSV = "application/x-ndjson", "text/csv; charset=utf-8; header=present"
PIECE_BYTES = 256 << 10


def filter_of(request: Asks) -> AuditFilter:
    """Which entries are wanted.

    Raises:
        InvalidFields: a time is none.
    """
    kind, _, key = request.resource.partition("/")
    return AuditFilter(
        organization_id=optional_id(request.organization_id),
        user_id=optional_id(request.user_id),
        method=request.method,
        resource_kind=kind,
        resource_id=key,
        result=request.result,
        start=moment(request.start_time, "start_time") if request.HasField("start_time") else None,
        end=moment(request.end_time, "end_time") if request.HasField("end_time") else None,
    )


def entry_message(entry: AuditEntry) -> audit_pb2.AuditEntry:
    """An entry."""
    return audit_pb2.AuditEntry(
        id=str(entry.id),
        time=timestamp(entry.created_at),
        organization_id="" if entry.organization_id == PLATFORM else str(entry.organization_id),
        user_id=str(entry.user_id or ""),
        method=entry.method,
        resource=entry.resource,
        result=entry.result,
        request_id=entry.request_id,
        changes=struct(entry.changes),
        before=struct(entry.before) if entry.before is not None else None,
        api_key_id=str(entry.api_key_id or ""),
        address=entry.address,
        reason=entry.reason,
        count=entry.count,
    )


def audit_event(place: AuditPlace, event: AuditEvent) -> audit_pb2.WatchAuditEntriesResponse:
    """An entry, or a sign of life."""
    cursor = cursor_of_audit(place)
    match event:
        case Alive():
            return audit_pb2.WatchAuditEntriesResponse(cursor=cursor, heartbeat=common_pb2.Heartbeat())
        case Resume():
            return audit_pb2.WatchAuditEntriesResponse(cursor=cursor, resume=run_events_pb2.Resume())
        case AuditEntry():
            return audit_pb2.WatchAuditEntriesResponse(cursor=cursor, entry=entry_message(event))


async def file_of(
    entries: AsyncGenerator[AuditEntry, None], form: audit_pb2.AuditFormat.ValueType
) -> AsyncGenerator[httpbody_pb2.HttpBody, None]:
    """Entries as pieces of a file; the first one tells its type."""
    as_csv = form == audit_pb2.AUDIT_FORMAT_CSV
    write: Callable[[AuditEntry], str] = _row if as_csv else _line
    piece, content_type = io.StringIO(), CSV if as_csv else NDJSON
    if as_csv:
        piece.write(_csv(COLUMNS))
    async with aclosing(entries):
        async for entry in entries:
            piece.write(write(entry))
            if piece.tell() >= PIECE_BYTES:
                yield httpbody_pb2.HttpBody(content_type=content_type, data=piece.getvalue().encode())
                piece, content_type = io.StringIO(), ""
    if content_type or piece.tell():
        yield httpbody_pb2.HttpBody(content_type=content_type, data=piece.getvalue().encode())


def _json(entry: AuditEntry) -> dict[str, Any]:
    return json_format.MessageToDict(
        entry_message(entry), preserving_proto_field_name=True, always_print_fields_with_no_presence=True
    )


def _line(entry: AuditEntry) -> str:
    return json.dumps(_json(entry), ensure_ascii=False) + "\n"


def _row(entry: AuditEntry) -> str:
    values = _json(entry)
    found = {name: json.dumps(values[name], ensure_ascii=False) for name in JSON_COLUMNS if name in values}
    return _csv([str({**values, **found}.get(name, "")) for name in COLUMNS])


def _csv(values: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(values)
    return line.getvalue()
