"""What a run leaves behind for good: receipts, checkpoints, schema changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from server.clock import now
from server.ids import new_id
from server.pipelines.model import Checkpoint as KeptCheckpoint
from server.pipelines.model import CheckpointOrigin, Run, SchemaChange, StreamReceipt
from server.runs.progress import Result, RunProgress
from server.storage.store import Transaction
from server.sync.events import Checkpoint, SchemaChanged, StreamFinished


async def keep_results(tx: Transaction, run: Run, progress: RunProgress, results: Sequence[Result]) -> None:
    """Keeps results in the transaction that reports them."""
    names = [(stream.namespace, stream.name) for stream in progress.streams]
    for result in results:
        namespace, name = progress.place(result.stream)
        match result:
            case StreamFinished(_, receipt):
                number = names.index((namespace, name))
                kept = StreamReceipt(run.id, run.organization_id, namespace, name, number, asdict(receipt))
                await tx.stream_receipts.put(kept)
            case SchemaChanged(_, changes):
                await tx.schema_changes.insert(
                    SchemaChange(
                        new_id(), run.organization_id, run.pipeline_id, namespace, name, run.id, list(changes), now()
                    )
                )
            case Checkpoint():
                await tx.checkpoints.insert(_reached(run, namespace, name, result))


def _reached(run: Run, namespace: str, stream: str, checkpoint: Checkpoint) -> KeptCheckpoint:
    return KeptCheckpoint(
        id=new_id(),
        organization_id=run.organization_id,
        pipeline_id=run.pipeline_id,
        namespace=namespace,
        stream=stream,
        cursor=checkpoint.cursor,
        origin=CheckpointOrigin.RUN,
        version=None,
        run_id=run.id,
        rows_committed=checkpoint.rows_committed,
        created_at=now(),
    )
