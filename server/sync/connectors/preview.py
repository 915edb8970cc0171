"""How a value is shown in a preview: as JSON where JSON keeps it, as text where it would not, and never endless."""

from __future__ import annotations

import math
from typing import Any

from server.sync.model import JsonValue

MAX_CELL_CHARACTERS = 1000
_MAX_SAFE_INTEGER = 2**53 - 1  # JSON's numbers are doubles to most readers


def preview_value(value: Any) -> tuple[JsonValue, bool]:
    """Make a value showable; also tells whether it was cut."""
    if value is None or isinstance(value, bool):
        return value, False
    if isinstance(value, int) and abs(value) <= _MAX_SAFE_INTEGER:
        return value, False
    if isinstance(value, float) and math.isfinite(value):
        return value, False
    text = value.hex() if isinstance(value, bytes) else str(value)
    if len(text) > MAX_CELL_CHARACTERS:
        return text[:MAX_CELL_CHARACTERS] + "…", True
    return text, False
