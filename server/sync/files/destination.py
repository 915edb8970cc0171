"""Landing rows as files: a folder for each table, and a manifest in it that says which files are its rows.

Chunks are written under names that no reader takes (``_thedata/staging``), and recorded in the manifest, so that a
later attempt of the run goes on after them. A commit says in the manifest which files it will move, moves them beside
the landed ones, and replaces the manifest: that one step makes them the table's. Whoever reads by the manifest, as this
platform does, sees the rows of one commit or of the other. Whoever lists the folder sees new files a moment before the
replaced ones are gone. Where a worker dies between the steps, the next attempt moves the files back.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Sequence
from contextlib import ExitStack, aclosing
from dataclasses import dataclass, replace
from itertools import count
from pathlib import PurePosixPath
from typing import BinaryIO
from urllib.parse import quote

import pyarrow as pa
import pyarrow.compute as pc

from server.sync import cursors, fitting
from server.sync.blocking import DriverThread
from server.sync.destination import (
    Change,
    Claimed,
    Committed,
    Destination,
    Fitted,
    Mapping,
    StagedChunk,
    State,
    Target,
    TargetColumn,
    Unfit,
)
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.files.config import FileFormat, FilesConfig
from server.sync.files.manifest import (
    DataFile,
    Manifest,
    Staged,
    read_manifest,
    without_staging,
    write_manifest,
)
from server.sync.files.source import translated
from server.sync.files.storage import Changed, Entry, WritableStorage
from server.sync.files.streams import NULL_PARTITION, partition_values
from server.sync.files.unpacking import unpacked
from server.sync.files.writing import RowWriter, ending, open_writer
from server.sync.model import Column
from server.sync.readers import arrow, csv, jsonl
from server.sync.readers.pieces import Piece
from server.sync.source import CursorRange
from server.sync.spec import Fence, RunIdentity, SyncMode
from server.sync.sql_destination import refused, stale
from server.sync.type_words import base

MODES = frozenset({SyncMode.FULL_REFRESH_OVERWRITE, SyncMode.FULL_REFRESH_APPEND, SyncMode.INCREMENTAL_APPEND})
MAX_OPEN_FILES = 100
FLUSH_BYTES = 32 << 20  # drivers of object storage take in what they are given, and wait for the network when flushed
_AS_WRITTEN = frozenset(("smallint", "integer", "bigint", "real", "double", "decimal", "boolean"))


class FilesDestination(Destination):
    """A folder of tables."""

    max_name_bytes = 200
    folds_case = True  # some disks do
    modes = MODES

    def __init__(self, storage: WritableStorage, config: FilesConfig) -> None:
        self._storage = storage
        self._config = config
        self._format = FileFormat.PARQUET if config.format is FileFormat.AUTO else config.format
        self._typed = self._format in (FileFormat.PARQUET, FileFormat.ARROW)
        self._thread = DriverThread("files", _translated)

    def close(self) -> None:
        """End the thread and let go of connections."""
        self._storage.interrupt()
        self._thread.close(self._storage.close)

    def map_type(self, column: Column, *, same_kind: bool) -> Mapping:  # noqa: ARG002 - files have no system's types
        """A column's type is the engine's word; where Arrow has no type for it, it lands as its canonical text."""
        if (
            self._typed
            and fitting.arrow_type(column.type) is None
            and base(column.type) not in ("text", "json", "uuid")
        ):
            return Mapping(column.type, note=f"{column.type} lands as text")
        return Mapping(column.type)

    def fit(self, rows: pa.RecordBatch, columns: Sequence[TargetColumn]) -> Fitted:
        """Parquet and Arrow take natural types; texts hold everything, but JSON Lines has one null only."""
        if self._typed:
            return fitting.fitted(rows, columns, {})
        return _without_json_null(rows, columns) if self._format is FileFormat.JSONL else Fitted(rows)

    async def look(self, table: str, run: RunIdentity) -> Claimed:
        """Read the manifest."""
        found = await self._thread.run(lambda: read_manifest(self._storage, table))
        if found is None:
            return Claimed(State())
        manifest = found[0]
        mine = manifest.pipeline_id == run.pipeline_id and manifest.landed
        return Claimed(manifest.state if mine else State(), manifest.columns if manifest.landed else {})

    async def claim(self, table: str, stream: str, run: RunIdentity, *, adopt: bool) -> Claimed:
        """Write this attempt into the manifest."""
        return await self._thread.run(lambda: self._claim(table, stream, run, adopt=adopt))

    async def stage(self, target: Target) -> tuple[StagedChunk, ...]:
        """Give what an earlier attempt of the run has recorded, and remove every other file of staging."""
        return await self._thread.run(lambda: self._stage(target))

    async def load(self, target: Target, rows: AsyncIterator[pa.RecordBatch], seal: Callable[[], StagedChunk]) -> int:
        """Write the files of a chunk, and record them."""
        chunk = _ChunkFiles(self, target)
        written = 0
        try:
            async for batch in rows:
                await self._thread.run(lambda batch=batch: chunk.write(batch))  # type: ignore[misc]
                written += batch.num_rows
            files = await self._thread.run(chunk.finish)
        except BaseException:
            await self._thread.run(chunk.abandon)
            raise
        sealed = seal()

        def record(manifest: Manifest) -> Manifest:
            staged = manifest.staged
            return replace(
                manifest, staged=replace(staged, chunks=(*staged.chunks, sealed), files=(*staged.files, tuple(files)))
            )

        await self._thread.run(lambda: self._change(target, record))
        return written

    async def load_keys(self, target: Target, rows: AsyncIterator[pa.RecordBatch]) -> int:  # noqa: ARG002
        """No mode of files looks for deletes."""
        raise AssertionError(f"{target.table} takes no keys")

    async def count_staging(self, target: Target) -> int:
        """Count the rows in the staged files."""

        def rows() -> int:
            manifest = self._mine(target)[0]
            return sum(batch.num_rows for batch in self._rows(target, manifest.staged.all_files))

        return await self._thread.run(rows)

    async def read_staging(self, target: Target) -> AsyncGenerator[pa.RecordBatch, None]:
        """Read the staged files."""
        manifest = await self._thread.run(lambda: self._mine(target)[0])
        async with aclosing(self._thread.iterate(lambda: self._rows(target, manifest.staged.all_files))) as batches:
            async for batch in batches:
                yield batch

    async def commit(self, target: Target, change: Change, fence: Fence) -> Committed:
        """Move the files and replace the manifest; raises SyncError SCHEMA_EVOLUTION_UNSUPPORTED too."""
        if change.add_columns or change.widen_columns:
            raise refused(
                target.stream,
                "SCHEMA_EVOLUTION_UNSUPPORTED",
                "The stream has other columns than the files that have landed",
                "Reset the stream, overwrite it in each run, or let it discard new columns.",
            )
        staged = await self._thread.run(lambda: self._prepare(target, change))
        await fence()
        await self._thread.run(lambda: self._publish(target, change, staged))
        return Committed(inserted=sum(file.rows for file in staged))

    async def discard(self, target: Target) -> None:
        """Remove what is staged, unless a later attempt of the run has taken it over."""

        def drop() -> None:
            found = read_manifest(self._storage, target.table)
            if found is None or found[0].epoch != target.run.epoch:
                return
            self._take_back(target)
            self._change(target, without_staging)
            self._storage.delete_folder(_staging(target))

        await self._thread.run(drop)

    async def empty(self, target: Target) -> None:
        """Remove the landed files and forget the state."""

        def drop() -> None:
            leaving = tuple(file.path for file in self._mine(target)[0].files)
            self._change(target, lambda old: replace(old, state=State(), files=(), leaving=leaving))
            self._clean(target.table)

        await self._thread.run(drop)

    # -- in the thread -------------------------------------------------------------------------------------------

    def _claim(self, table: str, stream: str, run: RunIdentity, *, adopt: bool) -> Claimed:
        found = read_manifest(self._storage, table)
        if found is None:
            if not adopt and next(self._storage.walk(table), None) is not None:
                raise refused(
                    stream,
                    "TABLE_NOT_OURS",
                    f"The folder {table!r} holds files that were not made by this pipeline",
                    "Choose another table, remove the folder, or let the stream adopt it.",
                )
            self._write(table, stream, run, Manifest(run.pipeline_id, stream, run.epoch), None)
            return Claimed(State())
        manifest, version = found
        mine = manifest.pipeline_id == run.pipeline_id
        if not mine and manifest.landed and not adopt:
            raise refused(
                stream,
                "TABLE_OWNED",
                f"The folder {table!r} belongs to another pipeline",
                "Choose another table, remove the folder, or let the stream adopt it.",
            )
        if mine and manifest.epoch > run.epoch:
            raise stale(stream, table, run)
        if not mine:
            manifest = replace(manifest, state=State(), staged=Staged())
        claimed = replace(manifest, pipeline_id=run.pipeline_id, stream=stream, epoch=run.epoch)
        self._write(table, stream, run, claimed, version)
        self._clean(table)
        return Claimed(manifest.state, manifest.columns if manifest.landed else {})

    def _write(self, table: str, stream: str, run: RunIdentity, manifest: Manifest, version: str | None) -> None:
        try:
            write_manifest(self._storage, table, manifest, version)
        except Changed as error:
            raise stale(stream, table, run) from error

    def _mine(self, target: Target) -> tuple[Manifest, str]:
        found = read_manifest(self._storage, target.table)
        if found is None or (found[0].pipeline_id, found[0].epoch) != (target.run.pipeline_id, target.run.epoch):
            raise stale(target.stream, target.table, target.run)
        return found

    def _change(self, target: Target, change: Callable[[Manifest], Manifest]) -> None:
        manifest, version = self._mine(target)
        self._write(target.table, target.stream, target.run, change(manifest), version)

    def _clean(self, table: str) -> None:
        """Remove files that the manifest has let go of."""
        found = read_manifest(self._storage, table)
        if found is None or not found[0].landed:
            return
        manifest = found[0]
        known = {file.path for file in manifest.files}
        for path in manifest.leaving:
            if path not in known:
                self._storage.delete(f"{table}/{path}")

    def _stage(self, target: Target) -> tuple[StagedChunk, ...]:
        self._take_back(target)
        manifest = self._mine(target)[0]
        columns = {column.name: column.ddl for column in target.columns}
        found = {entry.path.removeprefix(f"{target.table}/") for entry in self._storage.walk(_staging(target))}
        same = manifest.staged.run_id == target.run.run_id and manifest.staged.columns == columns
        whole = found.issuperset(file.path for file in manifest.staged.all_files)
        kept = manifest.staged if same and whole else Staged(target.run.run_id, columns)
        self._change(target, lambda old: replace(old, staged=kept, arriving=()))
        for path in found.difference(file.path for file in kept.all_files):
            self._storage.delete(f"{target.table}/{path}")
        return kept.chunks

    def _take_back(self, target: Target) -> None:
        """Move the files of a commit that has not ended back to where they were staged."""
        for source, place in self._mine(target)[0].arriving:
            if self._storage.find(f"{target.table}/{place}") is not None:
                self._storage.move(f"{target.table}/{place}", f"{target.table}/{source}")

    def _prepare(self, target: Target, change: Change) -> list[DataFile]:
        """Find the files to land: the staged ones, without rows that have landed before."""
        manifest = self._mine(target)[0]
        staged = manifest.staged.all_files
        if change.window is not None and not change.replace:
            return self._without_landed(target, change, manifest, staged)
        return staged

    def _publish(self, target: Target, change: Change, staged: list[DataFile]) -> None:
        moves = tuple((file.path, file.path.split("/", 3)[3]) for file in staged)
        self._change(target, lambda old: replace(old, arriving=moves))
        for source, place in moves:
            self._storage.move(f"{target.table}/{source}", f"{target.table}/{place}")
        landed = tuple(replace(file, path=place) for file, (_, place) in zip(staged, moves, strict=True))

        def publish(old: Manifest) -> Manifest:
            return replace(
                old,
                landed=True,
                state=change.state,
                columns={column.name: column.ddl for column in target.columns},
                files=landed if change.replace else (*old.files, *landed),
                staged=Staged(),
                leaving=tuple(file.path for file in old.files) if change.replace else (),
                arriving=(),
            )

        self._change(target, publish)
        self._clean(target.table)
        self._storage.delete_folder(_staging(target))

    def _without_landed(
        self, target: Target, change: Change, manifest: Manifest, staged: list[DataFile]
    ) -> list[DataFile]:
        """Write those staged files anew that hold rows of the window which have landed before."""
        column = next(item.column for item in target.columns if item.name == change.cursor)
        window = None if change.window == "-infinity" else change.window
        reach = CursorRange(change.cursor, window)
        old = [file for file in manifest.files if self._reaches(target, file, window, column)]
        landed: Counter[tuple[object, ...]] = Counter()
        for batch in self._rows(target, old):
            inside = batch.filter(cursors.in_range(batch.column(change.cursor), reach, column))
            landed.update(zip(*(values.to_pylist() for values in inside.columns), strict=True))
        kept: list[DataFile] = []
        for file in staged:
            kept += self._rewritten(target, file, landed) if landed else [file]
        return kept

    def _reaches(self, target: Target, file: DataFile, window: str | None, column: Column) -> bool:
        """Whether a file may hold rows of the window, as far as it tells."""
        if window is None or self._format is not FileFormat.PARQUET:
            return True
        entry = self._storage.find(f"{target.table}/{file.path}")
        if entry is None or column.name in partition_values(file.path):
            return True
        with self._storage.open(entry, seeks=True) as opened:
            greatest = arrow.greatest_of_parquet(opened, entry.path, column.name)
        return greatest is None or bool(cursors.ordered(greatest, column) >= cursors.ordered(window, column))

    def _rewritten(self, target: Target, file: DataFile, landed: Counter[tuple[object, ...]]) -> list[DataFile]:
        chunk = _ChunkFiles(self, target)
        dropped = 0
        for batch in self._rows(target, [file]):
            keep = []
            for row in zip(*(values.to_pylist() for values in batch.columns), strict=True):
                known = landed[row] > 0
                landed[row] -= known
                keep.append(not known)
            dropped += keep.count(False)
            chunk.write(self.fit(batch.filter(pa.array(keep, pa.bool_())), target.columns).rows)
        if not dropped:
            chunk.abandon()
            return [file]
        # The staged file stays until the commit is done: a later attempt starts from it again.
        return chunk.finish()

    def _rows(self, target: Target, files: Sequence[DataFile]) -> Generator[pa.RecordBatch, None, None]:
        """Read files of this table back, every value as it was written."""
        for file in files:
            entry = self._storage.find(f"{target.table}/{file.path}")
            if entry is None:
                raise self._storage.fault(
                    ErrorType.TRANSIENT,
                    "FILE_LOST",
                    f"{file.path!r} is in the manifest of {target.table!r}, and is not there",
                    "Try again; where landed files were removed, reset the stream.",
                )
            folders = partition_values(file.path)
            own = [column.column for column in target.columns if column.name not in folders]
            for piece in self._pieces(entry, own):
                if piece.refused:
                    raise AssertionError(f"{file.path} does not read as it was written: {piece.refused[0].message}")
                yield _with_folders(piece.rows, target.columns, folders)

    def _pieces(self, entry: Entry, columns: Sequence[Column]) -> Generator[Piece, None, None]:
        with ExitStack() as stack:
            if self._format is FileFormat.PARQUET:
                opened = stack.enter_context(self._storage.open(entry, seeks=True))
                yield from arrow.read_parquet(opened, entry.path, [replace(c, type=_stored_word(c)) for c in columns])
                return
            raw = stack.enter_context(self._storage.open(entry, seeks=self._format is FileFormat.ARROW))
            text = stack.enter_context(unpacked(raw, entry.path))
            if self._format is FileFormat.ARROW:
                yield from arrow.read_ipc(text, entry.path, [replace(c, type=_stored_word(c)) for c in columns])
            elif self._format is FileFormat.CSV:
                as_text = [replace(column, type="text") for column in columns]
                names = [column.name for column in columns]
                yield from csv.read_pieces(text, entry.path, csv.CsvOptions(), names, as_text)
            else:
                yield from jsonl.read_pieces(text, [replace(c, type=_json_word(c)) for c in columns])

    def begin(self, target: Target, path: str, schema: pa.Schema, columns: Sequence[TargetColumn]) -> _OpenFile:
        """Open a new file of a table."""
        stack = ExitStack()
        file = stack.enter_context(self._storage.create(f"{target.table}/{path}"))
        return _OpenFile(path, file, open_writer(self._format, self._config.compression, file, schema, columns), stack)

    def name_of(self, target: Target, folder: str, number: int) -> str:
        """A name below staging that no other attempt gives to a file."""
        name = f"{time.time_ns():x}-{target.run.epoch}-{number}{ending(self._format, self._config.compression)}"
        return str(PurePosixPath("_thedata", "staging", target.run.run_id, folder, name))

    @property
    def partition_by(self) -> tuple[str, ...]:
        """The columns that become folders."""
        return self._config.partition_by

    def size_of(self, target: Target, path: str) -> int:
        """The bytes of a file that has been written."""
        entry = self._storage.find(f"{target.table}/{path}")
        return entry.size if entry else 0


@dataclass(frozen=True)
class _OpenFile:
    """A file that is being written: ``stack`` completes it, or gives it up."""

    path: str
    file: BinaryIO
    writer: RowWriter
    stack: ExitStack


class _ChunkFiles:
    """The files of one chunk: one, or one for each folder that its rows belong into."""

    def __init__(self, destination: FilesDestination, target: Target) -> None:
        self._destination = destination
        self._target = target
        self._open: dict[str, _OpenFile] = {}
        self._unflushed = 0
        self._rows: Counter[str] = Counter()
        self._done: list[str] = []
        self._numbers = count()
        by_name = {column.name: column for column in target.columns}
        missing = [name for name in destination.partition_by if name not in by_name]
        if missing:
            raise refused(
                target.stream, "COLUMN_NOT_FOUND", f"There is no column {missing[0]!r} to partition by",
                "Set partition_by to columns of the stream.",
            )  # fmt: skip
        self._columns = [column for column in target.columns if column.name not in destination.partition_by]

    def write(self, rows: pa.RecordBatch) -> None:
        """Add rows to the files that they belong into."""
        for folder, part in self._parts(rows):
            if not part.num_rows:
                continue
            if folder not in self._open:
                self._begin(folder, part.schema)
            found = self._open[folder]
            found.writer.write(part)
            self._rows[found.path] += part.num_rows
        self._unflushed += rows.nbytes
        if self._unflushed >= FLUSH_BYTES:
            for found in self._open.values():
                found.file.flush()
            self._unflushed = 0

    def finish(self) -> list[DataFile]:
        """Complete the files and bring them to the disk."""
        for folder in list(self._open):
            self._close(folder)
        return [DataFile(path, self._rows[path], self._destination.size_of(self._target, path)) for path in self._done]

    def abandon(self) -> None:
        """Leave the files unfinished: they never get their names."""
        while self._open:
            found = self._open.popitem()[1]
            # What packs into a file ends before the file does.
            try:
                found.writer.close()
            finally:
                found.stack.__exit__(Abandoned, Abandoned(), None)

    def _begin(self, folder: str, schema: pa.Schema) -> None:
        if len(self._open) >= MAX_OPEN_FILES:
            self._close(next(iter(self._open)))
        path = self._destination.name_of(self._target, folder, next(self._numbers))
        self._open[folder] = self._destination.begin(self._target, path, schema, self._columns)

    def _close(self, folder: str) -> None:
        found = self._open.pop(folder)
        with found.stack:
            found.writer.close()
        self._done.append(found.path)

    def _parts(self, rows: pa.RecordBatch) -> list[tuple[str, pa.RecordBatch]]:
        names = self._destination.partition_by
        own = rows.select([column.name for column in self._columns])
        if not names:
            return [("", own)]
        folders = ["/".join(f"{quote(name)}={_folder(value)}" for name, value in zip(names, values, strict=True))
                   for values in zip(*(rows.column(name).to_pylist() for name in names), strict=True)]  # fmt: skip
        found = pa.array(folders, pa.string())
        return [(folder, own.filter(pc.equal(found, folder))) for folder in dict.fromkeys(folders)]


class Abandoned(Exception):  # noqa: N818 - not a failure of its own: it ends the files of one
    """A file is not wanted any more."""


def _without_json_null(rows: pa.RecordBatch, columns: Sequence[TargetColumn]) -> Fitted:
    unfit: dict[int, Unfit] = {}
    for values, column in zip(rows.columns, columns, strict=True):
        if base(column.column.type) == "json" and pa.types.is_string(values.type):
            for index in pc.indices_nonzero(pc.equal(pc.utf8_trim_whitespace(values), "null")).to_pylist():
                message = "JSON Lines cannot tell the JSON value null from NULL"
                unfit.setdefault(index, Unfit(index, column.name, "VALUE_NOT_STORABLE", message))
    if not unfit:
        return Fitted(rows)
    kept = rows.filter(pa.array([index not in unfit for index in range(rows.num_rows)], pa.bool_()))
    return Fitted(kept, tuple(unfit[index] for index in sorted(unfit)))


def _folder(value: object) -> str:
    return NULL_PARTITION if value is None else quote(cursors.text_of(value), safe=" :,+")


def _with_folders(
    rows: pa.RecordBatch, columns: Sequence[TargetColumn], folders: dict[str, str | None]
) -> pa.RecordBatch:
    if not folders:
        return rows
    arrays = [
        pa.array([folders[column.name]] * rows.num_rows, pa.string())
        if column.name in folders
        else rows.column(column.name)
        for column in columns
    ]
    return pa.RecordBatch.from_arrays(arrays, names=[column.name for column in columns])


def _json_word(column: Column) -> str:
    word = base(column.type)
    if word in ("json", "array"):
        return "json"
    return word if word in _AS_WRITTEN else "text"


def _stored_word(column: Column) -> str:
    return column.type if fitting.arrow_type(column.type) is not None else "text"


def _staging(target: Target) -> str:
    return f"{target.table}/_thedata/staging"


def _translated(error: Exception) -> Exception:
    if isinstance(error, Changed):
        return SyncError(
            origin=Origin.PLATFORM,
            type=ErrorType.CANCELLED,
            code="STALE_EPOCH",
            message="Another attempt has changed the table's manifest",
            advice="Nothing to do: the newer attempt goes on.",
        )
    found = translated(error)
    return _of_destination(found) if isinstance(found, SyncError) and found is not error else found


def _of_destination(error: SyncError) -> SyncError:
    return SyncError(
        origin=Origin.DESTINATION, type=error.type, code="FILE_NOT_WRITABLE", message=error.message, advice=error.advice
    )
