"""What a file wants there to be, and how that differs from what there is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message

from thedata_client.command.connection import PAGE
from thedata_client.command.exits import CONFLICT, Failure
from thedata_client.command.files import mapping_of, parsed
from thedata_client.types import (
    CATCH_UP_ONE,
    DELETES_IGNORE,
    PRIORITY_NORMAL,
    SCHEMA_CHANGE_POLICY_EVOLVE,
    SYNC_MODE_FULL_REFRESH_OVERWRITE,
    VERIFICATION_CONTENT,
    Pipeline,
    Schedule,
    StreamConfig,
)

if TYPE_CHECKING:
    from thedata_client import Client
    from thedata_client.types import DataSource

HIDDEN = "(hidden)"
NONE = "–"
SOURCE_FIELDS = {"connector", "config", "description"}
COMPARED = (
    "description", "destination_namespace", "streams", "verification", "schedule", "retry_policy", "timeout",
    "priority",
)  # fmt: skip


@dataclass(frozen=True)
class Desired:
    """What a file has, by name."""

    sources: Mapping[str, Mapping[str, Any]]
    pipelines: Mapping[str, Mapping[str, Any]]


@dataclass
class Change:
    """What becomes of one thing."""

    kind: str
    name: str
    action: str
    """`create`, `update` or `keep`."""
    differences: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Before and after, by field; secrets are not shown."""

    def carry_out(self, client: Client) -> None:
        """Makes the change."""


@dataclass
class SourceChange(Change):
    """A data source's."""

    wanted: Mapping[str, Any] = field(default_factory=dict)
    present: DataSource | None = None

    def carry_out(self, client: Client) -> None:
        """Makes the change; raises ApiError, EtagMismatch among them where somebody else has changed it meanwhile."""
        config, description = self.wanted.get("config") or {}, self.wanted.get("description", "")
        if self.action == "create":
            client.sources.create(self.name, self.wanted["connector"], config, description=description)
        elif self.action == "update" and self.present:
            client.sources.update(self.present.id, config=config, description=description, etag=self.present.etag)


@dataclass
class PipelineChange(Change):
    """A pipeline's. Its data sources, and the pipeline that it runs after, may be made just before it."""

    wanted: Mapping[str, Any] = field(default_factory=dict)
    present: Pipeline | None = None

    def carry_out(self, client: Client) -> None:
        """Makes the change; raises as a data source's."""
        if self.action == "keep":
            return
        pipeline = _normal(_pipeline(self.name, self.wanted, _ids(client.pipelines.list(page_size=PAGE))))
        given = {one.name for one, _value in pipeline.ListFields()}
        known = Pipeline.DESCRIPTOR.fields_by_name
        changed = {name: getattr(pipeline, name) for name in COMPARED if name in given or not known[name].has_presence}
        if self.present is None:
            sources = _ids(client.sources.list(page_size=PAGE))
            source, destination = (sources[self.wanted[end]] for end in ("source", "destination"))
            client.pipelines.create(self.name, source, destination, **changed)
        else:
            client.pipelines.update(self.present.id, update_mask=COMPARED, etag=self.present.etag, **changed)


def read(path: Path) -> Desired:
    """What a file wants; raises Failure where it can't be."""
    fields = mapping_of(path)
    if unknown := set(fields) - {"sources", "pipelines"}:
        raise Failure(f"{path}: {', '.join(sorted(unknown))}: a file has `sources` and `pipelines`, each by name.")
    sources, pipelines = fields.get("sources") or {}, fields.get("pipelines") or {}
    for kind, things, needed in (
        ("sources", sources, {"connector"}),
        ("pipelines", pipelines, {"source", "destination"}),
    ):
        if not isinstance(things, dict):
            raise Failure(f"{path}: {kind} must have names, and below each name its fields.")
        for name, one in things.items():
            if not isinstance(one, dict) or not needed <= one.keys():
                raise Failure(f"{path}: {kind}.{name} needs {' and '.join(sorted(needed))}.")
    for name, source in sources.items():
        if unknown := source.keys() - SOURCE_FIELDS:
            raise Failure(f"{path}: sources.{name} has no {', '.join(sorted(unknown))}.")
    return Desired(sources, pipelines)


