"""What became of a pipeline's streams: checkpoints, receipts, schema changes, rejected rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from sqlalchemy import exists, literal, or_, select, update
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from server.paging import Page, PageRequest
from server.pipelines.model import Checkpoint, RejectedRow, SchemaChange, StreamReceipt
from server.scope import Scope
from server.storage.rows import Rows
from server.storage.tables import checkpoints, rejected_rows, schema_changes, stream_receipts


class CheckpointRows(Rows[Checkpoint]):
    """The checkpoints of streams, reached and set."""

    table, model, resource = checkpoints, Checkpoint, "checkpoint"

    async def page_of(
        self, pipeline_id: UUID, stream: tuple[str, str] | None, request: PageRequest
    ) -> Page[Checkpoint]:
        """A pipeline's checkpoints, or those of one stream (namespace and name), newest first."""
        where = [checkpoints.c.pipeline_id == pipeline_id]
        if stream:
            where += [checkpoints.c.namespace == stream[0], checkpoints.c.stream == stream[1]]
        return await self.page(request, *where)

    async def keep(self, checkpoint: Checkpoint) -> None:
        """Keeps what a run has reached; the same one again changes nothing."""
        statement = insert(checkpoints).values(**asdict(checkpoint))
        await self._connection.execute(statement.on_conflict_do_nothing(index_elements=["id"]))

    async def set_by_somebody(self, pipeline_id: UUID) -> dict[tuple[str, str], Checkpoint]:
        """The newest checkpoint that somebody has set, by stream (namespace and name)."""
        statement = (
            select(*self._columns)
            .ext(distinct_on(checkpoints.c.namespace, checkpoints.c.stream))
            .where(checkpoints.c.pipeline_id == pipeline_id, checkpoints.c.version.is_not(None), self.visible())
            .order_by(checkpoints.c.namespace, checkpoints.c.stream, checkpoints.c.version.desc())
        )
        rows = (await self._connection.execute(statement)).mappings()
        return {(row["namespace"], row["stream"]): Checkpoint(**row) for row in rows}


class SchemaChangeRows(Rows[SchemaChange]):
    """The schema changes that runs have met."""

    table, model, resource = schema_changes, SchemaChange, "schema change"

    async def keep(self, change: SchemaChange) -> None:
        """Keeps what a run has met; a later attempt of it, or a repeated try, meets the same again."""
        values = asdict(change)
        same = exists().where(
            *(schema_changes.c[name] == values[name] for name in ("pipeline_id", "run_id", "namespace", "stream")),
            schema_changes.c.changes == literal(change.changes, schema_changes.c.changes.type),
        )
        row = select(*(literal(value, schema_changes.c[name].type) for name, value in values.items())).where(~same)
        await self._connection.execute(insert(schema_changes).from_select(list(values), row))

    async def page_of(self, pipeline_id: UUID, request: PageRequest) -> Page[SchemaChange]:
        """A pipeline's schema changes, newest first."""
        return await self.page(request, schema_changes.c.pipeline_id == pipeline_id)


class StreamReceiptRows:
    """The receipts of streams."""

    def __init__(self, connection: AsyncConnection, scope: Scope) -> None:
        self._connection = connection
        self._scope = scope

    async def put(self, receipt: StreamReceipt) -> None:
        """Keeps a receipt; that of a repeated attempt takes the place of the one before."""
        values = asdict(receipt)
        statement = insert(stream_receipts).values(**values)
        key = ["run_id", "namespace", "stream"]
        await self._connection.execute(statement.on_conflict_do_update(index_elements=key, set_=values))

    async def of_run(self, run_id: UUID) -> list[StreamReceipt]:
        """A run's receipts, in the order of its streams."""
        statement = select(stream_receipts).where(stream_receipts.c.run_id == run_id)
        if not self._scope.platform:
            statement = statement.where(stream_receipts.c.organization_id.in_(self._scope.organizations))
        rows = (await self._connection.execute(statement.order_by(stream_receipts.c.number))).mappings()
        return [StreamReceipt(**row) for row in rows]


class RejectedRowRows(Rows[RejectedRow]):
    """Rows that could not land."""

    table, model, resource = rejected_rows, RejectedRow, "rejected row"

    async def put(self, rows: Sequence[RejectedRow]) -> None:
        """Keeps rows of a chunk; those that are known from an earlier attempt are not kept twice."""
        if not rows:
            return
        statement = insert(rejected_rows).on_conflict_do_nothing(constraint="uq_rejected_rows_place")
        await self._connection.execute(statement, [asdict(row) for row in rows])

    async def page_of(
        self, pipeline_id: UUID, run_id: UUID | None, stream: str, *, replayed: bool, request: PageRequest
    ) -> Page[RejectedRow]:
        """A pipeline's rejected rows, newest first; empty values filter nothing."""
        where = [rejected_rows.c.pipeline_id == pipeline_id]
        if run_id:
            where.append(rejected_rows.c.run_id == run_id)
        if stream:
            where.append(rejected_rows.c.stream == stream)
        if not replayed:
            where.append(rejected_rows.c.replay_run_id.is_(None))
        return await self.page(request, *where)

    async def claim_for(
        self, replay_run_id: UUID, pipeline_id: UUID, stream: tuple[str, str], ids: Sequence[UUID],
        corrected: Sequence[UUID], limit: int,
    ) -> list[UUID]:  # fmt: skip
        """Gives rows to a replay: those that are named, or the oldest that can be replayed."""
        wanted = select(rejected_rows.c.id).where(
            rejected_rows.c.pipeline_id == pipeline_id,
            rejected_rows.c.namespace == stream[0],
            rejected_rows.c.stream == stream[1],
            rejected_rows.c.replay_run_id.is_(None),
            or_(rejected_rows.c.replayable, rejected_rows.c.id.in_(corrected)),
            self.visible(),
        )
        if ids:
            wanted = wanted.where(rejected_rows.c.id.in_(ids))
        chosen = wanted.order_by(rejected_rows.c.id).limit(limit).with_for_update()
        statement = (
            update(rejected_rows)
            .where(rejected_rows.c.id.in_(chosen))
            .values(replay_run_id=replay_run_id)
            .returning(rejected_rows.c.id)
        )
        return list(await self._connection.scalars(statement))

    async def replayed_by(self, run_id: UUID) -> list[RejectedRow]:
        """The rows that a replay lands, oldest first."""
        statement = select(*self._columns).where(rejected_rows.c.replay_run_id == run_id, self.visible())
        rows = (await self._connection.execute(statement.order_by(rejected_rows.c.id))).mappings()
        return [RejectedRow(**row) for row in rows]

    async def release(self, run_id: UUID) -> None:
        """Gives the rows of a replay that did not succeed back."""
        await self._connection.execute(
            update(rejected_rows).where(rejected_rows.c.replay_run_id == run_id).values(replay_run_id=None)
        )
