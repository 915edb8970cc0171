"""Files in a local folder as a source: CSV, JSON Lines and Parquet, plain or gzipped."""

from __future__ import annotations

import asyncio
import gzip
import json
import time
import zlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Annotated, BinaryIO, ClassVar, TypeVar, cast

import pyarrow as pa
from pydantic import Field, field_validator

from server.sync.blocking import DriverThread
from server.sync.connectors.base import Capability, Connector, ConnectorConfig, ConnectorContext
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.model import Catalog, CheckResult, Column, Stream
from server.sync.readers import csv, jsonl, parquet, text_types
from server.sync.readers.safe_open import file_error, open_regular, resolve
from server.sync.source import Batch, Read, Source

SAMPLE_BYTES = 8 << 20
SAMPLE_ROWS = 20_000
SAMPLE_FILES = 16
MAX_FILES = 10_000


class FileFormat(StrEnum):
    """How a file is read; AUTO goes by its name."""

    AUTO = "auto"
    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"


_SUFFIXES = {
    ".csv": FileFormat.CSV,
    ".tsv": FileFormat.CSV,
    ".jsonl": FileFormat.JSONL,
    ".ndjson": FileFormat.JSONL,
    ".parquet": FileFormat.PARQUET,
    ".pq": FileFormat.PARQUET,
}


class FilesConfig(ConnectorConfig):
    """A folder (or one file) below a root that the platform allows.

    Each file of the folder is a stream named like the file without its endings; each folder in it is one stream
    of all its files, which must have the same columns.
    """

    path: Annotated[str, Field(min_length=1, max_length=4096, description="Folder or file.")]
    format: Annotated[FileFormat, Field(description="How the files are read; auto goes by their names.")] = (
        FileFormat.AUTO
    )
    delimiter: Annotated[
        str, Field(min_length=1, max_length=1, description="CSV: what separates values; .tsv files use a tab.")
    ] = ","
    header: Annotated[bool, Field(description="CSV: the first row names the columns.")] = True
    null_values: Annotated[
        tuple[str, ...],
        Field(
            max_length=20,
            description=(
                'CSV: unquoted texts that mean NULL. The default is the empty text alone: "NA" or "null" may be data'
                " (NA is Namibia). A quoted text is never NULL."
            ),
        ),
    ] = ("",)
    encoding: Annotated[str, Field(max_length=32, description="CSV: the files' character encoding.")] = "utf-8"
    types: Annotated[
        dict[str, str],
        Field(
            max_length=1000,
            description=(
                "CSV and JSON Lines: types of columns by name, where the sample would mislead. One of "
                + ", ".join(text_types.DECLARABLE)
                + "."
            ),
            default_factory=dict,
        ),
    ]

    @field_validator("path")
    @classmethod
    def _no_nul(cls, value: str) -> str:
        if "\0" in value:
            raise ValueError("must not hold a NUL character")
        return value

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, value: str) -> str:
        try:
            "".encode(value)
        except LookupError:
            raise ValueError("is no known character encoding") from None
        return value

    @field_validator("types")
    @classmethod
    def _known_types(cls, value: dict[str, str]) -> dict[str, str]:
        unknown = sorted(set(value.values()) - set(text_types.DECLARABLE))
        if unknown:
            raise ValueError(f"unknown type {unknown[0]!r}; known are {', '.join(text_types.DECLARABLE)}")
        return value


@dataclass(frozen=True, slots=True)
class FileSet:
    """The files of one stream, in the order in which they are read."""

    name: str
    format: FileFormat
    root: Path
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class FileBatch:
    """Some rows of one file; ``first_row`` counts the file's rows from 1, ``bytes_read`` those of all files."""

    batch: pa.RecordBatch
    file: str
    first_row: int
    bytes_read: int


