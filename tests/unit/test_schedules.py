"""When schedules come due: compared with a walk over every minute, across the changes of clocks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim
from hypothesis import example, given
from hypothesis import strategies as st

from server.pipelines.model import CatchUp, Schedule
from server.pipelines.schedules import Decision, decided, is_same, next_after, violations

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SPAN = timedelta(hours=30)
# The instants around which the clocks of these zones are changed; the last by half an hour.
CHANGES = {
    "Europe/Berlin": ["2026-03-29T01:00", "2026-10-25T01:00"],
    "America/New_York": ["2026-03-08T07:00", "2026-11-01T06:00"],
    "Australia/Lord_Howe": ["2026-04-04T15:00", "2026-10-03T15:30"],
    "Africa/Cairo": ["2026-04-23T22:00", "2026-10-29T21:00"],
    "Pacific/Apia": ["2011-12-30T10:00"],
    "UTC": ["2026-01-01T00:00"],
}
AT = datetime(2026, 11, 24, 7, tzinfo=UTC)


def cron(expression: str, zone: str = "", catch_up: CatchUp = CatchUp.ONE) -> Schedule:
    return Schedule(cron=expression, time_zone=zone, catch_up=catch_up)


def every(seconds: float, set_at: datetime = AT, catch_up: CatchUp = CatchUp.ONE) -> Schedule:
    return Schedule(interval_seconds=seconds, set_at=set_at.isoformat(), catch_up=catch_up)


def times(schedule: Schedule, after: datetime, until: datetime) -> Iterator[datetime]:
    while (found := next_after(schedule, after)) is not None and found <= until:
        yield found
        after = found


def walls(zone: str, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """Every minute after the start, up to the end, with what the clock shows."""
    minutes = [start + n * MINUTE for n in range(1, int((end - start) / MINUTE) + 1)]
    return [(minute, minute.astimezone(ZoneInfo(zone)).replace(tzinfo=None)) for minute in minutes]


def matching(expression: str, first: datetime, last: datetime) -> set[datetime]:
    """What the clock shows when the expression is true, between two readings."""
    return set(takewhile(lambda match: match <= last, CronSim(expression, first - timedelta(seconds=1))))


def by_the_calendar(expression: str, zone: str, start: datetime, end: datetime) -> list[datetime]:
    """Each time that the calendar has: when it is first shown, or when the clock has first passed it."""
    shown = walls(zone, start - SPAN, end)
    highest = shown[0][1]
    coming = matching(expression, highest + MINUTE, max(wall for _, wall in shown))
    due = []
    for instant, wall in shown[1:]:
        passed = {match for match in coming if match <= wall}
        if passed and instant > start:
            due.append(instant)
        coming -= passed
    return due


ZONED = st.sampled_from([(zone, change) for zone, all_changes in CHANGES.items() for change in all_changes])
STARTS = st.integers(-26 * 60, 4 * 60)
NUMBERED = st.builds(
    lambda minutes, hours: f"{','.join(map(str, sorted(minutes)))} {','.join(map(str, sorted(hours)))} * * *",
    st.sets(st.sampled_from([0, 1, 15, 29, 30, 31, 45, 59]), min_size=1, max_size=3),
    st.sets(st.integers(0, 4) | st.just(23), min_size=1, max_size=3),
)
TICKING = st.sampled_from(
    ["* * * * *", "*/15 * * * *", "7 * * * *", "0 */2 * * *", "30 */3 * * *", "*/10 2 * * *", "*/20 0-3 * * *"]
)


@given(ZONED, STARTS, NUMBERED)
@example(("America/New_York", "2026-11-01T06:00"), 10, "30 1 * * *")
@example(("Europe/Berlin", "2026-03-29T01:00"), -60, "15,30,45 2 * * *")
def test_times_of_the_calendar_run_once_and_right_after_a_gap(
    place: tuple[str, str], minutes: int, expression: str
) -> None:
    zone, change = place
    start = datetime.fromisoformat(change).replace(tzinfo=UTC) + minutes * MINUTE
    found = list(times(cron(expression, zone), start, start + SPAN))
    assert found == by_the_calendar(expression, zone, start, start + SPAN)


@given(ZONED, STARTS, TICKING)
@example(("Australia/Lord_Howe", "2026-04-04T15:00"), -60, "*/10 2 * * *")
@example(("Africa/Cairo", "2026-04-23T22:00"), -60, "0 */2 * * *")
def test_times_by_the_hour_follow_the_clock_that_ticks_on(
    place: tuple[str, str], minutes: int, expression: str
) -> None:
    zone, change = place
    start = datetime.fromisoformat(change).replace(tzinfo=UTC) + minutes * MINUTE
    found = list(times(cron(expression, zone), start, start + SPAN))
    shown = walls(zone, start, start + SPAN)
    true = matching(expression, min(wall for _, wall in shown), max(wall for _, wall in shown))
    assert found == [at for at, wall in shown if wall in true]


@pytest.mark.parametrize(
    ("zone", "expression", "after", "expected"),
    [
        # Put forward from 02:00 to 03:00.
        ("Europe/Berlin", "30 2 * * *", "2026-03-28T12:00", ["2026-03-29T01:00", "2026-03-30T00:30"]),
        # Put back from 03:00 to 02:00.
        ("Europe/Berlin", "30 2 * * *", "2026-10-24T12:00", ["2026-10-25T00:30", "2026-10-26T01:30"]),
        ("America/New_York", "30 1 * * *", "2026-10-31T12:00", ["2026-11-01T05:30", "2026-11-02T06:30"]),
        # Half an hour: from 02:00 to 01:30, and from 02:00 to 02:30.
        ("Australia/Lord_Howe", "45 1 * * *", "2026-04-04T12:00", ["2026-04-04T14:45", "2026-04-05T15:15"]),
        ("Australia/Lord_Howe", "15 2 * * *", "2026-10-03T12:00", ["2026-10-03T15:30", "2026-10-04T15:15"]),
        # A day that never was.
        (
            "Pacific/Apia",
            "0 12 * * *",
            "2011-12-29T12:00",
            ["2011-12-29T22:00", "2011-12-30T10:00", "2011-12-30T22:00"],
        ),
        ("UTC", "0 0 29 2 *", "2026-01-01T00:00", ["2028-02-29T00:00", "2032-02-29T00:00"]),
        ("Europe/Berlin", "0 0 */100 2 MON#5", "2026-01-01T00:00", []),
        # Years ahead, in summer time.
        ("Europe/Berlin", "0 6 * 8 MON#5", "2026-11-24T00:00", ["2027-08-30T04:00", "2032-08-30T04:00"]),
        ("", "*/15 9 * * MON-FRI", "2026-11-27T09:40", ["2026-11-27T09:45", "2026-11-30T09:00"]),
    ],
)
def test_times_of_cron(zone: str, expression: str, after: str, expected: list[str]) -> None:
    schedule, at, found = cron(expression, zone), datetime.fromisoformat(after).replace(tzinfo=UTC), []
    for _ in expected or [""]:
        following = next_after(schedule, at)
        if following is None:
            break
        found.append(at := following)
    assert [time.strftime("%Y-%m-%dT%H:%M") for time in found] == expected


@given(
    st.floats(10, 31_536_000, allow_nan=False),
    st.timedeltas(timedelta(days=-1), timedelta(days=20_000)),
)
def test_an_interval_counts_from_when_it_was_set(seconds: float, since: timedelta) -> None:
    schedule, after = every(seconds), AT + since
    found = next_after(schedule, after)
    assert found is not None
    steps, rest = divmod(found - AT, timedelta(seconds=seconds))
    assert rest == timedelta(0)
    assert steps >= 1
    assert found > after
    assert found - after <= timedelta(seconds=seconds) or found == AT + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("schedule", "fields"),
    [
        (cron("0 0 31 2 *"), ["schedule.cron.expression"]),
        (cron("0 0 30 2 *"), ["schedule.cron.expression"]),
        (cron("0 0 */29 2 MON#5"), ["schedule.cron.expression"]),
        (cron("@daily"), ["schedule.cron.expression"]),
        (cron("* * * * * *"), ["schedule.cron.expression"]),
        (cron("60 * * * *"), ["schedule.cron.expression"]),
        (cron("*/0 * * * *"), ["schedule.cron.expression"]),
        (cron("0 0 * * MON", "Europe/Nowhere"), ["schedule.cron.time_zone"]),
        (cron("0 0 * * MON", "../../etc/passwd"), ["schedule.cron.time_zone"]),
        (cron("0 0 * * MON", "europe/berlin"), ["schedule.cron.time_zone"]),
        (cron("0 0 * * MON", "localtime"), ["schedule.cron.time_zone"]),
        (cron("0 0 * * MON", "America"), ["schedule.cron.time_zone"]),
        (cron("0 0 * * MON", "Europe/Berlin"), []),
        (cron("0 0 29 2 *"), []),
        (cron("0 0 31 2 MON"), []),
        (Schedule(after_pipeline_id="x", catch_up=CatchUp.ALL), ["schedule.catch_up"]),
        (Schedule(after_pipeline_id="x"), []),
        (every(10), []),
    ],
)
def test_what_is_wrong_with_a_schedule(schedule: Schedule, fields: list[str]) -> None:
    assert [violation.field for violation in violations(schedule, AT)] == fields


@given(st.text("0123456789*/,-#LWMONFEB ²x", max_size=30) | st.text(max_size=30))
def test_any_text_is_a_schedule_or_is_refused(expression: str) -> None:
    if not list(violations(cron(expression), AT)) and expression:
        assert next_after(cron(expression), AT) is not None


@pytest.mark.parametrize(
    ("catch_up", "passed", "in_flight", "expected"),
    [
        (CatchUp.SKIP, 1, False, (0, 60)),
        (CatchUp.SKIP, 1, True, (None, 60)),
        (CatchUp.SKIP, 61, False, (None, 120)),
        (CatchUp.SKIP, 600, True, (None, 660)),
        (CatchUp.ONE, 1, False, (0, 60)),
        (CatchUp.ONE, 1, True, (None, 0)),
        (CatchUp.ONE, 601, False, (0, 660)),
        (CatchUp.ONE, 600, True, (None, 0)),
        (CatchUp.ALL, 1, False, (0, 60)),
        (CatchUp.ALL, 601, False, (0, 60)),
        (CatchUp.ALL, 601, True, (None, 0)),
    ],
)
def test_what_becomes_of_a_time_that_has_come(
    catch_up: CatchUp, passed: int, in_flight: bool, expected: tuple[int | None, int]
) -> None:
    """Times and the present are told in seconds after the time that is due, of a schedule for each minute."""
    schedule = every(60, AT, catch_up)
    due = AT + 5 * MINUTE

    def at(seconds: int | None) -> datetime | None:
        return None if seconds is None else due + timedelta(seconds=seconds)

    found = decided(schedule, due, due + timedelta(seconds=passed), in_flight=in_flight)
    assert found == Decision(at(expected[0]), at(expected[1]))


def test_a_schedule_is_the_same_whenever_it_was_set() -> None:
    assert is_same(every(60, AT), every(60, AT + HOUR))
    assert not is_same(every(60), every(61))
    assert not is_same(None, every(60))
    assert not is_same(every(60), None)
    assert is_same(None, None)
