"""Messages of questions about tables, in and out."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from google.api import httpbody_pb2
from thedata.v1 import analytics_pb2, queries_pb2

from server.analytics.convert import AGGREGATIONS, filters_of
from server.analytics.model import Aggregation
from server.analytics.questions import Column, Form, Freshness, Measure, Table, TableAnswer, TableQuery
from server.errors import InvalidFields, InvalidPageToken, Violation
from server.paging import Page, PageRequest
from server.rpc.page_token import next_page_token
from server.rpc.values import length, list_value, moment, timestamp

FORMS = {
    analytics_pb2.EXPORT_FORMAT_UNSPECIFIED: Form.NDJSON,
    analytics_pb2.EXPORT_FORMAT_NDJSON: Form.NDJSON,
    analytics_pb2.EXPORT_FORMAT_CSV: Form.CSV,
    analytics_pb2.EXPORT_FORMAT_ARROW: Form.ARROW,
}
CONTENT_TYPES = {
    Form.NDJSON: "application/x-ndjson",
    Form.CSV: "text/csv; charset=utf-8; header=present",
    Form.ARROW: "application/vnd.apache.arrow.stream",
}
SHORT = {aggregation.value: aggregation for aggregation in Aggregation}
PIECE_BYTES = 1 << 20


def table_query(
    request: analytics_pb2.GetHistoricalDataRequest | analytics_pb2.ExportHistoricalDataRequest,
) -> TableQuery:
    """A question.

    Raises:
        InvalidFields: a part of it can't be read; by its path.
    """
    measures = [
        Measure(AGGREGATIONS[item.aggregation], item.column, item.name, f"measures[{number}]")
        for number, item in enumerate(request.measures)
    ]
    return TableQuery(
        table=request.table_name,
        columns=list(request.columns),
        start=moment(request.start_time, "start_time") if request.HasField("start_time") else None,
        end=moment(request.end_time, "end_time") if request.HasField("end_time") else None,
        time_column=request.time_column,
        filters=filters_of(request.filters, request.where),
        interval=length(request.interval, "interval") if request.HasField("interval") else None,
        group_by=list(dict.fromkeys(request.group_by)),
        measures=[*measures, *(_in_short(text, f"measure[{n}]") for n, text in enumerate(request.measure))],
        order_by=list(request.order_by),
    )


def rows_before(request: PageRequest) -> int:
    """How many rows come before a page.

    Raises:
        InvalidPageToken: the token was not made here.
    """
    if not request.after:
        return 0
    if not request.after.isdecimal() or len(request.after) > 12:
        raise InvalidPageToken
    return int(request.after)


def history_response(
    request: analytics_pb2.GetHistoricalDataRequest, answer: TableAnswer
) -> analytics_pb2.GetHistoricalDataResponse:
    """Rows of a table."""
    after = None if answer.after is None else str(answer.after)
    return analytics_pb2.GetHistoricalDataResponse(
        columns=[column.name for column in answer.columns],
        rows=[list_value(list(row)) for row in answer.rows],
        next_page_token=next_page_token(request, Page((), after)),
        watermark=timestamp(answer.freshness.watermark),
        result_columns=map(column_message, answer.columns),
        run_id=_run(answer.freshness),
    )


def tables_response(found: Sequence[tuple[Table, Freshness]]) -> analytics_pb2.ListHistoricalTablesResponse:
    """The tables that can be asked."""
    return analytics_pb2.ListHistoricalTablesResponse(
        tables=[
            analytics_pb2.HistoricalTable(
                name=table.name,
                columns=map(column_message, table.columns),
                rows=table.rows,
                bytes=table.bytes,
                watermark=timestamp(freshness.watermark),
                run_id=_run(freshness),
            )
            for table, freshness in found
        ]
    )


def column_message(column: Column) -> queries_pb2.ResultColumn:
    """A column of a table or of an answer."""
    native = f"Nullable({column.native})" if column.nullable else column.native
    return queries_pb2.ResultColumn(
        name=column.name, type=column.kind.value, native_type=native, nullable=column.nullable
    )


async def bodies(pieces: AsyncGenerator[bytes, None], form: Form) -> AsyncGenerator[httpbody_pb2.HttpBody, None]:
    """Pieces of a file as bodies, none of them large; an empty file has one as well, so that its type is told."""
    first = True
    async with aclosing(pieces):
        async for piece in pieces:
            for start in range(0, len(piece), PIECE_BYTES):
                content_type = CONTENT_TYPES[form] if first else ""
                first = False
                yield httpbody_pb2.HttpBody(content_type=content_type, data=piece[start : start + PIECE_BYTES])
    if first:
        yield httpbody_pb2.HttpBody(content_type=CONTENT_TYPES[form])


def _in_short(text: str, path: str) -> Measure:
    word, _, column = text.partition(":")
    if word not in SHORT:
        told = ", ".join(SHORT)
        raise InvalidFields(Violation(path, f"must be aggregation:column, or count, with one of {told}"))
    return Measure(SHORT[word], column, "", path)


def _run(freshness: Freshness) -> str:
    return str(freshness.run_id) if freshness.run_id else ""
