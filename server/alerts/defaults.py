"""The platform's rules before anybody has set any: they fire without a channel, and so are shown and tell nobody."""

from __future__ import annotations

from uuid import UUID

from server.alerts.model import Comparison, Rule, Rules, Severity
from server.scope import PLATFORM

_PLATFORM = Rules(
    rules=(
        Rule(
            name="Component down",
            condition="component_down",
            hold_seconds=5,
            severity=Severity.CRITICAL,
            group_by=("component",),
            description="Look at the component's own log; the embedded stack starts it again by itself.",
        ),
        Rule(
            name="Workers missing",
            condition="workers_missing",
            hold_seconds=10,
            severity=Severity.CRITICAL,
            description="Nothing carries out runs: start a worker with `python -m server worker`.",
        ),
        Rule(
            name="Queue waits",
            condition="queue_age",
            threshold=300,
            hold_seconds=30,
            description="Runs wait for a worker: start more, or raise THEDATA_WORKER_CONCURRENCY.",
        ),
        Rule(
            name="Disk almost full",
            condition="disk_free",
            threshold=0.05,
            comparison=Comparison.BELOW,
            hold_seconds=10,
            severity=Severity.CRITICAL,
            group_by=("host",),
            description="The database stops when the disk is full: make room, or shorten what is kept.",
        ),
    )
)


def default_rules(organization_id: UUID) -> Rules:
    """What holds while nobody has set anything."""
    return _PLATFORM if organization_id == PLATFORM else Rules()