def changes(client: Client, desired: Desired, *, secrets: bool) -> list[Change]:
    """What must change, in the order in which it can be."""
    present_sources = {one.name: one for one in client.sources.list(page_size=PAGE)}
    present_pipelines = {one.name: one for one in client.pipelines.list(page_size=PAGE)}
    schemas = {}
    if desired.sources:
        schemas = {one.kind: MessageToDict(one.config_schema) for one in client.sources.list_connectors().connectors}
    planned: list[Change] = []
    for name, wanted in desired.sources.items():
        schema = schemas.get(wanted["connector"], {})
        planned.append(_source_change(name, wanted, present_sources.get(name), schema, secrets=secrets))
    known = {one.id: name for name, one in present_sources.items()}
    ids = {**{name: name for name in desired.pipelines}, **_ids(present_pipelines.values())}
    for name in _in_order(desired.pipelines):
        wanted = desired.pipelines[name]
        for end in ("source", "destination"):
            if wanted[end] not in desired.sources and wanted[end] not in present_sources:
                raise Failure(f"pipelines.{name}.{end}: there is no data source {wanted[end]!r}.")
        planned.append(_pipeline_change(name, wanted, present_pipelines.get(name), known, ids))
    return planned


def _source_change(
    name: str, wanted: Mapping[str, Any], present: DataSource | None, schema: Mapping[str, Any], *, secrets: bool
) -> Change:
    config = wanted.get("config") or {}
    properties = schema.get("properties", {})
    hidden = {key for key, one in properties.items() if _is_secret(one)}
    if present is None:
        told = {f"config.{key}": (NONE, HIDDEN if key in hidden else _told(value)) for key, value in config.items()}
        return SourceChange("source", name, "create", {"connector": (NONE, wanted["connector"]), **told}, wanted)
    if present.connector != wanted["connector"]:
        raise Failure(
            f"sources.{name}: it is of {present.connector}, and can't become another; delete it first.", CONFLICT
        )
    differences: dict[str, tuple[str, str]] = {}
    if present.description != wanted.get("description", ""):
        differences["description"] = (_told(present.description), _told(wanted.get("description", "")))
    stored = MessageToDict(present.config)
    for key in sorted({*stored, *config} - {*present.stored_secrets} - hidden):
        before, after = stored.get(key), config.get(key, properties.get(key, {}).get("default", stored.get(key)))
        if not _same(after, before):
            differences[f"config.{key}"] = (_told(before), _told(after))
    for key in sorted(hidden | {*present.stored_secrets}):
        if (key in config) != (key in present.stored_secrets) or (secrets and key in config):
            differences[f"config.{key}"] = (HIDDEN if key in present.stored_secrets else NONE, HIDDEN)
    return SourceChange("source", name, "update" if differences else "keep", differences, wanted, present)


def _is_secret(schema: Mapping[str, Any]) -> bool:
    return any(one.get("writeOnly") or one.get("format") == "password" for one in (schema, *schema.get("anyOf", ())))


def _same(wanted: Any, stored: Any) -> bool:
    """Whether a stored value is what is wanted; the server may have added defaults below it."""
    if isinstance(wanted, dict) and isinstance(stored, dict):
        return all(_same(value, stored.get(key)) for key, value in wanted.items())
    if isinstance(wanted, list) and isinstance(stored, list):
        return len(wanted) == len(stored) and all(map(_same, wanted, stored))
    return bool(wanted == stored)


