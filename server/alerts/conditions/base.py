"""What a condition is: something that gives a value for each of the things that it looks at."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Generic, Protocol, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from server.alerts.model import Value
from server.alerts.ports import ComponentHealth, Facts
from server.analytics.model import MetricQuery, Resolution, Series

ANY_LABELS = ("*",)
"""Of a condition whose values have whatever labels there are."""
ONE_STEP = timedelta(hours=1_000_000)
"""A step of metrics so long that every time of this century falls into the first one."""


class Parameters(BaseModel):
    """What a condition asks for; names that it does not know are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class OfPipelines(Parameters):
    """What conditions on pipelines ask for."""

    pipelines: list[UUID] = Field(default=[], max_length=1000, description="Ids of pipelines; none: all of them.")


class Look(Protocol):
    """What one look may see: of an organization only what is its own."""

    organization_id: UUID
    at: datetime
    group_by: Sequence[str]
    home: Path
    has_metrics: bool

    def facts(self) -> AbstractAsyncContextManager[Facts]:
        """What the platform knows of pipelines, sources and workers."""
        ...

    async def series(self, query: MetricQuery, resolution: Resolution) -> Sequence[Series]:
        """The organization's metrics; raises CannotLook, StoreUnavailable."""
        ...

    def incomplete(self, why: str) -> None:
        """Says that not everything could be seen: what has no value is then left as it was."""
        ...

    async def components(self) -> Sequence[ComponentHealth]:
        """The components of the platform."""
        ...


P = TypeVar("P", bound=Parameters)


class Condition(ABC, Generic[P]):
    """Something that rules can look at."""

    name: ClassVar[str]
    description: ClassVar[str]
    unit: ClassVar[str]
    labels: ClassVar[tuple[str, ...]] = ()
    organization: ClassVar[bool] = True
    platform: ClassVar[bool] = False
    default_threshold: ClassVar[float] = 0.0
    parameters: type[P]

    @abstractmethod
    async def evaluate(self, look: Look, parameters: P) -> Sequence[Value]:
        """The values now; raises CannotLook, or the Failure of what it asks."""

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the parameters."""
        return self.parameters.model_json_schema()

    def knows_label(self, label: str) -> bool:
        """Whether its values can have a label."""
        return self.labels == ANY_LABELS or label in self.labels
