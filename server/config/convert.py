"""Configurations in and out of messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from google.protobuf import json_format
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from thedata.v1 import admin_pb2

from server.config.environment import EnvironmentSetting
from server.config.fields import METRICS, SYSTEM, Length, name_of
from server.config.model import (
    ConfigKind,
    ConfigVersion,
    Limits,
    MetricsConfig,
    NetworkPolicy,
    SystemConfig,
    TableRetention,
)
from server.config.service import Change
from server.rpc.values import duration, length, struct, timestamp

LIMITS = tuple(Limits.model_fields)


def system_change(request: admin_pb2.UpdateSystemConfigRequest) -> Change:
    """What an update of the settings changes."""
    return _change(request, SYSTEM)


def metrics_change(request: admin_pb2.UpdateMetricsConfigRequest) -> Change:
    """What an update of how metrics are kept changes."""
    return _change(request, METRICS)


def system_message(
    held: ConfigVersion, config: SystemConfig, environment: list[EnvironmentSetting]
) -> admin_pb2.SystemConfig:
    """The settings with their version, and what only the environment sets."""
    message = admin_pb2.SystemConfig(**_told(SYSTEM, config.model_dump()), **_who(held), etag=held.etag)
    message.environment.extend(
        admin_pb2.EnvironmentSetting(name=one.name, value=one.value, description=one.description, secret=one.secret)
        for one in environment
    )
    return message


def metrics_message(held: ConfigVersion, config: MetricsConfig) -> admin_pb2.MetricsConfig:
    """How metrics are kept, with its version."""
    return admin_pb2.MetricsConfig(**_told(METRICS, config.model_dump()), **_who(held), etag=held.etag)


def version_message(held: ConfigVersion) -> admin_pb2.ConfigVersion:
    """A version with what was set in it."""
    return admin_pb2.ConfigVersion(
        version=held.version,
        config=struct(_set(held)),
        create_time=timestamp(held.created_at),
        user_id=str(held.user_id or ""),
        rolled_back_to=held.rolled_back_to,
    )


def limits_message(limits: Mapping[str, int | None]) -> admin_pb2.Limits:
    """Limits; what says nothing is unset."""
    return admin_pb2.Limits(**{name: value for name, value in limits.items() if name in LIMITS})


def _change(request: Any, fields: Mapping[str, str | Length]) -> Change:
    present = {field.name for field, _ in request.config.ListFields()}
    given = {name: _value(request.config, name) for name in fields if name in present}
    return Change(given, list(request.reset), request.config.etag)


def _value(config: Any, name: str) -> Any:
    value = getattr(config, name)
    match name:
        case "network_policy":
            return NetworkPolicy(
                allow_private=value.allow_private, allowed=tuple(value.allowed), denied=tuple(value.denied)
            )
        case "limits":
            return _limits(value)
        case "organization_limits":
            return [(UUID(one.organization_id), _limits(one.limits)) for one in value]
        case "tables":
            return [_table(one, f"config.tables[{number}].retention") for number, one in enumerate(value)]
        case _:
            return length(value, f"config.{name}") if isinstance(value, Duration) else value


def _limits(message: admin_pb2.Limits) -> Limits:
    return Limits(**{field.name: value for field, value in message.ListFields()})


def _table(message: admin_pb2.TableRetention, field: str) -> TableRetention:
    return TableRetention(
        organization_id=UUID(message.organization_id),
        table_name=message.table_name,
        time_column=message.time_column,
        seconds=int(length(message.retention, field).total_seconds()),
    )


def _told(fields: Mapping[str, str | Length], kept: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a message from what is kept, or from a part of it."""
    return {
        name: _message(name, field, kept[name_of(field)]) for name, field in fields.items() if name_of(field) in kept
    }


def _message(name: str, field: str | Length, value: Any) -> Any:
    if isinstance(field, Length):
        return duration(field.of(value))
    match name:
        case "network_policy":
            return admin_pb2.NetworkPolicy(**value)
        case "limits":
            return limits_message(value)
        case "organization_limits":
            return [
                admin_pb2.OrganizationLimits(organization_id=str(key), limits=limits_message(limits))
                for key, limits in value.items()
            ]
        case "tables":
            return [_table_message(table) for table in value]
        case _:
            return value


def _table_message(table: Mapping[str, Any]) -> admin_pb2.TableRetention:
    return admin_pb2.TableRetention(
        organization_id=str(table["organization_id"]),
        table_name=table["table_name"],
        time_column=table["time_column"],
        retention=duration(Length("").of(table["seconds"])),
    )


def _who(held: ConfigVersion) -> dict[str, Any]:
    if not held.version:
        return {}
    return {"update_time": timestamp(held.created_at), "update_user_id": str(held.user_id or "")}


def _set(held: ConfigVersion) -> Mapping[str, Any]:
    """What a version has set, as the contract says it; without secrets, which are sealed elsewhere."""
    message: Message
    match held.kind:
        case ConfigKind.SYSTEM:
            message = admin_pb2.SystemConfig(**_told(SYSTEM, held.content))
        case ConfigKind.METRICS:
            message = admin_pb2.MetricsConfig(**_told(METRICS, held.content))
        case ConfigKind.ALERTS:
            return held.content
    return json_format.MessageToDict(message, preserving_proto_field_name=True)