class FilesConnector(Connector[FilesConfig]):
    """CSV, JSON Lines and Parquet from a folder of this machine."""

    kind: ClassVar[str] = "files"
    title: ClassVar[str] = "Files"
    capabilities: ClassVar[frozenset[Capability]] = frozenset({Capability.SOURCE})
    config_model = FilesConfig

    async def check(
        self, config: FilesConfig, context: ConnectorContext, *, origin: Origin = Origin.SOURCE
    ) -> CheckResult:
        """Find at least one file that can be opened."""
        if origin is not Origin.SOURCE:
            raise file_error("NOT_A_DESTINATION", "Files can be read, not written", "Choose another destination.")
        started = time.perf_counter()
        sets = await in_thread(lambda: _check_all(config, context), context.timeout_seconds)
        count = sum(len(item.files) for item in sets)
        latency = (time.perf_counter() - started) * 1000
        return CheckResult(True, "local files", latency, f"Found {count} files in {len(sets)} streams.")

    async def discover(self, config: FilesConfig, context: ConnectorContext) -> Catalog:
        """List one stream per file or folder, its columns taken from a sample of at most 8 MiB a stream."""
        return await in_thread(
            lambda: Catalog(tuple(_describe(item, config) for item in find_sets(config, context))),
            context.timeout_seconds,
        )

    @asynccontextmanager
    async def open_source(self, config: FilesConfig, context: ConnectorContext) -> AsyncIterator[Source]:
        """Open the folder for reading."""
        source = FilesSource(config, context)
        try:
            yield source
        finally:
            source.close()


class FilesSource(Source):
    """The files of a configuration, read in a thread."""

    def __init__(self, config: FilesConfig, context: ConnectorContext) -> None:
        self._config = config
        self._context = context
        self._thread = DriverThread("files", _translated)

    async def describe(self, namespace: str, name: str) -> Stream:
        """Sample a stream."""
        if namespace:
            raise _no_stream(f"{namespace}.{name}")
        return await self._thread.run(lambda: _describe(find_set(self._config, self._context, name), self._config))

    async def read(self, read: Read) -> AsyncGenerator[Batch, None]:
        """Read all rows of the stream's files."""
        item = await self._thread.run(lambda: find_set(self._config, self._context, read.stream.name))
        batches = self._thread.iterate(lambda: _read_all(item, self._config, read.stream, read.columns))
        async with aclosing(batches):
            async for batch in batches:
                yield Batch(batch.batch, batch.file, batch.first_row, batch.bytes_read)

    def close(self) -> None:
        """End the thread."""
        self._thread.close()


def _translated(error: Exception) -> Exception:
    return unreadable(error) if isinstance(error, OSError | pa.ArrowException) else error


def _no_stream(name: str) -> SyncError:
    return file_error(
        "STREAM_NOT_FOUND", f"There are no files for the stream {name!r}", "Discover the source again."
    ).in_stream(name)


T = TypeVar("T")


async def in_thread(work: Callable[[], T], timeout: float) -> T:
    """Run blocking work beside the loop, for at most ``timeout`` seconds; raises SyncError TIMEOUT."""
    executor = ThreadPoolExecutor(1, "files")
    try:
        async with asyncio.timeout(timeout):
            return await asyncio.get_running_loop().run_in_executor(executor, work)
    except TimeoutError as error:
        raise SyncError(
            origin=Origin.SOURCE,
            type=ErrorType.TRANSIENT,
            code="TIMEOUT",
            message="The files could not be read in time",
            advice="Name a smaller folder, or look at the disk.",
        ) from error
    except (OSError, pa.ArrowException) as error:
        raise unreadable(error) from error
    finally:
        executor.shutdown(wait=False)


def unreadable(error: Exception) -> SyncError:
    """Make the error of a disk or a reader that fails in a way that no file explains."""
    return SyncError(
        origin=Origin.SOURCE,
        type=ErrorType.SYSTEM,
        code="FILE_UNREADABLE",
        message=f"Reading the files failed ({type(error).__name__})",
        advice="Look at the files' permissions, the disk and the worker's log.",
    )


def find_sets(config: FilesConfig, context: ConnectorContext) -> list[FileSet]:
    """List the streams of a configuration in the order of their names; raises SyncError NO_FILES."""
    path, root = resolve(config.path, context.file_roots)
    if path.is_file():
        found = [FileSet(_stem(path), _format(path, config), root, (path,))]
    elif path.is_dir():
        found = _sets_in(path, root, config)
    else:
        raise file_error("FILE_NOT_REGULAR", f"{config.path!r} is no regular file or folder", "Name a file or folder.")
    if not found:
        raise file_error("NO_FILES", f"There are no files to read in {config.path!r}", "Check path and format.")
    return found


