"""Messages of realtime views and of the stream of metrics, in and out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from google.protobuf.struct_pb2 import ListValue
from thedata.v1 import analytics_pb2, common_pb2, queries_pb2, run_events_pb2

from server.analytics.convert import AGGREGATIONS, filters_of
from server.analytics.model import Aggregation, Point
from server.analytics.view_feeds import Delta, Mark, Snapshot, ViewEvent
from server.analytics.view_model import Content, Measure, RealtimeView, ViewDefinition, ViewRow
from server.clock import now
from server.live import Alive, Resume
from server.rpc.cursor import cursor_of_mark
from server.rpc.values import duration, length, list_value, timestamp

NAMES = {item: queries_pb2.Aggregation.Value(f"AGGREGATION_{item.name}") for item in Aggregation}


def definition_of(message: analytics_pb2.ViewDefinition) -> ViewDefinition:
    """What a view is to show; raises InvalidFields, by the path."""
    filters = filters_of(message.filters, path_before="definition.")
    measures = [Measure(AGGREGATIONS[m.aggregation], m.column, m.name) for m in message.measures]
    return ViewDefinition(
        message.source,
        filters,
        list(message.group_by),
        measures or [Measure(Aggregation.COUNT)],
        length(message.interval, "definition.interval") if message.HasField("interval") else None,
        length(message.window, "definition.window") if message.HasField("window") else None,
        message.time_column,
    )


def view_message(view: RealtimeView) -> analytics_pb2.RealtimeView:
    """A view."""
    shows = view.shows
    definition = analytics_pb2.ViewDefinition(
        source=shows.source,
        filters=[
            queries_pb2.Filter(
                field=f.field,
                operator=queries_pb2.Operator.Value(f"OPERATOR_{f.operator.name}"),
                values=list_value(list(f.values)).values,
            )
            for f in shows.filters
        ],
        group_by=shows.group_by,
        measures=[
            queries_pb2.Measure(aggregation=NAMES[m.aggregation], column=m.column, name=m.name) for m in shows.measures
        ],
        interval=duration(shows.interval) if shows.interval else None,
        window=duration(shows.window) if shows.window else None,
        time_column=shows.time_column,
    )
    return analytics_pb2.RealtimeView(
        name=view.name,
        definition=definition,
        built_in=view.built_in,
        created_at=timestamp(view.created_at),
        updated_at=timestamp(view.updated_at),
        etag=f'"{view.version}"',
    )


def content_message(content: Content, rows: Sequence[ViewRow] | None = None) -> analytics_pb2.GetRealtimeViewResponse:
    """A view's rows; all of them, or some."""
    shown = content.rows.values() if rows is None else rows
    return analytics_pb2.GetRealtimeViewResponse(
        columns=[column.name for column in content.columns],
        result_columns=[
            queries_pb2.ResultColumn(name=column.name, type=column.type, nullable=True) for column in content.columns
        ],
        key_columns=content.keys,
        rows=[list_value(list(row.values)) for row in shown],
        watermark=timestamp(content.watermark),
    )


def view_event(mark: Mark, event: ViewEvent) -> analytics_pb2.StreamRealtimeViewResponse:
    """A message about a view."""
    cursor = cursor_of_mark(mark)
    match event:
        case Snapshot(content):
            return analytics_pb2.StreamRealtimeViewResponse(cursor=cursor, snapshot=content_message(content))
        case Delta(content, changed, gone):
            return analytics_pb2.StreamRealtimeViewResponse(
                cursor=cursor, changes=content_message(content, changed), gone=[_key(key) for key in gone]
            )
        case Alive():
            return analytics_pb2.StreamRealtimeViewResponse(
                cursor=cursor, heartbeat=common_pb2.Heartbeat(time=timestamp(now()))
            )
        case Resume():
            return analytics_pb2.StreamRealtimeViewResponse(cursor=cursor, resume=run_events_pb2.Resume())


def point_message(point: Point) -> analytics_pb2.MetricPoint:
    """A measured value."""
    return analytics_pb2.MetricPoint(
        name=point.name, labels=point.labels, time=timestamp(point.time), value=point.value
    )


def _key(values: tuple[Any, ...]) -> ListValue:
    return list_value(list(values))
