"""When nobody is told: windows of the week, by the clock on the wall of their zone, and silences."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from server.alerts.model import Alert, Silence, SilenceWindow

DAY = timedelta(days=1)


def is_within(window: SilenceWindow, at: datetime) -> bool:
    """Whether a time is in a window; the minute of its start is, that of its end is not."""
    wall = at.astimezone(ZoneInfo(window.time_zone or "UTC"))
    clock = wall.strftime("%H:%M")
    if window.start < window.end:
        return window.start <= clock < window.end and _begins_on(window, wall)
    begun_today = clock >= window.start and _begins_on(window, wall)
    # A calendar day back, whatever the clocks did in between.
    return begun_today or (clock < window.end and _begins_on(window, wall.replace(tzinfo=None) - DAY))


def is_silenced(alert: Alert, windows: Iterable[SilenceWindow], silences: Iterable[Silence], at: datetime) -> bool:
    """Whether anything keeps an alert from being told."""
    return any(is_within(window, at) for window in windows) or any(_is_of(item, alert, at) for item in silences)


def _begins_on(window: SilenceWindow, day: datetime) -> bool:
    return not window.days or day.isoweekday() in window.days


def _is_of(silence: Silence, alert: Alert, at: datetime) -> bool:
    return (
        silence.starts_at <= at < silence.ends_at
        and silence.rule in {"", alert.rule}
        and silence.labels.items() <= alert.labels.items()
    )