def find_set(config: FilesConfig, context: ConnectorContext, name: str) -> FileSet:
    """Find one stream; raises SyncError STREAM_NOT_FOUND."""
    for item in find_sets(config, context):
        if item.name == name:
            return item
    raise file_error(
        "STREAM_NOT_FOUND", f"There are no files for the stream {name!r}", "Discover the source again."
    ).in_stream(name)


def _sets_in(folder: Path, root: Path, config: FilesConfig) -> list[FileSet]:
    single: dict[str, list[Path]] = {}
    sets: list[FileSet] = []
    seen = 0
    for entry in sorted(folder.iterdir()):
        if entry.is_symlink() or entry.name.startswith("."):
            continue
        if entry.is_dir():
            files = tuple(file for file in sorted(entry.iterdir()) if _readable(file, config))
            seen += len(files)
            if files:
                sets.append(FileSet(entry.name, _format(files[0], config), root, files))
        elif _readable(entry, config):
            seen += 1
            single.setdefault(_stem(entry), []).append(entry)
        if seen > MAX_FILES:
            raise file_error("TOO_MANY_FILES", f"More than {MAX_FILES} files", "Name a smaller folder.")
    taken = {item.name for item in sets}
    for stem, files_of_stem in single.items():
        # flights.csv beside flights.parquet: only the whole names tell them apart.
        whole = len(files_of_stem) > 1 or stem in taken
        sets += [FileSet(file.name if whole else stem, _format(file, config), root, (file,)) for file in files_of_stem]
    return sorted(sets, key=lambda item: item.name)


def _readable(file: Path, config: FilesConfig) -> bool:
    if file.is_symlink() or not file.is_file() or file.name.startswith("."):
        return False
    return config.format is not FileFormat.AUTO or _suffix(file) in _SUFFIXES


def _suffix(file: Path) -> str:
    return Path(file.name.removesuffix(".gz")).suffix.lower()


def _stem(file: Path) -> str:
    return Path(file.name.removesuffix(".gz")).stem


def _format(file: Path, config: FilesConfig) -> FileFormat:
    if config.format is not FileFormat.AUTO:
        return config.format
    found = _SUFFIXES.get(_suffix(file))
    if found is None:
        raise file_error(
            "FORMAT_UNKNOWN", f"The name {file.name!r} tells no format", "Set format to csv, jsonl or parquet."
        )
    return found


@contextmanager
def _opened(file: Path, root: Path) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """Open a file; gives the stream to read from, and the file below it whose position tells the progress."""
    with open_regular(file, root) as raw:
        if not file.name.endswith(".gz"):
            yield raw, raw
            return
        with gzip.GzipFile(fileobj=raw) as unpacked:
            try:
                yield cast("BinaryIO", unpacked), raw
            except (gzip.BadGzipFile, EOFError, zlib.error) as error:
                raise file_error(
                    "GZIP_MALFORMED", f"{file.name} is no complete gzip file", "Pack the file again."
                ) from error


def _csv_options(file: Path, config: FilesConfig) -> csv.CsvOptions:
    delimiter = "\t" if _suffix(file) == ".tsv" and config.delimiter == "," else config.delimiter
    return csv.CsvOptions(delimiter, config.header, config.null_values, config.encoding)


def _describe(item: FileSet, config: FilesConfig) -> Stream:
    size = sum(file.stat().st_size for file in item.files)
    rows: int | None
    if item.format is FileFormat.PARQUET:
        columns, rows = _describe_parquet(item)
    elif item.format is FileFormat.CSV:
        sample, share = _sample_csv(item, config)
        columns = csv.infer(sample, config.types)
        rows = round(sample.num_rows / share) if share else None
    else:
        sampled, share = _sample_jsonl(item)
        columns = jsonl.infer(sampled, config.types)
        rows = round(len(sampled) / share) if share else None
    return Stream(item.name, "", columns, (), rows, size)


def _describe_parquet(item: FileSet) -> tuple[tuple[Column, ...], int]:
    columns: tuple[Column, ...] | None = None
    rows = 0
    for file in item.files:
        with _opened(file, item.root) as (stream, _):
            opened = parquet.open_parquet(stream, file.name)
            found = parquet.columns_of(opened.schema_arrow)
            rows += opened.metadata.num_rows
        if columns is not None and columns != found:
            raise _differs(file)
        columns = found
    return columns or (), rows


