"""Looking at rules: all at once, within bounds, so that one that takes long holds up no other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog

from server.alerts.conditions.base import Parameters
from server.alerts.conditions.registry import CONDITIONS, AnyCondition
from server.alerts.errors import CannotLook
from server.alerts.model import Rule
from server.alerts.ports import ComponentHealth, ComponentProbe, Facts, Store
from server.alerts.transitions import Looked
from server.alerts.validation import problem_of
from server.analytics.model import MetricQuery, Resolution, Series
from server.analytics.ports import AnalyticsStore
from server.errors import Failure
from server.scope import PLATFORM, Scope

log = structlog.get_logger("alerts")

RULE_SECONDS = 5.0
IN_DATABASE, IN_STORE = 4, 8
"""How many look at once."""


@dataclass(frozen=True)
class Ready:
    """A rule that can be looked at: its condition, and the parameters that this asks for."""

    rule: Rule
    condition: AnyCondition
    parameters: Parameters


def ready(rule: Rule, organization_id: UUID) -> Ready | str:
    """A rule that can be looked at, or what keeps it from that."""
    problem = problem_of(rule, organization_id)
    if problem:
        return problem
    condition = CONDITIONS[rule.condition]
    return Ready(rule, condition, condition.parameters.model_validate(dict(rule.parameters)))


@dataclass
class Found:
    """What the rules of an organization gave: one in neither is not known yet, one in both was seen in part."""

    looked: list[Looked] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)


class _Look:
    """What one look may see."""

    def __init__(self, looking: Looking, organization_id: UUID, at: datetime, group_by: Sequence[str]) -> None:
        self._looking = looking
        self.organization_id = organization_id
        self.at = at
        self.group_by = group_by
        self.home = looking.home
        self.has_metrics = looking.analytics is not None
        self.missing = ""

    @asynccontextmanager
    async def facts(self) -> AsyncIterator[Facts]:
        """What the platform knows; of an organization's own only."""
        mine = Scope.everything() if self.organization_id == PLATFORM else Scope.of(self.organization_id)
        async with self._looking.in_database, self._looking.store.begin(mine) as tx:
            yield tx.alert_facts

    async def series(self, query: MetricQuery, resolution: Resolution) -> Sequence[Series]:
        """The organization's metrics; raises CannotLook, StoreUnavailable."""
        analytics = self._looking.analytics
        if analytics is None:
            raise CannotLook("this installation has no analytics store, and so no metrics")
        async with self._looking.in_store:
            return (await (await analytics.metrics()).points(self.organization_id, query, resolution)).series

    def incomplete(self, why: str) -> None:
        """Says that not everything could be seen."""
        self.missing = why

    async def components(self) -> Sequence[ComponentHealth]:
        """The components of the platform, looked at once a round."""
        return await self._looking.components()


class Looking:
    """The looks that go on in this process."""

    def __init__(self, store: Store, analytics: AnalyticsStore | None, probe: ComponentProbe, home: Path) -> None:
        self.store = store
        self.analytics = analytics
        self.home = home
        self.in_database = asyncio.Semaphore(IN_DATABASE)
        self.in_store = asyncio.Semaphore(IN_STORE)
        self._probe = probe
        self._probing: asyncio.Task[Sequence[ComponentHealth]] | None = None
        self._going: dict[tuple[UUID, str], tuple[Ready, asyncio.Task[Looked | str]]] = {}

    async def look(self, rules: Mapping[UUID, Sequence[Ready]], at: datetime, seconds: float) -> dict[UUID, Found]:
        """What rules give; one that takes longer than these seconds tells in a later round."""
        if self._probing and self._probing.done():
            self._probing = None
        wanted = {(organization, item.rule.name): item for organization, items in rules.items() for item in items}
        for key, (item, task) in list(self._going.items()):
            if wanted.get(key) != item:
                task.cancel()  # the rule has changed, or is no more
                del self._going[key]
        for key, item in wanted.items():
            if key not in self._going:
                self._going[key] = item, asyncio.create_task(self._one(key[0], item, at))
        if self._going:
            await asyncio.wait([task for _, task in self._going.values()], timeout=seconds)
        found = {organization: Found() for organization in rules}
        for (organization, name), (_, task) in list(self._going.items()):
            if task.done():
                del self._going[organization, name]
                outcome = task.result()
                if isinstance(outcome, str):
                    found[organization].problems[name] = outcome
                    continue
                found[organization].looked.append(outcome)
                if outcome.missing:
                    found[organization].problems[name] = outcome.missing
        return found

    async def stop(self) -> None:
        """Ends all looks."""
        tasks: list[asyncio.Task[Any]] = [task for _, task in self._going.values()]
        tasks += [self._probing] if self._probing else []
        self._going, self._probing = {}, None
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def components(self) -> Sequence[ComponentHealth]:
        """The components of the platform, looked at once a round."""
        if self._probing is None:
            self._probing = asyncio.create_task(self._probe.look())
        return await asyncio.shield(self._probing)

    async def _one(self, organization_id: UUID, item: Ready, at: datetime) -> Looked | str:
        look = _Look(self, organization_id, at, item.rule.group_by)
        try:
            async with asyncio.timeout(RULE_SECONDS):
                values = await item.condition.evaluate(look, item.parameters)
        except CannotLook as error:
            return str(error)
        except TimeoutError:
            return f"it took longer than {RULE_SECONDS:g} s"
        except Failure as failure:
            return failure.message
        except Exception:
            # A bug in one condition must not keep all others from being looked at.
            log.exception("condition_failed", condition=item.rule.condition, organization=str(organization_id))
            return "the condition has failed; the operator finds why in the server's log"
        return Looked(organization_id, item.rule, values, item.condition.unit, look.missing)
