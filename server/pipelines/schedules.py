"""When schedules come due, and what becomes of the times that they miss."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError

from server.errors import Violation
from server.pipelines.model import CatchUp, Pipeline, Run, RunState, Schedule

MISSED = timedelta(minutes=1)
"""A time of a schedule is missed when it has passed for so long."""
STUCK = timedelta(minutes=10)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
FIELDS = 5
# What these name depends on the machine.
NO_ZONES = frozenset({"localtime", "Factory"})


@dataclass(frozen=True)
class Decision:
    """What to do about a time that is due: the time for which a run is queued, if any, and the time to look next."""

    run_for: datetime | None
    next_run_at: datetime | None


def violations(schedule: Schedule, at: datetime) -> Iterator[Violation]:
    """What is wrong with a schedule; ``at`` is the present time."""
    if schedule.after_pipeline_id and schedule.catch_up is not CatchUp.ONE:
        yield Violation("schedule.catch_up", "must be CATCH_UP_ONE with `after`")
    if not schedule.cron:
        return
    if schedule.time_zone and schedule.time_zone not in zones():
        advice = "must be a time zone of the IANA database, such as Europe/Berlin"
        yield Violation("schedule.cron.time_zone", advice)
        return
    try:
        comes = _first(schedule, at)
    except CronSimError as error:
        advice = f"must be minute, hour, day of month, month, day of week, such as 30 2 * * MON-FRI ({error})"
        yield Violation("schedule.cron.expression", advice)
        return
    if comes is None:
        yield Violation("schedule.cron.expression", "must be true some day: it names days that never come")


def _first(schedule: Schedule, at: datetime) -> datetime | None:
    # The library also takes six, with seconds.
    if len(schedule.cron.split()) != FIELDS:
        raise CronSimError("Wrong number of fields")
    return next_after(schedule, at)


def next_after(schedule: Schedule, after: datetime) -> datetime | None:
    """The first time of a schedule after ``after``, in UTC; None: it does not go by the clock, or none ever comes."""
    if schedule.interval_seconds:
        interval = timedelta(seconds=schedule.interval_seconds)
        set_at = datetime.fromisoformat(schedule.set_at)
        return set_at + (max(0, (after - set_at) // interval) + 1) * interval
    if not schedule.cron:
        return None
    minute, hour, *_ = schedule.cron.split()
    by_the_hour = minute.startswith("*") or hour.startswith("*")
    rule = _next_on_the_ticking_clock if by_the_hour else _next_by_the_calendar
    return rule(schedule.cron, ZoneInfo(schedule.time_zone or "UTC"), after.astimezone(UTC))


def is_same(one: Schedule | None, other: Schedule | None) -> bool:
    """Whether two schedules say the same, whenever they were set."""
    return one == other if one is None or other is None else one == replace(other, set_at=one.set_at)


def decided(schedule: Schedule, due: datetime, at: datetime, *, in_flight: bool) -> Decision:
    """What to do at ``at`` about the time ``due``, which has come; ``in_flight``: the pipeline has a run."""
    if schedule.catch_up is CatchUp.SKIP:
        missed = in_flight or at - due > MISSED
        return Decision(None if missed else due, next_after(schedule, at))
    if in_flight:
        return Decision(None, due)
    return Decision(due, next_after(schedule, due if schedule.catch_up is CatchUp.ALL else at))


def after_pause(pipeline: Pipeline, at: datetime) -> datetime | None:
    """When a pipeline whose pause ends at ``at`` runs next."""
    schedule, due = pipeline.schedule, pipeline.next_run_at
    if schedule is None or due is None:
        return None
    return next_after(schedule, at) if schedule.catch_up is CatchUp.SKIP and due <= at else due


def is_late(pipeline: Pipeline, newest: Run | None, at: datetime) -> bool:
    """Whether a run should have started a while ago: its time has passed, or it waits for a worker."""
    if newest and newest.state is RunState.QUEUED and at - newest.available_at > MISSED:
        return True
    due = None if pipeline.paused else pipeline.next_run_at
    return due is not None and at - due > MISSED


def is_stuck(run: Run, at: datetime) -> bool:
    """Whether a run is carried out, but nothing has moved for a while."""
    if run.state is not RunState.RUNNING or not run.attempts:
        return False
    began = datetime.fromisoformat(run.attempts[-1].started_at)
    return at - max(began, run.progress_at or began) > STUCK


# The library matches the clock on the wall; which instants a wall clock shows, and which it skips or shows twice, is
# decided here: the library's own way loses times in zones whose clocks are changed by half an hour.


def _next_by_the_calendar(expression: str, zone: ZoneInfo, after: datetime) -> datetime | None:
    """Each match once: at its first instant, or right after the gap that it falls into."""
    wall = after.astimezone(zone).replace(tzinfo=None)
    for match in CronSim(expression, wall):
        found = match.replace(tzinfo=zone).astimezone(UTC)
        if found.astimezone(zone).replace(tzinfo=None) != match:
            before = match.replace(tzinfo=zone, fold=1).astimezone(UTC)
            found = _first_change(zone, before, found) or found
        if found > after:
            return found
    return None


def _next_on_the_ticking_clock(expression: str, zone: ZoneInfo, after: datetime) -> datetime | None:
    """Each instant at which the clock shows a match."""
    start, shown = after, after
    while True:
        offset = _offset(zone, start)
        match = next(CronSim(expression, (shown + offset).replace(tzinfo=None)), None)
        if match is None:
            return None
        found = match.replace(tzinfo=UTC) - offset
        change = _first_change(zone, start, found)
        if change is None:
            return found
        # The instant of the change itself may match too.
        start, shown = change, change - SECOND


def _first_change(zone: ZoneInfo, start: datetime, end: datetime) -> datetime | None:
    """The first second after ``start``, up to ``end``, at which the zone is off UTC by another length."""
    offset, start = _offset(zone, start), start.replace(microsecond=0)
    while start < end:
        step = min(start + DAY, end)
        if _offset(zone, step) != offset:
            while step - start > SECOND:
                middle = start + (step - start) // 2 // SECOND * SECOND
                start, step = (middle, step) if _offset(zone, middle) == offset else (start, middle)
            return step
        start = step
    return None


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


@cache
def zones() -> frozenset[str]:
    """The names of the time zones that there are."""
    return frozenset(available_timezones() - NO_ZONES)
