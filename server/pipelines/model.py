"""Pipelines, runs and their logs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any
from uuid import UUID

PLAN_FORMAT = 1
"""How plans of runs are to be read. Who changes what lands, by a plan that earlier releases would read and carry out
otherwise, raises it: workers leave runs with plans of later formats to workers of later releases."""


class RunState(StrEnum):
    """Where a run or stream stands."""

    QUEUED = "queued"
    RUNNING = "running"
    STOPPING = "stopping"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self in {RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED}


class RunTrigger(StrEnum):
    """What started a run."""

    MANUAL = "manual"
    BACKFILL = "backfill"
    REPLAY = "replay"
    SCHEDULE = "schedule"
    PIPELINE = "pipeline"
    WEBHOOK = "webhook"


class Priority(IntEnum):
    """Which runs start first when not all can: the lower."""

    HIGH = 1
    NORMAL = 2
    LOW = 3


class CatchUp(StrEnum):
    """What becomes of the times that a schedule has missed."""

    SKIP = "skip"
    ONE = "one"
    ALL = "all"


@dataclass(frozen=True)
class Schedule:
    """When a pipeline runs by itself: every so many seconds since ``set_at``, by cron, or after another pipeline."""

    interval_seconds: float = 0.0
    cron: str = ""
    time_zone: str = ""
    after_pipeline_id: str = ""
    also_failed: bool = False
    catch_up: CatchUp = CatchUp.ONE
    set_at: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "catch_up", CatchUp(self.catch_up))


@dataclass(frozen=True)
class RetryPolicy:
    """How many attempts may fail before a run does, and the waits between them, in seconds."""

    max_attempts: int = 3
    initial_backoff: float = 10.0
    max_backoff: float = 600.0


@dataclass(frozen=True)
class RunRules:
    """When a pipeline runs by itself, and how its runs are treated; unset: never, as usual, for as long as it takes."""

    schedule: Schedule | None = None
    retry_policy: RetryPolicy | None = None
    timeout_seconds: float | None = None
    priority: Priority = Priority.NORMAL


class EntryKind(StrEnum):
    """What an entry of a run's log is; all but lines carry fields, and only a watched run tells them."""

    LINE = "line"
    CHECKPOINT = "checkpoint"
    SCHEMA_CHANGE = "schema_change"
    REJECTS = "rejects"
    VERIFICATION = "verification"


class LogLevel(IntEnum):
    """How much a log entry matters."""

    DEBUG = 1
    INFO = 2
    WARNING = 3
    ERROR = 4


@dataclass(frozen=True)
class StreamConfig:
    """A stream of a pipeline; empty columns are all columns, an empty key is the source's.

    The words are the engine's (``server.sync.spec``); ``transforms`` is the engine's Transforms as JSON keeps it.
    """

    name: str
    namespace: str = ""
    destination_table: str = ""
    sync_mode: str = "full_refresh_overwrite"
    columns: list[str] = field(default_factory=list)
    cursor_column: str = ""
    cursor_lag: float = 0.0
    key_columns: list[str] = field(default_factory=list)
    deletes: str = "ignore"
    delete_check_seconds: int = 0
    schema_change_policy: str = "evolve"
    allow_lossy: bool = False
    transforms: dict[str, Any] = field(default_factory=dict)
    reject_rows: int = 0
    reject_share: float = 0.0
    adopt_table: bool = False


@dataclass(frozen=True)
class Pipeline:
    """A standing order to copy streams; without streams it is every stream of the source."""

    id: UUID
    organization_id: UUID
    name: str
    description: str
    source_id: UUID
    destination_id: UUID
    destination_namespace: str
    streams: list[StreamConfig]
    verification: str
    created_at: datetime
    updated_at: datetime
    version: int
    schedule: Schedule | None = None
    after_pipeline_id: UUID | None = None
    retry_policy: RetryPolicy | None = None
    timeout_seconds: float | None = None
    priority: Priority = Priority.NORMAL
    paused: bool = False
    next_run_at: datetime | None = None
    wanted: Mapping[str, Any] | None = None
    webhook_secret: bytes | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "streams", [built(StreamConfig, item) for item in self.streams])
        object.__setattr__(self, "schedule", built(Schedule, self.schedule))
        object.__setattr__(self, "retry_policy", built(RetryPolicy, self.retry_policy))
        object.__setattr__(self, "priority", Priority(self.priority))


