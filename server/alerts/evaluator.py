"""The loop that raises alerts: of all API servers one looks, and another one within seconds when that one has died.

Who looks holds a lease, and holds it in each transaction that changes an alert: one that was frozen meanwhile can't.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import structlog

from server.alerts.configuring import content_of
from server.alerts.errors import RulesUnreadable
from server.alerts.looking import Found, Looking, Ready, ready
from server.alerts.messages import deliveries_of
from server.alerts.model import Rule, Rules
from server.alerts.outage import Outage, Remembered
from server.alerts.ports import ComponentHealth, Store, Transaction
from server.alerts.transitions import Step, ended, grouped, stepped
from server.config.live import CONFIG_CHANNEL
from server.config.model import ConfigKind, ConfigVersion
from server.errors import Failure, Unavailable
from server.leases import Lease
from server.pipelines.ports import Signals
from server.scope import PLATFORM, Scope

log = structlog.get_logger("alerts")

LEASE = "alerts"
LEASE_LENGTH = timedelta(seconds=5)
ROUND_SECONDS = 1.5
LOOK_SECONDS = 0.8
"""For so long a round waits for looks."""
SOONEST_SECONDS = 0.1
PATIENCE_SECONDS = 3.0
"""A round that takes longer is given up where the database is away."""
KEPT, KEPT_UNFIRED = timedelta(days=90), timedelta(days=1)
PRUNE_SECONDS = 3600.0


class NotLeading(Exception):  # noqa: N818 - how a round ends
    """Another server looks now."""


@dataclass
class _Kept:
    """The rules of an organization as of a version; such that can't be read are left alone, and so are their alerts."""

    version: int
    content: Rules
    sealed: bytes | None = field(default=None, repr=False)
    readable: bool = True
    ready: list[Ready] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def rules(self) -> Mapping[str, Rule]:
        """Those that are looked at, by name."""
        return {rule.name: rule for rule in self.content.rules if not rule.disabled}


