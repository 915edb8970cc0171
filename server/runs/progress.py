"""The state of a run's streams, folded from the engine's events."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from server.errors import Failure
from server.ids import id_of
from server.pipelines.model import EntryKind, LogLevel, RunFailure, RunState, StreamRun
from server.runs.log_writer import LogWriter
from server.runs.pace import Pace
from server.runs.retries import may_pass
from server.sync.errors import SyncError
from server.sync.events import (
    Checkpoint,
    Event,
    Level,
    LogLine,
    Progress,
    RowsRejected,
    SchemaChanged,
    StreamFailed,
    StreamFinished,
    StreamStarted,
)
from server.sync.receipt import StreamReceipt
from server.sync.spec import StreamSpec, Verification

Result = SchemaChanged | Checkpoint | StreamFinished
"""What is kept for good, beside the state of the streams."""


@dataclass(frozen=True)
class Found:
    """A result with its id: one that is kept again, because the answer was lost, is the same."""

    id: UUID
    at: datetime
    result: Result


MAX_REASON = 1000

LEVELS = {Level.INFO: LogLevel.INFO, Level.WARNING: LogLevel.WARNING, Level.ERROR: LogLevel.ERROR}


class RunProgress:
    """Where each stream of a run stands; log lines go straight to the run's log."""

    def __init__(self, specs: Sequence[StreamSpec], earlier: Sequence[StreamRun], log: LogWriter) -> None:
        done = {(stream.namespace, stream.name): stream for stream in earlier if stream.state.ended}
        self._streams = {
            spec.full_name: done.get((spec.namespace, spec.name))
            or StreamRun(spec.name, spec.namespace, spec.destination_table)
            for spec in specs
        }
        self._names = {spec.full_name: (spec.namespace, spec.name) for spec in specs}
        self._started: dict[str, float] = {}
        self._paces: dict[str, Pace] = {}
        self._log = log
        self.changed = False
        self.results: list[Found] = []
        # Two reports at a time would both keep the same results, and then forget more than they have kept.
        self.reporting = asyncio.Lock()

    @property
    def streams(self) -> list[StreamRun]:
        """The streams, in order."""
        return list(self._streams.values())

    def now(self) -> datetime:
        """The time, as the run's log has it."""
        return self._log.now()

    def place(self, stream: str) -> tuple[str, str]:
        """A stream's namespace and name."""
        return self._names[stream]

    def to_do(self, specs: Sequence[StreamSpec]) -> list[StreamSpec]:
        """The streams that no earlier attempt has brought to an end."""
        return [spec for spec in specs if not self._streams[spec.full_name].state.ended]

    @property
    def failures(self) -> list[RunFailure]:
        """Why streams have failed, in order."""
        return [stream.failure for stream in self.streams if stream.state is RunState.FAILED and stream.failure]

    def put_aside(self, rejected: RowsRejected) -> None:
        """Tells of rows that could not land."""
        reason = rejected.rows[0].message if rejected.rows else ""
        self._log.tell(EntryKind.REJECTS, rejected.stream, rows=len(rejected.rows), reason=reason[:MAX_REASON])

    def take(self, event: Event) -> None:
        """Folds one event in."""
        match event:
            case StreamStarted(stream, table, lane, estimated_rows):
                self._started[stream] = time.monotonic()
                self._paces[stream] = Pace()
                about = f", about {estimated_rows:,} rows" if estimated_rows is not None else ""
                self._log.write(
                    LogLevel.INFO,
                    f"Reading into {table} by the {lane.value} lane{about}.",
                    stream,
                    table=table,
                    lane=lane.value,
                    estimated_rows=estimated_rows,
                )
                self._set(
                    stream,
                    state=RunState.RUNNING,
                    destination_table=table,
                    lane=lane.value,
                    estimated_rows=estimated_rows,
                    failure=None,
                )
            case Progress(stream, rows_read, bytes_read, rows_committed, estimated_rows):
                pace = self._paces[stream]
                pace.note(time.monotonic(), rows_read)
                self._set(
                    stream,
                    rows_read=rows_read,
                    bytes_read=bytes_read,
                    rows_committed=rows_committed,
                    estimated_rows=estimated_rows,
                    rows_per_second=pace.rows_per_second,
                    eta=None if estimated_rows is None else pace.eta(estimated_rows - rows_read),
                )
            case StreamFinished(stream, receipt):
                self._set(
                    stream,
                    state=RunState.SUCCEEDED,
                    rows_read=receipt.rows_read,
                    rows_committed=receipt.rows_committed,
                    rows_rejected=receipt.rows_rejected,
                    rows_inserted=receipt.rows_inserted,
                    rows_updated=receipt.rows_updated,
                    rows_deleted=receipt.rows_deleted,
                    cursor=receipt.cursor or "",
                    bytes_read=receipt.bytes,
                    verified=receipt.verified is not Verification.NONE,
                    source_hash=receipt.source_hash,
                    destination_hash=receipt.destination_hash,
                    rows_per_second=receipt.rows_read / receipt.seconds if receipt.seconds else 0.0,
                    eta=None,
                )
                self._log.write(
                    LogLevel.INFO,
                    _landed(receipt),
                    stream,
                    table=receipt.table,
                    rows=receipt.rows_committed,
                    bytes=receipt.bytes,
                    seconds=f"{receipt.seconds:.3f}",
                )
                self._log.tell(
                    EntryKind.VERIFICATION,
                    stream,
                    level=receipt.verified.value,
                    rows=receipt.rows_committed,
                    hash=receipt.destination_hash,
                )
                self._found(event)
            case StreamFailed(stream, error):
                failure = self._log.redaction.failure(failure_of(error))
                self._set(stream, state=RunState.FAILED, failure=failure)
                self._log.write(LogLevel.ERROR, str(error), stream, **told_of(failure))
            case LogLine(level, message, about):
                self._log.write(LEVELS[level], message, about or "")
            case SchemaChanged(stream, changes):
                self._log.tell(EntryKind.SCHEMA_CHANGE, stream, changes=list(changes))
                self._found(event)
            case Checkpoint(stream, _table, _epoch, rows_committed, cursor):
                self._set(stream, rows_committed=rows_committed)
                self._log.tell(EntryKind.CHECKPOINT, stream, cursor=cursor or "", rows_committed=rows_committed)
                self._found(event)

    def end(self, state: RunState) -> None:
        """Gives the streams that have not ended by themselves the run's state.

        When another attempt follows, those whose failure may pass wait for it with the others.
        """
        for name, stream in self._streams.items():
            again = state is RunState.QUEUED and stream.failure is not None and may_pass(stream.failure)
            if again or not stream.state.ended:
                self._set(name, state=state, rows_per_second=0.0, eta=None)

    def _found(self, result: Result) -> None:
        at = self.now()
        self.results.append(Found(id_of(at), at, result))

    def _set(self, stream: str, **changes: object) -> None:
        seconds = time.monotonic() - self._started[stream] if stream in self._started else 0.0
        self._streams[stream] = replace(self._streams[stream], seconds=round(seconds, 3), **changes)  # type: ignore[arg-type]  # the keys are StreamRun's fields
        self.changed = True


def _landed(receipt: StreamReceipt) -> str:
    changes = [
        f"{count:,} {word}"
        for count, word in (
            (receipt.rows_updated, "updated"),
            (receipt.rows_deleted, "deleted"),
            (receipt.rows_rejected, "rejected"),
        )
        if count
    ]
    more = f" ({', '.join(changes)})" if changes else ""
    return (
        f"{receipt.rows_committed:,} rows landed in {receipt.table}{more} in {receipt.seconds:.2f} s,"
        f" {receipt.bytes:,} bytes; verified by {receipt.verified.value}."
    )


def told_of(failure: RunFailure) -> dict[str, str]:
    """What a line about a failure has as fields."""
    return {"origin": failure.origin, "type": failure.type, "code": failure.code}


def failure_of(error: SyncError) -> RunFailure:
    """The engine's error as the platform keeps it."""
    return RunFailure(
        error.origin.value,
        error.type.value,
        error.code.lower(),
        error.message,
        error.advice,
        error.stream or "",
        error.position or "",
    )


def platform_failure(error: Failure) -> RunFailure:
    """The platform's own failure as a run keeps it."""
    transient = error.retry_after is not None
    return RunFailure("platform", "transient" if transient else "config", error.reason.lower(), error.message)
