"""Runs and rows of a day: who may start another run, and whose queued runs may begin."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from server.config.live import LiveConfig
from server.config.model import Limits
from server.errors import LimitReached
from server.limits.model import UNLIMITED, Quotas, Subject, SubjectKind, Usage, reached
from server.limits.ports import LimitRows


class HasLimits(Protocol):
    """A transaction that knows what was used."""

    @property
    def limits(self) -> LimitRows:
        """Windows, places and usage."""
        ...


class DailyQuotas:
    """What the settings say of a day, which begins at midnight UTC."""

    def __init__(self, config: LiveConfig) -> None:
        self._config = config

    async def require_run(self, tx: HasLimits, organization_id: UUID) -> None:
        """Checks that another run may be started by hand today; runs that wait in the queue count.

        Raises:
            LimitReached: not before midnight UTC.
        """
        limits = self._config.system.limits_of(organization_id)
        if not (limits.runs_per_day or limits.rows_per_day):
            return
        usage = await tx.limits.usage(organization_id)
        if limits.runs_per_day and usage.runs + usage.waiting >= limits.runs_per_day:
            message = f"The organization's {limits.runs_per_day} runs of today (UTC) have begun, or wait in the queue."
            raise _over("runs_per_day", limits.runs_per_day, organization_id, message, usage)
        if limits.rows_per_day and usage.rows >= limits.rows_per_day:
            message = f"The organization's runs have landed {usage.rows} rows today (UTC), of {limits.rows_per_day}."
            raise _over("rows_per_day", limits.rows_per_day, organization_id, message, usage)

    def of_claims(self) -> Quotas | None:
        """The quotas that a claim goes by; None: there are none."""
        system = self._config.system
        every = [system.limits, *map(system.limits_of, system.organization_limits)]
        if not any(limits.runs_per_day or limits.rows_per_day for limits in every):
            return None
        own = {key: _quota(system.limits_of(key)) for key in system.organization_limits}
        return Quotas(*_quota(system.limits), own)


def _quota(limits: Limits) -> tuple[int, int]:
    return limits.runs_per_day or UNLIMITED, limits.rows_per_day or UNLIMITED


def _over(name: str, value: int, organization_id: UUID, message: str, usage: Usage) -> LimitReached:
    subject = Subject(SubjectKind.ORGANIZATION, organization_id)
    return reached(name, value, subject, message, usage.seconds_until_tomorrow)
