"""Alerts and silences. Each change of an alert is numbered under a lock of its organization's counter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

from sqlalchemy import and_, delete, func, or_, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from server.alerts.model import Alert, AlertFilter, AlertState, Silence
from server.errors import InvalidPageToken
from server.paging import Page, PageRequest
from server.storage.rows import Rows, id_after
from server.storage.tables import alert_counters, alert_problems, alert_silences, alerts

ALERTS_CHANNEL = "thedata_alerts"

_NOTIFY = text("SELECT pg_notify(:channel, :payload)").bindparams(channel=ALERTS_CHANNEL)
ACTIVE = alerts.c.state != AlertState.RESOLVED.value


def topic_of(organization_id: UUID) -> str:
    """What a process that watches an organization's alerts listens for."""
    return f"alerts {organization_id}"


class AlertRows(Rows[Alert]):
    """Alerts."""

    table, model, resource = alerts, Alert, "alert"

    async def begin_changes(self, organization_id: UUID) -> None:
        """Lets nobody else change the organization's alerts until the transaction has ended."""
        first = insert(alert_counters).values(organization_id=organization_id, number=0)
        await self._connection.execute(first.on_conflict_do_nothing())
        mine = select(alert_counters.c.number).where(alert_counters.c.organization_id == organization_id)
        await self._connection.execute(mine.with_for_update())

    async def save(self, alert: Alert) -> Alert:
        """Adds an alert or changes it, and tells whoever watches; only after `begin_changes`."""
        counted = (
            update(alert_counters)
            .where(alert_counters.c.organization_id == alert.organization_id)
            .values(number=alert_counters.c.number + 1)
            .returning(alert_counters.c.number)
        )
        values = asdict(alert) | {"number": (await self._connection.execute(counted)).scalar_one()}
        statement = insert(alerts).values(**values)
        changed = {name: value for name, value in values.items() if name not in {"id", "organization_id"}}
        row = await self._returned(
            statement.on_conflict_do_update(index_elements=["id"], set_=changed).returning(*self._columns)
        )
        await self._connection.execute(_NOTIFY, {"payload": topic_of(alert.organization_id)})
        return row

    async def active(self, organization_id: UUID) -> list[Alert]:
        """The alerts that are pending or fire."""
        statement = select(*self._columns).where(alerts.c.organization_id == organization_id, ACTIVE, self.visible())
        rows = (await self._connection.execute(statement.order_by(alerts.c.id))).mappings()
        return [Alert(**row) for row in rows]

    async def organizations(self) -> set[UUID]:
        """The organizations that have an active alert."""
        statement = select(alerts.c.organization_id).where(ACTIVE, self.visible()).distinct()
        return set((await self._connection.execute(statement)).scalars())

    async def page_of_active(self, organization_id: UUID, request: PageRequest) -> Page[Alert]:
        """The alerts that are pending or fire, most severe first, then newest first."""
        place = tuple_(alerts.c.severity, alerts.c.id)
        statement = select(*self._columns).where(alerts.c.organization_id == organization_id, ACTIVE, self.visible())
        if request.after:
            statement = statement.where(place < tuple_(*_severity_and_id(request.after)))
        statement = statement.order_by(alerts.c.severity.desc(), alerts.c.id.desc()).limit(request.size + 1)
        found = [Alert(**row) for row in (await self._connection.execute(statement)).mappings()]
        items = found[: request.size]
        return Page(items, f"{items[-1].severity:d} {items[-1].id}" if len(found) > request.size else None)

    async def page_of_snapshot(self, organization_id: UUID, request: PageRequest) -> Page[Alert]:
        """The alerts that are pending or fire, oldest first."""
        statement = select(*self._columns).where(alerts.c.organization_id == organization_id, ACTIVE, self.visible())
        if request.after:
            statement = statement.where(alerts.c.id > id_after(request))
        statement = statement.order_by(alerts.c.id).limit(request.size + 1)
        found = [Alert(**row) for row in (await self._connection.execute(statement)).mappings()]
        items = found[: request.size]
        return Page(items, str(items[-1].id) if len(found) > request.size else None)

    async def page_of(self, organization_id: UUID, wanted: AlertFilter, request: PageRequest) -> Page[Alert]:
        """Alerts, also those that are over, newest first."""
        where = [alerts.c.organization_id == organization_id]
        if wanted.rule:
            where.append(alerts.c.rule == wanted.rule)
        if wanted.state:
            where.append(alerts.c.state == wanted.state.value)
        if wanted.start:
            where.append(alerts.c.started_at >= wanted.start)
        if wanted.end:
            where.append(alerts.c.started_at < wanted.end)
        return await self.page(request, *where)

    async def newest_number(self, organization_id: UUID) -> int:
        """The number of the newest change; 0 where there is none."""
        statement = select(alert_counters.c.number).where(alert_counters.c.organization_id == organization_id)
        return await self._connection.scalar(statement) or 0

    async def changed_after(self, organization_id: UUID, number: int, limit: int) -> list[Alert]:
        """Alerts that have changed after a number, in the order of their newest changes."""
        statement = (
            select(*self._columns)
            .where(alerts.c.organization_id == organization_id, alerts.c.number > number, self.visible())
            .order_by(alerts.c.number)
            .limit(limit)
        )
        return [Alert(**row) for row in (await self._connection.execute(statement)).mappings()]

    async def problems(self, organization_id: UUID) -> Mapping[str, str]:
        """What is wrong with rules, by rule."""
        statement = select(alert_problems.c.rule, alert_problems.c.problem).where(
            alert_problems.c.organization_id == organization_id
        )
        rows = (await self._connection.execute(statement)).all()
        return {str(rule): str(problem) for rule, problem in rows}

    async def set_problems(self, organization_id: UUID, problems: Mapping[str, str]) -> None:
        """Says what is wrong with rules: with these, and with no others."""
        mine = alert_problems.c.organization_id == organization_id
        await self._connection.execute(delete(alert_problems).where(mine, alert_problems.c.rule.not_in(list(problems))))
        for rule, problem in problems.items():
            values = {"organization_id": organization_id, "rule": rule, "problem": problem}
            statement = insert(alert_problems).values(**values)
            await self._connection.execute(
                statement.on_conflict_do_update(index_elements=["organization_id", "rule"], set_={"problem": problem})
            )

    async def prune(self, kept: timedelta, kept_unfired: timedelta) -> None:
        """Forgets what was over so long ago, with its deliveries; alerts that never fired, earlier."""
        over = or_(
            alerts.c.resolved_at < func.now() - kept,
            and_(alerts.c.fired_at.is_(None), alerts.c.resolved_at < func.now() - kept_unfired),
        )
        await self._connection.execute(delete(alerts).where(alerts.c.state == AlertState.RESOLVED.value, over))


