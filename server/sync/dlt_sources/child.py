"""The child process of ``dlt_sources.process``: takes a job from its standard input, sends frames to its output.

It ends when its standard input does: a parent that is gone leaves nothing behind.
"""

from __future__ import annotations

import json
import math
import os
import resource as limits
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO, Protocol

import pyarrow as pa

from server.network import guard
from server.network.check import PolicyCheck
from server.network.errors import HostNotAllowed
from server.network.policy import Policy
from server.sync.dlt_sources.process import Job, batch_header
from server.sync.dlt_sources.rows import (
    BYTES_PER_BATCH,
    ROWS_PER_BATCH,
    RowReader,
    arrow_columns,
    infer,
    weight,
)
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.model import Column
from server.sync.reaching import refused
from server.sync.redaction import redacted
from server.sync.source import Batch, CursorRange, Rejected

MAX_MEMORY_BYTES = 2 << 30
SAMPLE_BYTES = 16 << 20
SAMPLE_SECONDS = 60.0
SECONDS_BETWEEN_SIGNS = 1.0


class Reader(Protocol):
    """What a kind of connector brings: its streams, and the items of one, rows (mappings) or Arrow tables."""

    @property
    def bytes_read(self) -> int | None:
        """The bytes that have come so far; None where nobody counts them."""
        ...

    @property
    def native(self) -> str:
        """How the types of values are called; empty: by Python's names."""
        ...

    def streams(self) -> Sequence[str]:
        """Name the streams; those that need others come after them."""
        ...

    def declared(self, name: str) -> Mapping[str, str]:
        """Tell the columns that are known without a sample, with their types."""
        ...

    def primary_key(self, name: str) -> Sequence[str]:
        """Tell the fields that tell rows apart."""
        ...

    def items(
        self, name: str, cursor: CursorRange | None, after: Mapping[str, Any] | None, column: Column | None
    ) -> Iterator[Any]:
        """Ask for a stream; a cursor's range may be narrowed at the system itself."""
        ...

    def position(self) -> dict[str, Any] | None:
        """Tell where to go on after all items but the last one; None: not here."""
        ...

    def last_position(self) -> dict[str, Any] | None:
        """Tell where to go on after all items."""
        ...


class Channel:
    """The way back to the parent; what is said on it holds no secret."""

    def __init__(self, pipe: BinaryIO, secrets: tuple[str, ...]) -> None:
        self._pipe = pipe
        self._secrets = secrets
        self._lock = threading.Lock()  # a source may talk from several threads

    def send(self, kind: str, header: Mapping[str, Any], payload: bytes = b"") -> None:
        """Send one frame."""
        text = json.dumps({**header, "kind": kind}).encode()
        with self._lock:
            self._pipe.write(len(text).to_bytes(4, "big") + len(payload).to_bytes(4, "big") + text + payload)
            self._pipe.flush()

    def tell(self, message: str) -> None:
        """Send a line for the run's log."""
        self.send("log", {"message": redacted(message, self._secrets)})

    def fail(self, error: BaseException, stream: str | None) -> None:
        """Send what went wrong."""
        told = told_error(error, self._secrets)
        names = ("code", "message", "advice", "position")
        fields = {name: getattr(told, name) for name in names}
        self.send(
            "error",
            {**fields, "stream": told.stream or stream, "origin": told.origin.value, "type": told.type.value},
        )

    def watched(self, items: Iterator[Any], stream: str) -> Iterator[Any]:
        """Pass a source's items on: tells that it is alive, and after which row it failed."""
        rows, silent_since = 0, -math.inf
        try:
            for item in items:
                rows += getattr(item, "num_rows", 1)
                if time.monotonic() - silent_since > SECONDS_BETWEEN_SIGNS:
                    self.send("alive", {"position": f"{stream} after row {rows}"})
                    silent_since = time.monotonic()
                yield item
        except Exception as error:
            told = told_error(error, self._secrets).in_stream(stream)
            told.position = (told.position or stream) + (f" after row {rows}" if rows else "")
            raise told from error


