"""Which files make which stream: a file, a folder of files that belong together, or everything that a pattern finds."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import translate
from pathlib import PurePosixPath
from urllib.parse import unquote

from server.sync.errors import SyncError
from server.sync.files.config import FileFormat, FilesConfig
from server.sync.files.manifest import listed_files, manifest_path
from server.sync.files.storage import MAX_FILES, Entry, Storage
from server.sync.files.unpacking import without_packing
from server.sync.readers.safe_open import file_error

NULL_PARTITION = "__HIVE_DEFAULT_PARTITION__"
_SUFFIXES = {
    ".csv": FileFormat.CSV,
    ".tsv": FileFormat.CSV,
    ".txt": FileFormat.CSV,
    ".jsonl": FileFormat.JSONL,
    ".ndjson": FileFormat.JSONL,
    ".json": FileFormat.JSONL,
    ".parquet": FileFormat.PARQUET,
    ".pq": FileFormat.PARQUET,
    ".arrow": FileFormat.ARROW,
    ".arrows": FileFormat.ARROW,
    ".feather": FileFormat.ARROW,
    ".ipc": FileFormat.ARROW,
}


@dataclass(frozen=True, slots=True)
class FileStream:
    """The files of one stream, in the order in which they are read, and the columns that their folders name."""

    name: str
    format: FileFormat
    files: tuple[Entry, ...]
    partitions: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """The bytes of all files."""
        return sum(file.size for file in self.files)

    @property
    def fingerprint(self) -> str:
        """Tells these files, as they are now, from any others."""
        listed = "\n".join(f"{file.path}\t{file.fingerprint}" for file in self.files)
        return hashlib.sha256(listed.encode()).hexdigest()[:32]


def find_streams(storage: Storage, wanted: str, config: FilesConfig) -> list[FileStream]:
    """List the streams in the order of their names; raises SyncError NO_FILES, TOO_MANY_FILES, FORMAT_UNKNOWN."""
    groups: dict[str, list[Entry]] = {}
    published = _Published(storage)
    for count, entry in enumerate(filter(published.has, _found(storage, wanted, config)), 1):
        if count > MAX_FILES:
            raise file_error("TOO_MANY_FILES", f"More than {MAX_FILES} files", "Name a smaller folder.")
        groups.setdefault(config.stream or _group(entry.path, config), []).append(entry)
    if not groups:
        raise file_error("NO_FILES", f"There are no files to read in {config.path!r}", "Check path and format.")
    streams = []
    for name, files in sorted(groups.items()):
        streams += _streams(name, files, config, folders={path for path in groups if path != name})
    return sorted(streams, key=lambda stream: stream.name)


class _Published:
    """Leaves out what lies in a folder of ours and is not, or no longer, among the files of its manifest."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._listed: dict[str, frozenset[str] | None] = {}

    def has(self, entry: Entry) -> bool:
        """Whether a file is one of its table's."""
        table, inside, path = entry.path.partition("/")
        if not inside:
            table, path = "", entry.path
        if table not in self._listed:
            self._listed[table] = self._files(table)
        listed = self._listed[table]
        return listed is None or path in listed

    def _files(self, table: str) -> frozenset[str] | None:
        manifest = self._storage.find(manifest_path(table))
        if manifest is None:
            return None
        with self._storage.open(manifest) as file:
            return listed_files(file.read())


def find_stream(storage: Storage, wanted: str, config: FilesConfig, name: str) -> FileStream:
    """Find one stream; raises SyncError STREAM_NOT_FOUND."""
    for stream in find_streams(storage, wanted, config):
        if stream.name == name:
            return stream
    raise no_stream(name)


def no_stream(name: str) -> SyncError:
    """Make the error of a stream that is not there."""
    return file_error(
        "STREAM_NOT_FOUND", f"There are no files for the stream {name!r}", "Discover the source again."
    ).in_stream(name)


def format_of(path: str, config: FilesConfig) -> FileFormat:
    """The format of a file by the configuration, or by its name; raises SyncError FORMAT_UNKNOWN."""
    found = config.format if config.format is not FileFormat.AUTO else _SUFFIXES.get(suffix_of(path))
    if found is None:
        raise file_error(
            "FORMAT_UNKNOWN", f"The name {path!r} tells no format", "Set format to csv, jsonl, parquet or arrow."
        )
    return found


def suffix_of(path: str) -> str:
    """The ending of a name, without that of its packing."""
    return PurePosixPath(without_packing(path)).suffix.lower()


def partition_values(path: str) -> dict[str, str | None]:
    """The values that a path's folders name: dt=2024-01-01 is a column."""
    pairs = (part.partition("=") for part in PurePosixPath(path).parts[:-1])
    return {key: None if value == NULL_PARTITION else unquote(value) for key, sign, value in pairs if sign and key}


def _found(storage: Storage, wanted: str, config: FilesConfig) -> Iterator[Entry]:
    if wanted and not re.search(r"[*?\[]", wanted):
        entry = storage.find(wanted)
        if entry is not None:
            yield entry
        return
    pattern = _pattern(wanted) if wanted else None
    for entry in storage.walk():
        # What begins with "_" or "." is some program's own: unfinished files, manifests.
        own = any(part.startswith(("_", ".")) for part in PurePosixPath(entry.path).parts)
        readable = config.format is not FileFormat.AUTO or suffix_of(entry.path) in _SUFFIXES
        if not own and readable and (pattern is None or pattern.fullmatch(entry.path)):
            yield entry


def _pattern(wanted: str) -> re.Pattern[str]:
    """A glob as an expression: ``*`` stays within a folder, ``**`` is any number of folders."""
    parts = []
    for part in wanted.split("/"):
        if part == "**":
            parts.append("(?:[^/]+/)*")
        else:
            parts.append(translate(part).removeprefix("(?s:").removesuffix(r")\Z").replace(".*", "[^/]*") + "/")
    return re.compile("".join(parts).removesuffix("/"))


def _group(path: str, config: FilesConfig) -> str:
    first, _, rest = path.partition("/")
    if rest and "=" not in first:
        return first
    if rest:
        return PurePosixPath(config.path.rstrip("/")).name or "files"
    return path


def _streams(name: str, files: list[Entry], config: FilesConfig, folders: set[str]) -> list[FileStream]:
    if len(files) == 1 and files[0].path == name:
        stem = PurePosixPath(without_packing(name)).stem
        # flights.csv beside flights.parquet, or beside a folder: only the whole names tell them apart.
        twins = {PurePosixPath(without_packing(other)).stem for other in folders} | folders
        return [FileStream(name if stem in twins else stem, format_of(name, config), tuple(files))]
    keys = {tuple(partition_values(file.path)) for file in files}
    formats = {format_of(file.path, config) for file in files}
    if len(keys) > 1 or len(formats) > 1:
        raise file_error(
            "SCHEMA_DIFFERS",
            f"The files of {name!r} have different formats, or folders that name different columns",
            "Put them into different folders, or name a pattern that finds those that belong together.",
        )
    return [FileStream(name, formats.pop(), tuple(files), keys.pop())]
