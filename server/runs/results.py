"""What a run leaves behind for good: receipts, checkpoints, schema changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict

from server.pipelines.model import Checkpoint as KeptCheckpoint
from server.pipelines.model import CheckpointOrigin, Run, SchemaChange, StreamReceipt, StreamRun
from server.runs.progress import Found
from server.storage.store import Transaction
from server.sync.events import Checkpoint, SchemaChanged, StreamFinished


async def keep_results(
    tx: Transaction,
    run: Run,
    streams: Sequence[StreamRun],
    results: Sequence[Found],
    place: Callable[[str], tuple[str, str]],
) -> None:
    """Keeps results in the transaction that reports them; those that are kept already, only once."""
    names = [(stream.namespace, stream.name) for stream in streams]
    for found in results:
        namespace, name = place(found.result.stream)
        match found.result:
            case StreamFinished(_, receipt):
                number = names.index((namespace, name))
                kept = StreamReceipt(run.id, run.organization_id, namespace, name, number, asdict(receipt))
                await tx.stream_receipts.put(kept)
            case SchemaChanged(_, changes):
                change = SchemaChange(
                    found.id, run.organization_id, run.pipeline_id, namespace, name, run.id, list(changes), found.at
                )
                await tx.schema_changes.keep(change)
            case Checkpoint() as checkpoint:
                await tx.checkpoints.keep(_reached(run, namespace, name, found, checkpoint))
                await tx.views.tell_landed(run.organization_id, checkpoint.table)


def _reached(run: Run, namespace: str, stream: str, found: Found, checkpoint: Checkpoint) -> KeptCheckpoint:
    return KeptCheckpoint(
        id=found.id,
        organization_id=run.organization_id,
        pipeline_id=run.pipeline_id,
        namespace=namespace,
        stream=stream,
        cursor=checkpoint.cursor,
        origin=CheckpointOrigin.RUN,
        version=None,
        run_id=run.id,
        rows_committed=checkpoint.rows_committed,
        created_at=found.at,
    )