def main() -> None:
    """Do one job and end."""
    given = json.loads(sys.stdin.buffer.readline())
    network = given.pop("network")
    policy = Policy(network["allow_private"], tuple(network["allowed"]), tuple(network["denied"]))
    job = Job(**given, network=policy)
    guard.install(PolicyCheck(lambda: policy))
    threading.Thread(target=_end_with_parent, daemon=True).start()
    limits.setrlimit(limits.RLIMIT_DATA, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    channel = Channel(os.fdopen(os.dup(1), "wb"), tuple(job.secrets))
    os.dup2(2, 1)  # what a source prints must not get between the frames
    try:
        do(job, channel)
        channel.send("end", {})
    except BaseException as error:  # noqa: BLE001 - whatever it is, the parent is told
        channel.fail(error, job.stream)


def do(job: Job, channel: Channel) -> None:
    """Carry out a job."""
    reader = _reader(job, channel.tell)
    match job.work:
        case "check":
            name = reader.streams()[0]
            columns = describe(reader, name, 1, channel)
            channel.send("checked", {"stream": name, "fields": len(columns), "streams": len(reader.streams())})
        case "discover":
            names = reader.streams()
            if job.stream is not None and job.stream not in names:
                raise stream_missing(job.stream)
            for name in names if job.stream is None else [job.stream]:
                columns = describe(reader, name, int(job.config["sample_rows"]), channel)
                fields = [{"name": c.name, "type": c.type, "nullable": c.nullable, "native_type": c.native_type}
                          for c in columns]  # fmt: skip
                channel.send("stream", {"name": name, "columns": fields, "primary_key": list(reader.primary_key(name))})
        case _:
            assert job.read is not None
            for batch in read(reader, job.read, channel):
                channel.send("batch", batch_header(batch), _ipc(batch.rows))


def describe(reader: Reader, name: str, rows: int, channel: Channel) -> tuple[Column, ...]:
    """Find a stream's columns in its first rows; the sample is bounded in rows, bytes and seconds."""
    declared = reader.declared(name)
    sample: list[Mapping[str, Any]] = []
    size, started = 0, time.monotonic()
    for item in channel.watched(reader.items(name, None, None, None), name):
        if isinstance(table := as_table(item), pa.Table):
            return arrow_columns(table.schema)
        row = as_row(item)
        sample.append(row)
        size += weight(row)
        if len(sample) >= rows or size > SAMPLE_BYTES or time.monotonic() - started > SAMPLE_SECONDS:
            break
    return infer(sample, declared, reader.native)


def read(reader: Reader, asked: Mapping[str, Any], channel: Channel) -> Iterator[Batch]:
    """Read a stream in batches; one ends where reading can go on, if the reader knows such places."""
    known = [Column(**column) for column in asked["known"]]
    by_name = {column.name: column for column in known}
    cursor = CursorRange(**asked["cursor"]) if asked["cursor"] else None
    rows = RowReader(asked["stream"], known, [by_name[name] for name in asked["columns"]], cursor)
    left = asked["limit"]
    column = by_name[cursor.column] if cursor else None
    items = channel.watched(reader.items(asked["stream"], cursor, asked["after"], column), asked["stream"])
    for batch in _batches(reader, rows, items):
        if left is None:
            yield batch
            continue
        cut = batch.rows.slice(0, left)
        left -= cut.num_rows
        yield Batch(cut, batch.place, batch.first_row, batch.bytes_read, None, batch.rejected)
        if left <= 0:
            return


def as_table(item: Any) -> Any:
    """Give an Arrow table where an item is one, or a data frame; otherwise the item."""
    if isinstance(item, pa.RecordBatch):
        return pa.Table.from_batches([item])
    if type(item).__module__.startswith("pandas."):
        return pa.Table.from_pandas(item, preserve_index=False)
    if type(item).__module__.startswith("polars."):
        return item.to_arrow()
    return item


def as_row(item: Any) -> Mapping[str, Any]:
    """Give an item as a row; what is no mapping becomes the one value of it."""
    if isinstance(item, Mapping):
        return item
    if hasattr(item, "model_dump"):
        return dict(item.model_dump())
    return {"value": item}


def told_error(error: BaseException, secrets: tuple[str, ...]) -> SyncError:
    """Find the SyncError in a chain of exceptions, or say what the chain is by the kinds in it."""
    chain = list(_chain(error))
    found = next((one for one in chain if isinstance(one, SyncError)), None)
    if found is not None:
        found.message = redacted(found.message, secrets)
        return found
    forbidden = next((one for one in chain if isinstance(one, HostNotAllowed)), None)
    if forbidden is not None:
        return refused(forbidden, Origin.SOURCE)
    deepest = chain[-1]
    type_, code, advice = next((_KINDS[name] for one in chain for name in _names(one) if name in _KINDS), _UNKNOWN)
    said = " ".join(str(deepest).split())
    return SyncError(
        origin=Origin.SOURCE,
        type=type_,
        code=code,
        message=redacted(f"{type(deepest).__name__}: {said}", secrets),
        advice=advice,
    )


def stream_missing(name: str) -> SyncError:
    """Make the error of a stream that is not there."""
    return SyncError(
        origin=Origin.SOURCE,
        type=ErrorType.CONFIG,
        code="STREAM_NOT_FOUND",
        message=f"The source has no stream {name!r}",
        advice="Discover the source again and choose an existing stream.",
        stream=name,
    )


def _reader(job: Job, tell: Any) -> Reader:
    if job.reader == "http_api":
        from server.sync.http_api.resources import HttpReader

        return HttpReader(job, tell)
    from server.sync.dlt_sources.resources import DltReader

    return DltReader(job)


def _batches(reader: Reader, rows: RowReader, items: Iterator[Any]) -> Iterator[Batch]:
    pending: list[Mapping[str, Any]] = []
    size = total = 0
    for item in items:
        table = as_table(item)
        if len(pending) >= ROWS_PER_BATCH or size > BYTES_PER_BATCH:
            position = reader.position()
            # More than a full batch is kept while a place to go on from may come, but not twice as much.
            enough = len(pending) >= 2 * ROWS_PER_BATCH or size > 2 * BYTES_PER_BATCH
            if enough or position is not None or reader.last_position() is None:
                yield _made(reader, rows, pending, total, position)
                pending, size = [], 0
        if isinstance(table, pa.Table):
            if pending:
                yield _made(reader, rows, pending, total, None)
                pending, size = [], 0
            for batch in rows.arrow_batches(table):
                total += batch.nbytes
                yield Batch(batch, rows.place, rows.seen - batch.num_rows + 1, reader.bytes_read or total)
            continue
        row = as_row(item)
        pending.append(row)
        weighed = weight(row)
        size += weighed
        total += weighed
    yield _made(reader, rows, pending, total, reader.last_position())


def _made(
    reader: Reader, rows: RowReader, pending: Sequence[Mapping[str, Any]], total: int, position: dict[str, Any] | None
) -> Batch:
    first = rows.seen + 1
    batch, rejected = rows.batch(pending)
    size = reader.bytes_read
    return Batch(batch, rows.place, first, total if size is None else size, position, tuple[Rejected, ...](rejected))


def _ipc(rows: pa.RecordBatch) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema) as writer:
        writer.write_batch(rows)
    return sink.getvalue().to_pybytes()  # type: ignore[no-any-return]


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    for _ in range(20):
        if seen is None:
            return
        yield seen
        seen = seen.__cause__ or seen.__context__


