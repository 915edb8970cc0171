"""What has changed of an organization's pipelines, numbered in the order of commits."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from server.pipelines.model import Change
from server.storage.tables import change_counters, pipeline_changes

PIPELINES_CHANNEL = "thedata_pipelines"

_NOTIFY = text("SELECT pg_notify(:channel, :payload)").bindparams(channel=PIPELINES_CHANNEL)


class Changes:
    """The newest change of each pipeline. The counter's row stays locked until the commit: numbers show in order.

    Changes are noted in memory and written at the end of the transaction: whoever would lock the counter and then
    anything else would wait for those who lock them the other way round.

    A deleted pipeline's row stays: whoever has been away for long must learn of it, and it is small.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._noted: dict[tuple[UUID, UUID], bool] = {}

    def note(self, organization_id: UUID, pipeline_id: UUID, *, deleted: bool = False) -> None:
        """Notes that a pipeline or its newest run has changed."""
        self._noted[organization_id, pipeline_id] = deleted

    async def write(self) -> None:
        """Writes what was noted; the last step of a transaction."""
        noted, self._noted = self._noted, {}
        for organization_id, pipeline_id in sorted(noted):
            await self._write(organization_id, pipeline_id, deleted=noted[organization_id, pipeline_id])

    async def _write(self, organization_id: UUID, pipeline_id: UUID, *, deleted: bool) -> None:
        first = insert(change_counters).values(organization_id=organization_id, number=1)
        counted = first.on_conflict_do_update(
            index_elements=["organization_id"], set_={"number": change_counters.c.number + 1}
        ).returning(change_counters.c.number)
        number = (await self._connection.execute(counted)).scalar_one()
        values = {"organization_id": organization_id, "number": number, "deleted": deleted, "changed_at": func.now()}
        noted = insert(pipeline_changes).values(pipeline_id=pipeline_id, **values)
        await self._connection.execute(noted.on_conflict_do_update(index_elements=["pipeline_id"], set_=values))
        await self._connection.execute(_NOTIFY, {"payload": str(organization_id)})

    async def after(self, organization_id: UUID, number: int, limit: int) -> Sequence[Change]:
        """The changes after a number, in order."""
        statement = (
            select(pipeline_changes.c.number, pipeline_changes.c.pipeline_id, pipeline_changes.c.deleted)
            .where(pipeline_changes.c.organization_id == organization_id, pipeline_changes.c.number > number)
            .order_by(pipeline_changes.c.number)
            .limit(limit)
        )
        return [Change(**row) for row in (await self._connection.execute(statement)).mappings()]

    async def newest(self, organization_id: UUID) -> int:
        """The number of the newest change; 0 where there is none."""
        statement = select(change_counters.c.number).where(change_counters.c.organization_id == organization_id)
        return (await self._connection.execute(statement)).scalar_one_or_none() or 0
