"""Tells the analytics store of audit entries, as events of the organizations that they are of.

Events ``thedata.audit.changed`` and ``thedata.audit.denied``: the id and time are the entry's, the message its method,
the attributes ``resource``, ``user_id``, ``api_key_id``, ``result``, ``reason``, ``request_id`` and ``count``. Whoever
may read events need not be allowed to read the audit: values and addresses stay there.
"""

from __future__ import annotations

import json
from itertools import groupby
from uuid import UUID

from server.analytics.ingest import IngestService
from server.analytics.model import Event, Sender
from server.analytics.prepare import events_of
from server.audit.model import AuditEntry, AuditFilter
from server.audit.ports import Store
from server.clock import now
from server.scope import PLATFORM, Scope

EVENTS_OF_AUDIT = "thedata.audit."
READER = "analytics"
MOST_ENTRIES = 500


class AuditTelling:
    """Each entry is told once: the store knows it by its id, also when it was sent and nobody has heard so."""

    def __init__(self, store: Store, ingest: IngestService) -> None:
        self._store = store
        self._ingest = ingest

    async def tell(self) -> bool:
        """Tells a part of what is not told yet; whether there may be more."""
        async with self._store.begin(Scope.everything()) as tx:
            read, head = await tx.audit.read_by(READER), await tx.audit.head()
            entries = await tx.audit.between(AuditFilter(), read, head, MOST_ENTRIES)
            kept = {PLATFORM, *await tx.organizations.among({entry.organization_id for entry in entries})}
        if not entries:
            return False
        for organization_id, its in groupby(sorted(entries, key=_owner), key=_owner):
            # What is left in the store of organizations that are gone is removed; nothing new is added.
            if organization_id in kept:
                batch = events_of(map(_event, its), now(), own=True)
                await self._ingest.take(organization_id, batch, Sender())
        async with self._store.begin(Scope.everything()) as tx:
            await tx.audit.read(READER, entries[-1].number)
        return len(entries) == MOST_ENTRIES


def _owner(entry: AuditEntry) -> UUID:
    return entry.organization_id


def _event(entry: AuditEntry) -> Event:
    attributes = {
        "resource": entry.resource,
        "user_id": str(entry.user_id or ""),
        "api_key_id": str(entry.api_key_id or ""),
        "result": entry.result,
        "reason": entry.reason,
        "request_id": entry.request_id,
        "count": entry.count,
    }
    kind = "changed" if entry.result == "OK" else "denied"
    told = {name: value for name, value in attributes.items() if value}
    return Event(entry.id, f"{EVENTS_OF_AUDIT}{kind}", entry.created_at, entry.method, json.dumps(told))