def _names(error: BaseException) -> list[str]:
    return [kind.__name__ for kind in type(error).__mro__]


_UNKNOWN = (ErrorType.SYSTEM, "SOURCE_FAILED", "Look at the source's own documentation for what it needs.")
_CONFIG = "Correct the configuration."
_KINDS = {
    "MemoryError": (ErrorType.SYSTEM, "OUT_OF_MEMORY", "Ask for smaller pages: the source may use 2 GiB."),
    "ArrowInvalid": (ErrorType.CONFIG, "VALUE_DOES_NOT_FIT", "Declare the column with a wider type."),
    "ConfigFieldMissingException": (ErrorType.CONFIG, "ARGUMENT_MISSING", "Give the argument, or the secret argument."),
    "ConfigurationException": (ErrorType.CONFIG, "CONFIGURATION_REFUSED", _CONFIG),
    "DictValidationException": (ErrorType.CONFIG, "CONFIGURATION_REFUSED", _CONFIG),
    "MissingDependencyException": (ErrorType.CONFIG, "DRIVER_MISSING", "Let the operator install it."),
    "ModuleNotFoundError": (ErrorType.CONFIG, "DRIVER_MISSING", "Let the operator install it."),
    "ConnectTimeout": (ErrorType.TRANSIENT, "TIMEOUT", "Try again later."),
    "ReadTimeout": (ErrorType.TRANSIENT, "TIMEOUT", "Try again later."),
    "TimeoutError": (ErrorType.TRANSIENT, "TIMEOUT", "Try again later."),
    "TooManyRedirects": (ErrorType.CONFIG, "REDIRECT_LOOP", "Check base URL and path: the API sends in a circle."),
    "InvalidSchema": (ErrorType.CONFIG, "URL_REFUSED", "The API sends to an address that is no HTTP URL."),
    "InvalidURL": (ErrorType.CONFIG, "URL_REFUSED", "Check base URL and path."),
    "HTTPError": (ErrorType.CONFIG, "REQUEST_REFUSED", "Check the source's arguments and its key."),
    "ConnectionError": (ErrorType.TRANSIENT, "CONNECTION_FAILED", "Check that the system runs and can be reached."),
}


def _end_with_parent() -> None:
    while os.read(0, 1):
        continue
    os._exit(1)


if __name__ == "__main__":
    main()