@dataclass(frozen=True)
class Change:
    """A pipeline's newest change; numbers rise in the order of commits, within an organization."""

    number: int
    pipeline_id: UUID
    deleted: bool


@dataclass(frozen=True)
class RunFailure:
    """Why a run or stream failed."""

    origin: str
    type: str
    code: str
    message: str
    advice: str = ""
    stream: str = ""
    position: str = ""


@dataclass(frozen=True)
class StreamRun:
    """A stream's part in a run, with its receipt."""

    name: str
    namespace: str
    destination_table: str
    state: RunState = RunState.QUEUED
    lane: str = ""
    rows_read: int = 0
    rows_committed: int = 0
    bytes_read: int = 0
    estimated_rows: int | None = None
    seconds: float = 0.0
    verified: bool = False
    source_hash: str = ""
    destination_hash: str = ""
    failure: RunFailure | None = None
    rows_rejected: int = 0
    rows_inserted: int = 0
    rows_updated: int = 0
    rows_deleted: int = 0
    cursor: str = ""
    rows_per_second: float = 0.0
    eta: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", RunState(self.state))
        object.__setattr__(self, "failure", built(RunFailure, self.failure))
        object.__setattr__(self, "eta", tuple(self.eta) if self.eta else None)


class AttemptOutcome(StrEnum):
    """How an attempt went; empty while it goes."""

    NONE = ""
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    HANDED_OVER = "handed_over"
    LOST = "lost"


@dataclass(frozen=True)
class Attempt:
    """A worker's try to carry out a run; times are RFC 3339."""

    number: int
    worker: str
    started_at: str
    ended_at: str = ""
    outcome: AttemptOutcome = AttemptOutcome.NONE
    failure: RunFailure | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "outcome", AttemptOutcome(self.outcome))
        object.__setattr__(self, "failure", built(RunFailure, self.failure))


@dataclass(frozen=True)
class Run:
    """One carrying-out of a pipeline; `plan` is the pipeline as it was when the run was queued."""

    id: UUID
    organization_id: UUID
    pipeline_id: UUID
    state: RunState
    trigger: RunTrigger
    attempt: int
    epoch: int
    revision: int
    queued_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    rows_read: int
    rows_committed: int
    rows_rejected: int
    bytes_read: int
    estimated_rows: int | None
    streams: list[StreamRun]
    failure: RunFailure | None
    plan: Mapping[str, Any]
    created_by: UUID | None
    available_at: datetime
    priority: Priority = Priority.NORMAL
    executor_id: str | None = None
    attempts: list[Attempt] = field(default_factory=list)
    progress_at: datetime | None = None
    deadline_at: datetime | None = None
    schedule_time: datetime | None = None
    occurrence: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", RunState(self.state))
        object.__setattr__(self, "trigger", RunTrigger(self.trigger))
        object.__setattr__(self, "streams", [built(StreamRun, item) for item in self.streams])
        object.__setattr__(self, "failure", built(RunFailure, self.failure))
        object.__setattr__(self, "priority", Priority(self.priority))
        object.__setattr__(self, "attempts", [built(Attempt, item) for item in self.attempts])

    @property
    def retry_at(self) -> datetime | None:
        """When the next attempt begins; None unless the run waits after one that has failed."""
        waits = self.state is RunState.QUEUED and self.attempts
        return self.available_at if waits and self.attempts[-1].outcome is AttemptOutcome.FAILED else None

    @property
    def rows_per_second(self) -> float:
        """How fast the streams go that are under way, all together."""
        return sum(stream.rows_per_second for stream in self.streams if stream.state is RunState.RUNNING)

    @property
    def eta(self) -> tuple[float, float] | None:
        """How long the rest takes, in seconds: with all streams at once, and one after the other; None: not known."""
        rest = [stream.eta for stream in self.streams if not stream.state.ended]
        known = [eta for eta in rest if eta]
        if not rest or len(known) < len(rest) or self.state.ended:
            return None
        return max(low for low, _ in known), sum(high for _, high in known)


