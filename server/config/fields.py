"""How the contract's fields are kept: under which name, and lengths of time in which unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from server.errors import Violation


@dataclass(frozen=True)
class Length:
    """A length of time that is kept as a number of units; ``for_ever``: 0 in the contract, and kept as None."""

    name: str
    unit: timedelta = timedelta(seconds=1)
    whole: str = "seconds"
    least: timedelta = timedelta(0)
    for_ever: bool = False

    def kept(self, length: timedelta) -> int | float | None:
        """As it is kept."""
        if self.for_ever and not length:
            return None
        return length // self.unit if self.whole else length / self.unit

    def of(self, kept: float | None) -> timedelta:
        """As it is told."""
        return self.unit * kept if kept else timedelta(0)

    def broken(self, length: timedelta) -> Iterator[str]:
        """What is wrong with a value."""
        if self.whole and length % self.unit:
            yield f"must be whole {self.whole}"
        if length < self.least and not (self.for_ever and not length):
            yield f"must be {self.least.total_seconds():g} seconds at least" + (", or 0: for ever" * self.for_ever)


AN_HOUR = timedelta(hours=1)

SYSTEM: Mapping[str, str | Length] = {
    "worker_concurrency": "worker_concurrency",
    "runs_per_organization": "runs_per_organization",
    "partitions_per_organization": "partitions_per_organization",
    "log_level": "log_level",
    "log_retention": Length("log_retention_days", timedelta(days=1), "days"),
    "access_token_lifetime": Length("access_token_seconds"),
    "session_lifetime": Length("refresh_token_seconds"),
    "network_policy": "network_policy",
    "limits": "limits",
    "organization_limits": "organization_limits",
    "slow_call": Length("slow_call_seconds", whole=""),
    "slow_statement": Length("slow_statement_seconds", whole=""),
    "slow_statement_plans": "slow_statement_plans",
}
METRICS: Mapping[str, str | Length] = {
    "enabled": "enabled",
    "interval": Length("interval_seconds", whole=""),
    "retention": Length("retention_seconds", least=AN_HOUR, for_ever=True),
    "events_retention": Length("events_retention_seconds", least=AN_HOUR, for_ever=True),
    "tables": "tables",
}


def name_of(field: str | Length) -> str:
    """The name under which a field is kept."""
    return field if isinstance(field, str) else field.name


def kept(fields: Mapping[str, str | Length], given: Mapping[str, Any]) -> dict[str, Any]:
    """What is given by the contract's names, as it is kept."""
    known = ((fields[name], value) for name, value in given.items())
    return {name_of(field): value if isinstance(field, str) else field.kept(value) for field, value in known}


def broken(fields: Mapping[str, str | Length], given: Mapping[str, Any], reset: list[str]) -> Iterator[Violation]:
    """What is wrong with lengths of time, and with the names of what is to be reset."""
    for name, value in given.items():
        field = fields[name]
        if isinstance(field, Length):
            yield from (Violation(f"config.{name}", reason) for reason in field.broken(value))
    for number, name in enumerate(reset):
        if name not in fields:
            yield Violation(f"reset[{number}]", f"must be one of {', '.join(fields)}")


def without(fields: Mapping[str, str | Length], content: Mapping[str, Any], reset: list[str]) -> dict[str, Any]:
    """What is kept, without what is to be as the environment has it."""
    gone = {name_of(fields[name]) for name in reset}
    return {name: value for name, value in content.items() if name not in gone}
