"""Following a run: its log, or all of it, from any position, without loss or repeat."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from uuid import UUID

from server.auth.permissions import Caller
from server.errors import InvalidCursor
from server.pipelines.model import LogEntry, LogLevel, Position, Run, RunState
from server.pipelines.ports import Signals
from server.pipelines.service import PipelinesService

HEARTBEAT_SECONDS = 5.0
ENTRIES_AT_ONCE = 1000


@dataclass(frozen=True)
class Alive:
    """There is no news."""


@dataclass(frozen=True)
class Ended:
    """The run has ended, and everything was told."""

    state: RunState


TailEvent = LogEntry | Alive | Ended
WatchEvent = Run | LogEntry | Alive


class RunWatcher:
    """Tells what happens to a run as it happens. The tables are the truth; signals only save waiting."""

    def __init__(self, pipelines: PipelinesService, signals: Signals) -> None:
        self._pipelines = pipelines
        self._signals = signals

    async def page(
        self,
        caller: Caller,
        pipeline_id: UUID,
        run_id: UUID | None,
        after: Position | None,
        min_level: LogLevel,
        size: int,
    ) -> tuple[Sequence[LogEntry], Position, bool]:
        """A page of a run's log, the position after it, and whether there is more for now.

        Raises:
            InvalidCursor: `after` is of another run than the one named.
        """
        run = await self._pipelines.chosen_run(caller, pipeline_id, run_id or (after.run_id if after else None))
        position = _start(run, after)
        found = await self._pipelines.read_log(caller, run, position, min_level, size + 1)
        entries = found[:size]
        for entry in entries:
            position = position.after(entry)
        return entries, position, len(found) > size

    async def tail(
        self, caller: Caller, pipeline_id: UUID, run_id: UUID | None, after: Position | None, min_level: LogLevel
    ) -> AsyncGenerator[tuple[Position, TailEvent], None]:
        """Follows a run's log until the run has ended.

        Raises:
            InvalidCursor: `after` is of another run than the one named.
        """
        run = await self._pipelines.chosen_run(caller, pipeline_id, run_id or (after.run_id if after else None))
        position = _start(run, after)
        silent = True
        async with self._signals.subscribe(str(run.id)) as wait:
            while True:
                # The state first: whatever was logged before the end is then in what is read next.
                run = await self._pipelines.get_run(caller, pipeline_id, run.id)
                entries = await self._pipelines.read_log(caller, run, position, min_level, ENTRIES_AT_ONCE)
                for entry in entries:
                    position = position.after(entry)
                    yield position, entry
                if run.state.ended and not entries:
                    yield position, Ended(run.state)
                    return
                # The first sign of life at once: until then a client can't tell a quiet stream from a dead one.
                if not entries and (silent or not await wait(HEARTBEAT_SECONDS)):
                    yield position, Alive()
                silent = False

    async def watch(
        self, caller: Caller, pipeline_id: UUID, run_id: UUID, after: Position | None
    ) -> AsyncGenerator[tuple[Position, WatchEvent], None]:
        """Follows a run and its log until it has ended.

        Raises:
            InvalidCursor: `after` is of another run.
        """
        run = await self._pipelines.get_run(caller, pipeline_id, run_id)
        position = _start(run, after)
        silent = True
        async with self._signals.subscribe(str(run.id)) as wait:
            while True:
                run = await self._pipelines.get_run(caller, pipeline_id, run.id)
                entries = await self._pipelines.read_log(caller, run, position, LogLevel.DEBUG, ENTRIES_AT_ONCE)
                for entry in entries:
                    position = position.after(entry)
                    yield position, entry
                if run.revision > position.revision and not (run.state.ended and entries):
                    position = position.at_revision(run.revision)
                    yield position, run
                if run.state.ended and not entries:
                    return
                # The first sign of life at once: until then a client can't tell a quiet stream from a dead one.
                if not entries and (silent or not await wait(HEARTBEAT_SECONDS)):
                    yield position, Alive()
                silent = False


def _start(run: Run, after: Position | None) -> Position:
    if after is not None and after.run_id != run.id:
        raise InvalidCursor
    return after or Position(run.id)
