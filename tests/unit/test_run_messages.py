"""What a run's message tells beside its row: retries, lateness, stuckness, pace."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from thedata.v1 import pipelines_pb2

from server.clock import now
from server.ids import new_id
from server.pipelines.convert import run_in_brief, run_message
from server.pipelines.model import Attempt, AttemptOutcome, Pipeline, Run, RunState, RunTrigger, Schedule, StreamRun
from server.pipelines.runs import queued
from server.pipelines.schedules import is_late, is_stuck

AT = now()
MINUTE = timedelta(minutes=1)
PIPELINE = Pipeline(
    id=UUID(int=1), organization_id=UUID(int=2), name="p", description="", source_id=UUID(int=3),
    destination_id=UUID(int=4), destination_namespace="", streams=[], verification="content", created_at=AT,
    updated_at=AT, version=1, schedule=Schedule(interval_seconds=60, set_at=AT.isoformat()),
)  # fmt: skip


def run(**values: Any) -> Run:
    return replace(queued(new_id(), PIPELINE, RunTrigger.SCHEDULE, None, schedule_time=AT), **values)


def attempt(ago: timedelta, outcome: AttemptOutcome = AttemptOutcome.NONE) -> Attempt:
    ended = "" if outcome is AttemptOutcome.NONE else (AT - ago + MINUTE).isoformat()
    return Attempt(1, "w", (AT - ago).isoformat(), ended, outcome)


def stream(state: RunState, rate: float = 0.0, eta: tuple[float, float] | None = None) -> StreamRun:
    return StreamRun("s", "", "s", state=state, rows_per_second=rate, eta=eta)


@pytest.mark.parametrize(
    ("state", "began", "progress", "stuck"),
    [
        (RunState.RUNNING, 11 * MINUTE, None, True),
        (RunState.RUNNING, 9 * MINUTE, None, False),
        (RunState.RUNNING, 30 * MINUTE, 9 * MINUTE, False),
        (RunState.RUNNING, 30 * MINUTE, 11 * MINUTE, True),
        (RunState.RUNNING, 5 * MINUTE, 30 * MINUTE, False),
        (RunState.STOPPING, 30 * MINUTE, None, False),
        (RunState.QUEUED, 30 * MINUTE, None, False),
    ],
)
def test_a_run_is_stuck_when_nothing_moves(
    state: RunState, began: timedelta, progress: timedelta | None, stuck: bool
) -> None:
    progress_at = None if progress is None else AT - progress
    assert is_stuck(run(state=state, attempts=[attempt(began)], progress_at=progress_at), AT) is stuck


@pytest.mark.parametrize(
    ("due", "paused", "queued_for", "late"),
    [
        (2 * MINUTE, False, None, True),
        (2 * MINUTE, True, None, False),
        (timedelta(seconds=59), False, None, False),
        (-MINUTE, False, None, False),
        (None, False, None, False),
        (-MINUTE, False, 2 * MINUTE, True),
        (-MINUTE, False, timedelta(seconds=30), False),
    ],
)
def test_a_pipeline_is_late_when_a_run_should_have_started(
    due: timedelta | None, paused: bool, queued_for: timedelta | None, late: bool
) -> None:
    pipeline = replace(PIPELINE, paused=paused, next_run_at=None if due is None else AT - due)
    newest = None if queued_for is None else run(available_at=AT - queued_for)
    assert is_late(pipeline, newest, AT) is late


@pytest.mark.parametrize(
    ("outcome", "told"),
    [(AttemptOutcome.FAILED, True), (AttemptOutcome.LOST, False), (AttemptOutcome.HANDED_OVER, False)],
)
def test_a_run_tells_when_it_is_tried_again(outcome: AttemptOutcome, told: bool) -> None:
    waiting = run(attempt=1, attempts=[attempt(2 * MINUTE, outcome)], available_at=AT + MINUTE)
    message = run_message(waiting)
    assert message.HasField("retry_time") is told
    if told:
        assert message.retry_time.ToDatetime(AT.tzinfo) == AT + MINUTE
    assert not run_message(run()).HasField("retry_time")


def test_the_pace_of_a_run_is_that_of_its_streams() -> None:
    one, other = stream(RunState.RUNNING, 10, (5, 8)), stream(RunState.RUNNING, 2.5, (1, 2))
    done = stream(RunState.SUCCEEDED, 1000)
    message = run_message(run(state=RunState.RUNNING, streams=[one, other, done], attempts=[attempt(MINUTE)]))
    assert message.rows_per_second == 12.5
    assert (message.eta.low.ToTimedelta(), message.eta.high.ToTimedelta()) == (
        timedelta(seconds=5),
        timedelta(seconds=10),
    )
    assert message.streams[0].eta.high.seconds == 8
    assert not message.streams[2].HasField("eta")
    waiting = run_message(run(state=RunState.RUNNING, streams=[one, stream(RunState.QUEUED)]))
    assert not waiting.HasField("eta"), "how long a stream takes that has not begun, nobody knows"


def test_lists_leave_streams_and_attempts_out_but_not_what_they_tell() -> None:
    long = [attempt(30 * MINUTE)]
    brief = run_in_brief(run(state=RunState.RUNNING, attempts=long, streams=[stream(RunState.RUNNING, 3, (1, 2))]))
    assert not brief.attempts
    assert not brief.streams
    assert brief.stuck
    assert brief.rows_per_second == 3
    assert brief.eta.high.seconds == 2


def test_attempts_are_told_with_their_times_and_outcomes() -> None:
    ended, under_way = attempt(10 * MINUTE, AttemptOutcome.LOST), attempt(MINUTE)
    told = run_message(run(state=RunState.RUNNING, attempts=[ended, under_way])).attempts
    assert told[0].outcome == pipelines_pb2.ATTEMPT_OUTCOME_LOST
    assert told[0].end_time.ToDatetime(AT.tzinfo) == AT - 9 * MINUTE
    assert told[1].outcome == pipelines_pb2.ATTEMPT_OUTCOME_UNSPECIFIED
    assert not told[1].HasField("end_time")
    assert told[1].start_time.ToDatetime(AT.tzinfo) == datetime.fromisoformat(under_way.started_at)
