"""Landing files, killed at every step that changes the disk: nothing is lost, doubled, or left lying about."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from server.sync.connectors.base import ConnectorContext
from server.sync.connectors.registry import connector
from server.sync.destination import Change, StagedChunk, State, Target, TargetColumn
from server.sync.files.config import FilesConfig
from server.sync.files.local_storage import LocalStorage
from server.sync.model import Column
from server.sync.spec import RunIdentity, SyncMode

CHANGING = ("create", "move", "delete", "delete_folder", "replace")
OLD, NEW = [(1, 10), (2, 20), (3, 20)], [(3, 20), (4, 20), (5, 30)]
FIRST_RUN = [[OLD[0], OLD[1]], [OLD[2]]]
SECOND_RUN = [[NEW[0], NEW[1]], [NEW[2]]]  # its first row has landed before


class Killed(BaseException):
    """The worker is gone: nothing that follows happens."""


class Death:
    """Ends everything at the given change of the disk; 0: never."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.left = 0
        self.dead = False
        for name in CHANGING:
            patch.setattr(LocalStorage, name, self._mortal(getattr(LocalStorage, name)))

    def at(self, step: int) -> None:
        self.left, self.dead = step, False

    def _mortal(self, method: Any) -> Any:
        def call(storage: LocalStorage, *args: Any) -> Any:
            self.left -= 1
            self.dead = self.dead or self.left == 0
            if self.dead:
                raise Killed
            return method(storage, *args)

        return call


async def held() -> None:
    """A lease that is always held."""


async def lost() -> None:
    raise Killed


def target(run: str, epoch: int) -> Target:
    columns = tuple(TargetColumn(Column(name, "bigint", True, ""), "bigint") for name in ("id", "at"))
    return Target("t", "t", columns, (), RunIdentity("p", run, epoch))


def change(mode: SyncMode) -> Change:
    if mode is SyncMode.INCREMENTAL_APPEND:
        return Change(mode, State(cursor="30"), cursor="at", window="20")
    return Change(mode, State(), replace=mode is SyncMode.FULL_REFRESH_OVERWRITE)


async def attempt(
    folder: Path, run: str, epoch: int, chunks: Sequence[Sequence[tuple[int, int]]], mode: SyncMode, fence: Any = held
) -> int:
    """One attempt of a run as the engine makes it; gives the number of chunks that it found."""
    context = ConnectorContext(file_roots=(folder,), column_secret=b"k" * 32)
    files = connector("files")
    config = FilesConfig.model_validate({"path": str(folder / "out")})
    async with files.open_destination(config, context) as destination:
        here = target(run, epoch)
        await destination.claim("t", "t", here.run, adopt=False)
        found = await destination.stage(here)
        for number in range(len(found), len(chunks)):
            rows = chunks[number]

            async def batches(rows: Sequence[tuple[int, int]] = rows) -> AsyncIterator[pa.RecordBatch]:
                yield pa.RecordBatch.from_arrays(
                    [pa.array(list(values), pa.int64()) for values in zip(*rows, strict=True)], names=["id", "at"]
                )

            chunk = StagedChunk(number, len(rows), 0)
            await destination.load(here, batches(), lambda chunk=chunk: chunk)  # type: ignore[misc]
        assert await destination.count_staging(here) == sum(map(len, chunks))
        await destination.commit(here, change(mode), fence)
        return len(found)


def by_manifest(folder: Path) -> list[tuple[int, int]]:
    """The rows that readers of the manifest see; every file that it names is there."""
    table = folder / "out" / "t"
    manifest = json.loads((table / "_thedata" / "manifest.json").read_text())
    rows = [row for file in manifest["files"] for row in pq.read_table(table / file["path"]).to_pylist()]
    return sorted((row["id"], row["at"]) for row in rows)


def by_listing(folder: Path) -> list[tuple[int, int]]:
    """The rows that readers of the folder see."""
    table = folder / "out" / "t"
    files = [path for path in table.rglob("*.parquet") if "_thedata" not in path.parts]
    return sorted((row["id"], row["at"]) for path in files for row in pq.read_table(path).to_pylist())


AFTER = {
    SyncMode.FULL_REFRESH_OVERWRITE: sorted(NEW),
    SyncMode.FULL_REFRESH_APPEND: sorted(OLD + NEW),
    SyncMode.INCREMENTAL_APPEND: sorted({*OLD, *NEW}),
}


@pytest.mark.parametrize("again", ["second", "third"], ids=["same run", "another run"])
@pytest.mark.parametrize("mode", list(AFTER))
async def test_a_kill_at_any_step_leaves_the_old_rows_or_the_new_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: SyncMode, again: str
) -> None:
    death = Death(monkeypatch)
    old, new = sorted(OLD), AFTER[mode]
    for step in range(1, 100):
        folder = tmp_path / str(step)
        folder.mkdir()
        death.at(0)
        await attempt(folder, "first", 1, FIRST_RUN, mode)
        death.at(step)
        try:
            await attempt(folder, "second", 2, SECOND_RUN, mode)
        except Killed:
            seen = by_manifest(folder)
            assert seen in (old, new), step
        else:
            assert step > 10
            return
        death.at(0)
        if seen == old or again == "second":
            # The engine asks the state whether the run has committed already, and does not load again where it has.
            if seen == old:
                await attempt(folder, again, 3, SECOND_RUN, mode)
            else:
                context = ConnectorContext(file_roots=(folder,), column_secret=b"k" * 32)
                config = FilesConfig.model_validate({"path": str(folder / "out")})
                async with connector("files").open_destination(config, context) as destination:
                    await destination.claim("t", "t", target(again, 3).run, adopt=False)
                    await destination.stage(target(again, 3))
            assert by_manifest(folder) == by_listing(folder) == new, step
    raise AssertionError("the run has no end")


async def test_a_lost_lease_shows_nothing_to_anybody(tmp_path: Path) -> None:
    mode = SyncMode.INCREMENTAL_APPEND
    await attempt(tmp_path, "first", 1, FIRST_RUN, mode)
    with pytest.raises(Killed):
        await attempt(tmp_path, "second", 2, SECOND_RUN, mode, lost)
    assert by_manifest(tmp_path) == by_listing(tmp_path) == sorted(OLD)
    assert await attempt(tmp_path, "second", 3, SECOND_RUN, mode) == 2
    assert by_manifest(tmp_path) == by_listing(tmp_path) == AFTER[mode]
