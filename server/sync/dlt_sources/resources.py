"""The resources of any dlt source, with the state of its incremental ones. Imported in the child process only."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from dlt.common import json as dlt_json
from dlt.common.configuration.container import Container
from dlt.common.pipeline import StateInjectableContext
from dlt.common.schema.utils import normalize_schema_name
from dlt.extract import DltResource, DltSource
from dlt.extract.incremental import Incremental, IncrementalResourceWrapper
from dlt.extract.reference import SourceFactory

from server.sync.cursors import parsed_time
from server.sync.dlt_sources.process import Job, granted
from server.sync.errors import ErrorType, Origin, SyncError
from server.sync.model import Column
from server.sync.source import CursorRange

_TYPES = {
    "text": "text",
    "double": "double",
    "bool": "boolean",
    "timestamp": "timestamptz",
    "bigint": "bigint",
    "binary": "bytes",
    "json": "json",
    "decimal": "decimal",
    "wei": "decimal",
    "date": "date",
    "time": "time",
}


class DltReader:
    """Reads the resources of one dlt source (``DltConfig``, written as JSON).

    The state of dlt's incremental resources starts at the asked cursor, or where a position says, and is looked at
    while reading; nothing of it is stored by dlt.
    """

    bytes_read = None
    native = ""

    def __init__(self, job: Job) -> None:
        self._config = job.config
        require_allowed(job.config["source"], job.rules["modules"])
        self._resources = self._open()
        self._state: dict[str, Any] = {}
        self._path: tuple[str, ...] = ()
        self._reading = next(iter(self._resources.values()))
        self._here: dict[str, Any] | None = None
        self._before: dict[str, Any] | None = None

    def streams(self) -> Sequence[str]:
        """Name the resources whose rows belong to one table."""
        return [name for name, resource in self._resources.items() if not callable(resource.table_name)]

    def declared(self, name: str) -> Mapping[str, str]:
        """Tell the types that the resource declares, and over them the configured ones."""
        columns = self._resources[name].compute_table_schema().get("columns", {})
        own = {key: _TYPES[word] for key, column in columns.items() if (word := column.get("data_type"))}
        configured: dict[str, str] = self._config["types"].get(name, {})
        return own | configured

    def primary_key(self, name: str) -> Sequence[str]:
        """Tell the resource's primary key."""
        columns = self._resources[name].compute_table_schema().get("columns", {})
        return [key for key, column in columns.items() if column.get("primary_key")]

    def items(
        self, name: str, cursor: CursorRange | None, after: Mapping[str, Any] | None, column: Column | None
    ) -> Iterator[Any]:
        """Iterate a resource anew."""
        self._resources = self._open()
        self._reading = resource = self._resources[name]
        # The same name as dlt gives the state of a resource that is iterated by itself.
        key = resource.source_name or normalize_schema_name(resource.section or "")
        self._path = ("sources", key, "resources", name, "incremental")
        self._state = dlt_json.typed_loads(after["state"]) if after else self._start(cursor, column)
        context = StateInjectableContext(state=self._state)  # type: ignore[arg-type]  # a state is a dict
        with Container().injectable_context(context):
            rows = iter(resource)
        return self._watched(rows)

    def position(self) -> dict[str, Any] | None:
        """Tell the state before the last item, where the rows come in its order and another page has begun."""
        incremental = _incremental(self._reading)
        if incremental is None or self._before is None or incremental.row_order != "asc":
            return None
        return self._written(self._before) if self.primary_key(self._reading.name) else None

    def last_position(self) -> dict[str, Any] | None:
        """Tell the state after all items."""
        return self._written(self._here) if _incremental(self._reading) is not None and self._here else None

    def _watched(self, rows: Iterator[Any]) -> Iterator[Any]:
        """Pass rows on, and see where dlt has finished a page: it then has a new list of hashes."""
        marker: object = None
        self._here = self._before = None
        while True:
            item = next(rows, _END)
            found = self._found()
            if item is _END:
                self._here = found
                return
            hashes = next(iter(found.values()))["unique_hashes"] if found else None
            self._before = self._here if hashes is not marker else None
            if hashes is not marker:
                marker, self._here = hashes, found
            yield item

    def _found(self) -> dict[str, Any]:
        """Copy the state of the resource's cursor as it is now."""
        state: Any = self._state
        for part in self._path:
            state = state.get(part, {})
        return {cursor: dict(values) for cursor, values in state.items()}

    def _written(self, cursors: Mapping[str, Any]) -> dict[str, Any]:
        return {"state": dlt_json.typed_dumps(_nested(self._path, cursors))}

    def _start(self, cursor: CursorRange | None, column: Column | None) -> dict[str, Any]:
        """Make the state that a resource with this cursor starts at; one with another takes no notice of it."""
        if cursor is None or column is None or cursor.lower is None or cursor.nulls:
            return {}
        start = python_value(cursor.lower, column)
        values = {"initial_value": start, "last_value": start, "unique_hashes": [], "start_value": start}
        return _nested((*self._path, cursor.column), values)

    def _open(self) -> dict[str, DltResource]:
        config = self._config
        arguments = {**config["arguments"], **dlt_json.loads(config["secret_arguments"] or "{}")}
        factory = load(config["source"])
        try:
            made = factory(**arguments)
        except TypeError as error:
            raise no_source(config["source"], f"refuses its arguments: {error}", "CONFIGURATION_REFUSED") from error
        if isinstance(made, DltSource) and made.resources:
            return dict(made.resources)
        if isinstance(made, DltResource):
            return {made.name: made}
        raise no_source(config["source"], f"gives a {type(made).__name__} without resources")


