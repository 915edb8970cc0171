"""Taking turns: every contender does a case once, then again; each time what it has landed is looked at."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import asyncpg
import psutil

from bench.sync import content, data
from bench.sync.contender import Contender, Place
from bench.sync.measuring import ContenderFailedError, Cost, measure
from bench.sync.report import Result
from bench.sync.task import Case, Kind, Task


@dataclass(frozen=True)
class Files:
    """The files that are loaded, by their table's name and ending, and how many rows each table has."""

    paths: Mapping[tuple[str, str], Path]
    rows: Mapping[str, int]


@dataclass
class Rounds:
    """One run of the bench; ``absent`` tells why contenders cannot take part, ``say`` takes each step."""

    place: Place
    folder: Path
    files: Files
    repeat: int
    absent: Mapping[str, str]
    say: Callable[[str], None]
    _changes: int = 0
    _loads: dict[str, str] = field(default_factory=dict)

    async def carry_out(self, case: Case, contenders: Sequence[Contender], missing: str = "") -> list[Result]:
        """Let the contenders take turns at a case; ``missing`` is what the machine lacks for it."""
        notes: dict[str, str] = {}
        costs: dict[str, list[Cost]] = {}
        for contender in contenders:
            declined = contender.declines(case)
            if declined != "":
                costs[contender.name] = []
                notes[contender.name] = declined or missing or self.absent.get(contender.name, "")
        playing = [contender for contender in contenders if notes.get(contender.name) == ""]
        if case.kind.incremental:
            await self._first_loads(case, playing, notes)
        for turn in range(self.repeat if playing else 0):
            if case.kind is Kind.MERGE:
                self._changes += 1
                await data.change_orders(self.place.server, self._changes)
            wanted = await self._wanted(case)
            for contender in playing:
                if not _failed(notes[contender.name]):
                    label = f"{case.name}: {contender.name}, {turn + 1} of {self.repeat}"
                    if cost := await self._turn(contender, case, notes, wanted, label):
                        costs[contender.name].append(cost)
        # What has lost or changed rows even once has no place among the others.
        return [
            Result(
                case.name,
                case.title,
                name,
                self._moved(case),
                () if _failed(notes[name]) else tuple(found),
                notes[name],
            )
            for name, found in costs.items()
        ]

    async def _first_loads(self, case: Case, contenders: Sequence[Contender], notes: dict[str, str]) -> None:
        """Bring the contenders to where an incremental run begins; what they have landed for a case before counts."""
        for contender in contenders:
            database = self._task(case, contender).database
            if database not in self._loads:
                await self.place.server.create(database)
                label = f"{case.name}: {contender.name}, the first load, which does not count"
                await self._once(contender, self._task(case, contender), notes, await self._wanted(case), label)
                self._loads[database] = notes[contender.name]
            notes[contender.name] = self._loads[database]

    async def _turn(
        self, contender: Contender, case: Case, notes: dict[str, str], wanted: content.Content, label: str
    ) -> Cost | None:
        """Let a contender do it once, into an empty database where nothing has to be kept."""
        task = self._task(case, contender)
        maker = self.place.clickhouse if case.to == "clickhouse" else self.place.server
        assert maker is not None
        if case.kind.incremental:
            return await self._once(contender, task, notes, wanted, label)
        await maker.create(task.database)
        try:
            return await self._once(contender, task, notes, wanted, label)
        finally:
            await maker.drop(task.database)

    async def _once(
        self, contender: Contender, task: Task, notes: dict[str, str], wanted: content.Content, label: str
    ) -> Cost | None:
        """Measure a contender, and look at what it has landed."""
        self.say(label)
        try:
            command = contender.command(task)
            log = task.folder / f"{task.case.name}.log"
            cost = await asyncio.to_thread(measure, command, self._database(task.case), log)
            await self._check(task, wanted, notes, contender.name)
        except ContenderFailedError as error:
            notes[contender.name] = f"FAILED: {error}"
            self.say(f"  {notes[contender.name]}")
            return None
        self.say(f"  {cost.wall:.2f} s")
        return cost

    async def _check(self, task: Task, wanted: content.Content, notes: dict[str, str], name: str) -> None:
        """Compare what has landed with the source; raises ContenderFailedError."""
        try:
            landed = await self._content(task.case, task.database)
        except (asyncpg.PostgresError, OSError) as error:
            raise ContenderFailedError(f"what has landed cannot be read: {str(error)[:160]}") from error
        if landed.rows != wanted.rows:
            raise ContenderFailedError(f"landed {landed.rows:,} rows of {wanted.rows:,}")
        if landed.total != wanted.total:
            columns = await self._different(task)
            raise ContenderFailedError(f"landed other values than the source has in {', '.join(columns)}")
        if task.case.kind is Kind.TRANSFORM:
            hashes = await content.hashes(self.place.server, task.database, task.case.table.name, "mail")
            if hashes != wanted.rows:
                raise ContenderFailedError(f"landed {hashes:,} hashes for {wanted.rows:,} addresses")
        if task.case.kind is Kind.COPY:
            notes[name] = await self._other_types(task)

    async def _different(self, task: Task) -> list[str]:
        """The columns whose values are not those of the source."""
        case, found = task.case, []
        for name, type_ in case.table.columns.items():
            alone = replace(case, table=replace(case.table, columns={name: type_}))
            if name not in _unread(case) and await self._content(alone, task.database) != await self._wanted(alone):
                found.append(name)
        return found or ["whole rows"]

    async def _other_types(self, task: Task) -> str:
        table = task.case.table
        before = await content.types(self.place.server, "source", table)
        after = await content.types(self.place.server, task.database, table)
        other = [f"{name} as {after[name]}" for name in before if before[name] != after[name]]
        return f"all values, other types: {', '.join(other)}" if other else ""

    async def _wanted(self, case: Case) -> content.Content:
        return await content.in_postgres(self.place.server, "source", case.table, _unread(case))

    async def _content(self, case: Case, database: str) -> content.Content:
        if case.to == "clickhouse":
            assert self.place.clickhouse is not None
            return await content.in_clickhouse(self.place.clickhouse, database, case.table)
        return await content.in_postgres(self.place.server, database, case.table, _unread(case))

    def _task(self, case: Case, contender: Contender) -> Task:
        folder = self.folder / contender.name / ("incremental" if case.kind.incremental else f"{case.name}")
        if not case.kind.incremental:
            # A tool that keeps state beside the destination begins anew, too.
            folder /= str(time.monotonic_ns())
        folder.mkdir(parents=True, exist_ok=True)
        database = f"{'kept' if case.kind.incremental else 'to'}_{contender.name}".replace("-", "_")
        return Task(case, database, folder, self.files.paths.get((case.table.name, case.file)))

    def _database(self, case: Case) -> psutil.Process:
        if case.to == "clickhouse":
            assert self.place.clickhouse is not None
            return self.place.clickhouse.process
        return self.place.server.process

    def _moved(self, case: Case) -> int:
        rows = self.files.rows.get(case.table.name, 0)
        return {Kind.MERGE: rows // data.CHANGED_SHARE, Kind.NOTHING: 0}.get(case.kind, rows)


def _failed(note: str) -> bool:
    return note.startswith("FAILED")


def _unread(case: Case) -> frozenset[str]:
    return frozenset({"email"}) if case.kind is Kind.TRANSFORM else frozenset()