class Evaluator:
    """The loop of one API server."""

    def __init__(self, store: Store, signals: Signals, looking: Looking, outage: Outage) -> None:
        self._store = store
        self._signals = signals
        self._looking = looking
        self._outage = outage
        self._lease = Lease(store, LEASE, LEASE_LENGTH)
        self._kept: dict[UUID, _Kept] = {}
        self._problems: dict[UUID, dict[str, str]] = {}

    async def run(self) -> None:
        """Goes on until the process is about to end."""
        loop = asyncio.get_running_loop()
        pruned = -PRUNE_SECONDS
        try:
            async with self._signals.subscribe(CONFIG_CHANNEL) as news:
                while True:
                    began = loop.time()
                    try:
                        await self._round(began)
                        if began - pruned > PRUNE_SECONDS:
                            await self._prune()
                            pruned = began
                    except NotLeading:
                        await self._looking.stop()
                        self._outage.remember(None)
                        self._problems = {}
                    except Failure as failure:
                        log.warning("alerts_not_looked_at", reason=failure.reason)
                    except Exception:
                        # A bug in one round must not end all others.
                        log.exception("alerts_failed")
                    await news(max(SOONEST_SECONDS, ROUND_SECONDS - (loop.time() - began)))
        except Unavailable:
            await self._looking.stop()
            await self._outage.stop()
            await self._lease.release()

    async def _round(self, began: float) -> None:
        going = asyncio.create_task(self.round())
        away: Sequence[ComponentHealth] = ()
        while not (await asyncio.wait({going}, timeout=PATIENCE_SECONDS))[0]:
            # A database that never answers does not tell that it is away.
            if away := await self._outage.away():
                going.cancel()
        if going.cancelled():
            self._outage.tell(began, away)
            raise Unavailable
        if isinstance(going.exception(), Unavailable):
            self._outage.tell(began, await self._outage.away())
        going.result()

    async def round(self) -> None:
        """Looks at every rule, and does what follows; raises NotLeading."""
        await self._outage.write()
        async with self._store.begin(Scope.everything()) as tx:
            await self._hold(tx)
            await self._read(tx)
            at = await tx.schedules.now()
            with_alerts = await tx.alerts.organizations()
            remembered = await self._remembered(tx, at)
        self._outage.remember(remembered)
        rules = {organization: kept.ready for organization, kept in self._kept.items()}
        found = await self._looking.look(rules, at, LOOK_SECONDS)
        unreadable = {organization for organization, kept in self._kept.items() if not kept.readable}
        for organization_id in sorted((self._kept.keys() | with_alerts) - unreadable):
            of_rules = found.get(organization_id, Found())
            if organization_id in with_alerts or self._has_news(organization_id, of_rules):
                await self._tried(organization_id, of_rules)

    async def _tried(self, organization_id: UUID, found: Found) -> None:
        try:
            await self._apply(organization_id, found)
        except (NotLeading, Failure):
            raise
        except Exception:
            # What can't be written of one organization must not keep all others from being told.
            log.exception("alerts_not_written", organization=str(organization_id))

    async def _apply(self, organization_id: UUID, found: Found) -> None:
        kept = self._kept.get(organization_id) or _Kept(0, Rules())
        async with self._store.begin(Scope.everything()) as tx:
            await self._hold(tx)
            await tx.alerts.begin_changes(organization_id)
            steps = await self._steps(tx, organization_id, kept, found)
            for step in steps:
                await self._take(tx, step, kept)
            problems = await self._note_problems(tx, organization_id, kept, found)
        self._problems[organization_id] = problems
        for step in steps:
            alert = step.alert
            told = {"organization": str(organization_id), "rule": alert.rule, "state": alert.state.value}
            log.info("alert_changed", alert=str(alert.id), **told, value=alert.value, silenced=alert.silenced)

    async def _steps(self, tx: Transaction, organization_id: UUID, kept: _Kept, found: Found) -> list[Step]:
        active = await tx.alerts.active(organization_id)
        silences = await tx.alert_silences.active(organization_id)
        at = await tx.schedules.now()
        steps = [ended(alert, None, silences, at) for alert in active if alert.rule not in kept.rules]
        for looked in found.looked:
            mine = [alert for alert in active if alert.rule == looked.rule.name]
            steps += stepped(looked, mine, silences, at)
        return steps

    async def _take(self, tx: Transaction, step: Step, kept: _Kept) -> None:
        alert = await tx.alerts.save(step.alert)
        if step.tell is None:
            return
        channels = step.channels_among(kept.content.channels)
        rule = kept.rules.get(alert.rule)
        await tx.alert_deliveries.insert_all(deliveries_of(alert, rule, step.tell, channels, alert.updated_at))

    async def _note_problems(self, tx: Transaction, organization_id: UUID, kept: _Kept, found: Found) -> dict[str, str]:
        known = await tx.alerts.problems(organization_id)
        settled = {looked.rule.name for looked in found.looked}
        # Of a rule that is still being looked at, what was known of it stays.
        problems = {name: why for name, why in known.items() if name in kept.rules and name not in settled}
        problems |= {**found.problems, **kept.problems}
        if problems != known:
            await tx.alerts.set_problems(organization_id, problems)
        for name, why in problems.items():
            if known.get(name) != why:
                log.warning("rule_not_looked_at", organization=str(organization_id), rule=name, problem=why)
        return problems

    def _has_news(self, organization_id: UUID, found: Found) -> bool:
        if any(group.reasons for looked in found.looked for group in grouped(looked).values()):
            return True
        known = self._problems.get(organization_id)
        now = {**found.problems, **self._kept[organization_id].problems}
        settled = {looked.rule.name for looked in found.looked}
        return known is None or any(known.get(name) != why for name, why in now.items()) or bool(settled & known.keys())

    async def _read(self, tx: Transaction) -> None:
        versions = {PLATFORM: 0, **await tx.configurations.newest_versions(ConfigKind.ALERTS)}
        self._kept = {key: kept for key, kept in self._kept.items() if key in versions}
        for organization_id, version in versions.items():
            known = self._kept.get(organization_id)
            if known is None or known.version != version:
                newest = await tx.configurations.newest(organization_id, ConfigKind.ALERTS)
                self._kept[organization_id] = _prepared(organization_id, version, newest)
                self._problems.pop(organization_id, None)

    async def _remembered(self, tx: Transaction, at: datetime) -> Remembered:
        kept = self._kept[PLATFORM]
        return Remembered(
            rules=kept.ready,
            channels=kept.content.channels,
            active=await tx.alerts.active(PLATFORM),
            silences=await tx.alert_silences.active(PLATFORM),
            at=at,
            heard=asyncio.get_running_loop().time(),
            sealed=kept.sealed,
        )

    async def _hold(self, tx: Transaction) -> None:
        if not await self._lease.hold(tx):
            raise NotLeading

    async def _prune(self) -> None:
        async with self._store.begin(Scope.everything()) as tx:
            await tx.alerts.prune(KEPT, KEPT_UNFIRED)
            await tx.alert_silences.prune(KEPT)
            await tx.alert_deliveries.prune_tests(KEPT)


def _prepared(organization_id: UUID, version: int, newest: ConfigVersion | None) -> _Kept:
    try:
        sealed = newest.sealed_secrets if newest else None
        kept = _Kept(version, content_of(organization_id, newest), sealed)
    except RulesUnreadable:
        log.exception("rules_not_readable", organization=str(organization_id), version=version)
        return _Kept(version, Rules(), readable=False)
    for name, rule in kept.rules.items():
        found = ready(rule, organization_id)
        if isinstance(found, str):
            kept.problems[name] = found
        else:
            kept.ready.append(found)
    return kept
