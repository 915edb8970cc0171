"""What a worker needs to carry out a run: both ends opened, the streams as the run's plan has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from server.data_sources.connections import Connections, in_namespace
from server.pipelines.model import Checkpoint, Run, StreamConfig, built
from server.pipelines.specs import all_streams, replayed, spec_of
from server.runs.redaction import Redaction
from server.scope import Scope
from server.storage.store import Store, Transaction
from server.sync.connectors.base import ConnectorContext
from server.sync.spec import Endpoint, ReplayedRow, StreamSpec


@dataclass(frozen=True)
class Order:
    """What an attempt has to do: the run, both ends opened, and what the organization grants."""

    run: Run
    source: Endpoint
    destination: Endpoint
    context: ConnectorContext
    starts: Mapping[tuple[str, str], Checkpoint]
    replay: tuple[ReplayedRow, ...] | None

    @property
    def redaction(self) -> Redaction:
        """What takes the secrets of both ends out of what is told."""
        return Redaction.of(self.source.config, self.destination.config)


class Orders:
    """Opens what runs name."""

    def __init__(self, store: Store, connections: Connections) -> None:
        self._store = store
        self._connections = connections

    async def open(self, run: Run) -> Order:
        """Opens both ends of a run, with its organization's secrets."""
        organization = run.organization_id
        async with self._store.begin(Scope.of(organization)) as tx:
            source = await tx.data_sources.get(UUID(run.plan["source_id"]))
            destination = await tx.data_sources.get(UUID(run.plan["destination_id"]))
            opened = await self._connections.endpoint(tx, destination)
            secret = await self._connections.vault.column_secret(tx, organization)
            return Order(
                run,
                await self._connections.endpoint(tx, source),
                in_namespace(opened, run.plan["destination_namespace"]),
                self._connections.context(organization, secret),
                await tx.checkpoints.set_by_somebody(run.pipeline_id),
                await self._replayed(tx, run),
            )

    async def _replayed(self, tx: Transaction, run: Run) -> tuple[ReplayedRow, ...] | None:
        if "replay" not in run.plan:
            return None
        rows = await tx.rejected_rows.replayed_by(run.id)
        contents = await self._connections.vault.open_rows(
            tx, run.organization_id, run.pipeline_id, [row.content for row in rows]
        )
        corrections = run.plan["replay"]["corrections"]
        return tuple(
            ReplayedRow(corrections.get(str(row.id), content), row.place, row.row_number)
            for row, content in zip(rows, contents, strict=True)
        )

    async def streams(self, order: Order) -> list[StreamSpec]:
        """The run's streams; where none are configured, those that the source has now."""
        plan = order.run.plan
        configured = [built(StreamConfig, stream) for stream in plan["streams"]]
        if not configured:
            configured = await all_streams(order.source, order.context)
        backfill, replay = plan.get("backfill"), plan.get("replay")
        only = backfill or replay
        if only:
            configured = [s for s in configured if (s.namespace, s.name) == (only["namespace"], only["stream"])]
        specs = [
            spec_of(stream, start=order.starts.get((stream.namespace, stream.name)), backfill=backfill)
            for stream in configured
        ]
        return [replayed(spec) for spec in specs] if replay else specs