def _sample_csv(item: FileSet, config: FilesConfig) -> tuple[pa.Table, float]:
    """Read the head of the first files; also tells which share of all bytes it was."""
    batches: list[pa.RecordBatch] = []
    read = 0
    budget = SAMPLE_BYTES // min(len(item.files), SAMPLE_FILES)
    for file in item.files[:SAMPLE_FILES]:
        with _opened(file, item.root) as (stream, raw):
            bytes_here = text_bytes = 0
            for batch in csv.read_text(stream, file.name, _csv_options(file, config)):
                if batches and batch.schema.names != batches[0].schema.names:
                    raise _differs(file)
                batches.append(batch)
                bytes_here += batch.nbytes
                text_bytes += csv.text_bytes(batch)
                if bytes_here >= budget:
                    # The reader is ahead of its batches: what they hold is nearer, where the file is not packed.
                    read += min(raw.tell(), text_bytes) if stream is raw else raw.tell()
                    break
            else:
                read += file.stat().st_size
    return pa.Table.from_batches(batches), _share(item, read)


def _sample_jsonl(item: FileSet) -> tuple[list[jsonl.Row], float]:
    rows: list[jsonl.Row] = []
    read = 0
    budget = SAMPLE_ROWS // min(len(item.files), SAMPLE_FILES)
    for file in item.files[:SAMPLE_FILES]:
        with _opened(file, item.root) as (stream, raw):
            rows += [row for _, row in islice(jsonl.read_rows(stream, file.name), budget)]
            read += raw.tell()
    return rows, _share(item, read)


def _share(item: FileSet, read: int) -> float:
    size = sum(file.stat().st_size for file in item.files)
    return min(1.0, read / size) if size else 0.0


def _read_all(
    item: FileSet, config: FilesConfig, stream: Stream, chosen: Sequence[Column]
) -> Generator[FileBatch, None, None]:
    names = [column.name for column in chosen]
    before = 0
    for file in item.files:
        with _opened(file, item.root) as (opened, raw):
            row = 1
            for batch in _batches(opened, file, item.format, config, stream):
                selected = batch.select(names) if names != batch.schema.names else batch
                if item.format is not FileFormat.PARQUET:
                    _check_texts(selected, chosen, file.name, row)
                if batch.num_rows:
                    yield FileBatch(selected, file.name, row, before + raw.tell())
                row += batch.num_rows
            before += raw.tell()


def _batches(
    opened: BinaryIO, file: Path, format_: FileFormat, config: FilesConfig, stream: Stream
) -> Iterator[pa.RecordBatch]:
    if format_ is FileFormat.PARQUET:
        reader = parquet.open_parquet(opened, file.name)
        if parquet.columns_of(reader.schema_arrow) != stream.columns:
            raise _differs(file)
        yield from parquet.read_batches(reader, file.name)
    elif format_ is FileFormat.JSONL:
        yield from jsonl.read_text(opened, file.name, stream.columns)
    else:
        names = [column.name for column in stream.columns]
        for batch in csv.read_text(opened, file.name, _csv_options(file, config)):
            if batch.schema.names != names:
                raise _differs(file)
            yield batch


def _check_texts(batch: pa.RecordBatch, columns: Sequence[Column], file: str, first_row: int) -> None:
    for index, column in enumerate(columns):
        misfit = text_types.first_misfit(batch.column(index), column.type)
        if misfit is not None:
            raise file_error(
                "VALUE_DOES_NOT_FIT",
                f"{misfit.value[:80]!r} is no {column.type} that could be kept exactly",
                f"Correct the file, name the text in null_values if it means NULL, or declare the column's type:"
                f" {json.dumps({'types': {column.name: 'text'}})}.",
                f"{file} row {first_row + misfit.index} column {column.name}",
            )


def _check_all(config: FilesConfig, context: ConnectorContext) -> list[FileSet]:
    sets = find_sets(config, context)
    for item in sets:
        for file in item.files:
            with _opened(file, item.root) as (opened, _):
                opened.read(1)
    return sets


def _differs(file: Path) -> SyncError:
    return file_error(
        "SCHEMA_DIFFERS",
        f"{file.name} has other columns than the stream's first file",
        "Put files with different columns into different folders.",
    )
