"""What only the environment sets, to be shown and not to be changed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from server.config.model import SystemConfig
from server.settings import Settings

MASK = "********"
# Where it is set while the platform runs; the environment's value only counts until somebody has set another one.
ALSO_LIVE = frozenset((*SystemConfig.model_fields, "analytics_retention_days"))


@dataclass(frozen=True)
class EnvironmentSetting:
    """A variable with its value as it may be shown; empty: not set."""

    name: str
    value: str = field(repr=False)
    description: str
    secret: bool


def environment_settings(settings: Settings) -> list[EnvironmentSetting]:
    """Every setting that is not set while the platform runs, by the settings class."""
    return [
        EnvironmentSetting(
            f"{Settings.model_config['env_prefix']}{name.upper()}",
            _shown(value := getattr(settings, name)),
            known.description or "",
            isinstance(value, SecretStr) or "SecretStr" in str(known.annotation),
        )
        for name, known in Settings.model_fields.items()
        if name not in ALSO_LIVE
    ]


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, SecretStr):
        return MASK
    if isinstance(value, (str, Path)):
        # A URL may carry a password, whatever it is the URL of.
        return _without_password(str(value))
    return json.dumps(value, default=str)


def _without_password(text: str) -> str:
    try:
        password = urlsplit(text).password
    except ValueError:
        return MASK
    return text.replace(password, MASK) if password else text
