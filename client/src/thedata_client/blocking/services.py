"""The API's services, a method a call. Written by tools/client_code.py. DO NOT EDIT."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from google.api.httpbody_pb2 import HttpBody

from thedata_client import methods, types
from thedata_client.blocking.core import Service
from thedata_client.blocking.follow import Follow
from thedata_client.blocking.pages import Pages
from thedata_client.blocking.runs import RunHandle
from thedata_client.requests import request_of


class AdminService(Service):
    """Shows and sets what a platform administrator looks after, and what an organization is told of its own: alerts,
    audit,
    usage.
    """

    def get_system_status(self, *, call_timeout: float | None = None) -> types.SystemStatus:
        """Gets the state of the platform and its components, problems first."""
        return self._core.unary(
            methods.GET_SYSTEM_STATUS, request_of(types.GetSystemStatusRequest, self._core.organization), call_timeout
        )

    def watch_system_status(
        self, *, after: str | None = None, call_timeout: float | None = None
    ) -> Follow[types.WatchSystemStatusResponse]:
        """Tells the state of the platform, and again whenever it changes.

        Args:
            after: The cursor of the last message that was seen: the state is told again only when it has changed
                since.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return Follow(
            self._core,
            methods.WATCH_SYSTEM_STATUS,
            request_of(types.WatchSystemStatusRequest, self._core.organization, after=after),
            call_timeout,
            endless=True,
        )

    def get_system_config(self, *, call_timeout: float | None = None) -> types.SystemConfig:
        """Gets the platform's settings."""
        return self._core.unary(
            methods.GET_SYSTEM_CONFIG, request_of(types.GetSystemConfigRequest, self._core.organization), call_timeout
        )

    def update_system_config(
        self, config: types.SystemConfig, *, reset: Sequence[str] | None = None, call_timeout: float | None = None
    ) -> types.SystemConfig:
        """Updates the platform's settings: the fields that are given. Every server and worker takes them up within two
        seconds.

        Args:
            config: The settings; an etag that is not current is refused.
            reset: Fields that go back to what the environment says, or to their default, before what is given is
                applied: their names, such as `organization_limits`.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.UPDATE_SYSTEM_CONFIG,
            request_of(types.UpdateSystemConfigRequest, self._core.organization, config=config, reset=reset),
            call_timeout,
        )

    def get_metrics_config(self, *, call_timeout: float | None = None) -> types.MetricsConfig:
        """Gets how metrics are collected and kept."""
        return self._core.unary(
            methods.GET_METRICS_CONFIG, request_of(types.GetMetricsConfigRequest, self._core.organization), call_timeout
        )

    def update_metrics_config(
        self, config: types.MetricsConfig, *, reset: Sequence[str] | None = None, call_timeout: float | None = None
    ) -> types.MetricsConfig:
        """Updates how metrics are collected and kept: the fields that are given.

        Args:
            config: The configuration; an etag that is not current is refused.
            reset: Fields that go back to what the environment says, or to their default, before what is given is
                applied: their names, such as `organization_limits`.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.UPDATE_METRICS_CONFIG,
            request_of(types.UpdateMetricsConfigRequest, self._core.organization, config=config, reset=reset),
            call_timeout,
        )

    def get_alerts_config(
        self, *, organization_id: str | None = None, call_timeout: float | None = None
    ) -> types.AlertsConfig:
        """Gets alert rules and the channels on which alerts are told.

        Args:
            organization_id: The organization; left out: the platform itself for a platform administrator, the only
                organization for others.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.GET_ALERTS_CONFIG,
            request_of(types.GetAlertsConfigRequest, self._core.organization, organization_id=organization_id),
            call_timeout,
        )

    def update_alerts_config(
        self, config: types.AlertsConfig, *, organization_id: str | None = None, call_timeout: float | None = None
    ) -> types.AlertsConfig:
        """Updates alert rules and channels: the lists that are given, each as a whole.

        Args:
            config: The rules and channels; an etag that is not current is refused.
            organization_id: The organization; left out: the platform itself for a platform administrator, the only
                organization for others.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.UPDATE_ALERTS_CONFIG,
            request_of(
                types.UpdateAlertsConfigRequest, self._core.organization, config=config, organization_id=organization_id
            ),
            call_timeout,
        )

    def list_config_versions(
        self,
        kind: str,
        *,
        organization_id: str | None = None,
        page_size: int | None = None,
        call_timeout: float | None = None,
    ) -> Pages[types.ListConfigVersionsResponse, types.ConfigVersion]:
        """Lists the versions of a configuration, newest first.

        Args:
            kind: Which one: `system`, `metrics` or `alerts`.
            organization_id: The organization; left out: the platform itself for a platform administrator, the only
                organization for others.
            page_size: How many at most; 0: 50; above 1000: 1000.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return Pages(
            self._core,
            methods.LIST_CONFIG_VERSIONS,
            request_of(
                types.ListConfigVersionsRequest,
                self._core.organization,
                kind=kind,
                organization_id=organization_id,
                page_size=page_size,
            ),
            lambda page: page.versions,
            call_timeout,
        )

    def roll_back_config(
        self,
        kind: str,
        version: int,
        *,
        organization_id: str | None = None,
        etag: str | None = None,
        call_timeout: float | None = None,
    ) -> types.ConfigVersion:
        """Makes an earlier version of a configuration the newest one.

        Args:
            kind: Which one: `system`, `metrics` or `alerts`.
            organization_id: The organization; left out: the platform itself for a platform administrator, the only
                organization for others.
            version: The version that becomes the newest one.
            etag: The etag of the configuration that the caller read; empty: no check.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.ROLL_BACK_CONFIG,
            request_of(
                types.RollBackConfigRequest,
                self._core.organization,
                kind=kind,
                organization_id=organization_id,
                version=version,
                etag=etag,
            ),
            call_timeout,
        )

    def list_alert_conditions(self, *, call_timeout: float | None = None) -> types.ListAlertConditionsResponse:
        """Lists what alert rules can look at, each with the JSON Schema of its parameters."""
        return self._core.unary(
            methods.LIST_ALERT_CONDITIONS,
            request_of(types.ListAlertConditionsRequest, self._core.organization),
            call_timeout,
        )

    def list_active_alerts(
        self, *, page_size: int | None = None, organization_id: str | None = None, call_timeout: float | None = None
    ) -> Pages[types.ListActiveAlertsResponse, types.Alert]:
        """Lists the alerts that are pending or fire now, most severe first.

        Args:
            page_size: How many at most; 0: 50; above 1000: 1000.
            organization_id: The organization; left out: the platform itself for a platform administrator, the only
                organization for others.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return Pages(
            self._core,
            methods.LIST_ACTIVE_ALERTS,
            request_of(
                types.ListActiveAlertsRequest,
                self._core.organization,
                page_size=page_size,
                organization_id=organization_id,
            ),
            lambda page: page.alerts,
            call_timeout,
        )

    def list_alerts(
        self,
        *,
        organization_id: str | None = None,
        page_size: int | None = None,
        rule: str | None = None,
        state: types.AlertState.ValueType | str | None = None,
        start_time: datetime | None = None,
        end_time: datetime | None = None,
        call_timeout: float | None = None,
    ) -> Pages[types.ListAlertsResponse, types.Alert]:
        """Lists alerts, also those that are over, newest first.

        Args:
            organization_id: The organization; left out: the platform itself for a platform administrator, the only
                organization for others.
            page_size: How many at most; 0: 50; above 1000: 1000.
            rule: Only alerts of this rule; empty: all.
            state: Only alerts in this state.
            start_time: Only alerts that began at this time or later.
            end_time: Only alerts that began before this time.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return Pages(
            self._core,
            methods.LIST_ALERTS,
            request_of(
                types.ListAlertsRequest,
                self._core.organization,
                organization_id=organization_id,
                page_size=page_size,
                rule=rule,
                state=state,
                start_time=start_time,
                end_time=end_time,
            ),
            lambda page: page.alerts,
            call_timeout,
        )

    def watch_alerts(
        self, *, organization_id: str | None = None, after: str | None = None, call_timeout: float | None = None
    ) -> Follow[types.WatchAlertsResponse]:
        """Tells the alerts that are active, then each change of an alert.

        Args:
            organization_id: The organization; left out: the platform itself for a platform administrator, the only
                organization for others.
            after: The cursor of the last message that was seen; empty: from the alerts that are active on.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return Follow(
            self._core,
            methods.WATCH_ALERTS,
            request_of(types.WatchAlertsRequest, self._core.organization, organization_id=organization_id, after=after),
            call_timeout,
            endless=True,
        )

    def acknowledge_alert(self, alert_id: str, *, call_timeout: float | None = None) -> types.Alert:
        """Acknowledges an alert, so that it is not sent again while it fires.

        Args:
            alert_id: The alert's id.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.ACKNOWLEDGE_ALERT,
            request_of(types.AcknowledgeAlertRequest, self._core.organization, alert_id=alert_id),
            call_timeout,
        )

    def list_alert_silences(
        self,
        *,
        organization_id: str | None = None,
        page_size: int | None = None,
        include_ended: bool | None = None,
        call_timeout: float | None = None,
    ) -> Pages[types.ListAlertSilencesResponse, types.AlertSilence]:
        """Lists silences, newest first.

        Args:
            organization_id: The organization; left out: the platform itself for a platform administrator, the only
                organization for others.
            page_size: How many at most; 0: 50; above 1000: 1000.
            include_ended: Whether also those that are over are listed.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return Pages(
            self._core,
            methods.LIST_ALERT_SILENCES,
            request_of(
                types.ListAlertSilencesRequest,
                self._core.organization,
                organization_id=organization_id,
                page_size=page_size,
                include_ended=include_ended,
            ),
            lambda page: page.silences,
            call_timeout,
        )

    def create_alert_silence(
        self,
        end_time: datetime,
        *,
        organization_id: str | None = None,
        rule: str | None = None,
        labels: Mapping[str, str] | None = None,
        start_time: datetime | None = None,
        comment: str | None = None,
        request_id: str | None = None,
        call_timeout: float | None = None,
    ) -> types.AlertSilence:
        """Silences alerts for a while: they are kept and shown, and nobody is told.

        Args:
            organization_id: The organization; left out: the platform itself for a platform administrator, the only
                organization for others.
            rule: The rule; empty: every one.
            labels: Labels that an alert must have; empty: any.
            start_time: When it begins; unset: now.
            end_time: When it ends; after the start.
            comment: Why.
            request_id: A UUID that makes the call idempotent: the same one never makes a second silence. Empty: not
                idempotent.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.CREATE_ALERT_SILENCE,
            request_of(
                types.CreateAlertSilenceRequest,
                self._core.organization,
                organization_id=organization_id,
                rule=rule,
                labels=labels,
                start_time=start_time,
                end_time=end_time,
                comment=comment,
                request_id=request_id,
            ),
            call_timeout,
        )

    def delete_alert_silence(self, silence_id: str, *, call_timeout: float | None = None) -> None:
        """Ends a silence.

        Args:
            silence_id: The silence's id.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        self._core.unary(
            methods.DELETE_ALERT_SILENCE,
            request_of(types.DeleteAlertSilenceRequest, self._core.organization, silence_id=silence_id),
            call_timeout,
        )

    def test_alert_channel(
        self, channel: str, *, organization_id: str | None = None, call_timeout: float | None = None
    ) -> types.AlertDelivery:
        """Sends a test message on a channel and tells how that ended.

        Args:
            channel: The channel's name.
            organization_id: The organization; left out: the platform itself for a platform administrator, the only
                organization for others.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.TEST_ALERT_CHANNEL,
            request_of(
                types.TestAlertChannelRequest, self._core.organization, channel=channel, organization_id=organization_id
            ),
            call_timeout,
        )

    def list_alert_deliveries(
        self,
        *,
        organization_id: str | None = None,
        page_size: int | None = None,
        alert_id: str | None = None,
        channel: str | None = None,
        call_timeout: float | None = None,
    ) -> Pages[types.ListAlertDeliveriesResponse, types.AlertDelivery]:
        """Lists what was sent on channels, newest first.

        Args:
            organization_id: The organization; left out: the platform itself for a platform administrator, the only
                organization for others.
            page_size: How many at most; 0: 50; above 1000: 1000.
            alert_id: Only those of this alert; empty: all.
            channel: Only those on this channel; empty: all.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return Pages(
            self._core,
            methods.LIST_ALERT_DELIVERIES,
            request_of(
                types.ListAlertDeliveriesRequest,
                self._core.organization,
                organization_id=organization_id,
                page_size=page_size,
                alert_id=alert_id,
                channel=channel,
            ),
            lambda page: page.deliveries,
            call_timeout,
        )

    def list_audit_entries(
        self,
        *,
        organization_id: str | None = None,
        page_size: int | None = None,
        user_id: str | None = None,
        method: str | None = None,
        resource: str | None = None,
        result: str | None = None,
        start_time: datetime | None = None,
        end_time: datetime | None = None,
        call_timeout: float | None = None,
    ) -> Pages[types.ListAuditEntriesResponse, types.AuditEntry]:
        """Lists audit entries, newest first.

        Args:
            organization_id: The organization, also one that is gone; left out: the whole platform for a platform
                administrator, the only organization for others. All zeros: what belongs to no organization, for a
                platform administrator.
            page_size: How many at most; 0: 50; above 1000: 1000.
            user_id: Only entries of this user; empty: all.
            method: Only entries of this method, such as `PipelinesService/StartPipeline`; empty: all.
            resource: Only entries of this resource, such as `pipeline/0192...`, or of a kind, such as `pipeline`;
                empty: all.
            result: Only entries that ended like this, such as `OK` or `PERMISSION_DENIED`; empty: all.
            start_time: Only entries at or after this time.
            end_time: Only entries before this time.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return Pages(
            self._core,
            methods.LIST_AUDIT_ENTRIES,
            request_of(
                types.ListAuditEntriesRequest,
                self._core.organization,
                organization_id=organization_id,
                page_size=page_size,
                user_id=user_id,
                method=method,
                resource=resource,
                result=result,
                start_time=start_time,
                end_time=end_time,
            ),
            lambda page: page.entries,
            call_timeout,
        )

    def export_audit_entries(
        self,
        *,
        organization_id: str | None = None,
        format: types.AuditFormat.ValueType | str | None = None,
        user_id: str | None = None,
        method: str | None = None,
        resource: str | None = None,
        result: str | None = None,
        start_time: datetime | None = None,
        end_time: datetime | None = None,
        call_timeout: float | None = None,
    ) -> Iterator[types.HttpBody]:
        """Downloads audit entries, oldest first.

        Args:
            organization_id: The organization, also one that is gone; left out: the whole platform for a platform
                administrator, the only organization for others. All zeros: what belongs to no organization, for a
                platform administrator.
            format: The form.
            user_id: Only entries of this user; empty: all.
            method: Only entries of this method, such as `PipelinesService/StartPipeline`; empty: all.
            resource: Only entries of this resource, such as `pipeline/0192...`, or of a kind, such as `pipeline`;
                empty: all.
            result: Only entries that ended like this, such as `OK` or `PERMISSION_DENIED`; empty: all.
            start_time: Only entries at or after this time.
            end_time: Only entries before this time.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.receive(
            methods.EXPORT_AUDIT_ENTRIES,
            request_of(
                types.ExportAuditEntriesRequest,
                self._core.organization,
                organization_id=organization_id,
                format=format,
                user_id=user_id,
                method=method,
                resource=resource,
                result=result,
                start_time=start_time,
                end_time=end_time,
            ),
            call_timeout,
        )

    def watch_audit_entries(
        self, *, organization_id: str | None = None, after: str | None = None, call_timeout: float | None = None
    ) -> Follow[types.WatchAuditEntriesResponse]:
        """Tells audit entries as they are written.

        Args:
            organization_id: The organization, also one that is gone; left out: the whole platform for a platform
                administrator, the only organization for others. All zeros: what belongs to no organization, for a
                platform administrator.
            after: The cursor of the last message that was seen; empty: from now on.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return Follow(
            self._core,
            methods.WATCH_AUDIT_ENTRIES,
            request_of(
                types.WatchAuditEntriesRequest, self._core.organization, organization_id=organization_id, after=after
            ),
            call_timeout,
            endless=True,
        )

    def get_usage(self, *, organization_id: str | None = None, call_timeout: float | None = None) -> types.Usage:
        """Gets what an organization has used of its limits.

        Args:
            organization_id: The organization; may be left out by a caller with only one.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.GET_USAGE,
            request_of(types.GetUsageRequest, self._core.organization, organization_id=organization_id),
            call_timeout,
        )


class AnalyticsService(Service):
    """Ingests metrics and events, and answers questions about them and about the tables that pipelines landed."""

    def get_metrics(
        self,
        name: str,
        *,
        organization_id: str | None = None,
        start_time: datetime | None = None,
        end_time: datetime | None = None,
        step: timedelta | None = None,
        aggregation: types.Aggregation.ValueType | str | None = None,
        group_by: Sequence[str] | None = None,
        filters: Sequence[types.Filter] | None = None,
        where: Sequence[str] | None = None,
        call_timeout: float | None = None,
    ) -> types.GetMetricsResponse:
        """Gets the points of a metric, grouped and aggregated by step.

        Args:
            organization_id: The organization; may be left out by a caller with only one.
            name: The metric's name.
            start_time: The start of the span, where points were gathered that of its minute or hour; unset: an hour
                ago.
            end_time: The end of the span; unset: now.
            step: The length of a step, in whole seconds: from a second to 366 days; unset: chosen by the span.
            aggregation: How a step's points become one value.
            group_by: Labels that make separate series.
            filters: Only points whose labels fulfil these conditions.
            where: The same in short, for URLs: `label:operator:value`, such as `region:eq:eu` or `host:in:a,b`.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.GET_METRICS,
            request_of(
                types.GetMetricsRequest,
                self._core.organization,
                organization_id=organization_id,
                name=name,
                start_time=start_time,
                end_time=end_time,
                step=step,
                aggregation=aggregation,
                group_by=group_by,
                filters=filters,
                where=where,
            ),
            call_timeout,
        )

    def stream_metrics(
        self,
        *,
        organization_id: str | None = None,
        names: Sequence[str] | None = None,
        interval: timedelta | None = None,
        after: str | None = None,
        call_timeout: float | None = None,
    ) -> Follow[types.StreamMetricsResponse]:
        """Streams the newest values of metrics at an interval.

        Args:
            organization_id: The organization; may be left out by a caller with only one.
            names: The metrics' names; empty: all of the organization's.
            interval: How often, from a second to a minute; unset: five seconds.
            after: The cursor of the last message that was seen; empty: from now.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return Follow(
            self._core,
            methods.STREAM_METRICS,
            request_of(
                types.StreamMetricsRequest,
                self._core.organization,
                organization_id=organization_id,
                names=names,
                interval=interval,
                after=after,
            ),
            call_timeout,
            endless=True,
        )

    def ingest_metrics(
        self,
        points: Sequence[types.MetricPoint],
        *,
        organization_id: str | None = None,
        request_id: str | None = None,
        producer: str | None = None,
        sequence: int | None = None,
        call_timeout: float | None = None,
    ) -> types.IngestResponse:
        """Ingests a batch of metric points.

        Args:
            organization_id: The organization; may be left out by a caller with only one.
            points: The points.
            request_id: Names the batch, a UUID: sent again, it counts once.
            producer: Who sends, with `sequence`: the same batch of a producer counts once.
            sequence: The batch's number, rising by one from 1.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.INGEST_METRICS,
            request_of(
                types.IngestMetricsRequest,
                self._core.organization,
                organization_id=organization_id,
                points=points,
                request_id=request_id,
                producer=producer,
                sequence=sequence,
            ),
            call_timeout,
        )

    def get_events(
        self,
        *,
        organization_id: str | None = None,
        kinds: Sequence[str] | None = None,
        start_time: datetime | None = None,
        end_time: datetime | None = None,
        page_size: int | None = None,
        filters: Sequence[types.Filter] | None = None,
        where: Sequence[str] | None = None,
        text: str | None = None,
        facets: bool | None = None,
        call_timeout: float | None = None,
    ) -> Pages[types.GetEventsResponse, types.Event]:
        """Gets events, newest first.

        Args:
            organization_id: The organization; may be left out by a caller with only one.
            kinds: Only these kinds; empty: all.
            start_time: Only events at or after this time.
            end_time: Only events before this time.
            page_size: How many at most; 0: 50; above 1000: 1000.
            filters: Only events whose attributes fulfil these conditions.
            where: The same in short, for URLs: `attribute:operator:value`, such as `user.country:in:NL,DE`.
            text: Only events with this text in their message or attributes, whatever the case of its letters.
            facets: Whether to count all events that are asked for, by kind and by time.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return Pages(
            self._core,
            methods.GET_EVENTS,
            request_of(
                types.GetEventsRequest,
                self._core.organization,
                organization_id=organization_id,
                kinds=kinds,
                start_time=start_time,
                end_time=end_time,
                page_size=page_size,
                filters=filters,
                where=where,
                text=text,
                facets=facets,
            ),
            lambda page: page.events,
            call_timeout,
        )

    def ingest_events(
        self,
        events: Sequence[types.Event],
        *,
        organization_id: str | None = None,
        request_id: str | None = None,
        producer: str | None = None,
        sequence: int | None = None,
        call_timeout: float | None = None,
    ) -> types.IngestResponse:
        """Ingests a batch of events.

        Args:
            organization_id: The organization; may be left out by a caller with only one.
            events: The events.
            request_id: Names the batch, a UUID: sent again, it counts once.
            producer: Who sends, with `sequence`: the same batch of a producer counts once.
            sequence: The batch's number, rising by one from 1.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.INGEST_EVENTS,
            request_of(
                types.IngestEventsRequest,
                self._core.organization,
                organization_id=organization_id,
                events=events,
                request_id=request_id,
                producer=producer,
                sequence=sequence,
            ),
            call_timeout,
        )

    def ingest_stream(
        self, messages: Iterable[types.IngestStreamRequest], *, call_timeout: float | None = None
    ) -> types.IngestResponse:
        """Ingests a stream of batches; the answer acknowledges the highest durable sequence."""
        return self._core.send(methods.INGEST_STREAM, messages, call_timeout)

    def get_producer(
        self, producer: str, *, organization_id: str | None = None, call_timeout: float | None = None
    ) -> types.Producer:
        """Gets how far a producer of batches has come.

        Args:
            producer: The producer.
            organization_id: The organization; may be left out by a caller with only one.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.GET_PRODUCER,
            request_of(
                types.GetProducerRequest, self._core.organization, producer=producer, organization_id=organization_id
            ),
            call_timeout,
        )

    def list_rejected_items(
        self, *, organization_id: str | None = None, page_size: int | None = None, call_timeout: float | None = None
    ) -> Pages[types.ListRejectedItemsResponse, types.RejectedItem]:
        """Lists items that were not taken, with why.

        Args:
            organization_id: The organization; may be left out by a caller with only one.
            page_size: How many at most; 0: 50; above 1000: 1000.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return Pages(
            self._core,
            methods.LIST_REJECTED_ITEMS,
            request_of(
                types.ListRejectedItemsRequest,
                self._core.organization,
                organization_id=organization_id,
                page_size=page_size,
            ),
            lambda page: page.items,
            call_timeout,
        )

    def list_realtime_views(
        self, *, organization_id: str | None = None, call_timeout: float | None = None
    ) -> types.ListRealtimeViewsResponse:
        """Lists the realtime views: the platform's own, and the organization's.

        Args:
            organization_id: The organization; may be left out by a caller with only one.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.LIST_REALTIME_VIEWS,
            request_of(types.ListRealtimeViewsRequest, self._core.organization, organization_id=organization_id),
            call_timeout,
        )

    def create_realtime_view(
        self,
        name: str,
        definition: types.ViewDefinition,
        *,
        organization_id: str | None = None,
        call_timeout: float | None = None,
    ) -> types.RealtimeView:
        """Defines a realtime view; it begins with what is there already.

        Args:
            organization_id: The organization; may be left out by a caller with only one.
            name: Its name: letters, digits and underscores.
            definition: What it shows.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.CREATE_REALTIME_VIEW,
            request_of(
                types.CreateRealtimeViewRequest,
                self._core.organization,
                organization_id=organization_id,
                name=name,
                definition=definition,
            ),
            call_timeout,
        )

    def update_realtime_view(
        self,
        view_name: str,
        definition: types.ViewDefinition,
        *,
        organization_id: str | None = None,
        etag: str | None = None,
        call_timeout: float | None = None,
    ) -> types.RealtimeView:
        """Defines a realtime view anew; it begins again with what is there.

        Args:
            view_name: The view's name.
            organization_id: The organization; may be left out by a caller with only one.
            definition: What it shows from now on.
            etag: The version that the caller has seen; empty: whatever it is.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.UPDATE_REALTIME_VIEW,
            request_of(
                types.UpdateRealtimeViewRequest,
                self._core.organization,
                view_name=view_name,
                organization_id=organization_id,
                definition=definition,
                etag=etag,
            ),
            call_timeout,
        )

    def delete_realtime_view(
        self,
        view_name: str,
        *,
        organization_id: str | None = None,
        etag: str | None = None,
        call_timeout: float | None = None,
    ) -> None:
        """Deletes a realtime view of the organization's.

        Args:
            view_name: The view's name.
            organization_id: The organization; may be left out by a caller with only one.
            etag: The version that the caller has seen; empty: whatever it is.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        self._core.unary(
            methods.DELETE_REALTIME_VIEW,
            request_of(
                types.DeleteRealtimeViewRequest,
                self._core.organization,
                view_name=view_name,
                organization_id=organization_id,
                etag=etag,
            ),
            call_timeout,
        )

    def get_realtime_view(
        self, view_name: str, *, organization_id: str | None = None, call_timeout: float | None = None
    ) -> types.GetRealtimeViewResponse:
        """Gets the rows of a realtime view as they are now. VIEW_BROKEN: its landed table is gone or lacks what it
        needs.

        Args:
            view_name: The view's name.
            organization_id: The organization; may be left out by a caller with only one.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.GET_REALTIME_VIEW,
            request_of(
                types.GetRealtimeViewRequest,
                self._core.organization,
                view_name=view_name,
                organization_id=organization_id,
            ),
            call_timeout,
        )

    def stream_realtime_view(
        self,
        view_name: str,
        *,
        organization_id: str | None = None,
        after: str | None = None,
        call_timeout: float | None = None,
    ) -> Follow[types.StreamRealtimeViewResponse]:
        """Streams a realtime view: a snapshot first, then its changed rows. VIEW_BROKEN, also later: its landed table
        is gone
        or lacks what it needs.

        Args:
            view_name: The view's name.
            organization_id: The organization; may be left out by a caller with only one.
            after: The cursor of the last message that was seen; empty: a snapshot first.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return Follow(
            self._core,
            methods.STREAM_REALTIME_VIEW,
            request_of(
                types.StreamRealtimeViewRequest,
                self._core.organization,
                view_name=view_name,
                organization_id=organization_id,
                after=after,
            ),
            call_timeout,
            endless=True,
        )

    def get_historical_data(
        self,
        table_name: str,
        *,
        organization_id: str | None = None,
        columns: Sequence[str] | None = None,
        start_time: datetime | None = None,
        end_time: datetime | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
        time_column: str | None = None,
        filters: Sequence[types.Filter] | None = None,
        where: Sequence[str] | None = None,
        interval: timedelta | None = None,
        group_by: Sequence[str] | None = None,
        measures: Sequence[types.Measure] | None = None,
        measure: Sequence[str] | None = None,
        order_by: Sequence[str] | None = None,
        call_timeout: float | None = None,
    ) -> types.GetHistoricalDataResponse:
        """Queries a table that a pipeline landed in the analytics store.

        Args:
            table_name: The table's name.
            organization_id: The organization; may be left out by a caller with only one.
            columns: The columns; empty: all.
            start_time: Only rows at or after this time, by `time_column`.
            end_time: Only rows before this time, by `time_column`.
            page_size: How many rows at most; 0: 50; above 1000: 1000.
            page_token: The next_page_token of the page before; empty: the first page.
            time_column: The column of the time range and of the interval; empty: the table's only one of a time.
            filters: Only rows that fulfil these conditions.
            where: The same in short, for URLs: `column:operator:value`, such as `amount:ge:10` or
                `country:in:NL,DE`.
            interval: Rows of this span become one group, as the column `interval`; from a second to 366 days.
            group_by: Rows with equal values of these columns become one group.
            measures: What is told of each group; without any: how many rows it has.
            measure: The same in short, for URLs: `aggregation:column`, such as `sum:amount`, or `count`.
            order_by: The order: columns of the answer, each with `desc` after it or not, such as `amount desc`.
                Empty: groups by themselves, rows in the order of the table's key where it has one.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.GET_HISTORICAL_DATA,
            request_of(
                types.GetHistoricalDataRequest,
                self._core.organization,
                table_name=table_name,
                organization_id=organization_id,
                columns=columns,
                start_time=start_time,
                end_time=end_time,
                page_size=page_size,
                page_token=page_token,
                time_column=time_column,
                filters=filters,
                where=where,
                interval=interval,
                group_by=group_by,
                measures=measures,
                measure=measure,
                order_by=order_by,
            ),
            call_timeout,
        )

    def list_historical_tables(
        self, *, organization_id: str | None = None, call_timeout: float | None = None
    ) -> types.ListHistoricalTablesResponse:
        """Lists the tables that can be queried.

        Args:
            organization_id: The organization; may be left out by a caller with only one.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.LIST_HISTORICAL_TABLES,
            request_of(types.ListHistoricalTablesRequest, self._core.organization, organization_id=organization_id),
            call_timeout,
        )

    def export_historical_data(
        self,
        table_name: str,
        *,
        organization_id: str | None = None,
        columns: Sequence[str] | None = None,
        start_time: datetime | None = None,
        end_time: datetime | None = None,
        format: types.ExportFormat.ValueType | str | None = None,
        time_column: str | None = None,
        filters: Sequence[types.Filter] | None = None,
        where: Sequence[str] | None = None,
        interval: timedelta | None = None,
        group_by: Sequence[str] | None = None,
        measures: Sequence[types.Measure] | None = None,
        measure: Sequence[str] | None = None,
        order_by: Sequence[str] | None = None,
        call_timeout: float | None = None,
    ) -> Iterator[types.HttpBody]:
        """Downloads all rows of an answer.

        Args:
            table_name: The table's name.
            organization_id: The organization; may be left out by a caller with only one.
            columns: The columns; empty: all.
            start_time: Only rows at or after this time, by `time_column`.
            end_time: Only rows before this time, by `time_column`.
            format: The format.
            time_column: The column of the time range and of the interval; empty: the table's only one of a time.
            filters: Only rows that fulfil these conditions.
            where: The same in short, for URLs: `column:operator:value`, such as `amount:ge:10` or
                `country:in:NL,DE`.
            interval: Rows of this span become one group, as the column `interval`; from a second to 366 days.
            group_by: Rows with equal values of these columns become one group.
            measures: What is told of each group; without any: how many rows it has.
            measure: The same in short, for URLs: `aggregation:column`, such as `sum:amount`, or `count`.
            order_by: The order: columns of the answer, each with `desc` after it or not, such as `amount desc`.
                Empty: groups by themselves, rows in the order of the table's key where it has one.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.receive(
            methods.EXPORT_HISTORICAL_DATA,
            request_of(
                types.ExportHistoricalDataRequest,
                self._core.organization,
                table_name=table_name,
                organization_id=organization_id,
                columns=columns,
                start_time=start_time,
                end_time=end_time,
                format=format,
                time_column=time_column,
                filters=filters,
                where=where,
                interval=interval,
                group_by=group_by,
                measures=measures,
                measure=measure,
                order_by=order_by,
            ),
            call_timeout,
        )


class AuthService(Service):
    """Registers and logs in users, keeps their sessions, and issues API keys.

    Calls are authenticated by `authorization: Bearer <token>`, where the token is an access token of
    a session or an API key. Access tokens live minutes, sessions live until logout or disuse.
    """

    def register(
        self,
        email: str,
        password: str,
        *,
        full_name: str | None = None,
        organization_name: str | None = None,
        call_timeout: float | None = None,
    ) -> types.Session:
        """Registers a user, makes them owner of a first organization, and logs them in.

        Errors: ALREADY_EXISTS when the e-mail address is taken.

        Args:
            email: The user's e-mail address; compared without regard to case.
            password: The password, 8 to 256 bytes.
            full_name: The user's name.
            organization_name: The first organization's name; empty: made from the user's name.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.REGISTER,
            request_of(
                types.RegisterRequest,
                self._core.organization,
                email=email,
                password=password,
                full_name=full_name,
                organization_name=organization_name,
            ),
            call_timeout,
        )

    def login(self, email: str, password: str, *, call_timeout: float | None = None) -> types.Session:
        """Logs in with e-mail address and password.

        Errors: UNAUTHENTICATED with reason INVALID_CREDENTIALS, the same for an unknown address, a wrong
        password and a disabled account; RESOURCE_EXHAUSTED with RetryInfo after repeated failures.

        Args:
            email: The user's e-mail address.
            password: The password.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.LOGIN,
            request_of(types.LoginRequest, self._core.organization, email=email, password=password),
            call_timeout,
        )

    def refresh_token(self, refresh_token: str, *, call_timeout: float | None = None) -> types.Session:
        """Exchanges a refresh token for a new access token and a new refresh token.

        A refresh token works once. Its reuse within ten seconds returns the same successor (a lost
        answer does no harm); its reuse later ends the whole session.
        Errors: UNAUTHENTICATED with reason INVALID_REFRESH_TOKEN.

        Args:
            refresh_token: The refresh token of the session.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.REFRESH_TOKEN,
            request_of(types.RefreshTokenRequest, self._core.organization, refresh_token=refresh_token),
            call_timeout,
        )

    def get_current_user(self, *, call_timeout: float | None = None) -> types.CurrentUser:
        """Gets the calling user and their memberships."""
        return self._core.unary(
            methods.GET_CURRENT_USER, request_of(types.GetCurrentUserRequest, self._core.organization), call_timeout
        )

    def logout(
        self, *, scope: types.LogoutScope.ValueType | str | None = None, call_timeout: float | None = None
    ) -> None:
        """Ends sessions; their access tokens stop working at once.

        Args:
            scope: Which sessions.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        self._core.unary(
            methods.LOGOUT, request_of(types.LogoutRequest, self._core.organization, scope=scope), call_timeout
        )

    def change_password(self, current_password: str, new_password: str, *, call_timeout: float | None = None) -> None:
        """Changes the calling user's password and ends their other sessions.

        Errors: UNAUTHENTICATED with reason INVALID_CREDENTIALS when the current password is wrong.

        Args:
            current_password: The present password.
            new_password: The new password, 8 to 256 bytes.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        self._core.unary(
            methods.CHANGE_PASSWORD,
            request_of(
                types.ChangePasswordRequest,
                self._core.organization,
                current_password=current_password,
                new_password=new_password,
            ),
            call_timeout,
        )

    def create_api_key(
        self,
        name: str,
        *,
        organization_id: str | None = None,
        role: types.Role.ValueType | str | None = None,
        ttl: timedelta | None = None,
        call_timeout: float | None = None,
    ) -> types.CreateApiKeyResponse:
        """Creates an API key for programs; the answer is the only place that shows its secret.

        Args:
            organization_id: The organization; may be left out by a caller with only one.
            name: A name that tells where the key is used.
            role: What the key may do; not above the caller's own role. Unspecified: viewer.
            ttl: How long it works, from an hour to a year; unset: 90 days.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.CREATE_API_KEY,
            request_of(
                types.CreateApiKeyRequest,
                self._core.organization,
                organization_id=organization_id,
                name=name,
                role=role,
                ttl=ttl,
            ),
            call_timeout,
        )

    def list_api_keys(
        self, *, organization_id: str | None = None, page_size: int | None = None, call_timeout: float | None = None
    ) -> Pages[types.ListApiKeysResponse, types.ApiKey]:
        """Lists an organization's API keys, newest first, without their secrets.

        Args:
            organization_id: The organization; may be left out by a caller with only one.
            page_size: How many at most; 0: 50; above 1000: 1000.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return Pages(
            self._core,
            methods.LIST_API_KEYS,
            request_of(
                types.ListApiKeysRequest, self._core.organization, organization_id=organization_id, page_size=page_size
            ),
            lambda page: page.api_keys,
            call_timeout,
        )

    def delete_api_key(self, api_key_id: str, *, call_timeout: float | None = None) -> None:
        """Deletes an API key; it stops working at once.

        Args:
            api_key_id: The key's id.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        self._core.unary(
            methods.DELETE_API_KEY,
            request_of(types.DeleteApiKeyRequest, self._core.organization, api_key_id=api_key_id),
            call_timeout,
        )


class DataSourcesService(Service):
    """Keeps data sources: connections to databases and files that pipelines read from and write to."""

    def list_connectors(self, *, call_timeout: float | None = None) -> types.ListConnectorsResponse:
        """Lists the connectors of this server, each with the JSON Schema of its configuration."""
        return self._core.unary(
            methods.LIST_CONNECTORS, request_of(types.ListConnectorsRequest, self._core.organization), call_timeout
        )

    def list(
        self,
        *,
        organization_id: str | None = None,
        connector: str | None = None,
        page_size: int | None = None,
        call_timeout: float | None = None,
    ) -> Pages[types.ListDataSourcesResponse, types.DataSource]:
        """Lists an organization's data sources, newest first.

        Args:
            organization_id: The organization; may be left out by a caller with only one.
            connector: Only this connector's; empty: all.
            page_size: How many at most; 0: 50; above 1000: 1000.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return Pages(
            self._core,
            methods.LIST_DATA_SOURCES,
            request_of(
                types.ListDataSourcesRequest,
                self._core.organization,
                organization_id=organization_id,
                connector=connector,
                page_size=page_size,
            ),
            lambda page: page.data_sources,
            call_timeout,
        )

    def create(
        self,
        name: str,
        connector: str,
        config: Mapping[str, Any],
        *,
        organization_id: str | None = None,
        description: str | None = None,
        request_id: str | None = None,
        call_timeout: float | None = None,
    ) -> types.DataSource:
        """Creates a data source; it is not contacted.

        Errors: INVALID_ARGUMENT with a path below `config` when the configuration breaks the connector's
        schema; ALREADY_EXISTS when the organization has a data source of that name.

        Args:
            organization_id: The organization; may be left out by a caller with only one.
            name: Its name, unique in the organization.
            description: What it is for.
            connector: The connector's kind, one of ListConnectors.
            config: The configuration, secrets included, as the connector's schema says.
            request_id: A UUID that makes a repeated call return the first one's data source.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.CREATE_DATA_SOURCE,
            request_of(
                types.CreateDataSourceRequest,
                self._core.organization,
                organization_id=organization_id,
                name=name,
                description=description,
                connector=connector,
                config=config,
                request_id=request_id,
            ),
            call_timeout,
        )

    def get(self, source_id: str, *, call_timeout: float | None = None) -> types.DataSource:
        """Gets a data source without its secrets.

        Args:
            source_id: The data source's id.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.GET_DATA_SOURCE,
            request_of(types.GetDataSourceRequest, self._core.organization, source_id=source_id),
            call_timeout,
        )

    def update(
        self,
        source_id: str,
        *,
        name: str | None = None,
        description: str | None = None,
        config: Mapping[str, Any] | None = None,
        update_mask: Sequence[str] | None = None,
        etag: str | None = None,
        call_timeout: float | None = None,
    ) -> types.DataSource:
        """Updates the given fields of a data source.

        A given `config` replaces the stored one; secrets that it leaves out are kept, unless another part of
        the configuration changes: then they must be given again, so that a stored password is never sent to another
        host.

        Args:
            source_id: The data source's id.
            name: The new name.
            description: The new description.
            config: The new configuration, whole but for secrets that stay.
            update_mask: Which fields to change; unset: the ones given.
            etag: The version that the caller read; empty: no check.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.UPDATE_DATA_SOURCE,
            request_of(
                types.UpdateDataSourceRequest,
                self._core.organization,
                source_id=source_id,
                name=name,
                description=description,
                config=config,
                update_mask=update_mask,
                etag=etag,
            ),
            call_timeout,
        )

    def delete(self, source_id: str, *, etag: str | None = None, call_timeout: float | None = None) -> None:
        """Deletes a data source and its stored secrets.

        Errors: FAILED_PRECONDITION with reason IN_USE while a pipeline names it.

        Args:
            source_id: The data source's id.
            etag: The version that the caller read; empty: no check.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        self._core.unary(
            methods.DELETE_DATA_SOURCE,
            request_of(types.DeleteDataSourceRequest, self._core.organization, source_id=source_id, etag=etag),
            call_timeout,
        )

    def check(self, source_id: str, *, call_timeout: float | None = None) -> types.ConnectionCheck:
        """Connects to a stored data source and says whether it can be used.

        Args:
            source_id: The data source's id.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.CHECK_DATA_SOURCE,
            request_of(types.CheckDataSourceRequest, self._core.organization, source_id=source_id),
            call_timeout,
        )

    def check_connection(
        self,
        connector: str,
        config: Mapping[str, Any],
        *,
        organization_id: str | None = None,
        call_timeout: float | None = None,
    ) -> types.ConnectionCheck:
        """Connects with a configuration that is not stored, and says whether it can be used.

        Args:
            organization_id: The organization; may be left out by a caller with only one.
            connector: The connector's kind, one of ListConnectors.
            config: The configuration, secrets included.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.CHECK_CONNECTION,
            request_of(
                types.CheckConnectionRequest,
                self._core.organization,
                organization_id=organization_id,
                connector=connector,
                config=config,
            ),
            call_timeout,
        )

    def discover_catalog(self, source_id: str, *, call_timeout: float | None = None) -> types.Catalog:
        """Reads the catalog of a data source: its streams with their columns, types and keys.

        Errors: FAILED_PRECONDITION with reason DATA_SOURCE_FAILED when it can't be read.

        Args:
            source_id: The data source's id.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.DISCOVER_CATALOG,
            request_of(types.DiscoverCatalogRequest, self._core.organization, source_id=source_id),
            call_timeout,
        )

    def preview_rows(
        self,
        source_id: str,
        stream: str,
        *,
        namespace: str | None = None,
        limit: int | None = None,
        call_timeout: float | None = None,
    ) -> types.PreviewRowsResponse:
        """Reads some rows of a stream.

        Errors: NOT_FOUND when the data source has no such stream; FAILED_PRECONDITION with reason
        DATA_SOURCE_FAILED when it can't be read.

        Args:
            source_id: The data source's id.
            namespace: The stream's namespace; empty where there is none.
            stream: The stream's name.
            limit: How many rows at most, up to 1000; 0: 20.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.PREVIEW_ROWS,
            request_of(
                types.PreviewRowsRequest,
                self._core.organization,
                source_id=source_id,
                namespace=namespace,
                stream=stream,
                limit=limit,
            ),
            call_timeout,
        )

    def get_metrics(
        self,
        source_id: str,
        *,
        start_time: datetime | None = None,
        end_time: datetime | None = None,
        call_timeout: float | None = None,
    ) -> types.DataSourceMetrics:
        """Gets what pipelines moved from and into a data source.

        Args:
            source_id: The data source's id.
            start_time: Only runs that ended at or after this time; unset: 30 days ago.
            end_time: Only runs that ended before this time; unset: now.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.GET_DATA_SOURCE_METRICS,
            request_of(
                types.GetDataSourceMetricsRequest,
                self._core.organization,
                source_id=source_id,
                start_time=start_time,
                end_time=end_time,
            ),
            call_timeout,
        )


class OrganizationsService(Service):
    """Keeps organizations, which own everything else, and the people in them."""

    def list(
        self, *, page_size: int | None = None, call_timeout: float | None = None
    ) -> Pages[types.ListOrganizationsResponse, types.Organization]:
        """Lists the caller's organizations, oldest first; a platform administrator's list has all.

        Args:
            page_size: How many at most; 0: 50; above 1000: 1000.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return Pages(
            self._core,
            methods.LIST_ORGANIZATIONS,
            request_of(types.ListOrganizationsRequest, self._core.organization, page_size=page_size),
            lambda page: page.organizations,
            call_timeout,
        )

    def create(
        self,
        name: str,
        *,
        description: str | None = None,
        request_id: str | None = None,
        call_timeout: float | None = None,
    ) -> types.Organization:
        """Creates an organization with the caller as its owner.

        Args:
            name: Its name.
            description: What it is for.
            request_id: A UUID that makes a repeated call return the first one's organization.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.CREATE_ORGANIZATION,
            request_of(
                types.CreateOrganizationRequest,
                self._core.organization,
                name=name,
                description=description,
                request_id=request_id,
            ),
            call_timeout,
        )

    def get(self, organization_id: str, *, call_timeout: float | None = None) -> types.Organization:
        """Gets an organization.

        Args:
            organization_id: The organization's id.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.GET_ORGANIZATION,
            request_of(types.GetOrganizationRequest, self._core.organization, organization_id=organization_id),
            call_timeout,
        )

    def update(
        self,
        organization_id: str,
        *,
        name: str | None = None,
        description: str | None = None,
        update_mask: Sequence[str] | None = None,
        etag: str | None = None,
        call_timeout: float | None = None,
    ) -> types.Organization:
        """Updates the given fields of an organization.

        Args:
            organization_id: The organization's id.
            name: The new name.
            description: The new description.
            update_mask: Which fields to change; unset: the ones given.
            etag: The version that the caller read; empty: no check.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.UPDATE_ORGANIZATION,
            request_of(
                types.UpdateOrganizationRequest,
                self._core.organization,
                organization_id=organization_id,
                name=name,
                description=description,
                update_mask=update_mask,
                etag=etag,
            ),
            call_timeout,
        )

    def delete(self, organization_id: str, *, etag: str | None = None, call_timeout: float | None = None) -> None:
        """Deletes an organization with its data sources, pipelines, runs and logs; what pipelines landed in
        destinations stays there.

        Errors: FAILED_PRECONDITION with reason RUN_IN_FLIGHT while one of its pipelines runs.

        Args:
            organization_id: The organization's id.
            etag: The version that the caller read; empty: no check.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        self._core.unary(
            methods.DELETE_ORGANIZATION,
            request_of(
                types.DeleteOrganizationRequest, self._core.organization, organization_id=organization_id, etag=etag
            ),
            call_timeout,
        )

    def list_members(
        self, organization_id: str, *, page_size: int | None = None, call_timeout: float | None = None
    ) -> Pages[types.ListMembersResponse, types.Member]:
        """Lists an organization's members, oldest first.

        Args:
            organization_id: The organization's id.
            page_size: How many at most; 0: 50; above 1000: 1000.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return Pages(
            self._core,
            methods.LIST_MEMBERS,
            request_of(
                types.ListMembersRequest, self._core.organization, organization_id=organization_id, page_size=page_size
            ),
            lambda page: page.members,
            call_timeout,
        )

    def add_member(
        self,
        organization_id: str,
        *,
        user_id: str | None = None,
        email: str | None = None,
        role: types.Role.ValueType | str | None = None,
        call_timeout: float | None = None,
    ) -> types.Member:
        """Adds a registered user to an organization.

        Errors: NOT_FOUND when no such user is registered; ALREADY_EXISTS when they are a member already;
        PERMISSION_DENIED for a role above the caller's own.

        Args:
            organization_id: The organization's id.
            user_id: The user's id.
            email: The user's e-mail address.
            role: The role; unspecified: member.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.ADD_MEMBER,
            request_of(
                types.AddMemberRequest,
                self._core.organization,
                organization_id=organization_id,
                user_id=user_id,
                email=email,
                role=role,
            ),
            call_timeout,
        )

    def update_member(
        self, organization_id: str, user_id: str, role: types.Role.ValueType | str, *, call_timeout: float | None = None
    ) -> types.Member:
        """Changes a member's role.

        Errors: FAILED_PRECONDITION with reason LAST_OWNER when no owner would be left.

        Args:
            organization_id: The organization's id.
            user_id: The user's id.
            role: The new role.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.UPDATE_MEMBER,
            request_of(
                types.UpdateMemberRequest,
                self._core.organization,
                organization_id=organization_id,
                user_id=user_id,
                role=role,
            ),
            call_timeout,
        )

    def remove_member(self, organization_id: str, user_id: str, *, call_timeout: float | None = None) -> None:
        """Removes a member, who loses access at once; any member may remove themselves.

        Errors: FAILED_PRECONDITION with reason LAST_OWNER when no owner would be left.

        Args:
            organization_id: The organization's id.
            user_id: The user's id.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        self._core.unary(
            methods.REMOVE_MEMBER,
            request_of(
                types.RemoveMemberRequest, self._core.organization, organization_id=organization_id, user_id=user_id
            ),
            call_timeout,
        )