def load(path: str) -> Any:
    """Import what a path ``package.module:function`` names; raises SyncError SOURCE_NOT_FOUND, NOT_A_DLT_SOURCE."""
    module_name, _, name = path.partition(":")
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name and not (module_name == error.name or module_name.startswith(error.name + ".")):
            raise  # the source's own driver is missing
        raise no_source(path, "is not installed", "SOURCE_NOT_FOUND") from error
    found = getattr(module, name, None)
    if found is None:
        raise no_source(path, "does not exist in its module", "SOURCE_NOT_FOUND")
    # Only what dlt's decorators have made: any other function of the module would run as soon as it is called.
    if not isinstance(found, SourceFactory | DltResource):
        raise no_source(path, "was not made by @dlt.source or @dlt.resource")
    return found


def require_allowed(path: str, patterns: Sequence[str]) -> None:
    """Raise SyncError SOURCE_FORBIDDEN unless the patterns grant the module."""
    module = path.partition(":")[0]
    if not granted(module, patterns):
        raise SyncError(
            origin=Origin.PLATFORM,
            type=ErrorType.CONFIG,
            code="SOURCE_FORBIDDEN",
            message=f"The module {module!r} may not be used as a source",
            advice="Let the operator allow it: the setting names the modules that dlt sources may come from.",
        )


def no_source(path: str, problem: str, code: str = "NOT_A_DLT_SOURCE") -> SyncError:
    """Make the error of a path that names no source."""
    return SyncError(
        origin=Origin.SOURCE,
        type=ErrorType.CONFIG,
        code=code,
        message=f"{path!r} {problem}",
        advice="Name a function of an installed dlt source: package.module:function.",
    )


def python_value(text: str, column: Column) -> Any:
    """Turn a cursor's canonical text into a value as the source's rows have it (the column's ``native_type``)."""
    match column.native_type:
        case "int":
            return int(Decimal(text))
        case "float":
            return float(text)
        case "Decimal":
            return Decimal(text)
        case "datetime" | "DateTime":
            return parsed_time(text)
        case "date" | "Date":
            return parsed_time(text).date()
        case _:
            return text


_END = object()


def _incremental(resource: DltResource) -> Incremental[Any] | None:
    found: Any = resource.incremental
    if isinstance(found, IncrementalResourceWrapper):
        found = found.incremental
    return found if isinstance(found, Incremental) and found.cursor_path else None


def _nested(path: Sequence[str], value: Any) -> dict[str, Any]:
    for part in reversed(path):
        value = {part: value}
    return dict(value)
