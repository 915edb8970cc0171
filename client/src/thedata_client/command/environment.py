"""References to the environment, so that secrets need not stand in files."""

from __future__ import annotations

import os
import re
from typing import Any

from thedata_client.command.exits import Failure

REFERENCE = re.compile(r"\$(\$|\{([A-Za-z_][A-Za-z0-9_]*)\})")


def filled(value: Any) -> Any:
    """A value with each ${NAME} replaced by the environment's; `$$` is a dollar sign.

    Raises:
        Failure: the environment has no such variable.
    """
    if isinstance(value, str):
        return REFERENCE.sub(lambda found: "$" if found[1] == "$" else _variable(found[2]), value)
    if isinstance(value, dict):
        return {name: filled(one) for name, one in value.items()}
    if isinstance(value, list):
        return [filled(one) for one in value]
    return value


def _variable(name: str) -> str:
    if name not in os.environ:
        raise Failure(f"The environment has no variable {name}, which the configuration names.")
    return os.environ[name]
