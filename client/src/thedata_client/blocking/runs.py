"""Made of the asyncio client by tools/client_code.py: DO NOT EDIT.

Runs that were started, and their logs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from thedata_client import methods, types
from thedata_client.blocking.follow import Follow
from thedata_client.errors import RunFailed
from thedata_client.requests import request_of

if TYPE_CHECKING:
    from thedata_client.blocking.core import Core

ENDED = (types.RUN_STATE_SUCCEEDED, types.RUN_STATE_FAILED, types.RUN_STATE_CANCELLED)


class RunHandle:
    """A run that was started."""

    def __init__(self, core: Core, run: types.Run) -> None:
        self._core = core
        self.run = run
        """What was last heard of it."""

    @property
    def id(self) -> str:
        """The run's id."""
        return self.run.id

    @property
    def pipeline_id(self) -> str:
        """The pipeline's id."""
        return self.run.pipeline_id

    def wait(
        self,
        progress: Callable[[types.Run], None] | None = None,
        *,
        timeout: float | None = None,
        check: bool = True,
    ) -> types.Run:
        """Waits until the run has ended, over disconnects and restarts of the server.

        Args:
            progress: Is called with the run at first and after each change: counters, states, what is left to do.
            timeout: Seconds to wait at most; None: as long as it takes. The run goes on after it.
            check: Whether a run that did not succeed raises.

        Raises:
            RunFailed: the run failed or was stopped.
            DeadlineExceeded: the time is over.
        """
        # Of its log nothing is needed, and of what was written before least of all.
        for message in self.watch(min_level="error", from_end=True, timeout=timeout):
            if message.WhichOneof("event") == "run":
                self.run = message.run
                if progress:
                    progress(self.run)
                if self.run.state in ENDED:
                    break
        if check and self.run.state != types.RUN_STATE_SUCCEEDED:
            raise RunFailed(self.run)
        return self.run

    def watch(
        self,
        *,
        after: str | None = None,
        min_level: types.LogLevel.ValueType | str | None = None,
        stream: str | None = None,
        text: str | None = None,
        since: datetime | None = None,
        from_end: bool | None = None,
        timeout: float | None = None,
    ) -> Follow[types.WatchRunResponse]:
        """The run as it goes: a snapshot, then its changes, log entries and events, until it has ended.

        Args:
            after: The cursor of the last message that was seen; None: from the start.
            min_level: Only log lines of this level and above.
            stream: Only log lines and events about this stream, with its namespace: `public.orders`.
            text: Only log lines whose text has this in it, in whatever case.
            since: Only log lines and events from this time on; not with `after`.
            from_end: Only log lines and events that are written from now on; not with `after` or `since`.
            timeout: Seconds that it may take; None: no end.
        """
        request = request_of(
            types.WatchRunRequest,
            pipeline_id=self.pipeline_id,
            run_id=self.id,
            after=after,
            min_level=min_level,
            stream=stream,
            text=text,
            since=since,
            from_end=from_end,
        )
        return Follow(self._core, methods.WATCH_RUN, request, timeout, endless=False)

    def tail(self, *, after: str | None = None, timeout: float | None = None) -> Tail:
        """The run's log, until it has ended."""
        request = request_of(types.TailPipelineLogsRequest, pipeline_id=self.pipeline_id, run_id=self.id, after=after)
        return Tail(Follow(self._core, methods.TAIL_PIPELINE_LOGS, request, timeout, endless=False))

    def stop(self) -> types.Run:
        """Stops the run, and pauses its pipeline."""
        request = request_of(types.StopPipelineRequest, pipeline_id=self.pipeline_id)
        self.run = self._core.unary(methods.STOP_PIPELINE, request)
        return self.run

    def refresh(self) -> types.Run:
        """Gets the run as it is now."""
        request = request_of(types.GetRunRequest, pipeline_id=self.pipeline_id, run_id=self.id)
        self.run = self._core.unary(methods.GET_RUN, request)
        return self.run

    def receipt(self) -> types.RunReceipt:
        """Gets the proof of the run: rows and content hashes of both sides, chunk by chunk."""
        request = request_of(types.GetRunReceiptRequest, pipeline_id=self.pipeline_id, run_id=self.id)
        return self._core.unary(methods.GET_RUN_RECEIPT, request)


class Tail:
    """The lines of a log as they are written, each once, over disconnects and restarts.

    What the server leaves out because this client reads too slowly is read again from where it began.
    """

    def __init__(self, messages: Follow[types.TailPipelineLogsResponse]) -> None:
        self._messages = messages
        self.state: types.RunState.ValueType = types.RUN_STATE_UNSPECIFIED
        """How the run ended; RUN_STATE_UNSPECIFIED: it has not."""

    @property
    def cursor(self) -> str:
        """Where the log was read to: `after` of a later call goes on from here."""
        return self._messages.cursor

    @property
    def reconnects(self) -> int:
        """How often it had to begin again."""
        return self._messages.reconnects

    def __iter__(self) -> Iterator[types.LogEntry]:
        for message in self._messages:
            event = message.WhichOneof("event")
            if event == "entry":
                yield message.entry
            elif event == "gap":
                self._messages.go_back(message.gap.cursor)
            elif event == "ended":
                self.state = message.ended