class PipelinesService(Service):
    """Keeps pipelines, which copy streams from a source to a destination, runs them, and tells how the runs go.

    Over REST a stream is newline-delimited JSON, or Server-Sent Events for `Accept: text/event-stream`.
    """

    def list(
        self, *, organization_id: str | None = None, page_size: int | None = None, call_timeout: float | None = None
    ) -> Pages[types.ListPipelinesResponse, types.Pipeline]:
        """Lists an organization's pipelines, newest first.

        Args:
            organization_id: The organization; may be left out by a caller with only one.
            page_size: How many at most; 0: 50; above 1000: 1000.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return Pages(
            self._core,
            methods.LIST_PIPELINES,
            request_of(
                types.ListPipelinesRequest,
                self._core.organization,
                organization_id=organization_id,
                page_size=page_size,
            ),
            lambda page: page.pipelines,
            call_timeout,
        )

    def create(
        self,
        name: str,
        source_id: str,
        destination_id: str,
        *,
        organization_id: str | None = None,
        description: str | None = None,
        destination_namespace: str | None = None,
        streams: Sequence[types.StreamConfig] | None = None,
        verification: types.Verification.ValueType | str | None = None,
        request_id: str | None = None,
        schedule: types.Schedule | None = None,
        retry_policy: types.RetryPolicy | None = None,
        timeout: timedelta | None = None,
        priority: types.Priority.ValueType | str | None = None,
        call_timeout: float | None = None,
    ) -> types.Pipeline:
        """Creates a pipeline; it does not run yet.

        Errors: NOT_FOUND for a data source that is not the organization's; FAILED_PRECONDITION with reason
        CONNECTOR_INCAPABLE when the source can't be read or the destination can't be written;
        ALREADY_EXISTS when the organization has a pipeline of that name.

        Args:
            organization_id: The organization; may be left out by a caller with only one.
            name: Its name, unique in the organization.
            description: What it is for.
            source_id: The data source to read.
            destination_id: The data source to write.
            destination_namespace: The namespace (such as a database schema) to write; empty: the destination's
                default.
            streams: The streams; empty: every stream of the source.
            verification: How to verify runs.
            request_id: A UUID that makes a repeated call return the first one's pipeline.
            schedule: When it runs by itself; unset: never.
            retry_policy: What happens when an attempt fails.
            timeout: How long a run may take; unset: as long as it needs.
            priority: Which runs start first when not all can.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.CREATE_PIPELINE,
            request_of(
                types.CreatePipelineRequest,
                self._core.organization,
                organization_id=organization_id,
                name=name,
                description=description,
                source_id=source_id,
                destination_id=destination_id,
                destination_namespace=destination_namespace,
                streams=streams,
                verification=verification,
                request_id=request_id,
                schedule=schedule,
                retry_policy=retry_policy,
                timeout=timeout,
                priority=priority,
            ),
            call_timeout,
        )

    def get(self, pipeline_id: str, *, call_timeout: float | None = None) -> types.Pipeline:
        """Gets a pipeline.

        Args:
            pipeline_id: The pipeline's id.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.GET_PIPELINE,
            request_of(types.GetPipelineRequest, self._core.organization, pipeline_id=pipeline_id),
            call_timeout,
        )

    def update(
        self,
        pipeline_id: str,
        *,
        name: str | None = None,
        description: str | None = None,
        destination_namespace: str | None = None,
        streams: Sequence[types.StreamConfig] | None = None,
        verification: types.Verification.ValueType | str | None = None,
        update_mask: Sequence[str] | None = None,
        etag: str | None = None,
        schedule: types.Schedule | None = None,
        retry_policy: types.RetryPolicy | None = None,
        timeout: timedelta | None = None,
        priority: types.Priority.ValueType | str | None = None,
        call_timeout: float | None = None,
    ) -> types.Pipeline:
        """Updates the given fields of a pipeline; a run in flight goes on as it was started.

        Args:
            pipeline_id: The pipeline's id.
            name: The new name.
            description: The new description.
            destination_namespace: The new namespace to write.
            streams: The new streams, all of them; name `streams` in update_mask to set none, which means every
                stream.
            verification: How to verify runs.
            update_mask: Which fields to change; unset: the ones given.
            etag: The version that the caller read; empty: no check.
            schedule: When it runs by itself; name `schedule` in update_mask to unset it.
            retry_policy: What happens when an attempt fails; name `retry_policy` in update_mask to unset it.
            timeout: How long a run may take; name `timeout` in update_mask to unset it.
            priority: Which runs start first when not all can.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.UPDATE_PIPELINE,
            request_of(
                types.UpdatePipelineRequest,
                self._core.organization,
                pipeline_id=pipeline_id,
                name=name,
                description=description,
                destination_namespace=destination_namespace,
                streams=streams,
                verification=verification,
                update_mask=update_mask,
                etag=etag,
                schedule=schedule,
                retry_policy=retry_policy,
                timeout=timeout,
                priority=priority,
            ),
            call_timeout,
        )

    def delete(self, pipeline_id: str, *, etag: str | None = None, call_timeout: float | None = None) -> None:
        """Deletes a pipeline with its runs and logs; what it landed stays in the destination.

        Errors: FAILED_PRECONDITION with reason RUN_IN_FLIGHT while it runs.

        Args:
            pipeline_id: The pipeline's id.
            etag: The version that the caller read; empty: no check.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        self._core.unary(
            methods.DELETE_PIPELINE,
            request_of(types.DeletePipelineRequest, self._core.organization, pipeline_id=pipeline_id, etag=etag),
            call_timeout,
        )

    def start(self, pipeline_id: str, *, request_id: str | None = None, call_timeout: float | None = None) -> RunHandle:
        """Queues a run now, and lets the pipeline's schedule start runs again.

        Errors: FAILED_PRECONDITION with reason RUN_IN_FLIGHT while a run is queued or running.

        Args:
            pipeline_id: The pipeline's id.
            request_id: A UUID that makes a repeated call return the first one's run.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return RunHandle(
            self._core,
            self._core.unary(
                methods.START_PIPELINE,
                request_of(
                    types.StartPipelineRequest, self._core.organization, pipeline_id=pipeline_id, request_id=request_id
                ),
                call_timeout,
            ),
        )

    def stop(self, pipeline_id: str, *, call_timeout: float | None = None) -> types.Run:
        """Stops the run in flight and pauses the pipeline: nothing starts by itself until StartPipeline or
        ResumePipeline.

        The run is STOPPING at once, and CANCELLED when its work has unwound. What was published stays.
        Errors: FAILED_PRECONDITION with reason NO_RUN_IN_FLIGHT when nothing runs.

        Args:
            pipeline_id: The pipeline's id.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.STOP_PIPELINE,
            request_of(types.StopPipelineRequest, self._core.organization, pipeline_id=pipeline_id),
            call_timeout,
        )

    def pause(self, pipeline_id: str, *, call_timeout: float | None = None) -> types.Pipeline:
        """Pauses a pipeline: schedule, other pipelines and webhook start nothing. A run in flight goes on.

        Args:
            pipeline_id: The pipeline's id.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.PAUSE_PIPELINE,
            request_of(types.PausePipelineRequest, self._core.organization, pipeline_id=pipeline_id),
            call_timeout,
        )

    def resume(self, pipeline_id: str, *, call_timeout: float | None = None) -> types.Pipeline:
        """Ends a pause. Times that the schedule has missed meanwhile are treated as its catch-up policy says.

        Args:
            pipeline_id: The pipeline's id.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.RESUME_PIPELINE,
            request_of(types.ResumePipelineRequest, self._core.organization, pipeline_id=pipeline_id),
            call_timeout,
        )

    def rotate_webhook(self, pipeline_id: str, *, call_timeout: float | None = None) -> types.PipelineWebhook:
        """Makes a new webhook of a pipeline, by which another system starts runs; an older one ends.

        The secret is told only here.

        Args:
            pipeline_id: The pipeline's id.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.ROTATE_PIPELINE_WEBHOOK,
            request_of(types.RotatePipelineWebhookRequest, self._core.organization, pipeline_id=pipeline_id),
            call_timeout,
        )

    def delete_webhook(self, pipeline_id: str, *, call_timeout: float | None = None) -> None:
        """Removes a pipeline's webhook; without one nothing changes.

        Args:
            pipeline_id: The pipeline's id.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        self._core.unary(
            methods.DELETE_PIPELINE_WEBHOOK,
            request_of(types.DeletePipelineWebhookRequest, self._core.organization, pipeline_id=pipeline_id),
            call_timeout,
        )

    def receive_webhook(
        self, pipeline_id: str, *, payload: HttpBody | None = None, call_timeout: float | None = None
    ) -> types.ReceivePipelineWebhookResponse:
        """Queues a run for a signed message of another system (Standard Webhooks).

        Headers: `webhook-id`, unique; `webhook-timestamp`, seconds since 1970, at most 5 minutes off;
        `webhook-signature`,
        `v1,` and the Base64 of HMAC-SHA256 over `<id>.<timestamp>.<body>` under the secret. A message that comes
        again gives the run of the first. While a run is in flight another one is queued after it.
        Errors: UNAUTHENTICATED with reason WEBHOOK_REFUSED for a wrong signature, and for a pipeline without a
        webhook;
        FAILED_PRECONDITION with reason PIPELINE_PAUSED.

        Args:
            pipeline_id: The pipeline's id.
            payload: The message, of any type, at most 64 KiB. Only its signature counts.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.RECEIVE_PIPELINE_WEBHOOK,
            request_of(
                types.ReceivePipelineWebhookRequest, self._core.organization, pipeline_id=pipeline_id, payload=payload
            ),
            call_timeout,
        )

    def watch(
        self, *, organization_id: str | None = None, after: str | None = None, call_timeout: float | None = None
    ) -> Follow[types.WatchPipelinesResponse]:
        """Streams an organization's pipelines: each as it is now, then each that changes or is deleted.

        Args:
            organization_id: The organization; may be left out by a caller with only one.
            after: The cursor of the last message that was seen; empty: from a snapshot on.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return Follow(
            self._core,
            methods.WATCH_PIPELINES,
            request_of(
                types.WatchPipelinesRequest, self._core.organization, organization_id=organization_id, after=after
            ),
            call_timeout,
            endless=True,
        )

    def list_runs(
        self,
        pipeline_id: str,
        *,
        states: Sequence[types.RunState.ValueType | str] | None = None,
        page_size: int | None = None,
        call_timeout: float | None = None,
    ) -> Pages[types.ListRunsResponse, types.Run]:
        """Lists a pipeline's runs, newest first.

        Args:
            pipeline_id: The pipeline's id.
            states: Only runs in these states; empty: all.
            page_size: How many at most; 0: 50; above 1000: 1000.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return Pages(
            self._core,
            methods.LIST_RUNS,
            request_of(
                types.ListRunsRequest,
                self._core.organization,
                pipeline_id=pipeline_id,
                states=states,
                page_size=page_size,
            ),
            lambda page: page.runs,
            call_timeout,
        )

    def get_run(self, pipeline_id: str, run_id: str, *, call_timeout: float | None = None) -> types.Run:
        """Gets a run.

        Args:
            pipeline_id: The pipeline's id.
            run_id: The run's id.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.GET_RUN,
            request_of(types.GetRunRequest, self._core.organization, pipeline_id=pipeline_id, run_id=run_id),
            call_timeout,
        )

    def get_run_receipt(self, pipeline_id: str, run_id: str, *, call_timeout: float | None = None) -> types.RunReceipt:
        """Gets the proof of a run: of each stream that has landed every chunk, with rows and content hash of both
        sides.

        Args:
            pipeline_id: The pipeline's id.
            run_id: The run's id.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.GET_RUN_RECEIPT,
            request_of(types.GetRunReceiptRequest, self._core.organization, pipeline_id=pipeline_id, run_id=run_id),
            call_timeout,
        )

    def plan(self, pipeline_id: str, *, call_timeout: float | None = None) -> types.PlanPipelineResponse:
        """Tells what a run would do now, before a row moves: tables to create or alter, the type of every column with
        what it would lose, the lane, and about how many rows. Looks at both systems, writes nothing.

        A stream that can't land is told by its `failure`. Errors: UNAVAILABLE, FAILED_PRECONDITION as
        CheckDataSource.

        Args:
            pipeline_id: The pipeline's id.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.PLAN_PIPELINE,
            request_of(types.PlanPipelineRequest, self._core.organization, pipeline_id=pipeline_id),
            call_timeout,
        )

    def list_checkpoints(
        self,
        pipeline_id: str,
        *,
        stream: str | None = None,
        namespace: str | None = None,
        page_size: int | None = None,
        call_timeout: float | None = None,
    ) -> Pages[types.ListCheckpointsResponse, types.Checkpoint]:
        """Lists the checkpoints that the pipeline's streams have reached or were set to, newest first.

        Args:
            pipeline_id: The pipeline's id.
            stream: Only of the stream with this name; empty: of all.
            namespace: The stream's namespace, where `stream` is given.
            page_size: How many at most; 0: 50; above 1000: 1000.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return Pages(
            self._core,
            methods.LIST_CHECKPOINTS,
            request_of(
                types.ListCheckpointsRequest,
                self._core.organization,
                pipeline_id=pipeline_id,
                stream=stream,
                namespace=namespace,
                page_size=page_size,
            ),
            lambda page: page.checkpoints,
            call_timeout,
        )

    def reset_stream(
        self, pipeline_id: str, stream: str, *, namespace: str | None = None, call_timeout: float | None = None
    ) -> types.Checkpoint:
        """Lets a stream start from nothing at its next run: what it has landed is removed then, in the run's
        transaction.

        Args:
            pipeline_id: The pipeline's id.
            namespace: The stream's namespace in the source.
            stream: The stream's name in the source.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.RESET_STREAM,
            request_of(
                types.ResetStreamRequest,
                self._core.organization,
                pipeline_id=pipeline_id,
                namespace=namespace,
                stream=stream,
            ),
            call_timeout,
        )

    def rewind_stream(
        self,
        pipeline_id: str,
        stream: str,
        *,
        namespace: str | None = None,
        cursor: str | None = None,
        checkpoint_id: str | None = None,
        call_timeout: float | None = None,
    ) -> types.Checkpoint:
        """Sets a stream's checkpoint: its next run reads from this cursor value on. What has landed stays.

        Errors: INVALID_ARGUMENT for a stream without a cursor, and for a value that its cursor can't have.

        Args:
            pipeline_id: The pipeline's id.
            namespace: The stream's namespace in the source.
            stream: The stream's name in the source.
            cursor: A cursor value, as a checkpoint tells it: `2024-01-31 10:00:00+00`, `1000`.
            checkpoint_id: The id of an earlier checkpoint of the stream.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.REWIND_STREAM,
            request_of(
                types.RewindStreamRequest,
                self._core.organization,
                pipeline_id=pipeline_id,
                namespace=namespace,
                stream=stream,
                cursor=cursor,
                checkpoint_id=checkpoint_id,
            ),
            call_timeout,
        )

    def backfill_stream(
        self,
        pipeline_id: str,
        stream: str,
        *,
        namespace: str | None = None,
        lower: str | None = None,
        upper: str | None = None,
        request_id: str | None = None,
        call_timeout: float | None = None,
    ) -> RunHandle:
        """Queues a run that reads a range of a stream's cursor again, without moving its checkpoint.

        Errors: INVALID_ARGUMENT for a stream without a cursor; FAILED_PRECONDITION with reason RUN_IN_FLIGHT.

        Args:
            pipeline_id: The pipeline's id.
            namespace: The stream's namespace in the source.
            stream: The stream's name in the source.
            lower: The least cursor value to read; empty: from the beginning.
            upper: The greatest cursor value to read; empty: to the end.
            request_id: A UUID that makes a repeated call return the first one's run.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return RunHandle(
            self._core,
            self._core.unary(
                methods.BACKFILL_STREAM,
                request_of(
                    types.BackfillStreamRequest,
                    self._core.organization,
                    pipeline_id=pipeline_id,
                    namespace=namespace,
                    stream=stream,
                    lower=lower,
                    upper=upper,
                    request_id=request_id,
                ),
                call_timeout,
            ),
        )

    def list_schema_changes(
        self, pipeline_id: str, *, page_size: int | None = None, call_timeout: float | None = None
    ) -> Pages[types.ListSchemaChangesResponse, types.SchemaChange]:
        """Lists the changes of the source's columns that runs have met, newest first.

        Args:
            pipeline_id: The pipeline's id.
            page_size: How many at most; 0: 50; above 1000: 1000.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return Pages(
            self._core,
            methods.LIST_SCHEMA_CHANGES,
            request_of(
                types.ListSchemaChangesRequest, self._core.organization, pipeline_id=pipeline_id, page_size=page_size
            ),
            lambda page: page.schema_changes,
            call_timeout,
        )

    def list_rejected_rows(
        self,
        pipeline_id: str,
        *,
        run_id: str | None = None,
        stream: str | None = None,
        include_replayed: bool | None = None,
        page_size: int | None = None,
        call_timeout: float | None = None,
    ) -> Pages[types.ListRejectedRowsResponse, types.RejectedRow]:
        """Lists rows that could not land, with the reason and the row itself, newest first.

        Args:
            pipeline_id: The pipeline's id.
            run_id: Only of this run; empty: of all.
            stream: Only of the stream with this name; empty: of all.
            include_replayed: Also those that have been replayed.
            page_size: How many at most; 0: 50; above 1000: 1000.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return Pages(
            self._core,
            methods.LIST_REJECTED_ROWS,
            request_of(
                types.ListRejectedRowsRequest,
                self._core.organization,
                pipeline_id=pipeline_id,
                run_id=run_id,
                stream=stream,
                include_replayed=include_replayed,
                page_size=page_size,
            ),
            lambda page: page.rejected_rows,
            call_timeout,
        )

    def replay_rejected_rows(
        self,
        pipeline_id: str,
        stream: str,
        *,
        namespace: str | None = None,
        rejected_row_ids: Sequence[str] | None = None,
        corrections: Mapping[str, str] | None = None,
        request_id: str | None = None,
        call_timeout: float | None = None,
    ) -> RunHandle:
        """Queues a run that lands rejected rows, as they are or corrected; those that are rejected again are listed
        anew.

        Errors: FAILED_PRECONDITION with reason RUN_IN_FLIGHT; INVALID_ARGUMENT where nothing can be replayed.

        Args:
            pipeline_id: The pipeline's id.
            namespace: The stream's namespace in the source.
            stream: The stream's name in the source.
            rejected_row_ids: Which rows; empty: every row of the stream that was not replayed, the oldest 10,000 at
                most.
            corrections: What rows are to be instead, by id: a JSON object of the source's columns, as
                RejectedRow.content shows it.
            request_id: A UUID that makes a repeated call return the first one's run.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return RunHandle(
            self._core,
            self._core.unary(
                methods.REPLAY_REJECTED_ROWS,
                request_of(
                    types.ReplayRejectedRowsRequest,
                    self._core.organization,
                    pipeline_id=pipeline_id,
                    namespace=namespace,
                    stream=stream,
                    rejected_row_ids=rejected_row_ids,
                    corrections=corrections,
                    request_id=request_id,
                ),
                call_timeout,
            ),
        )

    def watch_run(
        self,
        pipeline_id: str,
        run_id: str,
        *,
        after: str | None = None,
        min_level: types.LogLevel.ValueType | str | None = None,
        stream: str | None = None,
        text: str | None = None,
        since: datetime | None = None,
        from_end: bool | None = None,
        call_timeout: float | None = None,
    ) -> Follow[types.WatchRunResponse]:
        """Streams a run as it goes: a snapshot first, then its changes, log entries and events, until it has ended.

        Args:
            pipeline_id: The pipeline's id.
            run_id: The run's id.
            after: The cursor of the last message that was seen; empty: from the start.
            min_level: Only log lines of this level and above. The run itself is told whatever is left out of its
                log.
            stream: Only log lines and events about this stream, with its namespace: `public.orders`; empty: all.
            text: Only log lines whose text has this in it, in whatever case; empty: all.
            since: Only log lines and events from this time on; unset: from the start of the run. Not with `after`,
                which is more exact.
            from_end: Only log lines and events that are written from now on, after the run as it is now. Not with
                `after` or `since`.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return Follow(
            self._core,
            methods.WATCH_RUN,
            request_of(
                types.WatchRunRequest,
                self._core.organization,
                pipeline_id=pipeline_id,
                run_id=run_id,
                after=after,
                min_level=min_level,
                stream=stream,
                text=text,
                since=since,
                from_end=from_end,
            ),
            call_timeout,
            endless=False,
        )

    def list_logs(
        self,
        pipeline_id: str,
        *,
        run_id: str | None = None,
        min_level: types.LogLevel.ValueType | str | None = None,
        after: str | None = None,
        page_size: int | None = None,
        stream: str | None = None,
        text: str | None = None,
        since: datetime | None = None,
        call_timeout: float | None = None,
    ) -> Pages[types.ListPipelineLogsResponse, types.LogEntry]:
        """Lists the log entries of a run, oldest first.

        Args:
            pipeline_id: The pipeline's id.
            run_id: The run's id; empty: the pipeline's newest run.
            min_level: Only entries of this level and above.
            after: The cursor of the last entry that was seen; empty: from the start.
            page_size: How many at most; 0: 50; above 1000: 1000.
            stream: Only entries about this stream, with its namespace: `public.orders`; empty: all.
            text: Only entries whose text has this in it, in whatever case; empty: all.
            since: Only entries from this time on; unset: from the start of the run. Not with `after`, which is more
                exact.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return Pages(
            self._core,
            methods.LIST_PIPELINE_LOGS,
            request_of(
                types.ListPipelineLogsRequest,
                self._core.organization,
                pipeline_id=pipeline_id,
                run_id=run_id,
                min_level=min_level,
                after=after,
                page_size=page_size,
                stream=stream,
                text=text,
                since=since,
            ),
            lambda page: page.entries,
            call_timeout,
        )

    def tail_logs(
        self,
        pipeline_id: str,
        *,
        run_id: str | None = None,
        min_level: types.LogLevel.ValueType | str | None = None,
        after: str | None = None,
        stream: str | None = None,
        text: str | None = None,
        since: datetime | None = None,
        from_end: bool | None = None,
        follow: bool | None = None,
        call_timeout: float | None = None,
    ) -> Follow[types.TailPipelineLogsResponse]:
        """Streams the log entries of a run as they are written, until the run has ended; with `follow` also of later
        runs.

        Args:
            pipeline_id: The pipeline's id.
            run_id: The run's id; empty: the run that `after` names, else the pipeline's newest run.
            min_level: Only entries of this level and above.
            after: The cursor of the last message that was seen; empty: from the start of the run.
            stream: Only entries about this stream, with its namespace: `public.orders`; empty: all.
            text: Only entries whose text has this in it, in whatever case; empty: all.
            since: Only entries from this time on; unset: from the start of the run. Not with `after`, which is more
                exact.
            from_end: Only entries that are written from now on; not with `after` or `since`.
            follow: Go on with the pipeline's later runs instead of ending with this one. Not with `run_id`.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return Follow(
            self._core,
            methods.TAIL_PIPELINE_LOGS,
            request_of(
                types.TailPipelineLogsRequest,
                self._core.organization,
                pipeline_id=pipeline_id,
                run_id=run_id,
                min_level=min_level,
                after=after,
                stream=stream,
                text=text,
                since=since,
                from_end=from_end,
                follow=follow,
            ),
            call_timeout,
            endless=bool(follow),
        )


class UsersService(Service):
    """Reads and changes user accounts.

    A user sees themselves and the members of their own organizations and changes only themselves; a
    platform administrator sees and changes everyone.
    """

    def list(
        self, *, organization_id: str | None = None, page_size: int | None = None, call_timeout: float | None = None
    ) -> Pages[types.ListUsersResponse, types.User]:
        """Lists the users that the caller may see, oldest first.

        Args:
            organization_id: Only members of this organization; empty: everyone that the caller may see.
            page_size: How many at most; 0: 50; above 1000: 1000.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return Pages(
            self._core,
            methods.LIST_USERS,
            request_of(
                types.ListUsersRequest, self._core.organization, organization_id=organization_id, page_size=page_size
            ),
            lambda page: page.users,
            call_timeout,
        )

    def get(self, user_id: str, *, call_timeout: float | None = None) -> types.User:
        """Gets a user.

        Args:
            user_id: The user's id.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.GET_USER, request_of(types.GetUserRequest, self._core.organization, user_id=user_id), call_timeout
        )

    def update(
        self,
        user_id: str,
        *,
        email: str | None = None,
        full_name: str | None = None,
        active: bool | None = None,
        platform_admin: bool | None = None,
        update_mask: Sequence[str] | None = None,
        etag: str | None = None,
        call_timeout: float | None = None,
    ) -> types.User:
        """Updates the given fields of a user.

        Only a platform administrator may set `active` and `platform_admin`. Disabling a user ends their sessions.
        Errors: ALREADY_EXISTS when the e-mail address is taken; ABORTED when the etag is old.

        Args:
            user_id: The user's id.
            email: The new e-mail address.
            full_name: The new name.
            active: Whether the user may log in.
            platform_admin: Whether the user administers the platform.
            update_mask: Which fields to change; unset: the ones given.
            etag: The version that the caller read; empty: no check.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        return self._core.unary(
            methods.UPDATE_USER,
            request_of(
                types.UpdateUserRequest,
                self._core.organization,
                user_id=user_id,
                email=email,
                full_name=full_name,
                active=active,
                platform_admin=platform_admin,
                update_mask=update_mask,
                etag=etag,
            ),
            call_timeout,
        )

    def delete(self, user_id: str, *, etag: str | None = None, call_timeout: float | None = None) -> None:
        """Deletes a user with their sessions and API keys.

        Errors: FAILED_PRECONDITION with reason LAST_OWNER while an organization with other members has no
        other owner. Organizations without another member are deleted with the user.

        Args:
            user_id: The user's id.
            etag: The version that the caller read; empty: no check.
            call_timeout: Seconds that it may take; None: the client's default, and no end for streams.
        """
        self._core.unary(
            methods.DELETE_USER,
            request_of(types.DeleteUserRequest, self._core.organization, user_id=user_id, etag=etag),
            call_timeout,
        )
