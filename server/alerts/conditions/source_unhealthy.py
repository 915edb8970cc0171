"""Data sources that can't be reached."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from pydantic import Field

from server.alerts.conditions.base import Condition, Look, Parameters
from server.alerts.model import Value


class SourceUnhealthyParameters(Parameters):
    """Which data sources are looked at."""

    data_sources: list[UUID] = Field(default=[], max_length=1000, description="Ids of data sources; none: all of them.")


class SourceUnhealthy(Condition[SourceUnhealthyParameters]):
    """1 for a data source whose last check has failed, else 0."""

    name = "source_unhealthy"
    description = (
        "Whether the last check of a data source has failed: 1, else 0. One that was never checked has no value."
    )
    unit = "unhealthy"
    labels = ("data_source_id", "data_source")
    parameters = SourceUnhealthyParameters

    async def evaluate(self, look: Look, parameters: SourceUnhealthyParameters) -> Sequence[Value]:
        """A value for each data source that was checked."""
        async with look.facts() as facts:
            return await facts.unhealthy_sources(look.organization_id, parameters.data_sources)
