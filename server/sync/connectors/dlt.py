"""Any installed dlt source as a source. Foreign code: it runs in a child process, bounded and killable."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field, SecretStr

from server.sync.connectors.base import Capability, Connector, ConnectorConfig, ConnectorContext, within
from server.sync.dlt_sources.process import ChildSource, Job, require_dlt, revealed
from server.sync.dlt_sources.rows import DeclaredTypes
from server.sync.errors import Origin
from server.sync.model import Catalog, CheckResult
from server.sync.readers import text_types
from server.sync.source import Source


def _json_object(value: SecretStr) -> SecretStr:
    try:
        fits = isinstance(json.loads(value.get_secret_value() or "{}"), dict)
    except ValueError:
        fits = False
    if not fits:
        raise ValueError("must be a JSON object")
    return value


class DltConfig(ConnectorConfig):
    """A dlt source and the arguments that it is called with."""

    source: Annotated[
        str,
        Field(
            max_length=500,
            pattern=r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*$",
            description="What makes the source: package.module:function, from a module that the operator allows.",
        ),
    ]
    arguments: Annotated[
        dict[str, Any], Field(max_length=200, description="The function's arguments by name.", default_factory=dict)
    ]
    secret_arguments: Annotated[
        SecretStr,
        AfterValidator(_json_object),
        Field(max_length=100_000, description='Further arguments that are secret, as a JSON object: {"api_key": "…"}.'),
    ] = SecretStr("")
    types: Annotated[
        dict[str, DeclaredTypes],
        Field(
            max_length=1000,
            description=(
                "By resource, types of fields by name, where the sample would mislead or not have them. One of "
                + ", ".join(text_types.DECLARABLE)
                + "."
            ),
            default_factory=dict,
        ),
    ]
    sample_rows: Annotated[
        int, Field(ge=1, le=20_000, description="How many rows columns and types are taken from.")
    ] = 1000
    patience_seconds: Annotated[
        float, Field(ge=1, le=3600, description="The source is ended when it gives nothing for so many seconds.")
    ] = 300.0


class DltConnector(Connector[DltConfig]):
    """Sources made with dlt, the data load tool: its own and those of installed packages."""

    kind: ClassVar[str] = "dlt"
    title: ClassVar[str] = "dlt source"
    capabilities: ClassVar[frozenset[Capability]] = frozenset({Capability.SOURCE})
    requires: ClassVar[str] = "dlt"
    config_model = DltConfig

    async def check(
        self, config: DltConfig, context: ConnectorContext, *, origin: Origin = Origin.SOURCE
    ) -> CheckResult:
        """Make the source and read the first row of its first resource."""
        started = time.perf_counter()
        async with within(context.timeout_seconds, origin):
            found = await ChildSource(_job(config, context), context.tell).check()
        latency = (time.perf_counter() - started) * 1000
        return CheckResult(True, config.source, latency, f"The source has {found['streams']} resources.")

    async def discover(self, config: DltConfig, context: ConnectorContext) -> Catalog:
        """Read a sample of every resource."""
        async with within(context.timeout_seconds):
            return await ChildSource(_job(config, context), context.tell).discover()

    @asynccontextmanager
    async def open_source(self, config: DltConfig, context: ConnectorContext) -> AsyncIterator[Source]:
        """Open the source; every read makes it anew."""
        require_dlt()
        yield ChildSource(_job(config, context), context.tell)


def _job(config: DltConfig, context: ConnectorContext) -> Job:
    secret = config.secret_arguments.get_secret_value()
    values = tuple(_texts(json.loads(secret or "{}")))
    rules = {"modules": context.dlt_modules}
    policy, patience = context.network.policy, config.patience_seconds
    return Job("dlt", "", revealed(config), rules, secrets=values, patience=patience, network=policy)


def _texts(value: Any) -> list[str]:
    """Collect what must not stand in a message: every text of the secret arguments."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return [value] if isinstance(value, str) and len(value) > 3 else []
