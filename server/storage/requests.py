"""Idempotent calls: which resource a request_id made."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from server.errors import RequestIdReused
from server.storage.tables import idempotency_keys as keys


class RequestRows:
    """Remembers request ids, in the transaction that makes their resource."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def claim(self, user_id: UUID, method: str, request_id: UUID | None, fingerprint: bytes, new: UUID) -> UUID:
        """The id that the request's resource has: `new`, or that of the first call.

        A concurrent call with the same id waits here until the first one's transaction ends.

        Raises:
            RequestIdReused: the first call had other parameters.
        """
        if request_id is None:
            return new
        values = {
            "user_id": user_id,
            "method": method,
            "request_id": request_id,
            "fingerprint": fingerprint,
            "resource_id": new,
        }
        await self._connection.execute(insert(keys).values(**values).on_conflict_do_nothing())
        statement = select(keys.c.fingerprint, keys.c.resource_id).where(
            keys.c.user_id == user_id, keys.c.method == method, keys.c.request_id == request_id
        )
        first_fingerprint, resource_id = (await self._connection.execute(statement)).one()
        if first_fingerprint != fingerprint:
            raise RequestIdReused(str(request_id))
        return UUID(str(resource_id))
