"""Components of the platform that do not work."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from server.alerts.conditions.base import Condition, Look, Parameters
from server.alerts.model import Value
from server.alerts.ports import ComponentHealth


class ComponentDownParameters(Parameters):
    """Which components are looked at."""

    components: list[str] = Field(default=[], max_length=50, description="Names of components; none: all of them.")


class ComponentDown(Condition[ComponentDownParameters]):
    """1 for a component that does not work, else 0."""

    name = "component_down"
    description = "Whether a component of the platform, such as analytics, does not work: 1, else 0."
    unit = "down"
    labels = ("component",)
    organization, platform = False, True
    parameters = ComponentDownParameters

    async def evaluate(self, look: Look, parameters: ComponentDownParameters) -> Sequence[Value]:
        """A value for each component."""
        return values_of(await look.components(), parameters)


def values_of(components: Sequence[ComponentHealth], parameters: ComponentDownParameters) -> Sequence[Value]:
    """A value for each component that is looked at."""
    return [
        Value(float(not found.healthy), {"component": found.component}, _about(found.component, found.message))
        for found in components
        if not parameters.components or found.component in parameters.components
    ]


def _about(component: str, message: str) -> str:
    return f"{component} ({message})" if message else component
