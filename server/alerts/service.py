"""What people do about alerts: look at them, take them on, silence them, test channels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from server.alerts.configuring import content_of
from server.alerts.errors import AlertOver
from server.alerts.messages import trial_of
from server.alerts.model import Alert, AlertFilter, AlertState, Delivery, Silence
from server.alerts.outbox import CLAIMED, Outbox
from server.alerts.ports import Store
from server.alerts.reach import owner_of
from server.auth.permissions import Caller
from server.config.model import ConfigKind
from server.errors import InvalidFields, NotFound, Violation
from server.ids import id_of
from server.paging import Page, PageRequest, fingerprint

LONGEST_SILENCE = timedelta(days=366)


class AlertsService:
    """Alerts, silences and what was sent."""

    def __init__(self, store: Store, outbox: Outbox) -> None:
        self._store = store
        self._outbox = outbox

    async def active(self, caller: Caller, requested: UUID | None, request: PageRequest) -> Page[Alert]:
        """The alerts that are pending or fire, most severe first."""
        async with self._store.begin(caller.scope) as tx:
            organization_id = await owner_of(tx, caller, requested)
            return await tx.alerts.page_of_active(organization_id, request)

    async def alerts(
        self, caller: Caller, requested: UUID | None, wanted: AlertFilter, request: PageRequest
    ) -> Page[Alert]:
        """Alerts, also those that are over, newest first.

        Raises:
            InvalidFields: the span can't be.
        """
        if wanted.start and wanted.end and wanted.end <= wanted.start:
            raise InvalidFields(Violation("end_time", "must be after start_time"))
        async with self._store.begin(caller.scope) as tx:
            organization_id = await owner_of(tx, caller, requested)
            return await tx.alerts.page_of(organization_id, wanted, request)

    async def acknowledge(self, caller: Caller, alert_id: UUID) -> Alert:
        """Takes an alert on; who does so second changes nothing.

        Raises:
            NotFound: there is none, or the caller may not see it.
            AlertOver: it is over.
        """
        async with self._store.begin(caller.scope) as tx:
            alert = await tx.alerts.get(alert_id)
            caller.authorize(alert.organization_id)
            await tx.alerts.begin_changes(alert.organization_id)
            alert = await tx.alerts.get(alert_id)
            if alert.acknowledged_at is not None:
                return alert
            if alert.state is AlertState.RESOLVED:
                raise AlertOver(alert_id)
            at = await tx.schedules.now()
            return await tx.alerts.save(replace(alert, acknowledged_at=at, acknowledged_by=caller.user_id))

    async def silences(
        self, caller: Caller, requested: UUID | None, request: PageRequest, *, ended: bool
    ) -> Page[Silence]:
        """Silences, newest first."""
        async with self._store.begin(caller.scope) as tx:
            organization_id = await owner_of(tx, caller, requested)
            return await tx.alert_silences.page_of(organization_id, request, ended=ended)

    async def silence(
        self,
        caller: Caller,
        requested: UUID | None,
        rule: str,
        labels: Mapping[str, str],
        span: tuple[datetime | None, datetime],
        comment: str,
        request_id: UUID | None,
    ) -> Silence:
        """Keeps alerts from being told for a span; without a start, from now on.

        Raises:
            InvalidFields: the span is over, ends before it begins, or is longer than a year.
            RequestIdReused: the request_id was used for another silence.
        """
        async with self._store.begin(caller.scope) as tx:
            organization_id = await owner_of(tx, caller, requested)
            at = await tx.schedules.now()
            start, end = span[0] or at, span[1]
            shape = fingerprint(str(organization_id), rule, dict(labels), str(span[0]), str(end), comment)
            new = id_of(at)
            known = await tx.requests.claim(caller.user_id, "CreateAlertSilence", request_id, shape, new)
            if known != new:
                return await tx.alert_silences.get(known)
            if end <= start or end <= at:
                raise InvalidFields(Violation("end_time", "must be after start_time, and after now"))
            if end - start > LONGEST_SILENCE:
                raise InvalidFields(Violation("end_time", "must be within a year of start_time"))
            silence = Silence(new, organization_id, rule, dict(labels), start, end, comment, caller.user_id)
            return await tx.alert_silences.insert(silence)

    async def end_silence(self, caller: Caller, silence_id: UUID) -> None:
        """Ends a silence; raises NotFound."""
        async with self._store.begin(caller.scope) as tx:
            silence = await tx.alert_silences.get(silence_id)
            caller.authorize(silence.organization_id)
            await tx.alert_silences.end(silence_id)

    async def deliveries(
        self, caller: Caller, requested: UUID | None, alert_id: UUID | None, channel: str, request: PageRequest
    ) -> Page[Delivery]:
        """What was sent, newest first."""
        async with self._store.begin(caller.scope) as tx:
            organization_id = await owner_of(tx, caller, requested)
            return await tx.alert_deliveries.page_of(organization_id, alert_id, channel, request)

    async def test(self, caller: Caller, requested: UUID | None, channel: str) -> Delivery:
        """Sends a test on a channel, once, and says how that ended.

        Raises:
            NotFound: there is no such channel.
        """
        async with self._store.begin(caller.scope) as tx:
            organization_id = await owner_of(tx, caller, requested)
            newest = await tx.configurations.newest(organization_id, ConfigKind.ALERTS)
            if channel not in {item.name for item in content_of(organization_id, newest).channels}:
                raise NotFound("channel", channel)
            at = await tx.schedules.now()
            trial = replace(trial_of(organization_id, channel, at), attempts=1, next_attempt_at=at + CLAIMED)
            await tx.alert_deliveries.insert_all([trial])
        return await self._outbox.send(trial)
