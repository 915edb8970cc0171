"""What a folder's manifest tells: whose table it is, which files are its rows, and what is being done to it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from server.sync.destination import StagedChunk, State
from server.sync.files.storage import Changed, WritableStorage


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file of a table, below the table's folder."""

    path: str
    rows: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Staged:
    """Chunks that a run has written so far, with the files of each."""

    run_id: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    chunks: tuple[StagedChunk, ...] = ()
    files: tuple[tuple[DataFile, ...], ...] = ()

    @property
    def all_files(self) -> list[DataFile]:
        """The files of all chunks."""
        return [file for chunk in self.files for file in chunk]


@dataclass(frozen=True, slots=True)
class Manifest:
    """The table: readers take ``files`` and nothing else.

    ``leaving`` are files that the last commit has replaced and that are still to be removed. ``arriving`` are those
    that a commit is moving in, from and to: where it has not ended, the next attempt moves them back.
    """

    pipeline_id: str
    stream: str
    epoch: int
    landed: bool = False
    state: State = field(default_factory=State)
    columns: dict[str, str] = field(default_factory=dict)
    files: tuple[DataFile, ...] = ()
    staged: Staged = field(default_factory=Staged)
    leaving: tuple[str, ...] = ()
    arriving: tuple[tuple[str, str], ...] = ()

    def to_json(self) -> bytes:
        """Write it as the file holds it."""
        return json.dumps({"format": 1, **asdict(self)}, indent=1).encode()


def manifest_path(table: str) -> str:
    """Where a table's manifest stands."""
    return f"{table}/_thedata/manifest.json".lstrip("/")


def listed_files(content: bytes) -> frozenset[str]:
    """The files that a manifest names, for readers; paths are relative to the table's folder."""
    return frozenset(str(file["path"]) for file in json.loads(content)["files"])


def read_manifest(storage: WritableStorage, table: str) -> tuple[Manifest, str] | None:
    """Read a table's manifest, with the version that replaces it; None where there is none."""
    found = storage.read_small(manifest_path(table))
    if found is None:
        return None
    raw: dict[str, Any] = json.loads(found[0])
    raw.pop("format")
    staged = raw.pop("staged")
    chunks = tuple(StagedChunk(**chunk) for chunk in staged.pop("chunks"))
    files = tuple(tuple(DataFile(**file) for file in chunk) for chunk in staged.pop("files"))
    manifest = Manifest(
        **raw
        | {
            "state": State(**raw["state"]),
            "files": tuple(DataFile(**file) for file in raw["files"]),
            "leaving": tuple(raw["leaving"]),
            "arriving": tuple((source, place) for source, place in raw.get("arriving", ())),
            "staged": Staged(**staged, chunks=chunks, files=files),
        }
    )
    return manifest, found[1]


def write_manifest(storage: WritableStorage, table: str, manifest: Manifest, expected: str | None) -> str:
    """Replace a table's manifest; gives its new version. Raises Changed where somebody else was faster."""
    content = manifest.to_json()
    storage.replace(manifest_path(table), content, expected)
    found = storage.read_small(manifest_path(table))
    if found is None or found[0] != content:
        raise Changed(table)
    return found[1]


def without_staging(manifest: Manifest) -> Manifest:
    """The manifest when nothing is staged, nor on its way in."""
    return replace(manifest, staged=Staged(), arriving=())
