"""What the platform tells of runs as events and metrics; the names begin with ``thedata.``, and nobody else's do.

Events: ``thedata.run.started``, ``.succeeded``, ``.failed``, ``.cancelled``, and ``thedata.attempt.failed``, ``.lost``,
``.handed_over`` for attempts after which the run went on.

Metrics: ``thedata.rows_read``, ``rows_committed``, ``rows_rejected`` (rows), ``bytes_read`` (bytes): how many more
there are than were told before. ``runs_in_flight``: 1 and -1 as runs come and go. ``wait_seconds``: from when a run was
due to its start. When it has ended: ``run_seconds``, ``run_failed`` (1 or 0). ``lag_seconds``, every minute: how long
ago the newest run of a pipeline that succeeded began, so that what came to the source since may not have landed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from server.analytics.model import Event, Point
from server.pipelines.model import Attempt, AttemptOutcome, Run, RunState

COUNTED = ("rows_read", "rows_committed", "rows_rejected", "bytes_read")
EVENTS_OF_RUNS = "thedata.run."
EVENTS_OF_ATTEMPTS = "thedata.attempt."
POINTS_OF_RUNS = [
    f"thedata.{name}" for name in (*COUNTED, "runs_in_flight", "run_seconds", "wait_seconds", "run_failed")
]


@dataclass(frozen=True)
class Lag:
    """How long ago the newest run of a pipeline that succeeded began."""

    organization_id: UUID
    pipeline_id: UUID
    pipeline: str
    source_id: UUID
    destination_id: UUID
    seconds: float

    @property
    def point(self) -> Point:
        """As it is told, of now."""
        labels = {
            "pipeline_id": str(self.pipeline_id), "pipeline": self.pipeline,
            "source_id": str(self.source_id), "destination_id": str(self.destination_id),
        }  # fmt: skip
        return Point("thedata.lag_seconds", None, self.seconds, labels)


@dataclass
class Facts:
    """Events and points of one organization's runs."""

    events: list[Event] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "events": [[event.kind, _text(event.time), event.message, event.attributes] for event in self.events],
            "points": [[point.name, _text(point.time), point.value, point.labels] for point in self.points],
        }

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Facts:
        """From JSON."""
        return cls(
            [Event(None, kind, _time(at), message, attributes) for kind, at, message, attributes in stored["events"]],
            [Point(name, _time(at), value, labels) for name, at, value, labels in stored["points"]],
        )

    def tell(self, run: Run, told: Mapping[str, Any]) -> dict[str, Any]:
        """Adds what has become of a run since it was told; gives what has been told then."""
        self.events += _events(run, told)
        self.points += _points(run, told)
        counted = {name: max(told.get(name, 0), getattr(run, name)) for name in COUNTED}
        return {**counted, "state": run.state.value, "attempts": len(_gone_on_after(run)), "started": _began(run)}


def _events(run: Run, told: Mapping[str, Any]) -> Iterator[Event]:
    if _began(run) and not told.get("started"):
        yield _event("run.started", run.started_at, run, {})
    for attempt in _gone_on_after(run)[told.get("attempts", 0) :]:
        failure = asdict(attempt.failure) if attempt.failure else None
        told_of = {"attempt": attempt.number, "worker": attempt.worker, "failure": failure}
        yield _event(f"attempt.{attempt.outcome}", _time(attempt.ended_at), run, told_of)
    if _has_ended(run, told):
        yield _event(
            f"run.{run.state}",
            run.ended_at,
            run,
            {name: getattr(run, name) for name in COUNTED}
            | {"seconds": _seconds(run), "attempt": run.attempt}
            | {"failure": asdict(run.failure) if run.failure else None},
        )


def _points(run: Run, told: Mapping[str, Any]) -> Iterator[Point]:
    at = run.ended_at or run.progress_at or run.started_at or run.queued_at
    for name in COUNTED:
        more = getattr(run, name) - told.get(name, 0)
        if more > 0:
            yield _point(name, at, more, run)
    if "state" not in told:
        yield _point("runs_in_flight", run.queued_at, 1, run)
    if _began(run) and not told.get("started"):
        assert run.started_at
        due = run.schedule_time or run.queued_at
        yield _point("wait_seconds", run.started_at, max((run.started_at - due).total_seconds(), 0), run)
    if _has_ended(run, told):
        yield _point("runs_in_flight", at, -1, run)
        yield _point("run_seconds", at, _seconds(run), run)
        if run.state is not RunState.CANCELLED:
            yield _point("run_failed", at, int(run.state is RunState.FAILED), run)


def _event(kind: str, at: datetime | None, run: Run, more: Mapping[str, Any]) -> Event:
    attributes = {"run_id": str(run.id), **_labels(run), "trigger": run.trigger.value, **more}
    kept = {name: value for name, value in attributes.items() if value is not None}
    return Event(None, f"thedata.{kind}", at, run.failure.message if run.failure else "", json.dumps(kept))


def _point(name: str, at: datetime, value: float, run: Run) -> Point:
    return Point(f"thedata.{name}", at, value, _labels(run))


def _labels(run: Run) -> dict[str, str]:
    """The same for a pipeline's runs until it is edited, so that series are few."""
    return {
        "pipeline_id": str(run.pipeline_id),
        "pipeline": run.plan.get("name", ""),
        "source_id": run.plan.get("source_id", ""),
        "destination_id": run.plan.get("destination_id", ""),
    }


def _began(run: Run) -> bool:
    return run.started_at is not None


def _has_ended(run: Run, told: Mapping[str, Any]) -> bool:
    return run.state.ended and not RunState(told.get("state", RunState.QUEUED)).ended


def _gone_on_after(run: Run) -> list[Attempt]:
    """Attempts after which the run went on."""
    ended = [attempt for attempt in run.attempts if attempt.outcome is not AttemptOutcome.NONE]
    return ended[:-1] if run.state.ended and len(ended) == len(run.attempts) else ended


def _seconds(run: Run) -> float:
    assert run.ended_at
    return (run.ended_at - run.started_at).total_seconds() if run.started_at else 0.0


def _text(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