class PartitionState(StrEnum):
    """Where a partition stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class Partition:
    """A part of a stream that any worker may carry out for the run; ``work`` and ``result`` are the engine's words."""

    run_id: UUID
    epoch: int
    stream: str
    number: int
    organization_id: UUID
    state: PartitionState
    executor_id: str | None
    work: Mapping[str, Any]
    result: Mapping[str, Any] | None = None
    failure: RunFailure | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", PartitionState(self.state))
        object.__setattr__(self, "failure", built(RunFailure, self.failure))


class CheckpointOrigin(StrEnum):
    """What set a checkpoint."""

    RUN = "run"
    RESET = "reset"
    REWIND = "rewind"


@dataclass(frozen=True)
class Checkpoint:
    """A position of a stream; one that somebody has set has a version, and counts until a run has obeyed it."""

    id: UUID
    organization_id: UUID
    pipeline_id: UUID
    namespace: str
    stream: str
    cursor: str | None
    origin: CheckpointOrigin
    version: int | None
    run_id: UUID | None
    rows_committed: int
    created_at: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "origin", CheckpointOrigin(self.origin))


@dataclass(frozen=True)
class SchemaChange:
    """What a run has met at the source, a sentence each."""

    id: UUID
    organization_id: UUID
    pipeline_id: UUID
    namespace: str
    stream: str
    run_id: UUID
    changes: list[str]
    created_at: datetime


@dataclass(frozen=True)
class RejectedRow:
    """A row that could not land; ``content`` is sealed. Chunk and number are its place in the run."""

    id: UUID
    organization_id: UUID
    pipeline_id: UUID
    namespace: str
    stream: str
    run_id: UUID
    chunk: int
    number: int
    place: str
    row_number: int
    column_name: str
    code: str
    message: str
    content: bytes
    replayable: bool
    replay_run_id: UUID | None
    created_at: datetime


@dataclass(frozen=True)
class StreamReceipt:
    """The proof of a stream's run, as the engine gave it."""

    run_id: UUID
    organization_id: UUID
    namespace: str
    stream: str
    number: int
    receipt: Mapping[str, Any]


@dataclass(frozen=True)
class LogEntry:
    """A line of a run's log, or an event of another kind; writer and number make its place in it."""

    run_id: UUID
    writer: int
    number: int
    time: datetime
    level: LogLevel
    stream: str
    message: str
    kind: EntryKind = EntryKind.LINE
    fields: Mapping[str, Any] = field(default_factory=dict)
    attempt: int = 0
    worker: str = ""


@dataclass(frozen=True)
class LogFilter:
    """Which entries are wanted; ``stream`` is a full name, ``text`` is looked for in whatever case.

    Level and text are of lines: other events are wanted whatever they are.
    """

    min_level: LogLevel = LogLevel.DEBUG
    stream: str = ""
    text: str = ""
    since: datetime | None = None

    def admits(self, entry: LogEntry) -> bool:
        """Whether an entry is wanted."""
        if (self.stream and entry.stream != self.stream) or (self.since is not None and entry.time < self.since):
            return False
        if entry.kind is not EntryKind.LINE:
            return True
        return entry.level >= self.min_level and self.text.casefold() in entry.message.casefold()


@dataclass(frozen=True)
class Position:
    """What a watcher of a run has seen: the last entry by writer, the run's revision, and whether that was the end."""

    run_id: UUID
    seen: Mapping[int, int] = field(default_factory=dict)
    revision: int = 0
    complete: bool = False

    def after(self, *entries: LogEntry) -> Position:
        """The position after more entries."""
        return Position(self.run_id, {**self.seen, **{entry.writer: entry.number for entry in entries}}, self.revision)

    def at_revision(self, revision: int) -> Position:
        """The position after a snapshot of the run."""
        return Position(self.run_id, self.seen, revision)


def built(model: Any, value: Any) -> Any:
    """A model from what is kept of it, if it is not one already; what a later release has added to it is left out."""
    if not isinstance(value, dict):
        return value
    return model(**{item.name: value[item.name] for item in fields(model) if item.name in value})
