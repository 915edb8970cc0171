"""Sources whose schema changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from pydantic import Field

from server.alerts.conditions.base import Condition, Look, OfPipelines
from server.alerts.model import Value


class SchemaChangedParameters(OfPipelines):
    """For how long a change counts."""

    window_seconds: int = Field(default=86_400, ge=60, le=2_592_000, description="How far back changes count.")


class SchemaChanged(Condition[SchemaChangedParameters]):
    """How many changes of schemas runs have met lately."""

    name = "schema_changed"
    description = "How many changes of its source's schema a pipeline's runs have met within the window."
    unit = "changes"
    labels = ("pipeline_id", "pipeline")
    parameters = SchemaChangedParameters

    async def evaluate(self, look: Look, parameters: SchemaChangedParameters) -> Sequence[Value]:
        """A value for each pipeline."""
        window = timedelta(seconds=parameters.window_seconds)
        async with look.facts() as facts:
            return await facts.schema_changes(look.organization_id, parameters.pipelines, window)
