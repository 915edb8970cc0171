"""Who may read which part of the audit: lists, downloads, and the stream."""

from __future__ import annotations

import math
from collections.abc import AsyncGenerator
from dataclasses import replace
from uuid import UUID

from server.audit.model import AUDIT_CHANNEL, AuditEntry, AuditFilter, AuditPlace
from server.audit.ports import Store
from server.auth.permissions import Caller
from server.errors import InvalidCursor, InvalidPageToken
from server.live import Alive, Authority, Pace, Resume
from server.paging import Page, PageRequest
from server.pipelines.ports import Signals

ENTRIES_AT_ONCE = 100
LARGEST_PAGE = 1 << 20
"""A page ends when it holds so much: the messages of gRPC clients have at most 4 MiB."""

AuditEvent = AuditEntry | Alive | Resume


class AuditService:
    """Reads the audit: of an organization, or as a platform administrator all of it."""

    def __init__(self, store: Store, signals: Signals, authority: Authority) -> None:
        self._store = store
        self._signals = signals
        self._authority = authority

    async def list(self, caller: Caller, wanted: AuditFilter, request: PageRequest) -> Page[AuditEntry]:
        """Entries, newest first.

        Raises:
            InvalidPageToken: the token was not made here.
        """
        wanted = _permitted(caller, wanted)
        number = _number(request)
        found: list[AuditEntry] = []
        size = 0
        async with self._store.begin(caller.scope) as tx:
            while True:
                limit = min(ENTRIES_AT_ONCE, request.size + 1 - len(found))
                entries = await tx.audit.before(wanted, number, limit)
                for entry in entries:
                    if len(found) == request.size or size > LARGEST_PAGE:
                        return Page(found, str(found[-1].number))
                    found.append(entry)
                    size += _size(entry)
                if len(entries) < limit:
                    return Page(found)
                number = entries[-1].number

    async def export(self, caller: Caller, wanted: AuditFilter) -> AsyncGenerator[AuditEntry, None]:
        """All entries that there are now, oldest first; a part at a time is held."""
        wanted = _permitted(caller, wanted)
        async with self._store.begin(caller.scope) as tx:
            last = await tx.audit.head()
        seen, pace = 0, self._pace(caller, wanted)
        while True:
            async with self._store.begin(pace.caller.scope) as tx:
                entries = await tx.audit.between(wanted, seen, last, ENTRIES_AT_ONCE)
            for entry in entries:
                seen = entry.number
                yield entry
            if len(entries) < ENTRIES_AT_ONCE:
                return
            await pace.renew()

    async def watch(
        self, caller: Caller, organization_id: UUID | None, after: AuditPlace | None
    ) -> AsyncGenerator[tuple[AuditPlace, AuditEvent], None]:
        """Entries as they are committed, each once; a sign of life in a while.

        Raises:
            InvalidCursor: ``after`` is of another organization, or of entries that there are not.
        """
        wanted = _permitted(caller, AuditFilter(organization_id))
        async with self._store.begin(caller.scope) as tx:
            head = await tx.audit.head()
        place = after or AuditPlace(wanted.organization_id, head)
        if place.organization_id != wanted.organization_id or place.number > head:
            raise InvalidCursor
        pace = self._pace(caller, wanted)
        async with self._signals.subscribe(AUDIT_CHANNEL) as news:
            while True:
                async with self._store.begin(pace.caller.scope) as tx:
                    head = await tx.audit.head()
                    entries = await tx.audit.between(wanted, place.number, head, ENTRIES_AT_ONCE)
                for entry in entries:
                    place = replace(place, number=entry.number)
                    pace.tell()
                    yield place, entry
                more = len(entries) == ENTRIES_AT_ONCE
                if not more:
                    place = replace(place, number=head)
                if alive := await pace.beat():
                    yield place, alive
                if resume := await pace.rest(news, 0 if more else math.inf):
                    yield place, resume
                    return

    def _pace(self, caller: Caller, wanted: AuditFilter) -> Pace:
        async def renew(caller: Caller) -> Caller:
            caller = await self._authority.renew(caller)
            _permitted(caller, AuditFilter(wanted.organization_id))
            return caller

        return Pace(caller, renew)


def _permitted(caller: Caller, wanted: AuditFilter) -> AuditFilter:
    """What a caller may read of what is wanted; for a platform administrator without an organization, all."""
    if wanted.organization_id is None and caller.platform_admin:
        return wanted
    return replace(wanted, organization_id=caller.organization(wanted.organization_id))


def _number(request: PageRequest) -> int | None:
    if not request.after:
        return None
    if not request.after.isdecimal() or len(request.after) > 18:
        raise InvalidPageToken
    return int(request.after)


def _size(entry: AuditEntry) -> int:
    return len(str(entry.changes)) + len(str(entry.before))
