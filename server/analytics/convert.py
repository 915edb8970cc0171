"""Messages of ingestion, metrics and events, in and out."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from google.protobuf.struct_pb2 import Struct, Value
from google.protobuf.timestamp_pb2 import Timestamp
from thedata.v1 import analytics_pb2, queries_pb2

from server.analytics.model import (
    Aggregation,
    Event,
    EventQuery,
    Facets,
    Filter,
    Ingested,
    MetricAnswer,
    MetricQuery,
    Operator,
    Point,
    RejectedItem,
    Resolution,
    Sender,
)
from server.analytics.prepare import Prepared, arrow_events, arrow_points, events_of, points_of
from server.clock import now
from server.errors import InvalidFields, Violation
from server.rpc.values import LARGEST_EXACT_INTEGER, duration, length, moment, optional_id, timestamp

# As far from 1970 as no rule allows: a time that can't be is put into quarantine like any other that breaks the rule.
IMPOSSIBLE = datetime(1, 1, 1, tzinfo=UTC)
DEFAULT_SPAN = timedelta(hours=1)
MOST_FILTERS = 100

AGGREGATIONS = {
    queries_pb2.AGGREGATION_UNSPECIFIED: Aggregation.AVG,
    **{queries_pb2.Aggregation.Value(f"AGGREGATION_{item.name}"): item for item in Aggregation},
}
OPERATORS = {
    queries_pb2.OPERATOR_UNSPECIFIED: Operator.EQ,
    **{queries_pb2.Operator.Value(f"OPERATOR_{item.name}"): item for item in Operator},
}
SHORT = {operator.value: operator for operator in Operator}
RESOLUTIONS = {
    Resolution.RAW: analytics_pb2.RESOLUTION_RAW,
    Resolution.MINUTE: analytics_pb2.RESOLUTION_MINUTE,
    Resolution.HOUR: analytics_pb2.RESOLUTION_HOUR,
}


def sender_of(
    request: analytics_pb2.IngestMetricsRequest | analytics_pb2.IngestEventsRequest | analytics_pb2.IngestStreamRequest,
) -> Sender:
    """Who sends a batch.

    Raises:
        InvalidFields: a producer without a sequence, or the other way round.
    """
    if bool(request.producer) != bool(request.sequence):
        raise InvalidFields(Violation("sequence", "must be set together with producer, from 1"))
    request_id = "" if isinstance(request, analytics_pb2.IngestStreamRequest) else request.request_id
    return Sender(request.producer, request.sequence, optional_id(request_id))


def points_batch(points: Sequence[analytics_pb2.MetricPoint], kept: timedelta | None) -> Prepared:
    """A batch of points; items are kept for so long."""
    at = now()
    return points_of((Point(p.name, _time(p, at), p.value, dict(p.labels)) for p in points), at, kept)


def events_batch(events: Sequence[analytics_pb2.Event], kept: timedelta | None) -> Prepared:
    """A batch of events; items are kept for so long."""
    return events_of([_event(event) for event in events], now(), kept)


async def stream_batch(
    request: analytics_pb2.IngestStreamRequest, events_kept: timedelta | None, points_kept: timedelta | None
) -> Prepared:
    """The batch of a message of a stream; its items are kept for so long.

    An Arrow batch may have a million rows, meanwhile other calls go on.

    Raises:
        InvalidFields: it carries none, or several.
    """
    carried = [name for name in ("points", "events", "arrow_points", "arrow_events") if getattr(request, name)]
    if len(carried) != 1:
        raise InvalidFields(Violation("points", "one of points, events, arrow_points and arrow_events must be set"))
    match carried[0]:
        case "points":
            return points_batch(request.points, points_kept)
        case "events":
            return events_batch(request.events, events_kept)
        case "arrow_points":
            return await asyncio.to_thread(arrow_points, request.arrow_points, now(), points_kept)
        case _:
            return await asyncio.to_thread(arrow_events, request.arrow_events, now(), events_kept)


def ingest_response(found: Ingested) -> analytics_pb2.IngestResponse:
    """What became of a batch."""
    return analytics_pb2.IngestResponse(
        accepted=found.accepted,
        rejected=found.rejected,
        duplicates=found.duplicates,
        durable_sequence=found.durable_sequence,
        rejections=[
            analytics_pb2.Rejection(index=item.index, field=item.field, reason=item.reason) for item in found.rejections
        ],
    )


def rejected_message(item: RejectedItem) -> analytics_pb2.RejectedItem:
    """An item in quarantine."""
    return analytics_pb2.RejectedItem(
        id=str(item.id),
        kind=item.kind,
        producer=item.producer,
        rejection=analytics_pb2.Rejection(index=item.index, field=item.field, reason=item.reason),
        content=item.content,
        rejected_at=timestamp(item.created_at),
    )


def filters_of(filters: Sequence[queries_pb2.Filter], where: Sequence[str] = (), path_before: str = "") -> list[Filter]:
    """Conditions, those in short among them.

    Raises:
        InvalidFields: one in short can't be read, or there are too many; by its path.
    """
    if len(filters) + len(where) > MOST_FILTERS:
        raise InvalidFields(Violation("where", f"must be at most {MOST_FILTERS} together with filters"))
    found = []
    for number, item in enumerate(filters):
        path = f"{path_before}filters[{number}]"
        try:
            values = tuple(_plain(value) for value in item.values)
        except ValueError as error:
            raise InvalidFields(Violation(f"{path}.values", str(error))) from error
        found.append(Filter(item.field, OPERATORS[item.operator], values, path))
    return found + [_in_short(text, f"where[{number}]") for number, text in enumerate(where)]


def metric_query(request: analytics_pb2.GetMetricsRequest) -> MetricQuery:
    """A question about a metric."""
    end = moment(request.end_time, "end_time") if request.HasField("end_time") else now()
    start = moment(request.start_time, "start_time") if request.HasField("start_time") else end - DEFAULT_SPAN
    return MetricQuery(
        request.name,
        start,
        end,
        length(request.step, "step") if request.HasField("step") else None,
        AGGREGATIONS[request.aggregation],
        list(dict.fromkeys(request.group_by)),
        filters_of(request.filters, request.where),
    )


def metrics_response(answer: MetricAnswer) -> analytics_pb2.GetMetricsResponse:
    """A metric's points."""
    return analytics_pb2.GetMetricsResponse(
        series=[
            analytics_pb2.MetricSeries(
                labels=series.labels,
                points=[analytics_pb2.MetricValue(time=timestamp(time), value=value) for time, value in series.points],
            )
            for series in answer.series
        ],
        resolution=RESOLUTIONS[answer.resolution],
        step=duration(answer.step),
    )