class SilenceRows(Rows[Silence]):
    """Silences."""

    table, model, resource = alert_silences, Silence, "silence"

    async def end(self, key: UUID) -> None:
        """Ends a silence now; one that has not begun is removed, one that is over stays as it is."""
        one = alert_silences.c.id == key
        await self._connection.execute(
            delete(alert_silences).where(one, alert_silences.c.starts_at >= func.now(), self.visible())
        )
        await self._connection.execute(
            update(alert_silences)
            .where(one, alert_silences.c.ends_at > func.now(), self.visible())
            .values(ends_at=func.now())
        )

    async def active(self, organization_id: UUID) -> list[Silence]:
        """The silences that hold now."""
        statement = select(*self._columns).where(
            alert_silences.c.organization_id == organization_id,
            alert_silences.c.starts_at <= func.now(),
            alert_silences.c.ends_at > func.now(),
            self.visible(),
        )
        return [Silence(**row) for row in (await self._connection.execute(statement)).mappings()]

    async def prune(self, kept: timedelta) -> None:
        """Forgets silences that were over so long ago."""
        await self._connection.execute(delete(alert_silences).where(alert_silences.c.ends_at < func.now() - kept))

    async def page_of(self, organization_id: UUID, request: PageRequest, *, ended: bool) -> Page[Silence]:
        """Silences, newest first; with `ended` also those that are over."""
        where = [alert_silences.c.organization_id == organization_id]
        if not ended:
            where.append(alert_silences.c.ends_at > func.now())
        return await self.page(request, *where)


def _severity_and_id(place: str) -> tuple[int, UUID]:
    severity, _, key = place.partition(" ")
    try:
        return int(severity), UUID(key)
    except ValueError as error:
        raise InvalidPageToken from error