def _pipeline_change(
    name: str,
    wanted: Mapping[str, Any],
    present: Pipeline | None,
    sources: Mapping[str, str],
    ids: Mapping[str, str],
) -> Change:
    pipeline = _normal(_pipeline(name, wanted, ids))
    if present is None:
        told = {key: (NONE, _told(value)) for key, value in wanted.items()}
        return PipelineChange("pipeline", name, "create", told, wanted)
    for end, id_ in (("source", present.source_id), ("destination", present.destination_id)):
        if sources.get(id_) != wanted[end]:
            raise Failure(f"pipelines.{name}: its {end} can't be changed; delete it first.", CONFLICT)
    before, after = _fields(_normal(present)), _fields(pipeline)
    # What a policy leaves open the server fills in.
    if _same(after.get("retry_policy"), before.get("retry_policy")):
        before["retry_policy"] = after.get("retry_policy")
    differences: dict[str, tuple[str, str]] = {}
    for key in COMPARED:
        old, new = dict(_paths(before.get(key), key)), dict(_paths(after.get(key), key))
        for path in sorted({**old, **new}):
            if old.get(path) != new.get(path):
                differences[path] = (_told(old.get(path)), _told(new.get(path)))
    return PipelineChange("pipeline", name, "update" if differences else "keep", differences, wanted, present)


def _pipeline(name: str, wanted: Mapping[str, Any], ids: Mapping[str, str]) -> Pipeline:
    fields = {key: value for key, value in wanted.items() if key not in {"source", "destination"}}
    if unknown := fields.keys() - set(COMPARED):
        raise Failure(f"pipelines.{name} has no {', '.join(sorted(unknown))}; it has {', '.join(COMPARED)}.")
    schedule = fields.get("schedule")
    if isinstance(schedule, dict) and isinstance(schedule.get("after"), dict) and "pipeline" in schedule["after"]:
        after = dict(schedule["after"])
        earlier = after.pop("pipeline")
        if earlier not in ids:
            raise Failure(f"pipelines.{name}.schedule.after: there is no pipeline {earlier!r}.")
        fields["schedule"] = {**schedule, "after": {**after, "pipeline_id": ids[earlier]}}
    return parsed({**fields, "name": name}, Pipeline, f"pipelines.{name}")


def _in_order(pipelines: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """The pipelines' names, each behind the one that it runs after."""
    graph: dict[str, set[str]] = {}
    for name, one in pipelines.items():
        after = (one.get("schedule") or {}).get("after") or {}
        graph[name] = {after["pipeline"]} & pipelines.keys() if "pipeline" in after else set()
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise Failure(f"These pipelines wait for each other: {', '.join(error.args[1])}.") from error


def _normal(pipeline: Pipeline) -> Pipeline:
    """The pipeline with the contract's defaults where it leaves them open."""
    normal = Pipeline()
    normal.CopyFrom(pipeline)
    normal.verification = normal.verification or VERIFICATION_CONTENT
    normal.priority = normal.priority or PRIORITY_NORMAL
    for stream in normal.streams:
        _fill(stream)
    if normal.HasField("schedule"):
        _fill_schedule(normal.schedule)
    return normal


def _fill(stream: StreamConfig) -> None:
    stream.sync_mode = stream.sync_mode or SYNC_MODE_FULL_REFRESH_OVERWRITE
    stream.deletes = stream.deletes or DELETES_IGNORE
    stream.schema_change_policy = stream.schema_change_policy or SCHEMA_CHANGE_POLICY_EVOLVE
    stream.destination_table = stream.destination_table or stream.name


def _fill_schedule(schedule: Schedule) -> None:
    schedule.catch_up = schedule.catch_up or CATCH_UP_ONE
    if schedule.HasField("cron"):
        schedule.cron.time_zone = schedule.cron.time_zone or "UTC"


def _fields(message: Message) -> dict[str, Any]:
    fields: dict[str, Any] = MessageToDict(message, preserving_proto_field_name=True)
    return fields


def _paths(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """What lies in a value, by its path; streams by their names, wherever they stand."""
    if isinstance(value, dict) and value:
        for name, one in value.items():
            yield from _paths(one, f"{path}.{name}")
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for number, one in enumerate(value):
            name = ".".join(one[part] for part in ("namespace", "name") if part in one) if path == "streams" else number
            yield from _paths(one, f"{path}[{name}]")
    else:
        yield path, value


def _ids(things: Iterable[Any]) -> dict[str, str]:
    return {one.name: one.id for one in things}


def _told(value: Any) -> str:
    if value is None or value == "" or value == []:
        return NONE
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