def event_query(request: analytics_pb2.GetEventsRequest) -> EventQuery:
    """A question about events."""
    return EventQuery(
        list(request.kinds),
        moment(request.start_time, "start_time") if request.HasField("start_time") else None,
        moment(request.end_time, "end_time") if request.HasField("end_time") else None,
        filters_of(request.filters, request.where),
        request.text,
        request.facets,
    )


def event_message(event: Event) -> analytics_pb2.Event:
    """An event."""
    attributes = Struct()
    attributes.update(json.loads(event.attributes))
    return analytics_pb2.Event(
        id=str(event.id), kind=event.kind, time=timestamp(event.time), message=event.message, attributes=attributes
    )


def events_response(found: Sequence[Event], facets: Facets, next_page_token: str) -> analytics_pb2.GetEventsResponse:
    """A page of events."""
    return analytics_pb2.GetEventsResponse(
        events=map(event_message, found),
        next_page_token=next_page_token,
        kinds=[queries_pb2.ValueCount(value=kind, count=number) for kind, number in facets.kinds],
        times=[queries_pb2.TimeCount(time=timestamp(time), count=number) for time, number in facets.times],
    )


def _event(message: analytics_pb2.Event) -> Event:
    key, attributes, broken = None, "{}", None
    try:
        key = UUID(message.id) if message.id else None
    except ValueError:
        broken = ("id", "must be a UUID")
    try:
        attributes = json.dumps(_object(message.attributes), ensure_ascii=False) if message.attributes.fields else "{}"
    except ValueError as error:
        broken = ("attributes", str(error))
    return Event(key, message.kind, _time(message, now()), message.message, attributes, broken)


def _object(message: Struct) -> dict[str, Any]:
    return {name: _plain(value) for name, value in message.fields.items()}


def _plain(value: Value) -> Any:
    match value.WhichOneof("kind"):
        case "string_value":
            return value.string_value
        case "number_value":
            return _number(value.number_value)
        case "bool_value":
            return value.bool_value
        case "struct_value":
            return _object(value.struct_value)
        case "list_value":
            return [_plain(item) for item in value.list_value.values]
    return None


def _number(value: float) -> float | int:
    if not math.isfinite(value):
        raise ValueError("must hold finite numbers only")
    return int(value) if value.is_integer() and abs(value) <= LARGEST_EXACT_INTEGER else value


def _time(message: analytics_pb2.MetricPoint | analytics_pb2.Event, at: datetime) -> datetime:
    if not message.HasField("time"):
        return at
    time: Timestamp = message.time
    if not 0 <= time.nanos < 1_000_000_000:
        return IMPOSSIBLE
    try:
        return datetime.fromtimestamp(time.seconds, UTC).replace(microsecond=time.nanos // 1000)
    except (ValueError, OverflowError, OSError):
        return IMPOSSIBLE


def _in_short(text: str, path: str) -> Filter:
    name, _, rest = text.partition(":")
    word, separator, value = rest.partition(":")
    operator = SHORT.get(word)
    if not name or operator is None:
        raise InvalidFields(Violation(path, f"must be field:operator:value, with one of {', '.join(SHORT)}"))
    if operator in (Operator.IN, Operator.NOT_IN):
        return Filter(name, operator, tuple(value.split(",")) if separator else (), path, loose=True)
    return Filter(name, operator, (value,) if separator else (), path, loose=True)
