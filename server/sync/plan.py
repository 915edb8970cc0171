"""Deciding, before a row moves, how a stream will land: columns, types, key, cursor, lane, schema changes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from server.sync import cursors
from server.sync.columns import choose, find
from server.sync.destination import Change, Claimed, Destination, State, Target, TargetColumn
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.model import Column, Stream
from server.sync.names import check_destination_names
from server.sync.receipt import Lane
from server.sync.source import CursorRange, Estimate, Read
from server.sync.spec import Deletes, RunIdentity, SchemaChange, StreamSpec, SyncMode
from server.sync.sql_destination import OWN_COLUMNS
from server.sync.transforms import Compiled, compile_transforms
from server.sync.type_words import union


@dataclass(frozen=True, slots=True)
class StreamPlan:
    """How a stream lands in this run.

    ``loss`` says of each column that loses something what it loses, ``notes`` what else there is to tell of a column;
    ``schema_changes`` is what is different from the last run, a sentence each. ``keys`` is set where every key of the
    source must be read to find deleted rows. ``estimate`` is asked for only where nothing is run.
    """

    spec: StreamSpec
    read: Read
    compiled: Compiled
    target: Target
    lane: Lane
    replace: bool
    state: State
    reset: bool
    cursor: Column | None
    cursor_name: str
    window: str | None
    add_columns: tuple[TargetColumn, ...] = ()
    widen_columns: tuple[TargetColumn, ...] = ()
    loss: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    schema_changes: tuple[str, ...] = ()
    missing: str = ""
    estimate: Estimate = field(default_factory=Estimate)

    @property
    def keys(self) -> Read | None:
        """What to read where every key of the source is needed."""
        if self.missing != "keys":
            return None
        names = self.spec.key or self.read.stream.primary_key
        return replace(self.read, columns=choose(self.read.stream, names), cursor=None)

    @property
    def actions(self) -> tuple[str, ...]:
        """What is created or altered at the destination, a statement each."""
        table = self.target.table
        if self.replace:
            columns = ", ".join(f"{c.name} {c.ddl}{'' if c.nullable else ' NOT NULL'}" for c in self.target.columns)
            return (f"CREATE TABLE {table} ({columns})",)
        added = [f"ALTER TABLE {table} ADD COLUMN {column.name} {column.ddl}" for column in self.add_columns]
        widened = [f"ALTER TABLE {table} ALTER COLUMN {c.name} TYPE {c.ddl}" for c in self.widen_columns]
        return (*added, *widened)

    def change(self, cursor: str | None, run_id: str) -> Change:
        """What the commit does, with the checkpoint that was reached."""
        reached = cursor if cursor is not None else self.state.cursor
        state = State(
            run_id=run_id,
            cursor=self.state.cursor if self.spec.backfill else reached,
            version=self.spec.start.version if self.spec.start else self.state.version,
            columns={column.name: column.column.type for column in self.target.columns},
            deletes_checked_at=time.time() if self.missing else self.state.deletes_checked_at,
        )
        return Change(
            mode=self.spec.sync_mode,
            state=state,
            replace=self.replace,
            add_columns=self.add_columns,
            widen_columns=self.widen_columns,
            cursor=self.cursor_name,
            window=self.window,
            deletes=self.spec.deletes,
            missing="" if self.replace else self.missing,
        )


def plan_stream(
    spec: StreamSpec,
    stream: Stream,
    destination: Destination,
    claimed: Claimed,
    run: RunIdentity,
    *,
    same_kind: bool,
    raw: bool,
    secret: bytes | None,
) -> StreamPlan:
    """Plan one stream; raises SyncError of type CONFIG where it cannot land as it is asked for.

    ``same_kind`` says that source and destination are systems of one kind, ``raw`` that bytes could go from one to
    the other as they are; ``secret`` is the organization's key for hashes and encryption of columns.
    """
    state, reset = _starting_state(spec, claimed.state)
    new = spec.sync_mode is SyncMode.FULL_REFRESH_OVERWRITE or not claimed.exists
    chosen = choose(stream, spec.columns)
    if spec.schema_change is SchemaChange.DISCARD_COLUMNS and state.columns:
        chosen = _known_only(chosen, spec, state)
    compiled = compile_transforms(spec.transforms, chosen, secret)
    wanted, loss, notes = _mapped(compiled.columns, destination, spec, same_kind=same_kind)
    changes, added, widened, wanted = _evolved(wanted, claimed, state, destination, new=new)
    _obey(spec, changes)
    key = _key(spec, stream, compiled, wanted)
    names = [column.name for column in wanted]
    check_destination_names(names, "columns", destination.max_name_bytes, folds_case=destination.folds_case)
    _refuse_own_names(names)
    cursor, bounds, window = _cursor(spec, stream, state)
    cursor_name = compiled.names.get(cursor.name, "") if cursor else ""
    if spec.sync_mode is SyncMode.INCREMENTAL_APPEND and not cursor_name:
        raise _config("CURSOR_NOT_SELECTED", "The cursor column does not land, and rows could land twice",
                      "Select the cursor column.", spec)  # fmt: skip
    if any(column.name == cursor_name and not destination.sorts(column) for column in wanted):
        raise _config("CURSOR_NOT_COMPARABLE", f"The cursor {cursor_name!r} lands as text, which does not sort as"
                      " numbers do", "Cast it to bigint or double, or choose another cursor.", spec)  # fmt: skip
    target = Target(spec.destination_table, spec.full_name, wanted, key, run, spec.adopt)
    return StreamPlan(
        spec=spec,
        read=Read(stream, _as_read(chosen, spec), bounds, portable=not same_kind),
        compiled=compiled,
        target=target,
        lane=Lane.RAW if raw and compiled.only_selects_and_renames else Lane.ARROW,
        replace=new,
        state=state,
        reset=reset,
        cursor=cursor,
        cursor_name=cursor_name,
        window=None if new else window,
        add_columns=added,
        widen_columns=widened,
        loss=loss,
        notes=notes,
        schema_changes=changes,
        missing=_missing(spec, state, bounds, new=new),
    )


def _starting_state(spec: StreamSpec, state: State) -> tuple[State, bool]:
    start = spec.start
    if start is None or start.version <= state.version:
        return state, False
    if start.reset:
        return State(version=start.version), True
    return replace(state, cursor=start.cursor, version=start.version), False


def _known_only(chosen: tuple[Column, ...], spec: StreamSpec, state: State) -> tuple[Column, ...]:
    known = {source for source, name in spec.transforms.names(c.name for c in chosen).items() if name in state.columns}
    return tuple(column for column in chosen if column.name in known)


def _as_read(chosen: tuple[Column, ...], spec: StreamSpec) -> tuple[Column, ...]:
    """Let a reader cut values off only where the stream allows it."""
    return chosen if spec.allow_lossy else tuple(replace(column, loss="") for column in chosen)


def _mapped(
    columns: Sequence[Column], destination: Destination, spec: StreamSpec, *, same_kind: bool
) -> tuple[tuple[TargetColumn, ...], dict[str, str], dict[str, str]]:
    wanted, loss, notes = [], {}, {}
    for column in columns:
        mapping = destination.map_type(column, same_kind=same_kind)
        wanted.append(TargetColumn(column, mapping.ddl, column.nullable))
        if column.loss and spec.allow_lossy:
            loss[column.name] = f"{column.loss} are cut off"
        said = [f"rows with {column.loss} are rejected"] if column.loss and not spec.allow_lossy else []
        if mapping.note:
            said.append(mapping.note)
        if said:
            notes[column.name] = "; ".join(said)
    return tuple(wanted), loss, notes


def _evolved(
    wanted: tuple[TargetColumn, ...],
    claimed: Claimed,
    state: State,
    destination: Destination,
    *,
    new: bool,
) -> tuple[tuple[str, ...], tuple[TargetColumn, ...], tuple[TargetColumn, ...], tuple[TargetColumn, ...]]:
    """Compare with what has landed: the changes in words, columns to add, to widen, and to write."""
    known = state.columns or ({} if new else dict.fromkeys(claimed.columns, ""))
    if not known:
        return (), (), (), wanted
    changes: list[str] = []
    added: list[TargetColumn] = []
    widened: list[TargetColumn] = []
    written: list[TargetColumn] = []
    for column in wanted:
        old = known.get(column.name)
        final = column
        if old is None:
            changes.append(f"column {column.name} is new ({column.column.type})")
            final = replace(column, nullable=column.nullable or not new)
            added.append(final)
        elif old and old != column.column.type:
            changes.append(f"column {column.name} is {column.column.type}, it was {old}")
            wide = replace(column.column, type=union(old, column.column.type), native_type="", base_type="")
            if not new and wide.type != old:
                final = replace(column, column=wide, ddl=destination.map_type(wide, same_kind=False).ddl)
                widened.append(final)
            elif not new:
                # What has landed is wide enough already.
                final = replace(column, column=wide, ddl=claimed.columns[column.name])
        written.append(final)
    gone = known.keys() - {column.name for column in wanted} - OWN_COLUMNS
    changes += [f"column {name} is gone at the source" + ("" if new else ": NULL from now on") for name in sorted(gone)]
    return tuple(changes), () if new else tuple(added), tuple(widened), tuple(written)


def _obey(spec: StreamSpec, changes: Sequence[str]) -> None:
    if not changes or spec.schema_change is SchemaChange.EVOLVE:
        return
    changed = [change for change in changes if spec.schema_change is SchemaChange.FREEZE or " was " in change]
    if changed:
        raise _config(
            "SCHEMA_CHANGED",
            f"The source's columns have changed: {'; '.join(changed)}",
            "Look at the change, then set schema_change to evolve, or correct the source.",
            spec,
        )


def _key(spec: StreamSpec, stream: Stream, compiled: Compiled, wanted: Sequence[TargetColumn]) -> tuple[str, ...]:
    for name in spec.key:
        find(stream, name, "key")
    source_names = spec.key or stream.primary_key
    landed = {column.name for column in wanted}
    key = tuple(compiled.names[name] for name in source_names if compiled.names.get(name) in landed)
    if len(key) == len(source_names) and key:
        return key
    if spec.key or spec.sync_mode.needs_key or spec.deletes is not Deletes.IGNORE:
        raise _config(
            "KEY_MISSING",
            "There is no key that lands whole, and this mode finds rows by their key",
            "Name the stream's key columns, and select all of them.",
            spec,
        )
    return ()


def _cursor(spec: StreamSpec, stream: Stream, state: State) -> tuple[Column | None, CursorRange | None, str | None]:
    incremental = spec.sync_mode not in (SyncMode.FULL_REFRESH_OVERWRITE, SyncMode.FULL_REFRESH_APPEND)
    if not spec.cursor or not incremental:
        if spec.sync_mode.needs_cursor or spec.backfill:
            raise _config("CURSOR_MISSING", "This needs a cursor column", "Name the stream's cursor column.", spec)
        return None, None, None
    column = find(stream, spec.cursor, "cursor")
    if cursors.family(column) == "text" and spec.cursor_lag:
        raise _config("CURSOR_LAG_UNSUPPORTED", f"The cursor {column.name!r} is a text, which no lag can go back from",
                      "Leave out the cursor's lag, or choose a cursor of numbers or times.", spec)  # fmt: skip
    if spec.backfill:
        lower = spec.backfill.lower
        window = "-infinity" if cursors.family(column) == "text" else lower or "-infinity"
        return column, CursorRange(column.name, lower, spec.backfill.upper), window
    if state.cursor is None:
        return column, CursorRange(column.name, nulls=True), None
    lower = cursors.before(state.cursor, spec.cursor_lag, column)
    # Two systems may sort texts by different rules: then any row may be one that has landed before.
    window = "-infinity" if cursors.family(column) == "text" else lower
    return column, CursorRange(column.name, lower), window


def _missing(spec: StreamSpec, state: State, bounds: CursorRange | None, *, new: bool) -> str:
    if spec.deletes is Deletes.IGNORE or new or not spec.sync_mode.needs_key or spec.backfill:
        return ""
    if bounds is None or bounds.nulls:
        return "staging"
    return "keys" if time.time() - state.deletes_checked_at >= spec.deletes_every else ""


def _refuse_own_names(names: Sequence[str]) -> None:
    taken = sorted(OWN_COLUMNS.intersection(names))
    if taken:
        raise SyncError(
            origin=Origin.PLATFORM,
            type=ErrorType.CONFIG,
            code="NAME_RESERVED",
            message=f"The column name {taken[0]!r} is the platform's own",
            advice="Rename the column.",
        )


def _config(code: str, message: str, advice: str, spec: StreamSpec) -> SyncError:
    return SyncError(
        origin=Origin.PLATFORM,
        type=ErrorType.CONFIG,
        code=code,
        message=message,
        advice=advice,
        stream=spec.full_name,
    )
